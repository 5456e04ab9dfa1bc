"""What a Meross device consists of: parts, each with what it reports and what its commands send."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from lan_edge import (
    MAIN,
    Attribute,
    Capability,
    CurrentMeasurement,
    DoorState,
    EnergyMeter,
    GarageDoorControl,
    Json,
    PowerMeter,
    ShadeState,
    Switch,
    VoltageMeasurement,
    WindowShade,
    WindowShadeLevel,
    number,
    optional_object,
    scaled,
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


class Reading(NamedTuple):
    """An attribute, and the field of a message that has its value."""

    attribute: Attribute[Any]
    message: Json
    field: str
    convert: Callable[[Any], Any] | None = None


class Part(Protocol):
    """Something that a component can do, by what the device reports of it."""

    @property
    def component(self) -> str:
        """The id of the component."""
        ...

    @property
    def name(self) -> str:
        """The name of the component."""
        ...

    @property
    def can(self) -> tuple[type[Capability], ...]:
        """Its capabilities."""
        ...

    def readings(self) -> Iterator[Reading]:
        """Yield what it reports."""
        ...


def known(attribute: Attribute[Any], value: Any) -> Reading:
    """Return a reading of what is known anyway."""
    return Reading(attribute, {"known": value}, "known")


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


def is_online(told: Json) -> bool:
    """Return whether a hub reaches a device behind it."""
    return (optional_object(told, "online") or told).get("status") == 1


@dataclass(frozen=True)
class Outlet:
    """One of the outlets of a device; the one at channel 0 is for all of them."""

    told: Json
    component: str = MAIN
    name: str = ""

    @property
    def can(self) -> tuple[type[Capability], ...]:
        return (Switch,)

    def readings(self) -> Iterator[Reading]:
        yield Reading(Switch.switch, self.told, "onoff", flag)

    def turned(self, *, on: bool) -> list[Change]:
        told = {"channel": channel_of(self.told), "onoff": int(on)}
        return [Change(TOGGLE_X, {"togglex": told})]


@dataclass(frozen=True)
class OldOutlet(Outlet):
    """The outlet of a device with firmware 1."""

    def turned(self, *, on: bool) -> list[Change]:
        return [Change(TOGGLE, {"toggle": {"onoff": int(on)}})]


@dataclass(frozen=True)
class Indicator(Outlet):
    """The light that shows the state of a device; off while the device must not disturb."""

    def readings(self) -> Iterator[Reading]:
        yield Reading(Switch.switch, self.told, "mode", opposite)

    def turned(self, *, on: bool) -> list[Change]:
        return [Change(DND, {"DNDMode": {"mode": int(not on)}})]


@dataclass(frozen=True)
class Meter:
    """What a device measures: milliwatts, milliamperes and tenths of volts."""

    told: Json
    component: str = MAIN
    name: str = ""

    @property
    def can(self) -> tuple[type[Capability], ...]:
        return (PowerMeter, CurrentMeasurement, VoltageMeasurement)

    def readings(self) -> Iterator[Reading]:
        yield Reading(PowerMeter.power, self.told, "power", scaled(0.001))
        yield Reading(CurrentMeasurement.current, self.told, "current", scaled(0.001))
        yield Reading(VoltageMeasurement.voltage, self.told, "voltage", scaled(0.1))


@dataclass(frozen=True)
class EnergyCounter:
    """What was consumed on the last day that a device lists, in watt-hours."""

    told: Json
    component: str = MAIN
    name: str = ""

    @property
    def can(self) -> tuple[type[Capability], ...]:
        return (EnergyMeter,)

    def readings(self) -> Iterator[Reading]:
        yield Reading(EnergyMeter.energy, self.told, "value", scaled(0.001))


@dataclass(frozen=True)
class Door:
    """A garage door; it reports whether it is open, and not that it moves."""

    told: Json
    component: str = MAIN
    name: str = ""
    uuid: str = ""
    moves: DoorState | None = None

    @property
    def can(self) -> tuple[type[Capability], ...]:
        return (GarageDoorControl,)

    def readings(self) -> Iterator[Reading]:
        yield Reading(GarageDoorControl.door, self.told, "open", self.state)

    def state(self, value: Any) -> DoorState:
        return self.moves or (DoorState.OPEN if flag(value) else DoorState.CLOSED)

    def moved(self, position: int) -> list[Change]:
        told = {"channel": channel_of(self.told), "open": int(position > 0), "uuid": self.uuid}
        return [Change(DOOR, {"state": told})]


TURNS: Mapping[int, ShadeState] = {1: ShadeState.OPENING, 2: ShadeState.CLOSING}


@dataclass(frozen=True)
class Shutter:
    """A roller shutter; older firmware does not know where it is between open and closed."""

    told: Json
    component: str = MAIN
    name: str = ""
    turns: Json | None = None
    has_positions: bool = True

    @property
    def can(self) -> tuple[type[Capability], ...]:
        return (WindowShade, WindowShadeLevel) if self.has_positions else (WindowShade,)

    def readings(self) -> Iterator[Reading]:
        yield Reading(WindowShade.window_shade, self.turns or {}, "state", self.state)
        if self.has_positions:
            yield Reading(WindowShadeLevel.shade_level, self.told, "position")

    def state(self, value: Any) -> ShadeState | None:
        """Return what it does; at rest, where it is."""
        if number(value):
            return word_of(TURNS, value)
        position: Any = self.told.get("position")
        return ShadeState.at(position if type(position) is int else None)

    def moved(self, position: int) -> list[Change]:
        told = {"channel": channel_of(self.told), "position": position}
        return [Change(SHUTTER, {"position": told})]
