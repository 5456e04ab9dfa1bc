"""ConfigFields of Home Assistant's YAML: taken one by one, so that what is left is named."""

from collections.abc import Callable, Mapping
import re
from string.templatelib import Template
from typing import Any

from ..notes import Notes
from ..variables import has_variable

_LEFT_OUT_FIELDS: Mapping[str, Template | None] = {
    "unique_id": t"entities of described devices have ids of their own",
    "icon": t"set it at the entity",
    "picture": t"set it at the entity",
    "entity_picture": t"set it at the entity",
    "force_update": t"has no meaning for a described device",
    "encoding": t"the encoding follows from the answer",
    "availability": t"the device is unavailable when it does not answer",
    "availability_template": t"the device is unavailable when it does not answer",
    "platform": None,
    "insecure_cipher": t"set it in tls",
    "ssl_cipher_list": t"set it in tls",
    "friendly_name": None,
    "entity_namespace": t"has no meaning for a described device",
    "enabled_by_default": t"disable the entity where it is shown",
    "trigger": t"has no meaning for a described device",
}
_TIME = re.compile(r"(\d{1,4}):(\d{1,2})(?::(\d{1,2}))?")
_UNITS_OF_TIME = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1, "milliseconds": 0.001}


class ConfigFields:
    """The fields of one entry."""

    def __init__(self, values: Any, place: str, notes: Notes) -> None:
        """Take the values, which are none if they are no mapping."""
        self.place = place
        self.notes = notes
        self._values: dict[str, Any] = dict(values) if isinstance(values, dict) else {}
        if not isinstance(values, dict):
            notes.not_understood(place, t"is not a mapping")

    def __contains__(self, name: str) -> bool:
        """Return whether a field is still there."""
        return name in self._values

    def take(self, name: str) -> Any:
        """Return the value of a field, None if it is not there; it is not left then."""
        return self._values.pop(name, None)

    def text(self, name: str, otherwise: str = "") -> str:
        """Return a field as text."""
        value = self.take(name)
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, str | int | float) else otherwise

    def names(self) -> list[str]:
        """Return the names of the fields that are left."""
        return list(self._values)

    def peek(self, name: str) -> str:
        """Return a field that is a text, and leave it."""
        value = self._values.get(name)
        return value if isinstance(value, str) else ""

    def add(self, name: str, value: str) -> None:
        """Add a field with its default."""
        self._values[name] = value

    def change(self, name: str, change: Callable[[str], str]) -> None:
        """Change a field that is a text."""
        if isinstance(value := self._values.get(name), str):
            self._values[name] = change(value)

    def change_all(self, name: str, change: Callable[[str], str]) -> None:
        """Change the texts in a field that is a mapping."""
        if isinstance(values := self._values.get(name), dict):
            changed = {k: change(v) if isinstance(v, str) else v for k, v in values.items()}
            self._values[name] = changed

    def items(self, name: str) -> list[tuple[str, str]]:
        """Return a field that is a mapping of texts."""
        value = self.take(name)
        if value is not None and not isinstance(value, dict):
            self.notes.not_understood(f"{self.place}.{name}", t"is not a mapping")
        pairs = value.items() if isinstance(value, dict) else ()
        fields = ConfigFields(dict(pairs), f"{self.place}.{name}", self.notes)
        return [(key, fields.text(key)) for key, _ in pairs]

    def entries(self, name: str) -> list[tuple[str, Any]]:
        """Return the entries of a field that is a list, or one of it, with their places."""
        value = self.take(name)
        if value is None:
            return []
        several = value if isinstance(value, list) else [value]
        place = f"{self.place}.{name}" if self.place else name
        return [(f"{place}[{at}]", each) for at, each in enumerate(several)]

    def seconds(self, name: str) -> float | None:
        """Return a field that is a time: seconds, 00:01:00, or a mapping."""
        value = self.take(name)
        if value is None:
            return None
        seconds = _seconds(value)
        if seconds is None or not 0 < seconds < 1e6:  # noqa: PLR2004
            self.notes.not_understood(f"{self.place}.{name}", t"is not a time")
            return None
        return seconds

    def flag(self, name: str, *, otherwise: bool) -> bool:
        """Return a field that is true or false."""
        text = self.text(name).lower()
        return text not in {"false", "no", "off"} if text else otherwise

    def note_rest(self, reason: Template = t"is not known here") -> None:
        """Note all fields that were not taken."""
        for name in self._values:
            place = f"{self.place}.{name}" if self.place else name
            if name not in _LEFT_OUT_FIELDS:
                self.notes.not_understood(place, reason)
            elif (why := _LEFT_OUT_FIELDS[name]) is not None:
                self.notes.left_out(place, why)


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dict):
        numbers = [(_UNITS_OF_TIME.get(name), number) for name, number in value.items()]
        if all(unit and isinstance(n, int | float) for unit, n in numbers):
            return float(sum((unit or 0) * number for unit, number in numbers))
    if isinstance(value, str) and not has_variable(value):
        if found := _TIME.fullmatch(value):
            return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)
        return float(value) if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", value) else None
    return None
