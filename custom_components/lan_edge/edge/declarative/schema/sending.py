"""How a text says what is sent to a device."""

from collections.abc import Mapping
import re
from string.templatelib import Template
from typing import Any, override

import voluptuous as vol

from ..sending import Body, Sending
from .compound import Each, FieldSet, Named, Reference
from .parameters import SIMPLE_NAME
from .shapes import Anything, Flag, Json, Number, Shape, Text
from .wrong import Wrong, choices

HTTP_METHODS = ("get", "post", "put", "patch", "delete")
"""The methods of HTTP that can be used."""
SENDING_KINDS = (*HTTP_METHODS, "line", "text", "message", "call", "bytes")
"""The fields of which a sending has exactly one; a `text` beside a method is its body."""
MAX_BODY = 64 * 1024
MAX_SENDING_WAIT = 60.0
_OF_HTTP = ("query", "headers", "json", "form", "content_type")
_BODIES = ("json", "form", "text")
_LINE_BREAK = re.compile(r"[\r\n\0]")
_PATH = Text(1000, r"/(?!/)[^\s#]*", t"a path that begins with one /")
_VALUES = Named(Text(loose=True), most=64)

_METHOD_FIELDS: Mapping[Any, Shape] = {
    vol.Optional(
        each, description=f"The path of a {each.upper()} request, such as `/api/set`."
    ): _PATH
    for each in HTTP_METHODS
}


class AnsweredShape(Flag):
    """Whether it is answered; or by which kind of message, which it is then."""

    @override
    def __call__(self, value: Any) -> Any:
        if isinstance(value, str) and value not in self.WORDS and re.fullmatch(SIMPLE_NAME, value):
            return value
        return super().__call__(value)

    @override
    def json(self) -> Json:
        return {"anyOf": [super().json(), {"type": "string", "pattern": f"^({SIMPLE_NAME})$"}]}


SENDING_FIELDS: Mapping[Any, Shape] = {
    **_METHOD_FIELDS,
    vol.Optional("query", description="The parameters in the URL."): _VALUES,
    vol.Optional("headers", description="Headers of this request."): _VALUES,
    vol.Optional("json", description="The body as JSON."): Anything(),
    vol.Optional("form", description="The body as the fields of a form."): _VALUES,
    vol.Optional("content_type", description="The type of a body that is a text."): Text(200),
    vol.Optional(
        "again", description="Whether it may be sent again if the answer is missing."
    ): Flag(),
    vol.Optional("line", description="A line of text."): Text(MAX_BODY, loose=True),
    vol.Optional("text", description="A text message, or the body of a request."): Text(
        MAX_BODY, loose=True
    ),
    vol.Optional("message", description="A JSON message."): Anything(),
    vol.Optional("call", description="The method of JSON-RPC."): Text(200),
    vol.Optional("params", description="The parameters of the call."): Anything(),
    vol.Optional("bytes", description="Bytes as hexadecimal digits: `55 AA {level:u8}`."): Text(
        MAX_BODY, loose=True
    ),
    vol.Optional(
        "answered",
        description="Whether the device answers it, or the kind of message that is the answer.",
    ): AnsweredShape(),
    vol.Optional("wait", description="Seconds to wait before it, after the one before."): Number(
        0, MAX_SENDING_WAIT
    ),
}
"""The fields of what is sent."""


def sending_of(**fields: Any) -> Sending:
    """Return what is sent, made of its fields; raise vol.Invalid."""
    kind = _kind_of(fields)
    is_http = kind in HTTP_METHODS
    if not is_http:
        _refuse(fields, _OF_HTTP, t"is only for HTTP")
    if kind != "call":
        _refuse(fields, ("params",), t"is only for a call")
    bodies = [name for name in _BODIES if name in fields]
    if is_http and len(bodies) > 1:
        first = bodies[0]
        raise Wrong(t"cannot be there beside {first}", t"send one body", [bodies[1]])
    if "content_type" in fields and "text" not in fields:
        raise Wrong(t"is only for a body as text", t"write the body as `text`", ["content_type"])
    if kind == "line" and _LINE_BREAK.search(fields["line"]):
        raise Wrong(t"has a line break in it", t"send several lines as a list", ["line"])
    common = {name: fields[name] for name in ("again", "answered", "wait") if name in fields}
    if is_http:
        body = {name: fields[name] for name in (*_BODIES, "content_type") if name in fields}
        parts = {name: fields[name] for name in ("query", "headers") if name in fields}
        return Sending(method=kind.upper(), path=fields[kind], body=Body(**body), **parts, **common)
    names = {"text": "line", "bytes": "data"}
    own = {names.get(name, name): fields[name] for name in (kind, "params") if name in fields}
    return Sending(**own, **common)


def _kind_of(fields: Mapping[str, Any]) -> str:
    """Return which of the `SENDING_KINDS` it is."""
    kinds = [name for name in SENDING_KINDS if name in fields]
    if len(kinds) > 1 and kinds[0] in HTTP_METHODS:
        kinds = [name for name in kinds if name != "text"]
    if not kinds:
        raise Wrong(t"does not say what is sent", choices(SENDING_KINDS))
    if len(kinds) > 1:
        first = kinds[0]
        raise Wrong(t"cannot be there beside {first}", t"send several as a list", [kinds[1]])
    return kinds[0]


def _refuse(fields: Mapping[str, Any], names: tuple[str, ...], reason: Template) -> None:
    for name in names:
        if name in fields:
            raise Wrong(reason, t"remove it", [name])


SENDING = Reference("sending", FieldSet(SENDING_FIELDS, sending_of, one_of=SENDING_KINDS))
"""One sending."""
SENDINGS = Each(SENDING, 16, alone=True)
"""One, or several in order."""
