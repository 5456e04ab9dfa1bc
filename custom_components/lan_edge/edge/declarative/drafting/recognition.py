"""How a message is recognized that a device sends by itself, found from one example of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from os.path import commonprefix
import re
from types import MappingProxyType
from typing import Any

from ...network.text import PADDING
from ..picking.answer_field import AnswerField, FieldKind
from ..reading.byte_fields import STRUCTS, TEXTS
from ..reading.value_reading import ByteType
from .trial import TrialAnswer

_TELLING = {"action", "cmd", "command", "event", "kind", "method", "msg", "op", "topic", "type"}
"""The names of fields that say what kind of message it is."""
_CHANGING = {"id", "seq", "sequence", "time", "timestamp", "ts"}
"""The names of fields that differ in each message."""
_MAX_TELLING = 100
_HEAD = re.compile(r"(\W{0,3})(.*)", re.DOTALL)
_BEFORE_VALUE = re.compile(r".*?[\s:=;,]+|[^\W\d]+(?=\d)|.*", re.DOTALL)
NO_NUMBER: Mapping[str, Any] = MappingProxyType({})
_REST = ".{0,400}"
"""What may follow in a line."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """How a kind of messages is recognized."""

    kind: dict[str, Any]
    """As a description has it."""
    request: str = ""
    """The request whose answer is of this kind, too; empty: none."""


def recognition_of(
    message: TrialAnswer, answers: Mapping[str, TrialAnswer], number: Mapping[str, Any] = NO_NUMBER
) -> Recognition:
    """Return how messages like one are recognized; `answers` are those to the requests, by name.

    `number` is where bytes have the number of their request, as a reading.
    """
    if message.data:
        known = {name: each.data for name, each in answers.items()}
        return _of_bytes(message.data, known, _numbered(number, message.data))
    if paths := _paths(message):
        return _of_json(message, paths, answers)
    texts = {name: each.text.strip(PADDING) for name, each in answers.items()}
    return _of_text(message.text.strip(PADDING), texts)  # as messages are compared with patterns


def kind_apart(
    message: TrialAnswer, others: Iterable[TrialAnswer], number: Mapping[str, Any] = NO_NUMBER
) -> dict[str, Any]:
    """Return how messages like one are recognized, and told from others that the device sends."""
    others = list(others)
    if message.data:
        known = [each.data for each in others]
        at = _place_apart(message.data, known, _numbered(number, message.data))
        return _byte_kind(message.data, at)
    if (paths := _paths(message)) and not message.event:
        common = {path for each in others for path in _paths(each)}
        own = [path for path in paths if path not in common and _name(path) not in _CHANGING]
        if own and not _telling(paths):
            return {"when": {"path": own[0]}}
    return recognition_of(message, {}).kind


def _place_apart(message: bytes, others: list[bytes], numbered: range) -> int:
    """Return the first place at which no other message has the same byte; else the first one."""
    places = _places(message, numbered)
    alone = (
        at for at in places if all(each[at : at + 1] != message[at : at + 1] for each in others)
    )
    return next(alone, places[0])


def _places(message: bytes, numbered: range) -> list[int]:
    """Return the places of a message but those of the number of its request, if it has others."""
    return [at for at in range(len(message)) if at not in numbered] or [0]


def greeting_of(text: str) -> str:
    """Return a pattern for lines like the one with which a device begins each connection."""
    kind = _of_text(text.strip(PADDING), {}).kind
    return str(kind["pattern"])


def _paths(answer: TrialAnswer) -> dict[str, AnswerField]:
    """Return the values of an answer, unless null, that stand at a path of names alone."""
    fields = [f for f in answer.fields if f.kind is FieldKind.PATH and f.value is not None]
    paths = {field.reading.path: field for field in fields}
    return {path: field for path, field in paths.items() if path and "[" not in path}


def _of_json(
    message: TrialAnswer, paths: Mapping[str, AnswerField], answers: Mapping[str, TrialAnswer]
) -> Recognition:
    common = {name: _common(paths, _paths(each)) for name, each in answers.items()}
    request = max(common, key=lambda name: len(common[name]), default="")
    shared = common.get(request, {})
    request = request if shared else ""
    if message.event:
        return Recognition({"event": message.event}, request)
    if telling := _telling(paths):
        there = _paths(answers[request]).get(telling) if request else None
        value = paths[telling].value
        is_same = there is not None and there.value == value
        kind = {"when": {"path": telling}, "equals": value}
        return Recognition(kind, request if is_same else "")
    changed = [path for path, other in shared.items() if other.value != paths[path].value]
    [path, *_] = [*changed, *shared, *(p for p in paths if _name(p) not in _CHANGING), *paths]
    return Recognition({"when": {"path": path}}, request)


def _name(path: str) -> str:
    return path.rpartition(".")[2].lower()


def _common(
    paths: Mapping[str, AnswerField], others: Mapping[str, AnswerField]
) -> dict[str, AnswerField]:
    """Return the values of an answer at the paths of a message, but those that mean nothing."""
    left_out = _CHANGING | _TELLING
    return {path: others[path] for path in paths if path in others and _name(path) not in left_out}


def _telling(paths: Mapping[str, AnswerField]) -> str:
    """Return the path of the field that says what kind of message it is; empty: there is none."""
    for path, field in paths.items():
        value = field.value
        if _name(path) in _TELLING and isinstance(value, str) and 0 < len(value) <= _MAX_TELLING:
            return path
    return ""


def _numbered(number: Mapping[str, Any], message: bytes) -> range:
    """Return the places of the number of a request in a message."""
    if "bytes" not in number:
        return range(0)
    at, kind = number["bytes"], ByteType(number.get("type", ByteType.U8))
    start = at + len(message) if at < 0 else at
    size = number.get("length") or len(message) if kind in TEXTS else STRUCTS[kind].size
    return range(start, start + size)


def _of_bytes(message: bytes, answers: Mapping[str, bytes], numbered: range) -> Recognition:
    """Return the first byte that says of what kind a message is: other answers have another.

    Of the kind of an answer is what is as long, and begins with the same bytes up to that one.
    """
    alike = {name: each for name, each in answers.items() if len(each) == len(message)}
    for at in _places(message, numbered):
        alike = {name: each for name, each in alike.items() if each[at] == message[at]}
        same = [name for name, each in answers.items() if each[at : at + 1] == message[at : at + 1]]
        if len(same) == 1 and same[0] in alike:
            return Recognition(_byte_kind(message, at), same[0])
    return Recognition(_byte_kind(message, _place_apart(message, [*answers.values()], numbered)))


def _byte_kind(message: bytes, at: int) -> dict[str, Any]:
    return {"when": {"bytes": at}, "equals": str(message[at])}


def _of_text(text: str, answers: Mapping[str, str]) -> Recognition:
    lead, said = _split(text)
    for name, answer in answers.items():
        other_lead, other = _split(answer)
        if head := _head(commonprefix((said, other))):  # noqa: RUF071  # by character
            leads = sorted({lead, other_lead})
            begins = "".join(map(_optional, leads)) if len(leads) > 1 else _escaped(leads[0])
            return Recognition({"pattern": f"{begins}{_escaped(head)}{_REST}"}, name)
    match = _BEFORE_VALUE.match(said)
    head = match[0][:_MAX_TELLING] if match is not None else ""
    return Recognition({"pattern": f"{_escaped(lead + head)}{_REST}"})


def _escaped(text: str) -> str:
    return re.escape(text).replace(r"\ ", " ")


def _optional(lead: str) -> str:
    return f"(?:{_escaped(lead)})?" if lead else ""


def _split(text: str) -> tuple[str, str]:
    """Return the signs with which a text begins, and the rest."""
    match = _HEAD.match(text)
    assert match is not None  # noqa: S101  # it matches any text
    return match[1], match[2]


def _head(common: str) -> str:
    """Return what two texts have in common before their values; empty if that is not enough."""
    common = common[:_MAX_TELLING]
    *before, _ = re.split(r"(?<=[\s:=;,])", common)
    head = "".join(before) or re.sub(r"[\d.+-]+$", "", common)
    return head if len(head.strip()) > 1 else ""
