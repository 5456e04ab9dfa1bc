"""Writes what is sent, and how its answer is awaited."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from ...declarative import Description
from ...declarative.compiling.numbers import NUMBER
from ...declarative.compiling.sending_planner import SendingPlanner
from ...declarative.places import Path
from ...declarative.sending import Body, Sending
from ...declarative.sending.building import builder_of
from ...declarative.sending.http_requests import content_type_of
from ...declarative.sending.placeholders import pieces_of_text
from ...declarative.sending.texts import TextPlace, place_of_text
from .fills import Filler, Substitutes
from .python_text import text_in
from .refusal import UnwritableError
from .source_file import SourceFile

_TEXT_TYPE = "text/plain; charset=utf-8"
"""What a text is sent as by itself."""
_GET_ARGUMENTS = frozenset({"again", "secret"})
"""What the shorthands of HTTP take besides the query."""
_AWAITED = frozenset({"websocket", "inbound"})
"""The transports whose `send` has to be awaited."""


class SendingWriter:
    """Writes the requests of one description."""

    def __init__(self, description: Description, file: SourceFile, planner: SendingPlanner) -> None:
        """Take the file that is written, and what knows which messages are answers."""
        self._description = description
        self._file = file
        self._planner = planner
        self._filler = Filler(file)
        self.is_http = description.talks in {"http", "sse"}
        refused = description.refused
        self.has_refusal = refused is not None and not (
            description.talks == "lines" and refused.pattern
        )
        """Whether answers are looked at for a refusal: lines have an option for it."""
        self.has_login_query = (
            self.is_http and "query" in description.login and description.login_session is None
        )
        """Whether each request has the login in its query."""
        self.is_wrapped = (
            self.has_refusal
            or (description.login_refused is not None and not self.is_http)
            or self.has_login_query
        )
        """Whether all is asked by a method of the driver."""

    def asked(self, path: Path, sending: Sending, values: Substitutes, *, kind: str = "") -> str:
        """Return the expression that sends a request and awaits its answer.

        By HTTP, the answer is a Response. `kind` is the name of the message that is the answer.
        """
        if self.is_http:
            return f"await {self._http(path, sending, values)}"
        return f"await {self._message(path, sending, values, kind)}"

    def sent(self, path: Path, sending: Sending, values: Substitutes) -> str:
        """Return the statement that sends what a command or connection requires."""
        if self.is_http or self._is_answered(sending):
            return self.asked(path, sending, values)
        wait = "await " if self._description.talks in _AWAITED else ""
        return f"{wait}self.io.send({self._content(path, sending, values)})"

    def json(self, path: Path, sending: Sending, values: Substitutes) -> str:
        """Return the expression for the JSON that answers a request by HTTP."""
        return self._shorthand(path, sending, values, "json")

    def answer_text(self, path: Path, sending: Sending, values: Substitutes) -> str:
        """Return the expression for the text that answers a request by HTTP."""
        return self._shorthand(path, sending, values, "text")

    def xml(self, path: Path, sending: Sending, values: Substitutes) -> str:
        """Return the expression for the root element of XML that answers a request by HTTP."""
        return self._shorthand(path, sending, values, "xml")

    def fields(self, path: Path, texts: Mapping[str, str], values: Substitutes) -> str:
        """Return the expression for the texts of a query."""
        return self._filler.fields(path, texts, values)

    def login_step(self, path: Path, sending: Sending, values: Substitutes) -> str:
        """Return the statement that sends a part of a login on the connection `io`."""
        content = self._content(path, sending, values)
        if self._description.talks == "json_rpc":
            return f"await io.call({self._call(path, sending, values)})"
        if not self._is_answered(sending):
            wait = "await " if self._description.talks in _AWAITED else ""
            return f"{wait}io.send({content})"
        return f"answer = await io.ask({content}{self._match(sending, '')})"

    def _is_answered(self, sending: Sending) -> bool:
        is_numbered = NUMBER in builder_of(sending).names
        return self._planner.is_answered(sending, is_read=is_numbered)

    # HTTP

    def _shorthand(self, path: Path, sending: Sending, values: Substitutes, what: str) -> str:
        is_plain = not (sending.headers or sending.again or sending.body != Body())
        names = all(n.isidentifier() and n not in _GET_ARGUMENTS for n in sending.query)
        if self.is_wrapped or not is_plain or sending.method != "GET" or not names:
            return f"({self.asked(path, sending, values)}).{what}()"
        place = self._path(path, sending, values)
        query = {n: self._filler.text((*path, n), v, values) for n, v in sending.query.items()}
        given = "".join(f", {name}={code}" for name, code in query.items())
        return f"await self.io.get_{what}({place}{given})"

    def _http(self, path: Path, sending: Sending, values: Substitutes) -> str:
        method, body, headers = sending.method, sending.body, dict(sending.headers)
        place = self._path(path, sending, values)
        written = self._body(path, body, values)
        kind = content_type_of(body)
        if kind not in {"", _TEXT_TYPE} and not isinstance(body.json, dict):
            headers = {"Content-Type": kind, **headers}
        more = [f"query={self._filler.fields(path, sending.query, values)}"] * bool(sending.query)
        more += [f"headers={self._filler.fields(path, headers, values)}"] * bool(headers)
        more += [f"again={sending.again}"] * (sending.again is not None)
        parts = [place, *([written] if written else []), *more]
        if self.is_wrapped or method == "PATCH" or sending.query or headers:
            asked = "self.ask" if self.is_wrapped else "self.io.request"
            return f"{asked}({', '.join([text_in(method), *parts])})"
        return f"self.io.{method.lower()}({', '.join(parts)})"

    def _path(self, path: Path, sending: Sending, values: Substitutes) -> str:
        def quoted(code: str, before: str) -> str:
            if "?" not in before:
                return f"{self._file.uses('path_part')}({code})"
            self._file.imports("from urllib.parse import quote")
            return f"quote({code}, safe='')"

        return self._filler.text((*path, sending.method.lower()), sending.path, values, quoted)

    def _body(self, path: Path, body: Body, values: Substitutes) -> str:
        if body.json is not None:
            made = self._filler.value((*path, "json"), body.json, values)
            if isinstance(body.json, dict):
                return made
            self._file.imports("from json import dumps")
            return f"dumps({made})"
        if body.form:
            self._file.imports("from urllib.parse import urlencode")
            return f"urlencode({self._filler.fields((*path, 'form'), body.form, values)})"
        return self._text(path, body.text, values, body.content_type) if body.text else ""

    def _text(self, path: Path, text: str, values: Substitutes, content_type: str = "") -> str:
        """Return the expression for a text in which values are escaped as its format requires."""
        path = (*path, "text")
        match place_of_text(pieces_of_text(text, path), content_type):
            case TextPlace.XML:
                self._file.imports("from html import escape")
                return self._filler.text(path, text, values, lambda code, _: f"escape({code})")
            case TextPlace.JSON_TEXT if "{" in text.replace("{{", ""):
                raise UnwritableError(path, "JSON as a text with placeholders")
            case _:
                return self._filler.text(path, text, values)

    # messages

    def _message(self, path: Path, sending: Sending, values: Substitutes, kind: str) -> str:
        asked = "self.ask" if self.is_wrapped else "self.io.ask"
        if self._description.talks == "json_rpc":
            asked = "self.ask" if self.is_wrapped else "self.io.call"
            return f"{asked}({self._call(path, sending, values)})"
        again = ", again=False" if sending.again is False else ""
        content = self._content(path, sending, values)
        return f"{asked}({content}{self._match(sending, kind)}{again})"

    def _content(self, path: Path, sending: Sending, values: Substitutes) -> str:
        if sending.message is not None:
            return self._filler.value((*path, "message"), sending.message, values)
        if sending.data:
            return self._filler.bytes((*path, "bytes"), sending.data, values)
        return self._text(path, sending.line, values) if sending.line else '""'

    def _call(self, path: Path, sending: Sending, values: Substitutes) -> str:
        parts, params = [text_in(sending.call)], sending.params or {}
        value = partial(self._filler.value, (*path, "params"))
        if not isinstance(params, Mapping):
            return ", ".join([*parts, *(value(each, values) for each in params)])
        named: Mapping[str, Any] = params
        written = value(dict(named), values)
        if written.startswith("given("):
            return ", ".join([*parts, f"**{written}"])
        if all(name.isidentifier() for name in named):
            parts += (f"{name}={value(each, values)}" for name, each in named.items())
            return ", ".join(parts)
        return ", ".join([*parts, f"**{written}"])

    def _match(self, sending: Sending, kind: str) -> str:
        planner = self._planner
        if isinstance(name := sending.answered, str):
            return f", match=is_{name}" if planner.is_kind(name) else ""
        return f", match=is_{kind}" if kind and planner.answers_by_kind(kind) else ""
