"""Builds what is sent: a request with its values, ready for the transport."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from ...network.text import is_sendable
from ..faults import field_fault
from ..places import Path
from .byte_texts import parse_bytes
from .http_requests import http_builder
from .json_values import Uses, json_builder
from .placeholders import Filling, Placeholder, pieces_of_text
from .ready import Ready, ReadyBytes, ReadyCall, ReadyJson, ReadyText
from .sending import Sending
from .texts import parse_placeholders, place_of_text

type _Build = Callable[[Filling], Ready]


@dataclass(frozen=True, slots=True)
class RequestBuilder:
    """Builds one kind of request with different values."""

    uses: tuple[tuple[Path, Placeholder], ...]
    """The placeholders, each with the field in which it stands."""
    _build: _Build

    @property
    def names(self) -> frozenset[str]:
        """The names of the arguments and parameters that it uses."""
        return frozenset(placeholder.name for _, placeholder in self.uses)

    @property
    def raw(self) -> frozenset[str]:
        """The names of those among them that are not converted back."""
        return frozenset(placeholder.name for _, placeholder in self.uses if placeholder.is_raw)

    def build(self, values: Mapping[str, Any], secrets: frozenset[str] = frozenset()) -> Ready:
        """Return the request; raise ArgumentError for a value that cannot be where it is put.

        `values` are by name, those that are not converted back as `level.raw`. `secrets` are the
        names of those that are secret. A value of None, or none, is not given: what consists only
        of it is left out of a query, a form, the headers and JSON objects; elsewhere it is missing.
        """
        return self._build(Filling(values, secrets))


def builder_of(sending: Sending) -> RequestBuilder:
    """Return what builds a request; raise DescriptionError, with paths relative to the sending."""
    uses: Uses = []
    build = _builder(sending, uses)
    return RequestBuilder(tuple(uses), build if uses else _always(build))


def _always(build: _Build) -> _Build:
    """Return what builds a request without values, which is always the same, once."""
    same = cache(partial(build, Filling({})))
    return lambda _: same()


def build(
    sending: Sending, values: Mapping[str, Any], secrets: frozenset[str] = frozenset()
) -> Ready:
    """Return a request that is sent once, as RequestBuilder does."""
    return builder_of(sending).build(values, secrets)


def kinds_of(sending: Sending) -> list[str]:
    """Return the fields that say what is sent, such as `get` or `line`: exactly one is right."""
    given = {
        sending.method.lower() or "get": bool(sending.method or sending.path),
        "line": bool(sending.line),
        "message": sending.message is not None,
        "call": bool(sending.call),
        "bytes": bool(sending.data),
    }
    return [name for name, is_given in given.items() if is_given]


def _builder(sending: Sending, uses: Uses) -> _Build:
    match kinds_of(sending):
        case ["line"]:
            return _text_builder(sending.line, uses)
        case ["message"]:
            message = json_builder(sending.message, "message", uses)
            return lambda filling: ReadyJson(message=message(filling), secret=filling.secret)
        case ["call"]:
            return _call_builder(sending, uses)
        case ["bytes"]:
            return _bytes_builder(sending.data, uses)
        case []:
            raise field_fault("line", t"is missing: nothing is sent", t"write a path, a line, ...")
        case [first, second, *_]:
            raise field_fault(second, t"is given beside {first}", t"send one after another")
        case _:
            return http_builder(sending, uses)


def _text_builder(line: str, uses: Uses) -> _Build:
    if not is_sendable(line.replace("\t", " ")):
        raise field_fault("line", t"has a line break in it", t"send several lines as a list")
    text = parse_placeholders(line, place_of_text(pieces_of_text(line, ("line",))), ("line",))
    uses += ((("line",), each) for each in text.placeholders)
    return lambda filling: ReadyText(text=text.fill(filling), secret=filling.secret)


def _bytes_builder(text: str, uses: Uses) -> _Build:
    data = parse_bytes(text)
    uses += ((("bytes",), each) for each in data.placeholders)
    return lambda filling: ReadyBytes(data=data.fill(filling), secret=filling.secret)


def _call_builder(sending: Sending, uses: Uses) -> _Build:
    given = {} if sending.params is None else sending.params
    if not isinstance(given, Mapping | list | tuple):
        raise field_fault("params", t"are neither names with values nor a list")
    params = json_builder(given, "params", uses)

    def build(filling: Filling) -> ReadyCall:
        made = params(filling)
        secret = filling.secret
        if isinstance(made, list):
            return ReadyCall(method=sending.call, positions=tuple(made), params={}, secret=secret)
        return ReadyCall(method=sending.call, params=made, secret=secret)

    return build
