"""The kinds of messages of a device: how each is recognized."""

from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from ...network.patterns import MAX_PATTERN
from ..description import MessageKind
from ..reading.path_steps import MAX_PATH
from .compound import FieldSet, Reference
from .reading import READING
from .shapes import Flag, Shape, Text
from .wrong import Wrong


def _message_of(**fields: Any) -> MessageKind:
    given = [name for name in _RECOGNIZED_BY if name in fields]
    if not given:
        raise Wrong(t"does not say how it is recognized", t"write pattern, when or begins")
    _check_only_one(given)
    compared = [name for name in _COMPARED if name in fields]
    if compared and "when" not in fields:
        raise Wrong(t"is only for a message with when", t"write what is read", compared[:1])
    _check_only_one(compared)
    if "begins" in fields:
        fields["begins"] = bytes.fromhex(fields["begins"])
    return MessageKind(**fields)


def _check_only_one(given: list[str]) -> None:
    if len(given) > 1:
        first = given[0]
        raise Wrong(t"cannot be there beside {first}", t"use one of them", [given[1]])


_COMPARED = ("equals", "unless")
_RECOGNIZED_BY = ("pattern", "when", "event", "begins")
_RECOGNIZED: Mapping[Any, Shape] = {
    vol.Optional("pattern", description="A regular expression that its whole text matches."): Text(
        MAX_PATTERN
    ),
    vol.Optional("when", description="What is read from it to recognize it."): READING,
    vol.Optional("equals", description="What that must be, as text."): Text(loose=True),
    vol.Optional(
        "event", description="The type of a server-sent event, or a method of JSON-RPC."
    ): Text(200),
    vol.Optional("begins", description="How it begins, as hexadecimal digits."): Text(
        200, r"([0-9a-fA-F]{2} ?)+", t"hexadecimal digits in pairs"
    ),
}
WITHIN = vol.Optional("within", description="The JSON path that the other paths start from.")
"""The field of a request or message that says which part of it is read."""
_REFRESH = vol.Optional(
    "refresh", description="Whether everything is read again when such a message arrives."
)
MESSAGE = Reference(
    "message",
    FieldSet(
        {**_RECOGNIZED, WITHIN: Text(MAX_PATH), _REFRESH: Flag()},
        _message_of,
        one_of=_RECOGNIZED_BY,
    ),
)
_UNLESS = vol.Optional(
    "unless", description="What that is, as text, in an answer that is no refusal."
)
REFUSAL = Reference(
    "refusal",
    FieldSet({**_RECOGNIZED, _UNLESS: Text(loose=True)}, _message_of, one_of=_RECOGNIZED_BY),
)
