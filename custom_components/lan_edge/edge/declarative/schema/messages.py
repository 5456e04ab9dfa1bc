"""The kinds of messages of a device: how each is recognized."""

from typing import Any

import voluptuous as vol

from ...network.patterns import MAX_PATTERN
from ..description import MessageKind
from .compound import FieldSet, Reference
from .reading import READING
from .shapes import Text
from .wrong import Wrong


def _message_of(**fields: Any) -> MessageKind:
    given = [name for name in ("pattern", "when", "event", "begins") if name in fields]
    if not given:
        raise Wrong(t"does not say how it is recognized", t"write pattern, when or begins")
    if len(given) > 1:
        first = given[0]
        raise Wrong(t"cannot be there beside {first}", t"use one of them", [given[1]])
    if "equals" in fields and "when" not in fields:
        raise Wrong(t"is only for a message with when", t"write what is read", ["equals"])
    if "begins" in fields:
        fields["begins"] = bytes.fromhex(fields["begins"])
    return MessageKind(**fields)


MESSAGE = Reference(
    "message",
    FieldSet(
        {
            vol.Optional(
                "pattern", description="A regular expression that its whole text matches."
            ): Text(MAX_PATTERN),
            vol.Optional("when", description="What is read from it to recognize it."): READING,
            vol.Optional("equals", description="What that must be, as text."): Text(loose=True),
            vol.Optional(
                "event", description="The type of a server-sent event, or a method of JSON-RPC."
            ): Text(200),
            vol.Optional("begins", description="How it begins, as hexadecimal digits."): Text(
                200, r"([0-9a-fA-F]{2} ?)+", t"hexadecimal digits in pairs"
            ),
        },
        _message_of,
        one_of=("pattern", "when", "event", "begins"),
    ),
)
