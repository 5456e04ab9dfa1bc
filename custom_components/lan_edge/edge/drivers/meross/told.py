"""What a Meross device has told, and the parts that it has by that."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lan_edge import (
    MAIN,
    BatchReader,
    Capability,
    CurrentMeasurement,
    DoorState,
    EnergyMeter,
    GarageDoorControl,
    Json,
    PowerMeter,
    Switch,
    VoltageMeasurement,
    WindowShade,
    WindowShadeLevel,
    objects_at,
    optional_object,
    text_at,
)

from . import hub
from .climate import SOCKET, WALL, SocketThermostat, Thermostat
from .lights import BRIGHTNESS, KINDS, LIGHT, Light
from .parts import (
    DND,
    SHUTTER,
    Door,
    EnergyCounter,
    Indicator,
    Meter,
    OldOutlet,
    Outlet,
    Part,
    Shutter,
    channel_of,
)
from .protocol import MULTIPLE, Question

KNOWS_POSITIONS, TAKES_ONE_AT_ONCE = (6, 6, 6), (2, 1, 4)  # firmware of roller shutters
METER = Question("Appliance.Control.Electricity", "electricity")
COUNTER = Question("Appliance.Control.ConsumptionX", "consumptionx", is_list=True, seldom=True)
INDICATOR = Question(DND, "DNDMode", seldom=True)
POSITION = Question(SHUTTER, "position", is_list=True)
TURNS = Question("Appliance.RollerShutter.State", "state", is_list=True)
BATTERIES = Question(hub.BATTERIES, "battery", is_list=True, seldom=True)
QUESTIONS = (METER, COUNTER, INDICATOR, POSITION, TURNS, BATTERIES)
CAPABILITIES: tuple[type[Capability], ...] = (
    Switch,
    PowerMeter,
    CurrentMeasurement,
    VoltageMeasurement,
    EnergyMeter,
    GarageDoorControl,
    WindowShade,
    WindowShadeLevel,
    *KINDS.values(),
    *SocketThermostat.capabilities,
    *hub.CAPABILITIES,
)


@dataclass
class MerossMemory:
    is_refused: bool = False
    """Whether it has been identified by somebody without its key, to whom it says no more."""
    abilities: Json = field(default_factory=dict[str, Any])
    """The namespaces that it knows."""
    digest: Json = field(default_factory=dict[str, Any])
    """Most of its state."""
    control: Json = field(default_factory=dict[str, Any])
    """The same, of firmware 1."""
    firmware: tuple[int, ...] = ()
    reader: BatchReader = field(default_factory=BatchReader)
    told: dict[Question, Any] = field(default_factory=dict[Question, Any])
    moves: dict[str, DoorState] = field(default_factory=dict[str, DoorState])
    """What garage doors are doing, by component."""
    move_ends: dict[str, Callable[[], None]] = field(default_factory=dict[str, Callable[[], None]])
    """Cancels what ends that."""

    @property
    def most_at_once(self) -> int:
        """How many requests it takes in one."""
        if POSITION.namespace in self.abilities and self.firmware <= TAKES_ONE_AT_ONCE:
            return 0
        most: Any = optional_object(self.abilities, MULTIPLE).get("maxCmdNum")
        return most if type(most) is int else 0

    @property
    def units(self) -> dict[str, tuple[str, Json]]:
        """The devices behind a hub, by id, each with its kind and what is told of it."""
        return hub.units_of(listed(optional_object(self.digest, "hub").get("subdevice")))

    def questions(self) -> list[Question]:
        """Return what it can be asked for besides all."""
        every = (*QUESTIONS, *hub.questions_for(self.units))
        return [question for question in every if question.namespace in self.abilities]

    def due(self) -> list[Question]:
        """Return what it is to be asked for in a reading, and forget what it told before."""
        due = [each for each in self.questions() if not (each.seldom and each in self.told)]
        for question in due:
            self.told.pop(question, None)
        return due

    def forget_seldom(self) -> None:
        """Have it asked for everything in the next reading."""
        self.told = {each: told for each, told in self.told.items() if not each.seldom}

    def hear(self, question: Question, payload: Json) -> None:
        self.told[question] = payload.get(question.key)

    def answers(self, question: Question) -> list[Json]:
        return listed(self.told.get(question))

    def first(self, question: Question) -> Json:
        return answers[0] if (answers := self.answers(question)) else {}


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


def parts_of(memory: MerossMemory, uuid: str) -> Iterator[Part]:
    """Yield the parts of a device."""
    yield from switched(memory)
    yield from moving(memory, uuid)
    thermostats = optional_object(memory.digest, "thermostat")
    for namespace, key, kind in ((WALL, "mode", Thermostat), (SOCKET, "modeB", SocketThermostat)):
        if namespace in memory.abilities:
            yield from (kind(each, *place(key, each)) for each in listed(thermostats.get(key)))
    if METER.namespace in memory.abilities:
        yield Meter(memory.first(METER))
    if COUNTER.namespace in memory.abilities:
        days = memory.answers(COUNTER)
        yield EnergyCounter(max(days, key=lambda day: text_at(day, "date")) if days else {})
    if INDICATOR.namespace in memory.abilities:
        yield Indicator(memory.first(INDICATOR), "indicator", "Indicator light")
    answers = [each for q in memory.told if q.ids for each in memory.answers(q)]
    told = {text_at(each, "id"): each for each in answers}
    has_batteries = BATTERIES.namespace in memory.abilities
    charges = {text_at(each, "id"): each for each in memory.answers(BATTERIES)}
    yield from hub.units_shown(memory.units, told, charges if has_batteries else None)


def switched(memory: MerossMemory) -> Iterator[Part]:
    """Yield the lights and the outlets; a light, or a garage door, may be listed as one, too."""
    digest = memory.digest
    toggles = {channel_of(each): each for each in listed(digest.get("togglex")) if "onoff" in each}
    if LIGHT in memory.abilities:
        bits: Any = optional_object(memory.abilities, LIGHT).get("capacity")
        bits = bits if type(bits) is int else BRIGHTNESS
        for each in listed(digest.get("light")):
            toggle = toggles.pop(channel_of(each), None)
            yield Light(each, *place("light", each), toggle=toggle, bits=bits)
    if "garageDoor" not in digest:
        yield from (Outlet(each, *place("outlet", each)) for each in toggles.values())
    for each in listed(memory.control.get("toggle")):
        yield OldOutlet(each)


def moving(memory: MerossMemory, uuid: str) -> Iterator[Part]:
    """Yield the garage doors and the roller shutters."""
    doors = listed(memory.digest.get("garageDoor"))
    for each in doors:
        is_real = len(doors) == 1 or channel_of(each)
        if is_real and each.get("doorEnable", 1):
            component, name = place("door", each)
            moves = move_of(memory, component, each)
            yield Door(each, component, name, uuid=uuid, moves=moves)
    turns = {channel_of(each): each for each in memory.answers(TURNS)}
    if POSITION.namespace in memory.abilities:
        has_positions = memory.firmware >= KNOWS_POSITIONS
        for each in memory.answers(POSITION) or [{}]:
            of_it = turns.get(channel_of(each), {})
            at = place("shutter", each)
            yield Shutter(each, *at, turns=of_it, has_positions=has_positions)


def move_of(memory: MerossMemory, component: str, told: Json) -> DoorState | None:
    """Return how a garage door moves; None once it is where it was sent."""
    move = memory.moves.get(component)
    if move is not None and told.get("open") == int(move is DoorState.OPENING):
        del memory.moves[component]
        return None
    return move
