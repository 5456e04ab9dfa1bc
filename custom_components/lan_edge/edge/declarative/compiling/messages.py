"""How a message of the device is recognized: its kind, or that it is a refusal."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ...capabilities.schema import short
from ...errors import ReplyError
from ...network.patterns import bounded_pattern
from ...sentences import said
from ..description import MessageKind
from ..reading import ValueReading
from ..reading.reader import reader_of
from ..reading.received import MISSING, Received, ReceivedJson, as_text
from .plan import ReadSource, ReadValue, Recognize, Slot

_UNNAMED = ""
"""Under what the first group is kept if none has a name."""


def is_found(slot: Slot, message: Received) -> bool:
    """Return whether a message has anything at the place of a value, if that is in a structure.

    That is JSON or XML, or a text with a pattern.
    """
    if slot.find is None:
        return False
    try:
        return slot.find(message) not in (None, MISSING)
    except ReplyError:
        return False


def recognizer_of(kind: MessageKind) -> Recognize | None:
    """Return what recognizes a kind of messages; None if all are of it.

    Raises DescriptionError or ValueError for what cannot be a pattern or a path.
    """
    tests: list[Recognize] = []
    if kind.begins:
        tests.append(_by_beginning(kind.begins))
    if kind.when is not None:
        tests.append(_by_value(reader_of(kind.when), _comparison(kind)))
    if kind.pattern:
        tests.append(_by_pattern(kind.pattern))
    if len(tests) <= 1:
        return tests[0] if tests else None
    return _by_all(tests)


def part_of(path: str) -> Recognize | None:
    """Return what takes the part at a path out of a message in JSON; None if that is all of it.

    Raises DescriptionError for what cannot be a path.
    """
    if not path:
        return None
    read = reader_of(ValueReading(path=path))

    def part(message: Received) -> Received | None:
        value = read(message)
        return None if value is None or value is MISSING else ReceivedJson(value, what=message.what)

    return part


def part_in(source: ReadSource, answer: Received) -> Received:
    """Return the part of an answer in which all is read; raise ReplyError if it is missing."""
    if source.part is None:
        return answer
    if (found := source.part(answer)) is None:
        raise ReplyError(said(t"{source.name}: the answer has nothing at {source.within}"))
    return found


def message_of(kind: ReadSource, message: Received) -> Received | None:
    """Return a message as it is recognized; None: it is of another kind."""
    if message.is_reply or (kind.event and kind.event != message.event):
        return None
    return kind.recognize(message) if kind.recognize is not None else message


def part_or_none(kind: ReadSource, message: Received) -> Received | None:
    """Return the part of a message in which all is read; None if it has nothing there."""
    if kind.part is None:
        return message
    with suppress(ReplyError):
        return kind.part(message)
    return None


def refusal_of(kind: MessageKind | None) -> Callable[[Received], str | None]:
    """Return a function that returns the words of an answer that is a refusal, None otherwise."""
    if kind is None or (recognize := recognizer_of(kind)) is None:
        return lambda _: None
    read = reader_of(kind.when) if kind.when is not None else None

    def words(answer: Received) -> str | None:
        if (found := recognize(answer)) is None:
            return None
        if read is not None:
            return _refusal_in(read(answer), answer, kind)
        return next(iter(found.groups.values()), None) or found.text()

    return words


def _refusal_in(value: Any, answer: Received, kind: MessageKind) -> str | None:
    """Return the words of a refusal in which `value` was read; None if it means that all is well.

    Without `equals` and `unless`, that is what is empty, false or 0: `{"error": 0}`.
    """
    if kind.unless:  # a bare number would say nothing to its reader
        return value if isinstance(value, str) and value else answer.text()
    if value:
        return as_text(value) if isinstance(value, str | int | float) else short(value)
    return answer.text() if kind.equals else None


def _comparison(kind: MessageKind) -> Callable[[Any], bool]:
    """Return whether a value that was read recognizes a message; it may raise ReplyError."""
    if kind.unless:
        return lambda value: not _is(value, kind.unless)
    return lambda value: not kind.equals or as_text(value) == kind.equals


def _is(value: Any, text: str) -> bool:
    """Return whether a value is what a text says: a list or an object is not."""
    try:
        return as_text(value) == text
    except ReplyError:
        return False


def _by_beginning(begins: bytes) -> Recognize:
    return lambda message: message if message.data().startswith(begins) else None


def _by_value(read: ReadValue, is_meant: Callable[[Any], bool]) -> Recognize:
    def recognize(message: Received) -> Received | None:
        try:
            value = read(message)
            if value is None or value is MISSING:
                return None
            is_it = is_meant(value)
        except ReplyError:
            return None
        return message if is_it else None

    return recognize


def _by_pattern(pattern: str) -> Recognize:
    compiled, limit = bounded_pattern(pattern, is_whole=True)

    def recognize(message: Received) -> Received | None:
        text = message.text()
        if len(text) > limit or (match := compiled.fullmatch(text)) is None:
            return None
        message.groups = match.groupdict() or {_UNNAMED: match[1] if compiled.groups else None}
        return message

    return recognize


def _by_all(tests: list[Recognize]) -> Recognize:
    def recognize(message: Received) -> Received | None:
        found: Received | None = message
        for test in tests:
            if found is not None:
                found = test(found)
        return found

    return recognize
