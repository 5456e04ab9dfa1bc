"""Which parts a Meross device has: by what its state lists, and by what it can be asked for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from lan_edge import MAIN, Json

from ..memory import MerossMemory
from ..protocol import questions as ask
from . import climate, lights, measuring, moving, outlets
from .parts import MerossPart, Table

type Source = Callable[[MerossMemory], Mapping[int, Json]]
"""Returns what is told of something, by channel."""


def listed(path: str, ability: str = "") -> Source:
    """Return what its state has at a path, if it knows a namespace."""
    return lambda memory: memory.at(path) if not ability or ability in memory.abilities else {}


def asked(question: ask.Question) -> Source:
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
    """All that they can have; first, for one that may be listed as an outlet, too, its switch."""
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
        for n, own in self.source(memory).items():
            told = own | {name: each[n] for name, each in also.items() if n in each}
            table = self.choose(told, memory) if self.choose else self.table
            table = (outlets.AS_OUTLET, *table[1:]) if "toggle" in told else table
            is_plug = self.name == "Outlet" and memory.is_plug
            category = "outlet" if is_plug else ""
            yield self.part(*self.place(n), table, told, channel=n, category=category)

    def place(self, channel: int) -> tuple[str, str]:
        """Return the component for a channel, and its name."""
        component = self.name.split()[0].lower()
        if channel:
            return f"{component}_{channel}", f"{self.name} {channel}"
        return (component, self.name) if self.is_aside else (MAIN, "")


Aside = partial(Kind, is_aside=True)
LIGHTS = listed("light", ask.LIGHT)
OUTLETS: Mapping[str, Source] = {"toggle": toggles}
OF_WALL = {"summer": listed("thermostat.summerMode"), "sensed": asked(ask.SENSED)}
AT_WALL = listed("thermostat.mode", ask.WALL)
IN_SOCKET = listed("thermostat.modeB", ask.SOCKET)
KINDS = (
    Kind("Light", LIGHTS, lights.LIGHT_TABLE, lights.Light, lights.light_table, OUTLETS),
    Kind("Fan", moving.fans, moving.FAN_TABLE, moving.Fan, also=OUTLETS),
    Kind("Outlet", only_outlets, outlets.OUTLET_TABLE),
    Kind("Outlet", listed("toggle"), outlets.OLD_OUTLET_TABLE),
    Kind("Door", moving.doors, moving.DOOR_TABLE),
    Kind(
        *("Shutter", asked(ask.POSITION), moving.SHUTTER_TABLE, MerossPart),
        *(moving.shutter_table, {"turn": asked(ask.TURNS)}),
    ),
    Aside("Spray", listed("spray"), outlets.HUMIDIFIER_TABLE, outlets.Mist),
    Aside("Spray", listed("diffuser.spray"), outlets.DIFFUSER_TABLE, outlets.Mist),
    Kind("Light", listed("diffuser.light"), lights.DIFFUSER_TABLE, lights.DiffuserLight),
    Kind(
        *("Thermostat", AT_WALL, climate.COOLER_TABLE, climate.Thermostat),
        *(climate.wall_table, OF_WALL),
    ),
    Kind("Thermostat", IN_SOCKET, climate.SOCKET_TABLE, climate.Thermostat),
    Kind("Thermostat", asked(ask.CLIMATE), climate.HOUSE_TABLE, climate.Thermostat),
    Kind("Outlet", asked(ask.METER), measuring.METER_TABLE),
    Kind("Outlet", asked(ask.COUNTER), measuring.COUNTER_TABLE),
    Kind("Circuit", asked(ask.CIRCUITS), measuring.CIRCUIT_TABLE),
    Kind("Presence", asked(ask.PRESENCE), measuring.PRESENCE_TABLE),
    Aside("Sound", asked(ask.SOUND), outlets.SOUND_TABLE),
    Aside("Indicator light", asked(ask.INDICATOR), outlets.INDICATOR_TABLE),
)
TABLES = (*(kind.table for kind in KINDS), climate.VALVE_TABLE, measuring.SENSOR_TABLE)
CAPABILITIES = tuple(dict.fromkeys(row.attribute.capability for each in TABLES for row in each))
"""What any of them can do."""


def parts_of(memory: MerossMemory) -> Iterator[MerossPart]:
    """Yield the parts of a device, and the devices behind a hub."""
    for kind in KINDS:
        yield from kind.parts(memory)
    battery = (measuring.BATTERY,) if memory.has(ask.BATTERIES) else ()
    for own_id, told in memory.units.items():
        kind_id, names = memory.kinds[own_id], memory.names[own_id]
        if ask.is_valve(kind_id):
            table = (*climate.VALVE_TABLE, *battery)
            yield climate.Thermostat(own_id, f"Valve {own_id}", table, told, child=True)
        else:
            table = (*measuring.sensor_table(kind_id, names), *battery)
            yield MerossPart(own_id, f"Sensor {own_id}", table, told, child=True)
