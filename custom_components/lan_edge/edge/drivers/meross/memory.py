"""What a Meross device has told: of its messages only what is needed, and bounded in bytes."""

from dataclasses import dataclass, field
from itertools import chain
import re
from typing import Any

from lan_edge import BatchReader, Json, int_at, memory_of, only_fields, text_at, value_in

from .protocol.questions import KNOWN, MULTIPLE, POSITION, QUESTIONS, Question, unit_questions
from .protocol.state import by_channel, kinds_of, listed

MAX_CHANNELS = 64
MAX_SIZE, MAX_ABILITIES = 192 * 1024, 16 * 1024  # bytes of memory for what is kept
PLUG_MODELS = r"mss[1-46]\d\d"  # MSS5xx are switches in the wall, MSS7xx behind it
TAKES_ONE_AT_ONCE = (2, 1, 4)  # firmware of roller shutters
NEEDED = frozenset(
    [
        *("togglex", "toggle", "light", "fan", "garageDoor", "spray", "diffuser", "thermostat"),
        *("mode", "modeB", "summerMode", "hub", "subdevice", "id", "channel", "status", "online"),
        *("onoff", "capacity", "luminance", "temperature", "rgb", "lastMode", "volume", "mute"),
        *("speed", "maxSpeed", "open", "doorEnable", "position", "state", "date", "value"),
        *("currentTemp", "targetTemp", "working", "min", "max", "room", "currentSet", "heating"),
        *("heat", "cold", "more", "humi", "hStatus", "aStatus", "cStatus", "fStatus", "fMode"),
        *("power", "current", "voltage", "mConsume", "data", "presence", "latest", "humidity"),
        *("doorWindow", "smokeAlarm", "waterLeak", "latestWaterLeak"),
    ]
)
"""The fields that the tables read, and those in which they are."""


@dataclass
class MerossMemory:
    is_refused: bool = False
    """Whether it has been identified by somebody without its key, to whom it says no more."""
    uuid: str = ""
    model: str = ""
    firmware: tuple[int, ...] = ()
    abilities: Json = field(default_factory=dict[str, Any])
    """The namespaces that it knows, with what it says of them."""
    digest: Json = field(default_factory=dict[str, Any])
    """Most of its state."""
    kinds: dict[str, str] = field(default_factory=dict[str, str])
    """The kinds of the devices behind a hub, by id."""
    told: dict[Question, list[Json]] = field(default_factory=dict[Question, list[Json]])
    """What else it has told."""
    channels: dict[Question, set[int]] = field(default_factory=dict[Question, set[int]])
    """The channels of which that was: they have it, also while it is not told."""
    names: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """The same of the devices behind a hub, by id: the names of what was told of each."""
    reader: BatchReader = field(default_factory=BatchReader)

    @property
    def is_plug(self) -> bool:
        """Whether it is known to be a plug or a strip, and not a switch in the wall."""
        return re.match(PLUG_MODELS, self.model.lower()) is not None

    # what it is asked for

    @property
    def most_at_once(self) -> int:
        """How many requests it takes in one."""
        if self.has(POSITION) and self.firmware <= TAKES_ONE_AT_ONCE:
            return 0
        return int_at(self.abilities.get(MULTIPLE), "maxCmdNum")

    def has(self, question: Question) -> bool:
        """Return whether it can be asked for something, and has not told it anyway."""
        return question.namespace in self.abilities and question.unless not in self.digest

    def due(self) -> list[Question]:
        """Return what it is to be asked for in a reading, and forget what it told before."""
        can = [each for each in (*QUESTIONS, *unit_questions(self.kinds)) if self.has(each)]
        due = [each for each in can if not (each.is_seldom and each in self.told)]
        self.told = {each: self.told[each] for each in can if each not in due}
        return due

    def forget_seldom(self) -> None:
        """Have it asked for everything in the next reading."""
        self.told = {each: told for each, told in self.told.items() if not each.is_seldom}

    # what it tells

    def hear_abilities(self, told: Json) -> None:
        """Keep what it can be asked for."""
        self.abilities = only_fields(told, KNOWN, limit=MAX_ABILITIES)

    def hear_digest(self, told: Json) -> None:
        """Keep most of its state; raise ReplyError for too much."""
        self.kinds = kinds_of(listed(value_in(told, "hub.subdevice")))
        self.names = {own_id: self.names.get(own_id, set()) for own_id in self.kinds}
        self.digest = {}
        self.digest = self._needed(told)

    def hear(self, question: Question, payload: Json) -> None:
        """Keep what it answers to a question; raise ReplyError for too much."""
        told = listed(payload.get(question.key))
        if question.by == "channel":
            last = by_channel(told)
            channels = sorted(self.channels.get(question, set()) | last.keys())
            self.channels[question], told = {*channels[:MAX_CHANNELS]}, [*last.values()]
        self.told[question] = told = self._needed(told)
        for each in told:
            if (own_id := text_at(each, "id")) in self.names:
                self.names[own_id] |= each.keys()

    def _needed(self, told: Any) -> Any:
        room = MAX_SIZE - memory_of([self.digest, *self.told.values()])
        return only_fields(told, NEEDED, limit=room)

    # what it has told

    def at(self, path: str) -> dict[int, Json]:
        """Return what its state has at a path, by channel."""
        return by_channel(listed(value_in(self.digest, path)))

    def answers(self, question: Question) -> dict[int, Json]:
        """Return what it answers to a question, by channel: of all that have it."""
        if not self.has(question):
            return {}
        told = by_channel(self.told.get(question, ()))
        channels = self.channels.get(question) or ({0} if question.is_sure else ())
        return {n: told.get(n, {}) for n in sorted(channels)}

    @property
    def units(self) -> dict[str, Json]:
        """All that is told of the devices behind a hub, by id."""
        units: dict[str, Json] = {own_id: {} for own_id in self.kinds}
        answers = (told for question, told in self.told.items() if question.by == "id")
        for each in chain(listed(value_in(self.digest, "hub.subdevice")), *answers):
            if (own_id := text_at(each, "id")) in units:
                units[own_id] |= each
        return units
