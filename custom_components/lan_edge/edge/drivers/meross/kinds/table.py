"""Which parts a Meross device has: by what its state lists, and by what it can be asked for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from lan_edge import MAIN, Json

from ..memory import MerossMemory
from ..protocol.questions import (
    BATTERIES,
    CIRCUITS,
    CLIMATE,
    COUNTER,
    INDICATOR,
    METER,
    POSITION,
    PRESENCE,
    SENSED,
    SOUND,
    TURNS,
    Question,
    is_valve,
)
from . import climate, lights, measuring, moving, outlets
from .parts import MerossPart, Table

type Source = Callable[[MerossMemory], Mapping[int, Json]]
"""Returns what is told of something, by channel."""


def listed(path: str, ability: str = "") -> Source:
    """Return what its state has at a path, if it knows a namespace."""
    return lambda memory: memory.at(path) if not ability or ability in memory.abilities else {}


def asked(question: Question) -> Source:
    """Return what it answers to a question."""
    return lambda memory: memory.answers(question)


def toggles(memory: MerossMemory) -> dict[int, Json]:
    """Return all that it lists as outlets."""
    return {n: each for n, each in memory.at("togglex").items() if "onoff" in each}


def only_outlets(memory: MerossMemory) -> dict[int, Json]:
    """Return what it lists as outlets, and not as something else, too."""
    others = {**LIGHTS(memory), **moving.fans(memory)}
    own = {n: each for n, each in toggles(memory).items() if n not in others}
    return {} if "garageDoor" in memory.digest else own


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the table: parts of one kind, one for each channel."""

    name: str
    """Their name, before the number of the channel; its first word is the component."""
    source: Source
    table: Table
    """All that they can have."""
    part: type[MerossPart] = MerossPart
    choose: Callable[[Json, MerossMemory], Table] | None = None
    """Returns what one of them has, by what is told of it, if not all have all of it."""
    also: Mapping[str, Source] = field(default_factory=dict[str, Source])
    """What else is told of the channel, by the name under which the table has it."""
    is_aside: bool = False
    """Whether even the one at channel 0 is not the device itself, but beside it."""

    def parts(self, memory: MerossMemory) -> Iterator[MerossPart]:
        """Yield those that a device has."""
        also = {name: source(memory) for name, source in self.also.items()}
        for channel, own in self.source(memory).items():
            told = own | {name: each[channel] for name, each in also.items() if channel in each}
            table = self.choose(told, memory) if self.choose else self.table
            yield self.part(*self.place(channel), table, told, channel=channel)

    def place(self, channel: int) -> tuple[str, str]:
        """Return the component for a channel, and its name."""
        component = self.name.split()[0].lower()
        if channel:
            return f"{component}_{channel}", f"{self.name} {channel}"
        return (component, self.name) if self.is_aside else (MAIN, "")


LIGHTS = listed("light", lights.LIGHT)
OUTLET_TOO: Mapping[str, Source] = {"toggle": toggles}
Aside = partial(Kind, is_aside=True)
KINDS = (
    Kind(
        *("Light", LIGHTS, lights.LIGHT_TABLE, lights.Light),
        *(lights.light_table, OUTLET_TOO),
    ),
    Kind("Fan", moving.fans, moving.FAN_TABLE, moving.Fan, moving.fan_table, OUTLET_TOO),
    Kind("Outlet", only_outlets, outlets.OUTLET_TABLE),
    Kind("Outlet", listed("toggle"), outlets.OLD_OUTLET_TABLE),
    Kind("Door", moving.doors, moving.DOOR_TABLE),
    Kind(
        *("Shutter", asked(POSITION), moving.SHUTTER_TABLE),
        choose=moving.shutter_table,
        also={"turn": asked(TURNS)},
    ),
    Aside("Spray", listed("spray"), outlets.HUMIDIFIER_TABLE, outlets.Mist),
    Aside("Spray", listed("diffuser.spray"), outlets.DIFFUSER_TABLE, outlets.Mist),
    Kind("Light", listed("diffuser.light"), lights.DIFFUSER_TABLE, lights.DiffuserLight),
    Kind(
        *("Thermostat", listed("thermostat.mode", climate.WALL), climate.COOLER_TABLE),
        *(climate.Thermostat, climate.wall_table),
        {"summer": listed("thermostat.summerMode")},
    ),
    Kind("Thermostat", asked(SENSED), measuring.HUMIDITY_TABLE),
    Kind(
        *("Thermostat", listed("thermostat.modeB", climate.SOCKET)),
        *(climate.SOCKET_TABLE, climate.Thermostat),
    ),
    Kind("Thermostat", asked(CLIMATE), climate.HOUSE_TABLE),
    Kind("Outlet", asked(METER), measuring.METER_TABLE),
    Kind("Outlet", asked(COUNTER), measuring.COUNTER_TABLE),
    Kind("Circuit", asked(CIRCUITS), measuring.CIRCUIT_TABLE),
    Kind("Presence", asked(PRESENCE), measuring.PRESENCE_TABLE),
    Aside("Sound", asked(SOUND), outlets.SOUND_TABLE),
    Aside("Indicator light", asked(INDICATOR), outlets.INDICATOR_TABLE),
)
UNITS = (climate.VALVE_TABLE, (*measuring.SENSORS.values(),), measuring.BATTERY_TABLE)
CAPABILITIES = tuple(
    dict.fromkeys(
        row.attribute.capability
        for table in (*(kind.table for kind in KINDS), *UNITS)
        for row in table
    )
)
"""What any of them can do."""


def parts_of(memory: MerossMemory) -> Iterator[MerossPart]:
    """Yield the parts of a device, and the devices behind a hub."""
    for kind in KINDS:
        yield from kind.parts(memory)
    battery = measuring.BATTERY_TABLE if memory.has(BATTERIES) else ()
    for own_id, (kind_id, told) in memory.units.items():
        if is_valve(kind_id):
            table = (*climate.VALVE_TABLE, *battery)
            yield climate.Thermostat(own_id, f"Valve {own_id}", table, told, child=True)
        else:
            table = (*measuring.sensor_table(kind_id, memory.known.get(own_id, ())), *battery)
            yield MerossPart(own_id, f"Sensor {own_id}", table, told, child=True)
