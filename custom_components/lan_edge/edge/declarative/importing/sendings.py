"""A plain request as what is sent in the text of a description."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from ...network.parsing import strict_json
from .credentials import is_random, is_secret_field
from .notes import Notes
from .parameters import ImportedParameters
from .places_to_fill import whole_place
from .request import PlainRequest, UserLogin
from .urls import Url
from .variables import has_variable, with_placeholders, without_marks

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_NEEDLESS_HEADERS = {
    *("host", "connection", "content-length", "transfer-encoding", "upgrade"),
    *("accept-encoding", "user-agent", "origin", "referer", "cache-control", "pragma", "dnt"),
    *("accept-language", "upgrade-insecure-requests", "priority", "te", "keep-alive"),
}
"""Headers that belong to HTTP or to a browser."""
_MAX_DEPTH = 12
_FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class SendingValues:
    """What is sent, and the login that was among its headers."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    bearer: str = ""
    login: UserLogin | None = None


def sending_values(
    request: PlainRequest, url: Url, parameters: ImportedParameters, notes: Notes, place: str
) -> SendingValues:
    """Return a request in the format of a description, its credentials as parameters."""
    return _Writer(parameters, notes, place).written(request, url)


class _Writer:
    """Writes one request."""

    def __init__(self, parameters: ImportedParameters, notes: Notes, place: str) -> None:
        self._parameters, self._notes, self._place = parameters, notes, place
        self._made = SendingValues()

    def written(self, request: PlainRequest, url: Url) -> SendingValues:
        values = self._made.values
        method = request.method.upper()
        if method not in _METHODS:
            self._notes.changed(self._place, t"{method:.20} is sent as GET")
            method = "GET"
        values[method.lower()] = self._path(url.path)
        if query := self._fields((*url.query, *request.query)):
            values["query"] = query
        headers, kind = self._headers(request.headers)
        self._body(request, kind)
        if headers:
            values["headers"] = headers
        return self._made

    def _text(self, text: str) -> str:
        return with_placeholders(text, self._parameters.of_variable)

    def _path(self, path: str) -> str:
        steps = (
            self._parameters.of_credential("key", each) if is_random(each) else each
            for each in path.split("/")
        )
        return self._text("/".join(steps))

    def _fields(self, fields: Iterable[tuple[str, str]]) -> dict[str, str]:
        made: dict[str, str] = {}
        for name, value in fields:
            key = self._text(name) if not has_variable(name) else ""
            if not key or (key in made and made[key] != self._value(name, value)):
                self._notes.not_understood(self._place, t"{name:.40} is there more than once")
                continue
            made[key] = self._value(name, value)
        return made

    def _value(self, name: str, value: str) -> str:
        value = whole_place(value) or value
        if is_secret_field(name, value):
            value = self._parameters.of_credential(name, value)
        return self._text(value)

    def _headers(self, headers: dict[str, str]) -> tuple[dict[str, str], str]:
        """Return the headers that are kept, and the type of the body."""
        made: dict[str, str] = {}
        kind = ""
        for name, value in headers.items():
            low = name.lower()
            if low == "content-type":
                kind = value
            elif (
                low in _NEEDLESS_HEADERS
                or low.startswith("sec-")
                or (low == "accept" and "*/*" in value)
            ):
                self._notes.left_out(self._place, t"the header {name} is not needed")
            elif low != "authorization" or not self._authorized(value):
                made[name] = self._value(name, value)
        return made, kind

    def _authorized(self, value: str) -> bool:
        """Log in by a header; return whether its way is known."""
        way, _, rest = value.strip().partition(" ")
        if way.lower() == "bearer" and rest:
            self._made.bearer = self._text(self._parameters.of_credential("token", rest.strip()))
            return True
        self._made.login = _basic_login(value)
        return self._made.login is not None

    # the body

    def _body(self, request: PlainRequest, kind: str) -> None:
        values = self._made.values
        if request.json is not None:
            values["json"] = self._json(request.json)
        elif request.form:
            values["form"] = self._fields(request.form)
        elif (body := request.body) and not self._is_json(body, kind):
            if _FORM_TYPE in kind.lower() and (fields := parse_qsl(body, max_num_fields=100)):
                values["form"] = self._fields(fields)
                return
            values["text"] = self._value("", body)
            if kind:
                values["content_type"] = kind

    def _is_json(self, body: str, kind: str) -> bool:
        """Write a body that is JSON; return whether it is."""
        text = body.strip()
        if not text.startswith(("{", "[")) or "xml" in kind.lower():
            return False
        try:
            value = strict_json(text)
        except ValueError, RecursionError:
            return False
        if kind and "json" not in kind.lower():
            self._notes.changed(self._place, t"the body is sent as JSON, not as {kind:.60}")
        self._made.values["json"] = self._json(value)
        return True

    def _json(self, value: Any, name: str = "", depth: int = 0) -> Any:
        if depth > _MAX_DEPTH:
            self._notes.not_understood(self._place, t"the body is nested too deep")
            return None
        if isinstance(value, dict):
            return {
                self._text(str(key)): self._json(each, str(key), depth + 1)
                for key, each in value.items()
            }
        if isinstance(value, list):
            return [self._json(each, name, depth + 1) for each in value]
        return self._value(name, value) if isinstance(value, str) else value


def _basic_login(value: str) -> UserLogin | None:
    """Return the user and the password of a Basic login; None if it is none."""
    way, _, rest = value.strip().partition(" ")
    if way.lower() != "basic":
        return None
    try:
        text = base64.b64decode(rest.strip(), validate=True).decode()
    except binascii.Error, ValueError:
        return None
    username, _, password = text.partition(":")
    return UserLogin("basic", without_marks(username), without_marks(password))
