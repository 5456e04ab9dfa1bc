"""The bundled drivers: every file and package in this folder is loaded."""
