"""HTTP requests with placeholders in their path, query, headers and body."""

from collections.abc import Callable, Mapping
from functools import partial
import re
from urllib.parse import urlencode

import orjson

from ...errors import ArgumentError
from ...network.text import is_sendable
from ..faults import Faults, field_fault
from ..places import Path
from .json_values import Uses, json_builder
from .placeholders import Filling, literal_text, pieces_of_text
from .ready import ReadyHttp
from .sending import Body, Sending
from .texts import FilledText, TextPlace, parse_placeholders, place_of_text

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PATH_OPTIONS = frozenset({"base", "path", "events"})
"""The options of transports that are paths: what is put into them is escaped."""
_PATH_TEXT = re.compile(r"/(?!/)[^\s#\\]*")
_SETTABLE_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OWN_HEADERS = {"connection", "content-length", "host", "transfer-encoding", "upgrade"}
"""Headers that belong to HTTP itself: with others, a request could become two."""
_FORM_TYPE = "application/x-www-form-urlencoded"
_JSON_TYPE = "application/json"
_TEXT_TYPES = {
    TextPlace.XML: "text/xml; charset=utf-8",
    TextPlace.JSON_TEXT: _JSON_TYPE,
    TextPlace.LINE: "text/plain; charset=utf-8",
}

type _Fields = Mapping[str, FilledText]
type _BodyBuilder = Callable[[Filling], tuple[str, bytes]]
"""Returns the type of a body, empty if there is none, and the body."""


def http_builder(sending: Sending, uses: Uses) -> Callable[[Filling], ReadyHttp]:
    """Return what builds a request; raise DescriptionError. What it uses is appended to `uses`."""
    faults = Faults()
    path = faults.of(lambda: _path(sending))
    query = faults.of(lambda: _fields(sending.query, ("query",), TextPlace.VALUE))
    headers = faults.of(lambda: header_texts(sending.headers, ("headers",)))
    body = faults.of(lambda: _body(sending.body, uses))
    faults.raise_any()
    assert path is not None  # noqa: S101  # otherwise a fault was raised, here and below
    assert query is not None and headers is not None and body is not None  # noqa: S101, PT018
    uses += (((sending.method.lower(),), each) for each in path.placeholders)
    for field, texts in (("query", query), ("headers", headers)):
        uses += (((field, key), each) for key, text in texts.items() for each in text.placeholders)

    def build(filling: Filling) -> ReadyHttp:
        kind, data = body(filling)
        typed = {"Content-Type": kind} if kind else {}
        return ReadyHttp(
            method=sending.method,
            path=path.fill(filling),
            query=_filled(query, filling),
            headers={**typed, **_filled(headers, filling)},
            body=data,
            again=sending.again,
            secret=filling.secret,
        )

    return build


def _path(sending: Sending) -> FilledText:
    field = sending.method.lower()
    if sending.method not in METHODS:
        listed = ", ".join(METHODS)
        raise field_fault("method", t"is {sending.method!r}", t"use one of {listed}")
    return path_text(sending.path, (field,))


def path_text(path: str, at: Path) -> FilledText:
    """Return a path on the device that can be filled; raise DescriptionError for the field `at`."""
    text = parse_placeholders(path, TextPlace.PATH, at)
    written = "".join(part if isinstance(part, str) else "0" for part in text.parts)
    if _PATH_TEXT.fullmatch(written) is None:
        remedy = (
            t"begin it with one /, and write spaces as %20; the device's address is not part of it"
        )
        raise field_fault(at, t"is {path!r:.80}, not a path", remedy)
    try:
        text.fill(Filling({each.key: 0 for each in text.placeholders}))
    except ArgumentError as err:
        raise field_fault(at, str(err), t"write the path without . and ..") from None
    return text


def _fields(texts: Mapping[str, str], at: Path, place: TextPlace) -> _Fields:
    faults = Faults()
    made = {
        key: faults.of(partial(_field, key, text, (*at, key), place)) for key, text in texts.items()
    }
    faults.raise_any()
    return dict(filter(None, made.values()))


def _field(key: str, text: str, path: Path, place: TextPlace) -> tuple[str, FilledText]:
    return literal_text(key, path), parse_placeholders(text, place, path)


def header_texts(texts: Mapping[str, str], at: Path) -> _Fields:
    """Return headers that can be filled; raise DescriptionError for the field `at`."""
    for name, text in texts.items():
        path = (*at, name)
        if _SETTABLE_HEADER.fullmatch(name) is None or name.lower() in _OWN_HEADERS:
            raise field_fault(path, t"is not a header that can be set", t"leave it out")
        if not is_sendable(text):
            raise field_fault(path, t"has a line break or another control character")
    return _fields(texts, at, TextPlace.HEADER)


def _filled(texts: _Fields, filling: Filling) -> dict[str, str]:
    """Return the fields with their values, without one that consists of a value not given."""
    return {key: text.fill(filling) for key, text in texts.items() if not text.is_left_out(filling)}


def content_type_of(body: Body) -> str:
    """Return the type of a body as it is sent; empty if there is none."""
    if body.json is not None:
        return _JSON_TYPE
    if body.form or not body.text:
        return _FORM_TYPE if body.form else ""
    kind = body.content_type
    return kind or _TEXT_TYPES[place_of_text(pieces_of_text(body.text, ("text",)), kind)]


def _body(body: Body, uses: Uses) -> _BodyBuilder:
    given = [name for name in ("json", "form", "text") if _is_given(body, name)]
    if len(given) > 1:
        first, second = given[:2]
        raise field_fault(second, t"is given beside {first}", t"send one body")
    if body.json is not None:
        build = json_builder(body.json, "json", uses)
        return lambda filling: (_JSON_TYPE, orjson.dumps(build(filling)))
    if body.form:
        fields = _fields(body.form, ("form",), TextPlace.VALUE)
        uses += ((("form", k), each) for k, text in fields.items() for each in text.placeholders)
        return lambda filling: (_FORM_TYPE, urlencode(_filled(fields, filling)).encode())
    if not body.text:
        return lambda _: ("", b"")
    return _text_body(body, uses)


def _is_given(body: Body, name: str) -> bool:
    return body.json is not None if name == "json" else bool(getattr(body, name))


def _text_body(body: Body, uses: Uses) -> _BodyBuilder:
    kind = body.content_type
    if not is_sendable(kind):
        raise field_fault("content_type", t"has a line break or another control character")
    if "urlencoded" in kind.lower() and "{" in body.text:
        raise field_fault("text", t"is a form with placeholders", t"write its fields as form:")
    place = place_of_text(pieces_of_text(body.text, ("text",)), kind)
    text = parse_placeholders(body.text, place)
    uses += ((("text",), each) for each in text.placeholders)
    kind = content_type_of(body)
    return lambda filling: (kind, text.fill(filling).encode())
