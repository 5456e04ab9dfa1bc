"""Requests of operations: what is set in its place, and what else they need."""

import re
from typing import Any
from urllib.parse import quote

from ..device_draft import DeviceDraft
from ..notes import Notes
from ..request import PlainRequest
from ..urls import url_of
from ..variables import SECRET_MARK, VALUE_VARIABLE, has_variable, marked
from .bodies import BodyKind
from .offered import last_word
from .operations import Input, Operation
from .schema_value import SchemaValue, ValueType
from .schemas import as_word
from .servers import ApiServer
from .values import one_line

_IN_PATH = re.compile(r"\{([^{}]{1,100})\}")
_ODD_IN_NAME = re.compile(r"[^\w-]+")
_VAGUE = {"id", "name", "index", "number", "uid", "uuid", "key", "type", VALUE_VARIABLE}
"""Names of parameters that mean something else in each path."""


class RequestWriter:
    """Writes requests with marked variables, and asks for these as parameters."""

    def __init__(self, server: ApiServer, draft: DeviceDraft, notes: Notes) -> None:
        """Take where the device is, and the draft that has the parameters."""
        self._server = server
        self._draft = draft
        self._notes = notes

    def request(
        self, operation: Operation, given: Input | None = None, sent: Any = None
    ) -> PlainRequest | None:
        """Return the request of an operation, with what is `sent` for one of its inputs.

        Others are sent if they are needed. None if it makes no URL, which is noted.
        """
        texts: dict[str, dict[str, str]] = {"path": {}, "query": {}, "header": {}}
        body: dict[tuple[str | int, ...], Any] = {}
        for each in operation.inputs:
            if each is not given and not each.value.is_required:
                continue
            value = sent if each is given else self._needed(operation, each)
            if each.where == "body":
                body[each.value.keys] = value
            else:
                texts[each.where][each.value.name] = as_word(value)
        path = _IN_PATH.sub(
            lambda found: _step(
                texts["path"].get(found[1]) or self._undeclared(operation, found[1])
            ),
            operation.path,
        )
        url = self._server.url(path)
        try:
            url_of(url)
        except ValueError as err:
            self._notes.not_understood(operation.id, str(err))
            return None
        return PlainRequest(
            url=url,
            method=operation.method,
            query=tuple(texts["query"].items()),
            headers={**texts["header"], **_content_type(operation.body)},
            is_verified=False,
            **_body(operation.body, body),
        )

    def _needed(self, operation: Operation, each: Input) -> Any:
        """Return what is sent for an input that was not picked: a constant, or a parameter."""
        value = each.value
        if value.default is not None and each.where != "path":
            return value.default
        variable = _variable(operation, value.name)
        if value.is_secret:
            variable = f"{SECRET_MARK}{variable}"
        self._draft.ask(variable, _parameter(value))
        name = value.name[:60]
        reason = t"needs a value, which is asked when the device is added"
        if name:
            reason = t"needs {name}, which is asked when the device is added"
        self._notes.changed(operation.id, reason)
        return marked(variable)

    def _undeclared(self, operation: Operation, name: str) -> str:
        return marked(_variable(operation, name))


def _step(text: str) -> str:
    """Return a text as part of a path."""
    return text if has_variable(text) else quote(text, safe="")


def _variable(operation: Operation, name: str) -> str:
    """Return the name of a parameter; with a word of the path if it says too little."""
    vague = not name or name.lower() in _VAGUE
    before = last_word(operation.path.partition(f"{{{name}}}")[0])[:40] if vague else ""
    return _ODD_IN_NAME.sub("_", f"{before} {name[:60]}".strip()) or VALUE_VARIABLE


def _parameter(value: SchemaValue) -> dict[str, Any]:
    """Return a parameter of a description for a value."""
    example = f"For example {as_word(value.example)}" if value.example is not None else ""
    text = one_line(". ".join(filter(None, (value.details.rstrip("."), example))), 300)
    help_ = {"help": text} if text else {}
    if value.is_secret:
        return help_
    match value.type:
        case ValueType.NUMBER:
            limits = {"minimum": value.minimum, "maximum": value.maximum}
            known = {name: each for name, each in limits.items() if each is not None}
            return {"kind": "number", **known, **_default(value), **help_}
        case ValueType.CHOICE if value.choices:
            return {"kind": "choice", "choices": dict(value.choices), **help_}
        case ValueType.TRUTH:
            return {"kind": "choice", "choices": [as_word(value.on), as_word(value.off)], **help_}
        case _:
            return help_


def _default(value: SchemaValue) -> dict[str, Any]:
    number = value.default
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    return {"default": number} if is_number else {}


def _content_type(kind: BodyKind) -> dict[str, str]:
    return {"Content-Type": "text/plain"} if kind is BodyKind.TEXT else {}


def _body(kind: BodyKind, values: dict[tuple[str | int, ...], Any]) -> dict[str, Any]:
    """Return the body of a request, for the fields of `PlainRequest`."""
    if not values:
        return {}
    if kind is BodyKind.FORM:
        return {"form": tuple((str(keys[-1]), as_word(v)) for keys, v in values.items() if keys)}
    if kind is BodyKind.TEXT:
        return {"body": as_word(next(iter(values.values())))}
    return {"json": _json(values)}


def _json(values: dict[tuple[str | int, ...], Any]) -> Any:
    """Return values as one JSON value, by the names that lead to them."""
    if () in values:
        return values[()]
    made: dict[str, Any] = {}
    for keys, value in values.items():
        around = made
        for key in keys[:-1]:
            around = around.setdefault(str(key), {})
        around[str(keys[-1])] = value
    return made
