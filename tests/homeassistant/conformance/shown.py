"""What an owner sees of each value: by hand, for each platform, not by the code under test."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from homeassistant.core import State

import lan_edge as edge
from lan_edge import Attribute, Capability

from .homes import HOMES
from .values import right

type See = Callable[[State], Any]
type Expect = Mapping[Any, Any] | Callable[[Any], Any]
type Given = tuple[tuple[Attribute[Any], Any], ...]


@dataclass(frozen=True)
class Shown:
    """Where an attribute shows in an entity, and as what."""

    home: str
    platform: str
    part: str
    attribute: Attribute[Any]
    see: See
    expect: Expect
    given: Given = ()
    """What else the device says before."""

    @property
    def values(self) -> list[Any]:
        """The values to try: those of a table for a text, else all sorts of right ones."""
        listed = self.attribute.schema.type in {str, int} and isinstance(self.expect, Mapping)
        return list(self.expect) if listed else right(self.attribute.schema)  # type: ignore[arg-type]

    def wanted(self, value: Any) -> Any:
        """What is to be seen of a value."""
        return self.expect[value] if isinstance(self.expect, Mapping) else self.expect(value)


def state(of: State) -> Any:
    """See the state."""
    return of.state


def number(of: State) -> Any:
    """See the state, a number."""
    return float(of.state)


def told(name: str) -> See:
    """See an attribute of the state."""
    return lambda of: of.attributes.get(name)


def same(value: Any) -> Any:
    """Expect the value itself."""
    return value


def on_off(value: bool) -> str:  # it is the value
    """Expect on or off."""
    return "on" if value else "off"


def word(value: Enum) -> str:
    """Expect a word of an enum in small letters: windFree, wind free: wind_free."""
    text = str(value.value).replace(" ", "_")
    if text == "unknown":
        return text
    shown = text[:1] + "".join(f"_{c}" if c.isupper() else c for c in text[1:])
    return shown.replace("24hour_", "24hour_").lower()


def danger(value: edge.DetectorState) -> str:
    """Expect on for danger: a test is none."""
    return "on" if value is edge.DetectorState.DETECTED else "off"


def in_hectopascals(value: float) -> float:
    """Expect the unit of the metric system, of what comes in kilopascals."""
    return value * 10


def tenth(value: float) -> float:
    """Expect a temperature as people read it."""
    return round(value, 1)


PARTS = {
    "alarm_control_panel": "securitySystem",
    "camera": "videoStream",
    "climate": "thermostatMode",
    "cover": "windowShade",
    "fan": "fanSpeed",
    "humidifier": "humidifierMode",
    "image": "imageCapture",
    "light": "switch",
    "lock": "lock",
    "media_player": "audioVolume",
    "siren": "alarm",
    "update": "firmwareUpdate",
    "vacuum": "robotCleanerMovement",
    "valve": "valve",
}
"""What the unique ids of rich entities end in: these must never change."""

type Row = tuple[str, str, Attribute[Any], See, Expect, Given]
"""A platform, the homes where it has an entity, an attribute of these, and how it shows."""


def rich(rows: Iterable[Row]) -> Iterator[Shown]:
    """Yield what shows in entities of capabilities, in each of its homes."""
    for platform, homes, attribute, see, expect, given in rows:
        for home in homes.split():
            has: tuple[type[Capability], ...] = HOMES[home]
            own = tuple((a, v) for a, v in given if a.capability in has)
            part = PARTS[platform]
            yield Shown(home, platform, part, attribute, see, expect, own)
