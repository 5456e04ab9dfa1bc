"""What a Meross device has told."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lan_edge import BatchReader, Json, int_at, objects_at, optional_object, text_at, value_in

from .protocol.questions import MULTIPLE, NEEDLESS, POSITION, QUESTIONS, Question, unit_questions

MOST_KNOWN = 64  # channels, or names of what a sensor measures, that are believed
MAX_UNITS, MAX_ID = 64, 32
TAKES_ONE_AT_ONCE = (2, 1, 4)  # firmware of roller shutters


def channel_of(told: Json) -> int:
    """Return the number of a channel; 0 if there is none."""
    return max(int_at(told, "channel"), 0)


def listed(value: Any) -> list[Json]:
    """Return the objects in a list, or the one that is not in a list: devices answer by both."""
    message = {"told": value}
    if isinstance(value, list):
        return objects_at(message, "told")
    one = optional_object(message, "told")
    return [one] if one else []


def by_channel(told: Iterable[Json]) -> dict[int, Json]:
    """Return what is told of each channel: of several days, the last."""
    return {channel_of(each): each for each in sorted(told, key=lambda day: text_at(day, "date"))}


@dataclass
class MerossMemory:
    is_refused: bool = False
    """Whether it has been identified by somebody without its key, to whom it says no more."""
    uuid: str = ""
    abilities: Json = field(default_factory=dict[str, Any])
    """The namespaces that it knows."""
    digest: Json = field(default_factory=dict[str, Any])
    """Most of its state."""
    firmware: tuple[int, ...] = ()
    reader: BatchReader = field(default_factory=BatchReader)
    told: dict[Question, list[Json]] = field(default_factory=dict[Question, list[Json]])
    known: dict[Question | str, set[Any]] = field(default_factory=dict[Question | str, set[Any]])
    """The channels of which something was told, and the names of what was told of each sensor
    behind a hub: they have it, also while it is not told."""

    # what it is asked for

    @property
    def most_at_once(self) -> int:
        """How many requests it takes in one."""
        if self.has(POSITION) and self.firmware <= TAKES_ONE_AT_ONCE:
            return 0
        return int_at(self.abilities.get(MULTIPLE), "maxCmdNum")

    def has(self, question: Question) -> bool:
        """Return whether it can be asked for something."""
        is_known = NEEDLESS.get(question, "-") in self.digest
        return question.namespace in self.abilities and not is_known

    def due(self) -> list[Question]:
        """Return what it is to be asked for in a reading, and forget what it told before."""
        kinds = {own_id: kind for own_id, (kind, _) in self.units.items()}
        can = [each for each in (*QUESTIONS, *unit_questions(kinds)) if self.has(each)]
        due = [each for each in can if not (each.is_seldom and each in self.told)]
        for question in due:
            self.told.pop(question, None)
        return due

    def forget_seldom(self) -> None:
        """Have it asked for everything in the next reading."""
        self.told = {each: told for each, told in self.told.items() if not each.is_seldom}

    def hear(self, question: Question, payload: Json) -> None:
        """Keep what it answers to a question."""
        told = self.told[question] = listed(payload.get(question.key))
        if question.by == "channel":
            self._learn(question, map(channel_of, told))
        for each in told:
            if (own_id := text_at(each, "id")) in (question.of or ()):
                self._learn(own_id, each)

    def _learn(self, what: Question | str, new: Iterable[Any]) -> None:
        self.known[what] = {*sorted(self.known.get(what, set()) | {*new})[:MOST_KNOWN]}

    # what it has told

    def at(self, path: str) -> dict[int, Json]:
        """Return what its state has at a path, by channel."""
        return by_channel(listed(value_in(self.digest, path)))

    def answers(self, question: Question) -> dict[int, Json]:
        """Return what it answers to a question, by channel: of all that have it."""
        if not self.has(question):
            return {}
        told = by_channel(self.told.get(question, ()))
        channels = self.known.get(question) or ({0} if question.is_sure else set())
        return {n: told.get(n, {}) for n in sorted(channels)}

    @property
    def units(self) -> dict[str, tuple[str, Json]]:
        """The devices behind a hub, by id, each with its kind and all that is told of it.

        The kind is the name of the object in its entry, which it lacks while the hub does not reach
        it.
        """
        units: dict[str, tuple[str, Json]] = {}
        for entry in listed(value_in(self.digest, "hub.subdevice")):
            own_id = text_at(entry, "id")
            kind = next((name for name, each in entry.items() if isinstance(each, dict)), "")
            if 0 < len(own_id) <= MAX_ID and kind and len(units) < MAX_UNITS:
                units[own_id] = kind, entry
        for question, answers in self.told.items():
            for each in answers if question.by == "id" else ():
                if (own_id := text_at(each, "id")) in units:
                    kind, told = units[own_id]
                    units[own_id] = kind, told | each
        return units
