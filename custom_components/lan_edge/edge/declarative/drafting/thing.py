"""One thing that a device has, as a form asks for it, and what it is in a description."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class ThingKind(StrEnum):
    """What a thing is for users."""

    SWITCH = "switch"
    LIGHT = "light"
    SENSOR = "sensor"
    BINARY_SENSOR = "binary_sensor"
    NUMBER = "number"
    SELECT = "select"
    BUTTON = "button"
    TEXT = "text"
    COVER = "cover"
    CLIMATE = "climate"

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands that it always has."""
        return _THING_COMMANDS.get(self, ())

    @property
    def is_read(self) -> bool:
        """Whether it has a value."""
        return self is not ThingKind.BUTTON

    @property
    def is_truth(self) -> bool:
        """Whether its value is on or off."""
        return self in {ThingKind.SWITCH, ThingKind.LIGHT, ThingKind.BINARY_SENSOR}

    @property
    def is_component(self) -> bool:
        """Whether it is a component with standard capabilities."""
        return self in {ThingKind.SWITCH, ThingKind.LIGHT, ThingKind.COVER, ThingKind.CLIMATE}


_THING_COMMANDS: Mapping[ThingKind, tuple[str, ...]] = {
    ThingKind.SWITCH: ("on", "off"),
    ThingKind.LIGHT: ("on", "off"),
    ThingKind.NUMBER: ("set",),
    ThingKind.SELECT: ("set",),
    ThingKind.BUTTON: ("press",),
    ThingKind.TEXT: ("set",),
    ThingKind.COVER: ("open", "close"),
    ThingKind.CLIMATE: ("temperature",),
}


@dataclass(slots=True)
class DraftThing:
    """A thing; all that is sent and read is as in a text, with `{value}` for a new value."""

    kind: ThingKind
    """What it is for users."""
    name: str = ""
    """What users see; empty for one that is a component: it is the device itself."""
    reading: dict[str, Any] = field(default_factory=dict[str, Any])
    """Where its value is, and how that is converted.

    Of a cover it is whether it is open; empty: its position says so. Of a climate device it is the
    target temperature.
    """
    commands: dict[str, Any] = field(default_factory=dict[str, Any])
    """What is sent, by command."""
    level: dict[str, Any] = field(default_factory=dict[str, Any])
    """Where the brightness of a light or the position of a cover is read; empty: it has none."""
    can_stop: bool = False
    """Whether a cover can be stopped."""
    current: dict[str, Any] = field(default_factory=dict[str, Any])
    """Where the measured temperature of a climate device is read; empty: it has none."""
    mode: dict[str, Any] = field(default_factory=dict[str, Any])
    """Where the mode of a climate device is read, with a map; empty: it only heats."""
    unit: str = ""
    """The unit of a number."""
    device_class: str = ""
    """Home Assistant's name for the quantity, or for what kind of cover it is."""
    is_text: bool = False
    """Whether the value of a sensor is a text, not a number."""
    total: bool = False
    """Whether it is a counter: it only grows, or begins again at 0."""
    minimum: float | None = None
    """The least number that can be set."""
    maximum: float | None = None
    """The greatest one."""
    step: float | None = None
    """The least change."""
    choices: dict[str, str] = field(default_factory=dict[str, str])
    """The words of a select, by the device's values."""

    @property
    def command_names(self) -> tuple[str, ...]:
        """The commands that it needs."""
        more = {"stop": self.can_stop, "level": bool(self.level), "mode": bool(self.mode)}
        return (*self.kind.commands, *(name for name, is_there in more.items() if is_there))

    def own(self) -> dict[str, Any]:
        """Return the value, or button, of a component's own."""
        made = {**self._type(), "name": self.name}
        details = {"unit": self.unit, "device_class": self.device_class, "step": self.step}
        if self.kind is ThingKind.BUTTON:
            return made
        made |= {key: value for key, value in details.items() if value}
        if self.total:
            made["total"] = True
        made |= self.reading
        if "set" in self.commands:
            made["set"] = self.commands["set"]
        return made

    def _type(self) -> dict[str, Any]:
        match self.kind:
            case ThingKind.BUTTON:
                return {"button": self.commands["press"]}
            case ThingKind.BINARY_SENSOR:
                return {"switch": True}
            case ThingKind.SELECT:
                return {"choice": self.choices}
            case ThingKind.NUMBER:
                return {"number": [self.minimum, self.maximum]}
            case ThingKind.SENSOR if not self.is_text:
                return {"number": True}
            case _:
                return {"text": True}
