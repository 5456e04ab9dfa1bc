"""What is offered of the operations of a document: values that are read, and commands."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
import re
from typing import Any

from ...drafting.thing import ThingKind
from ..commands import is_command, says_done
from ..notes import Notes
from ..request import PlainRequest
from ..urls import url_of
from .bodies import BodyKind
from .operations import Input, Operation
from .schema_value import SWITCH_NAMES, SchemaValue, ValueType, opposite_words
from .servers import ApiServer
from .values import one_line

_MAX_BUTTONS = 12
"""The most words of a choice that are buttons where it is not read."""
_KINDS_READ = {
    ValueType.TRUTH: ThingKind.BINARY_SENSOR,
    ValueType.NUMBER: ThingKind.SENSOR,
    ValueType.CHOICE: ThingKind.SENSOR,
    ValueType.TEXT: ThingKind.SENSOR,
}
_KINDS_SET = {
    ValueType.TRUTH: ThingKind.SWITCH,
    ValueType.NUMBER: ThingKind.NUMBER,
    ValueType.CHOICE: ThingKind.SELECT,
    ValueType.TEXT: ThingKind.TEXT,
}
_ID_NAME = re.compile(r"(?:^|[_-])(?:id|uid|uuid|guid|name|index|number|serial)$", re.IGNORECASE)
_CAMEL_ID = re.compile(r"[a-z](?:Id|ID|Uid|Uuid|Name|Index|Number)$")


@dataclass(frozen=True, slots=True)
class Offered:
    """Something that can be picked."""

    operation: Operation
    kind: ThingKind
    value: SchemaValue | None = None
    """What is read, or set; None: a command without a value."""
    input: Input | None = None
    """With what it is set; None: it is only read, or is a command without a value."""
    word: str = ""
    """The value that a button sends."""
    label: str = ""
    """The names that lead to a value; empty: the last one is enough."""
    read_by: Offered | None = None
    """How something that is set is read."""

    @property
    def id(self) -> str:
        """Its name among all that is offered."""
        place = self.value.path if self.value is not None else ""
        word = f"{place}={self.word}" if self.word else place
        return f"{self.operation.id} {word}".strip()

    @property
    def name(self) -> str:
        """What users see."""
        value, path = self.value, self.operation.path
        if value is None:
            is_deleted = self.operation.method == "DELETE"
            return in_words(f"delete {last_word(path)}" if is_deleted else last_word(path))
        if self.word:
            is_in_path = self.input is not None and self.input.where == "path"
            before = _words_before(path) if is_in_path else value.name or last_word(path)
            return in_words(f"{before} {self.word}")
        if self.input is not None and self.input.where == "path":
            return in_words(_words_before(path))
        return in_words(self.label or value.title or value.name or last_word(path))

    @property
    def details(self) -> str:
        """What the document says about it."""
        return (self.value.details if self.value is not None else "") or self.operation.details


def offered(operations: list[Operation], server: ApiServer, notes: Notes) -> dict[str, Offered]:
    """Return what can be picked by id, what is read first; note what offers nothing."""
    read = [each for one in operations for each in _read(one, server)]
    commands = [each for one in operations for each in _commands(one, server)]
    paired = (_paired(each, read) for each in commands)
    split = (each for one in paired for each in _split(one, read))
    found = {each.id: each for each in (*read, *split)}
    used = {each.operation.id for each in found.values()}
    for each in operations:
        if each.id not in used and not notes.has(each.id):
            notes.not_understood(each.id, t"has no single value that is read or set")
    return found


def is_address(operation: Operation, each: Input) -> bool:
    """Return whether a parameter in a path says which thing is meant, not what is to be set."""
    if each.where != "path":
        return False
    is_last = operation.path.rstrip("/").endswith(f"{{{each.value.name}}}")
    is_alone = operation.body is BodyKind.NONE and operation.method in {"POST", "PUT", "PATCH"}
    name = each.value.name
    return not (is_last and is_alone) or bool(_ID_NAME.search(name) or _CAMEL_ID.search(name))


def in_words(name: str) -> str:
    """Return a name as users read it: `tempNozzle` as `Temp nozzle`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name[:100])
    words = [w.lower() if w.istitle() else w for w in re.sub(r"[_./-]+", " ", spaced).split()]
    text = one_line(" ".join(words), 60)
    return f"{text[:1].upper()}{text[1:]}"


def last_word(path: str) -> str:
    """Return the last word of a path that is no parameter."""
    names = [each for each in path.split("/") if each and "{" not in each]
    return names[-1].partition("?")[0] if names else "status"


def _words_before(path: str) -> str:
    """Return the words of a path before its last parameter."""
    before = path.rpartition("{")[0].rpartition("}")[2].strip("/")
    return before or last_word(path)


