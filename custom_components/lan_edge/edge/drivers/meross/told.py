"""What a Meross device has told, and the parts that it has by that."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lan_edge import BatchReader, DoorState, Json, optional_object, text_at

from . import hub
from .air import FAN, DiffuserLight, DiffuserSpray, Fan, Spray
from .climate import SOCKET, WALL, SocketThermostat, Thermostat
from .hvac import HVAC, Hvac
from .lights import BRIGHTNESS, LIGHT, Light
from .meters import Circuit, EnergyCounter, Meter
from .parts import (
    DND,
    SHUTTER,
    Door,
    Indicator,
    MerossPart,
    OldOutlet,
    Outlet,
    Shutter,
    at_side,
    channel_of,
    listed,
    place,
)
from .protocol import MULTIPLE, Question
from .sensors import SOUND, Presence, Sound

MAX_CHANNELS = 64  # that are believed
KNOWS_POSITIONS, TAKES_ONE_AT_ONCE = (6, 6, 6), (2, 1, 4)  # firmware of roller shutters
METER = Question("Appliance.Control.Electricity", "electricity")
COUNTER = Question("Appliance.Control.ConsumptionX", "consumptionx", is_list=True, seldom=True)
INDICATOR = Question(DND, "DNDMode", seldom=True)
POSITION = Question(SHUTTER, "position", is_list=True)
TURNS = Question("Appliance.RollerShutter.State", "state", is_list=True)
BATTERIES = Question(hub.BATTERIES, "battery", is_list=True, seldom=True)
CIRCUITS = Question("Appliance.Control.ElectricityX", "electricity")
SPEED = Question(FAN, "fan", by_channel=True)
CLIMATE = Question(HVAC, "control", by_channel=True)
SENSED = Question("Appliance.Control.Sensor.Latest", "latest", by_channel=True)
PRESENCE = Question(
    *("Appliance.Control.Sensor.LatestX", "latest"), by_channel=True, data=("presence", "light")
)
PLAYS = Question(SOUND, "mp3")
QUESTIONS = (
    *(METER, COUNTER, INDICATOR, POSITION, TURNS, BATTERIES),
    *(CIRCUITS, SPEED, CLIMATE, SENSED, PRESENCE, PLAYS),
)
NEEDLESS = {SPEED: "fan", PRESENCE: "hub"}
"""What a device is not asked for that has this in its digest: it tells it, or it is a hub's."""
WHOLE = (
    *(Outlet(), Light(bits=7), Fan(), Spray(), DiffuserLight(), Door(), Shutter()),
    *(Meter(), Circuit(), Presence(), Sound(), SocketThermostat(), Hvac()),
    hub.Sensor(has=hub.SENSED, battery={}),
    Thermostat(sensed={}),
)
"""A part of each kind, with all that it can have."""
CAPABILITIES = tuple(dict.fromkeys(each for part in WHOLE for each in part.capabilities))


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
    channels: dict[Question, set[int]] = field(default_factory=dict[Question, set[int]])
    """The channels of which something was told: they have it, also while it is not told."""
    measured: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """What has been told of each sensor behind a hub."""
    moves: dict[str, DoorState] = field(default_factory=dict[str, DoorState])
    """What garage doors are doing, by component."""
    move_ends: dict[str, Callable[[], None]] = field(default_factory=dict[str, Callable[[], None]])
    """Cancels what ends that."""

    @property
    def most_at_once(self) -> int:
        """How many requests it takes in one."""
        if self.has(POSITION) and self.firmware <= TAKES_ONE_AT_ONCE:
            return 0
        most: Any = optional_object(self.abilities, MULTIPLE).get("maxCmdNum")
        return most if type(most) is int else 0

    @property
    def units(self) -> dict[str, tuple[str, Json]]:
        """The devices behind a hub, by id, each with its kind and what is told of it."""
        return hub.units_of(listed(optional_object(self.digest, "hub").get("subdevice")))

    def has(self, question: Question) -> bool:
        """Return whether it can be asked for something."""
        is_known = NEEDLESS.get(question, "-") in self.digest
        return question.namespace in self.abilities and not is_known

    def questions(self) -> list[Question]:
        """Return what it can be asked for besides all."""
        every = (*QUESTIONS, *hub.questions_for(self.units))
        return [question for question in every if self.has(question)]

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
        answers = self.answers(question)
        if not question.ids:
            known = self.channels.get(question, set()) | {*map(channel_of, answers)}
            self.channels[question] = {*sorted(known)[:MAX_CHANNELS]}
        for each in answers if question.ids else ():
            if (own_id := text_at(each, "id")) in question.ids:
                told = hub.SENSED.keys() & each.keys()
                self.measured[own_id] = self.measured.get(own_id, set()) | told

    def answers(self, question: Question) -> list[Json]:
        return listed(self.told.get(question))

    def by_channel(self, question: Question) -> dict[int, Json]:
        """Return what is told by channel, of all channels of which something has been told."""
        told = {channel_of(each): each for each in self.answers(question)}
        return {n: told.get(n, {}) for n in sorted(self.channels.get(question, ()))}

    def first(self, question: Question) -> Json:
        return answers[0] if (answers := self.answers(question)) else {}


