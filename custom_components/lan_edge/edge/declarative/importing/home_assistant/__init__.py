"""Imports of what Home Assistant's own YAML says of a device: rest, rest_command, command_line."""

from .importing import import_home_assistant

__all__ = ["import_home_assistant"]
