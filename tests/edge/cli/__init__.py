"""The command line: each command, with devices that are emulated."""
