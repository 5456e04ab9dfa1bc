"""What a thing would be by the answers at hand, read as the driver of the description reads it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...errors import ReplyError
from ...sentences import said, said_by
from ..compiling.faults import CompilerFaults
from ..compiling.members import members_of
from ..compiling.messages import message_of, part_in
from ..compiling.plan import ReadSource, Slot
from ..compiling.planning import plan_of
from ..places import DescriptionError
from ..reading import Conversion, ValueReading
from ..reading.reader import reader_of
from ..reading.received import MISSING, Received, as_text
from ..texts import description_of
from .component import component_of
from .order import ordered
from .thing import DraftThing, ThingKind
from .trial import TrialAnswer

_VALUE_NAME = "value"
_SENT = {"http": {"get": "/"}, "json_rpc": {"call": "x"}, "lines": {"line": "x"}}
_SENT_ELSE = {"bytes": "00"}
"""What stands for a command, by how the device talks: nothing is sent."""
_PART_BY_ATTRIBUTE = {
    "shadeLevel": "level",
    "level": "level",
    "thermostatMode": "mode",
    "temperature": "current",
}
"""The fields of a thing by the attributes of its component; all others are its reading."""


@dataclass(frozen=True, slots=True)
class ReadNow:
    """What one value of a thing is by an answer."""

    sent: Any
    """What the device sends, not converted."""
    value: Any = None
    """What it means."""
    problem: str = ""
    """Why it means nothing; empty: it has a meaning."""

    @property
    def word(self) -> str:
        """What the device sends, as a map has it; empty: that is not a single value."""
        try:
            return as_text(self.sent)
        except ReplyError:
            return ""


def read_now(
    values: Mapping[str, Any],
    thing: DraftThing,
    answers: Mapping[str, TrialAnswer],
    settings: Mapping[str, Any],
    heard: Sequence[TrialAnswer] | None = None,
) -> dict[str, ReadNow]:
    """Return what a thing would be, by the field of the thing that says where that is read.

    `values` are those of the description; `settings` those of its parameters. `heard` is what the
    device has sent since a command, the latest last: what is read from a message is then read from
    the latest of its kind among these; what was not heard since is left out. What is not in the
    answers, or null there, is left out. What is wrong in a description is told when it is used.
    It takes milliseconds: not in the event loop.
    """
    if not thing.kind.is_read:
        return {}
    components = _of(thing, _SENT.get(values["talks"], _SENT_ELSE))
    try:
        description = description_of(ordered({**values, "name": "Draft", "components": components}))
    except DescriptionError:
        return {}
    faults = CompilerFaults(description)  # for the commands, which are missing yet
    members = members_of(description, faults)
    plan = plan_of(description, members, faults)
    if plan.parameters is not None:
        plan.parameters.update((k, each) for k, each in settings.items() if k in plan.parameters)
    readings = {each.attribute: each.reading for each in members.reads}
    found = dict[str, ReadNow]()
    latest = {each.name: answers.get(each.name) for each in (*plan.requests.values(), *plan.kinds)}
    if heard is not None:
        latest |= {each.name: _latest(each, heard) for each in plan.kinds}
    for source in (*plan.requests.values(), *plan.kinds):
        for slot in source.slots:
            part = _PART_BY_ATTRIBUTE.get(slot.attribute.name, "reading")
            for now in _read(source, slot, readings[slot.attribute], latest[source.name]):
                found.setdefault(part, now)
    return found


def _latest(source: ReadSource, heard: Sequence[TrialAnswer]) -> TrialAnswer | None:
    """Return the latest message of a kind."""
    return next((each for each in reversed(heard) if _read_part(source, each) is not None), None)


def _of(thing: DraftThing, sent: Mapping[str, str]) -> dict[str, Any]:
    """Return the components of a thing whose commands may be missing yet."""
    if thing.kind.is_component:
        commands = dict.fromkeys(thing.command_names, sent)
        return {"main": component_of(replace(thing, commands=commands))}
    kind = ThingKind.SENSOR if thing.kind is ThingKind.NUMBER else thing.kind
    return {"main": {"own": {_VALUE_NAME: replace(thing, kind=kind, commands={}).own()}}}


def _read(
    source: ReadSource, slot: Slot, reading: ValueReading, answer: TrialAnswer | None
) -> Iterator[ReadNow]:
    """Yield what a value is by the answer to its request, or by a message of its kind."""
    if answer is None or (message := _read_part(source, answer)) is None:
        return
    try:
        sent = reader_of(replace(reading, conversion=Conversion()))(message)
    except ReplyError as err:
        yield ReadNow(None, problem=said_by(err))
        return
    if sent is None or sent is MISSING:
        return
    try:
        value = slot.attribute.schema.check(slot.read(message))
    except ReplyError as err:
        yield ReadNow(sent, problem=said_by(err))
    except ValueError as err:  # outside the limits of what such things can be
        yield ReadNow(sent, problem=said(t"{err}"))
    else:
        yield ReadNow(sent, value)


def _read_part(source: ReadSource, answer: TrialAnswer) -> Received | None:
    """Return the part of an answer in which all is read; None: it is of another kind."""
    received: Received | None = answer.received
    if received is None:
        return None
    if source.step is None:
        received = message_of(source, received)
    elif source.recognize is not None:
        received = source.recognize(received)
    if received is None:
        return None
    try:
        return part_in(source, received)
    except ReplyError:
        return None
