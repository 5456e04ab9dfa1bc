"""Answers of an emulated device with one field changed: by request, and by its place in them.

An answer is JSON, XML or text, alone, in a line, in an HTTP answer or in a datagram.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
import json
from typing import Any
from xml.etree import ElementTree as ET

type Place = tuple[str | int, ...]
"""The keys and indexes that lead to a value of JSON, or the indexes of elements of XML."""
type Rewrite = Callable[[str, bytes], bytes | None]
"""Returns what is sent instead of the answer to a request; None: nothing."""

MISSING: Any = object()
"""In place of a value: the field is left out."""
REFUSED: Any = object()
"""In place of a whole answer: a refusal."""
HEAD_END = b"\r\n\r\n"


@dataclass
class Change:
    """A rewrite of the answers to one request: without a place, of the whole answer."""

    request: str
    place: Place = ()
    value: Any = MISSING

    def __call__(self, request: str, answer: bytes) -> bytes | None:
        """Return the changed answer; the value MISSING in place of the whole one: none."""
        if request != self.request:
            return answer
        if self.place:
            return rewritten(answer, self.place, self.value)
        if self.value is REFUSED:
            return refused(answer)
        if self.value is MISSING:
            return None
        value = self.value
        return with_content(answer, value if isinstance(value, bytes) else str(value).encode())


@dataclass
class Changes:
    """Several changes, one after the other."""

    changes: list[Change]

    def __call__(self, request: str, answer: bytes) -> bytes | None:
        """Return the changed answer."""
        changed: bytes | None = answer
        for change in self.changes:
            changed = change(request, changed) if changed is not None else None
        return changed


@dataclass
class Recorder:
    """A rewrite that changes nothing, and keeps the last answer to each request."""

    answers: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def __call__(self, request: str, answer: bytes) -> bytes:
        """Keep an answer."""
        self.answers[request] = answer
        return answer


def places(answer: bytes) -> list[Place]:
    """Return the place of each value in an answer; of XML, of each element with only text."""
    _, content = _split(answer)
    if (value := _json(content)) is not None:
        return list(_json_places(value))
    if (root := _xml(content)) is not None:
        return list(_xml_places(root))
    return []


def value_at(answer: bytes, place: Place) -> Any:
    """Return the value at a place: of JSON a value, of XML a text."""
    _, content = _split(answer)
    value = _json(content)
    if value is None:
        element = _xml(content)
        assert element is not None
        for at in place:
            element = element[int(at)]
        return element.text or ""
    for key in place:
        value = value[key]
    return value


def name_of(answer: bytes, place: Place) -> str:
    """Return a place for people to read: the names of the fields or elements."""
    _, content = _split(answer)
    if (element := _xml(content)) is None:
        return ".".join(map(str, place))
    names = list[str]()
    for at in place:
        element = element[int(at)]
        names.append(element.tag.rpartition("}")[2])
    return ".".join(names)


def is_xml(answer: bytes) -> bool:
    """Return whether an answer is XML."""
    return _xml(_split(answer)[1]) is not None


def rewritten(answer: bytes, place: Place, value: Any) -> bytes:
    """Return an answer with another value at a place, or without it."""
    head, content = _split(answer)
    if (whole := _json(content)) is None:
        return _joined(head, _xml_rewritten(content, place, value), content)
    *parents, last = place
    parent: Any = whole
    try:
        for key in parents:
            parent = parent[key]
        if value is MISSING:
            del parent[last]
        else:
            parent[last] = value
    except LookupError, TypeError:
        return answer  # this one does not have it
    return _joined(head, json.dumps(whole).encode(), content)


def _xml_rewritten(content: bytes, place: Place, value: Any) -> bytes:
    if (root := _xml(content)) is None:
        return content
    *parents, last = map(int, place)
    element = root
    try:
        for at in parents:
            element = element[at]
        if value is MISSING:
            del element[last]
        else:
            element[last].text = "" if value is None else str(value)
    except IndexError:
        return content  # this one does not have it
    return ET.tostring(root)


def refused(answer: bytes) -> bytes:
    """Return the refusal in place of an answer, as devices of its kind have it."""
    head, content = _split(answer)
    if head:
        return b"HTTP/1.1 500 No\r\nContent-Length: 0" + HEAD_END
    message = _json(content)
    error = {"code": -1, "message": "no"}
    if "id" in message or "method" in message:
        kept = {key: message[key] for key in ("id", "method") if key in message}
        return _joined(b"", json.dumps({**kept, "error": error}).encode(), content)
    return json.dumps({module: {"err_code": -1, "err_msg": "no"} for module in message}).encode()


def with_content(answer: bytes, content: bytes) -> bytes:
    """Return an answer with another content."""
    head, old = _split(answer)
    return _joined(head, content, old)


def _split(answer: bytes) -> tuple[bytes, bytes]:
    if not answer.startswith(b"HTTP/"):
        return b"", answer
    head, _, body = answer.partition(HEAD_END)
    return head, body


def _joined(head: bytes, content: bytes, old: bytes) -> bytes:
    if not head:
        end = next((end for end in (b"\r\n", b"\n") if old.endswith(end)), b"")
        return content.rstrip(b"\r\n") + end
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length")]
    length = b"Content-Length: %d" % len(content)
    return b"\r\n".join([*lines, length]) + HEAD_END + content


def _json(content: bytes) -> Any:
    try:
        value = json.loads(content)
    except ValueError:
        return None
    return value if isinstance(value, dict | list) else None


def _xml(content: bytes) -> ET.Element | None:
    try:
        return ET.fromstring(content)  # noqa: S314  # of our own emulators
    except ET.ParseError:
        return None


def _json_places(value: Any, place: Place = ()) -> Iterator[Place]:
    inner: Any = {}
    if isinstance(value, dict):
        inner = value
    elif isinstance(value, list):
        inner = dict(enumerate(value))
    for key, each in inner.items():
        yield (*place, key)
        yield from _json_places(each, (*place, key))


def _xml_places(element: ET.Element, place: Place = ()) -> Iterator[Place]:
    for at, each in enumerate(element):
        if len(each):
            yield from _xml_places(each, (*place, at))
        else:
            yield (*place, at)
