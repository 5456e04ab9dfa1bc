"""What a Meross device has told, and what it is asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lan_edge import BatchReader, DoorState, Json, optional_object, text_at

from .climate import HVAC, VALVE
from .kinds import DND, SENSED as MEASURED, SOUND
from .moves import FAN, SHUTTER
from .parts import channel_of, listed
from .protocol import MULTIPLE, Question

MAX_CHANNELS = 64  # that are believed
SENSORS, VALVES = "Appliance.Hub.Sensor.All", f"{VALVE}.All"
VALVES_AT_ONCE, SENSORS_AT_ONCE = 6, 10  # an answer of more than some 3000 bytes is cut off
MAX_UNITS, MAX_ID = 64, 32
TAKES_ONE_AT_ONCE = (2, 1, 4)  # firmware of roller shutters
METER = Question("Appliance.Control.Electricity", "electricity")
COUNTER = Question("Appliance.Control.ConsumptionX", "consumptionx", is_list=True, seldom=True)
INDICATOR = Question(DND, "DNDMode", seldom=True)
POSITION = Question(SHUTTER, "position", is_list=True)
TURNS = Question("Appliance.RollerShutter.State", "state", is_list=True)
BATTERIES = Question("Appliance.Hub.Battery", "battery", is_list=True, seldom=True)
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


# what is behind a hub, each a device of its own


def units_of(listed: Iterable[Json]) -> dict[str, tuple[str, Json]]:
    """Return the devices that a hub lists, by id, each with its kind and what is told of it.

    The kind is the name of the object in its entry, which it lacks while the hub does not reach it.
    """
    units: dict[str, tuple[str, Json]] = {}
    for entry in listed:
        own_id: Any = entry.get("id")
        kind = next((name for name, each in entry.items() if isinstance(each, dict)), "")
        if isinstance(own_id, str) and 0 < len(own_id) <= MAX_ID and kind:
            units[own_id] = kind, entry
    return dict(list(units.items())[:MAX_UNITS])


def is_valve(kind: str) -> bool:
    """Return whether a device behind a hub is a valve."""
    return kind.startswith("mts")


def questions_for(units: Mapping[str, tuple[str, Json]]) -> Iterator[Question]:
    """Yield what a hub is asked for: of few devices at once."""
    valves = sorted(each for each, (kind, _) in units.items() if is_valve(kind))
    sensors = sorted(units.keys() - valves)
    groups = ((VALVES, valves, VALVES_AT_ONCE), (SENSORS, sensors, SENSORS_AT_ONCE))
    for namespace, ids, most in groups:
        for at in range(0, len(ids), most):
            yield Question(namespace, "all", is_list=True, ids=tuple(ids[at : at + most]))


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
        return units_of(listed(optional_object(self.digest, "hub").get("subdevice")))

    def has(self, question: Question) -> bool:
        """Return whether it can be asked for something."""
        is_known = NEEDLESS.get(question, "-") in self.digest
        return question.namespace in self.abilities and not is_known

    def questions(self) -> list[Question]:
        """Return what it can be asked for besides all."""
        every = (*QUESTIONS, *questions_for(self.units))
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
                told = MEASURED.keys() & each.keys()
                self.measured[own_id] = self.measured.get(own_id, set()) | told

    def answers(self, question: Question) -> list[Json]:
        return listed(self.told.get(question))

    def by_channel(self, question: Question) -> dict[int, Json]:
        """Return what is told by channel, of all channels of which something has been told."""
        told = {channel_of(each): each for each in self.answers(question)}
        return {n: told.get(n, {}) for n in sorted(self.channels.get(question, ()))}

    def first(self, question: Question) -> Json:
        return answers[0] if (answers := self.answers(question)) else {}
