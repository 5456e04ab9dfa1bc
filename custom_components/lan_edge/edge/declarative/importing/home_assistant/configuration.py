"""The entries in a configuration of Home Assistant, or in a part of one."""

from collections.abc import Iterator
from typing import Any

from ..notes import Notes
from .fields import ConfigFields

ENTITY_KINDS = ("switch", "sensor", "binary_sensor")
_ENTRY_KINDS = (*ENTITY_KINDS, "rest", "rest_command", "command_line", "shell_command")
_COMMAND_KINDS = {"rest_command", "shell_command"}


def entries_of(values: Any, notes: Notes) -> Iterator[tuple[str, str, Any]]:
    """Yield the entries of a configuration, each with its kind and place."""
    root = ConfigFields(_root(values), "", notes)
    for key in list(root.names()):
        kind = key.split()[0] if key.strip() else ""
        if kind not in _ENTRY_KINDS:
            continue
        if kind in _COMMAND_KINDS:
            commands = root.take(key)
            for name, entry in commands.items() if isinstance(commands, dict) else ():
                yield kind, f"{key}.{name}", {"command": entry} if isinstance(entry, str) else entry
            continue
        for place, entry in root.entries(key):
            yield kind, place, entry
    root.note_rest(t"is not rest, rest_command or command_line")


def _root(values: Any) -> Any:
    """Return a whole configuration: also of a list of entries, of one, or of a package."""
    if isinstance(values, dict) and len(values) == 1:
        [(name, inner)] = values.items()
        kinds = (
            {key.split()[0] for key in inner if key.strip()} if isinstance(inner, dict) else set()
        )
        if name not in _ENTRY_KINDS and kinds & {*_ENTRY_KINDS}:
            return inner
    if isinstance(values, list):
        made: dict[str, Any] = {}
        for each in values:
            made.setdefault(_guessed(each), []).append(each)
        return made
    if isinstance(values, dict) and ("platform" in values or "resource" in values):
        return {_guessed(values): [values]}
    is_command = isinstance(values, dict) and bool(values) and not {*values} & {*_ENTRY_KINDS}
    if is_command and all(isinstance(each, dict) and "url" in each for each in values.values()):
        return {"rest_command": values}
    return values


def _guessed(entry: Any) -> str:
    """Return what an entry is whose key is missing."""
    if not isinstance(entry, dict):
        return "sensor"
    if "platform" not in entry and {*entry} & {*ENTITY_KINDS}:
        return "rest" if "resource" in entry else "command_line"
    if {"body_on", "is_on_template", "command_on", "switches"} & {*entry}:
        return "switch"
    return "sensor" if "platform" in entry or "resource" not in entry else "rest"