def _is_command(operation: Operation, server: ApiServer) -> bool:
    """Return whether an operation does something, as it seems: also a GET may."""
    if operation.method != "GET":
        return True
    try:
        url = url_of(server.url(operation.path))
    except ValueError:
        return False
    sent = _in_query(operation)
    is_done = says_done(operation.details)
    needed: tuple[tuple[str, str], ...] = ()
    if is_done is None:  # then what it needs is looked at, too
        needed = tuple((each.name, "") for each in sent if each.is_required)
    is_taken_for_one = is_done is True or is_command(url, PlainRequest(url="", query=needed))
    return is_taken_for_one or (bool(sent) and not operation.is_answered)


def _in_query(operation: Operation) -> list[SchemaValue]:
    return [each.value for each in operation.inputs if each.where == "query"]


def _needs_on_or_off(operation: Operation) -> bool:
    return any(each.is_required and _turns_on(each) for each in _in_query(operation))


def _turns_on(value: SchemaValue) -> bool:
    """Return whether a value is on or off, perhaps among other words."""
    return {"on", "off"} <= {str(each).lower() for each in (value.on, value.off, *value.choices)}


def _read(operation: Operation, server: ApiServer) -> Iterator[Offered]:
    if _is_command(operation, server) or _needs_on_or_off(operation):
        return
    labels = _labels(operation.answers)
    for value in operation.answers:
        if not value.is_write_only and not value.is_secret:
            yield Offered(operation, _KINDS_READ[value.type], value, label=labels[value.keys])


def _commands(operation: Operation, server: ApiServer) -> Iterator[Offered]:
    inputs = operation.inputs if operation.method != "DELETE" else ()
    settable = [each for each in inputs if _is_settable(operation, each)]
    is_read = not _is_command(operation, server)
    if is_read:
        settable = [each for each in settable if _turns_on(each.value)]
    labels = _labels([each.value for each in settable])
    for each in settable:
        kind, label = _KINDS_SET[each.value.type], labels[each.value.keys]
        yield Offered(operation, kind, each.value, each, label=label)
    if (
        not is_read
        and operation.body is BodyKind.NONE
        and not any(e.value.is_required for e in settable)
    ):
        yield Offered(operation, ThingKind.BUTTON)


def _labels(values: Iterable[SchemaValue]) -> dict[tuple[str | int, ...], str]:
    """Return more than the last name where several values have the same one, by their keys."""
    names = {each.keys: [key for key in each.keys if isinstance(key, str)] for each in values}
    used = Counter(each[-1] for each in names.values() if each)
    return {
        keys: " ".join([*each[-2:], *_number_of(keys)]) if each and used[each[-1]] > 1 else ""
        for keys, each in names.items()
    }


def _number_of(keys: tuple[str | int, ...]) -> list[str]:
    """Return which item of a list it is, from 1, if it is one."""
    return [str(keys[-1] + 1)] if isinstance(keys[-1], int) else []


def _is_settable(operation: Operation, each: Input) -> bool:
    value = each.value
    is_constant = value.type is ValueType.TEXT and value.default is not None and value.is_required
    is_other = each.where == "header" or is_address(operation, each) or value.is_first_of_list
    return not (is_other or is_constant or value.is_read_only or value.is_secret)


def _paired(command: Offered, read: list[Offered]) -> Offered:
    """Return a command with how its value is read, if that is clear."""
    found = [(_likeness(command, each), each) for each in read]
    best = max((likeness for likeness, _ in found), default=0)
    several = [each for likeness, each in found if likeness == best]
    if not best or len(several) != 1 or command.value is None:
        return command
    return replace(command, read_by=several[0])


def _likeness(command: Offered, read: Offered) -> int:
    """Return how surely a value is the one that a command sets; 0: it is not."""
    one, other = command.value, read.value
    if one is None or other is None or one.type is not other.type or other.is_first_of_list:
        return 0
    is_same_path = command.operation.path == read.operation.path
    if is_same_path and one.keys == other.keys:
        return 4
    if one.name and one.name.lower() == other.name.lower():
        return 3 if is_same_path else 2
    names = {one.name.lower(), other.name.lower()}
    is_switch = one.type is ValueType.TRUTH and names <= SWITCH_NAMES
    return 1 if is_same_path and is_switch else 0


def _split(command: Offered, read: list[Offered]) -> Iterator[Offered]:
    """Yield a command, or a switch and buttons for the words of a choice that is not read."""
    value = command.value
    is_unread = command.kind is ThingKind.SELECT and command.read_by is None
    if value is None or not is_unread or len(value.choices) > _MAX_BUTTONS:
        yield command
        return
    words = dict(value.originals)
    pair = opposite_words(words)
    if pair is not None and pair[0].isalpha():  # 0, 1 and 2 are modes
        yield _paired(_as_switch(command, value, words.pop(pair[0]), words.pop(pair[1])), read)
    for word in words:
        yield Offered(command.operation, ThingKind.BUTTON, value, command.input, word)


def _as_switch(command: Offered, value: SchemaValue, on: Any, off: Any) -> Offered:
    truth = replace(value, type=ValueType.TRUTH, on=on, off=off)
    return replace(command, kind=ThingKind.SWITCH, value=truth)
