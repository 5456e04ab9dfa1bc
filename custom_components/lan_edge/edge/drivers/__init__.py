"""The bundled drivers: every file in this folder is loaded as one."""