def parts_of(memory: MerossMemory, uuid: str) -> Iterator[MerossPart]:
    """Yield the parts of a device."""
    yield from switched(memory)
    yield from moving(memory, uuid)
    yield from sprayed(memory.digest)
    yield from heated(memory)
    yield from metered(memory)
    if memory.has(INDICATOR):
        yield Indicator("indicator", "Indicator light", memory.first(INDICATOR))
    answers = [each for q in memory.told if q.ids for each in memory.answers(q)]
    told = {text_at(each, "id"): each for each in answers}
    charges = {text_at(each, "id"): each for each in memory.answers(BATTERIES)}
    batteries = charges if memory.has(BATTERIES) else None
    yield from hub.units_shown(memory.units, told, batteries, memory.measured)


def heated(memory: MerossMemory) -> Iterator[MerossPart]:
    """Yield the thermostats."""
    told = optional_object(memory.digest, "thermostat")
    summers = {channel_of(each): each for each in listed(told.get("summerMode"))}
    sensed = memory.by_channel(SENSED)
    for each in listed(told.get("mode")) if WALL in memory.abilities else ():
        n = channel_of(each)
        latest = [*listed(sensed[n].get("value")), {}][0] if n in sensed else None
        yield Thermostat(*place("mode", each), each, summer=summers.get(n), sensed=latest)
    for each in listed(told.get("modeB")) if SOCKET in memory.abilities else ():
        yield SocketThermostat(*place("modeB", each), each)
    if memory.has(CLIMATE):
        yield Hvac(told=memory.first(CLIMATE))


def metered(memory: MerossMemory) -> Iterator[MerossPart]:
    """Yield what measures, and the sound, which is reported likewise."""
    if memory.has(METER):
        yield Meter(told=memory.first(METER))
    if memory.has(COUNTER):
        days = memory.answers(COUNTER)
        last = max(days, key=lambda day: text_at(day, "date")) if days else {}
        yield EnergyCounter(told=last)
    for n, each in memory.by_channel(CIRCUITS).items():
        yield Circuit(*place("circuit", {"channel": n}), each)
    if memory.has(PRESENCE):
        yield Presence(told=memory.first(PRESENCE))
    if memory.has(PLAYS):
        yield Sound("sound", "Sound", memory.first(PLAYS))


def sprayed(digest: Json) -> Iterator[MerossPart]:
    """Yield the mist of a humidifier, or of a diffuser with its light."""
    for each in listed(digest.get("spray")):
        yield Spray(*at_side("spray", each), each)
    diffuser = optional_object(digest, "diffuser")
    for each in listed(diffuser.get("spray")):
        yield DiffuserSpray(*at_side("spray", each), each)
    for each in listed(diffuser.get("light")):
        yield DiffuserLight(*place("light", each), each)


def switched(memory: MerossMemory) -> Iterator[MerossPart]:
    """Yield the lights, the fans and the outlets; the others may be listed as an outlet, too."""
    digest = memory.digest
    toggles = {channel_of(each): each for each in listed(digest.get("togglex")) if "onoff" in each}
    if LIGHT in memory.abilities:
        bits: Any = optional_object(memory.abilities, LIGHT).get("capacity")
        bits = bits if type(bits) is int else BRIGHTNESS
        for each in listed(digest.get("light")):
            toggle = toggles.pop(channel_of(each), None)
            yield Light(*place("light", each), each, toggle=toggle, bits=bits)
    fans = [memory.first(SPEED)] if memory.has(SPEED) else listed(digest.get("fan"))
    for each in fans:
        toggle = toggles.pop(channel_of(each), None)
        yield Fan(*place("fan", each), each, toggle=toggle)
    if "garageDoor" not in digest:
        yield from (Outlet(*place("outlet", each), each) for each in toggles.values())
    for each in listed(memory.control.get("toggle")):
        yield OldOutlet(told=each)


def moving(memory: MerossMemory, uuid: str) -> Iterator[MerossPart]:
    """Yield the garage doors and the roller shutters."""
    doors = listed(memory.digest.get("garageDoor"))
    for each in doors:
        is_real = len(doors) == 1 or channel_of(each)
        if is_real and each.get("doorEnable", 1):
            component, name = place("door", each)
            moves = move_of(memory, component, each)
            yield Door(component, name, each, uuid=uuid, moves=moves)
    turns = {channel_of(each): each for each in memory.answers(TURNS)}
    if memory.has(POSITION):
        has_positions = memory.firmware >= KNOWS_POSITIONS
        for each in memory.answers(POSITION) or [{}]:
            turn, at = turns.get(channel_of(each), {}), place("shutter", each)
            yield Shutter(*at, each, turns=turn, has_positions=has_positions)


def move_of(memory: MerossMemory, component: str, told: Json) -> DoorState | None:
    """Return how a garage door moves; None once it is where it was sent."""
    move = memory.moves.get(component)
    if move is not None and told.get("open") == int(move is DoorState.OPENING):
        del memory.moves[component]
        return None
    return move
