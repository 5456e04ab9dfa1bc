"""What a Meross device consists of: parts, each with what it reports and what its commands send."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lan_edge import (
    MAIN,
    Attribute,
    DoorState,
    GarageDoorControl,
    Json,
    Part,
    PartReading,
    ShadeState,
    Switch,
    WindowShade,
    WindowShadeLevel,
    number,
    objects_at,
    optional_object,
    word_of,
)

FLAGS = (False, True)
TOGGLE, TOGGLE_X = "Appliance.Control.Toggle", "Appliance.Control.ToggleX"
DND = "Appliance.System.DNDMode"
DOOR = "Appliance.GarageDoor.State"
SHUTTER = "Appliance.RollerShutter.Position"
STOP = -1


class Change(NamedTuple):
    """A message that changes something."""

    namespace: str
    payload: Json


def flag(value: Any) -> bool:
    """Return what 0 or 1 means; raise ReplyError."""
    return word_of(FLAGS, value)


def opposite(value: Any) -> bool:
    """Return the opposite of what 0 or 1 means; raise ReplyError."""
    return not flag(value)


def channel_of(told: Json) -> int:
    """Return the number of a channel; 0 if there is none."""
    value: Any = told.get("channel")
    return value if type(value) is int and value >= 0 else 0


def listed(value: Any) -> list[Json]:
    """Return the objects in a list, or the one that is not in a list: devices answer by both."""
    message = {"told": value}
    if isinstance(value, list):
        return objects_at(message, "told")
    one = optional_object(message, "told")
    return [one] if one else []


def place(kind: str, told: Json) -> tuple[str, str]:
    """Return the component for a channel, and its name."""
    channel = channel_of(told)
    return (f"{kind}_{channel}", f"{kind.capitalize()} {channel}") if channel else (MAIN, "")


def at_side(kind: str, told: Json) -> tuple[str, str]:
    """Return the component for a channel beside the main one, and its name."""
    component, name = place(kind, told)
    return (component, name) if name else (kind, kind.capitalize())


@dataclass(frozen=True)
class MerossPart(Part):
    """A part, by what the device tells of it."""

    told: Json = field(default_factory=dict[str, Any])

    @property
    def channel(self) -> int:
        return channel_of(self.told)

    def reading(
        self, attribute: Attribute[Any], key: str, convert: Callable[[Any], Any] | None = None
    ) -> PartReading:
        """Return the reading of a field of what is told."""
        return PartReading.field(attribute, self.told, key, convert)


@dataclass(frozen=True)
class Outlet(MerossPart):
    """One of the outlets of a device; the one at channel 0 is for all of them."""

    def readings(self) -> Iterator[PartReading]:
        yield self.reading(Switch.switch, "onoff", flag)

    def turned(self, *, on: bool) -> list[Change]:
        return [Change(TOGGLE_X, {"togglex": {"channel": self.channel, "onoff": int(on)}})]


@dataclass(frozen=True)
class OldOutlet(Outlet):
    """The outlet of a device with firmware 1."""

    def turned(self, *, on: bool) -> list[Change]:
        return [Change(TOGGLE, {"toggle": {"onoff": int(on)}})]


@dataclass(frozen=True)
class Indicator(Outlet):
    """The light that shows the state of a device; off while the device must not disturb."""

    def readings(self) -> Iterator[PartReading]:
        yield self.reading(Switch.switch, "mode", opposite)

    def turned(self, *, on: bool) -> list[Change]:
        return [Change(DND, {"DNDMode": {"mode": int(not on)}})]


@dataclass(frozen=True)
class Door(MerossPart):
    """A garage door; it reports whether it is open, and not that it moves."""

    uuid: str = ""
    moves: DoorState | None = None

    def readings(self) -> Iterator[PartReading]:
        yield self.reading(GarageDoorControl.door, "open", self.state)

    def state(self, value: Any) -> DoorState:
        return self.moves or (DoorState.OPEN if flag(value) else DoorState.CLOSED)

    def moved(self, position: int) -> list[Change]:
        told = {"channel": self.channel, "open": int(position > 0), "uuid": self.uuid}
        return [Change(DOOR, {"state": told})]


TURNS: Mapping[int, ShadeState] = {1: ShadeState.OPENING, 2: ShadeState.CLOSING}


@dataclass(frozen=True)
class Shutter(MerossPart):
    """A roller shutter; older firmware does not know where it is between open and closed."""

    turns: Json = field(default_factory=dict[str, Any])
    has_positions: bool = True

    def readings(self) -> Iterator[PartReading]:
        yield PartReading.field(WindowShade.window_shade, self.turns, "state", self.state)
        if self.has_positions:
            yield self.reading(WindowShadeLevel.shade_level, "position")

    def state(self, value: Any) -> ShadeState | None:
        """Return what it does; at rest, where it is."""
        if number(value):
            return word_of(TURNS, value)
        position: Any = self.told.get("position")
        return ShadeState.at(position if type(position) is int else None)

    def moved(self, position: int) -> list[Change]:
        return [Change(SHUTTER, {"position": {"channel": self.channel, "position": position}})]
