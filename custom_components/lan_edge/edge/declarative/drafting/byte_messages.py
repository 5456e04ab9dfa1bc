"""Messages of bytes as people type them: hexadecimal digits, as documentation writes them."""

from collections.abc import Mapping
from contextlib import suppress
import re
from typing import Any

from ..places import DescriptionError
from ..reading.byte_fields import STRUCTS
from ..reading.value_reading import ByteType
from ..sending.byte_texts import FilledBytes, parse_bytes
from ..sending.formats import BYTE_FORMATS
from .typed import TypedError

AS_BYTES = "binary"
"""What messages of bytes are called in the options."""
_NUMBER_NAME = "number"
_BYTES_PLACEHOLDER = re.compile(r"(\{[^{}]*\})")
_BETWEEN = re.compile(r"0[xX]|\\x|[,;:\s-]+")
"""What documentation writes between bytes, and before each."""


def typed_bytes(text: str, field: str) -> dict[str, Any]:
    """Return bytes as a description has them; raise TypedError for a field.

    `{name:u8}` is a placeholder with the type of its bytes.
    """
    pieces = _BYTES_PLACEHOLDER.split(text)  # every second one is a placeholder
    parts = [(_typed if at % 2 else _digits)(each, field) for at, each in enumerate(pieces)]
    made = " ".join(filter(None, parts))
    if not made:
        raise TypedError(field, t"it is empty")
    try:
        parse_bytes(made)
    except DescriptionError as err:
        reason = err.faults[0].reason
        raise TypedError(field, t"{made!r:.80} {reason}") from None
    return {"bytes": made}


def _typed(text: str, field: str) -> str:
    """Return a placeholder with the type of its bytes."""
    name, _, kind = text[1:-1].partition(":")
    if kind in list(ByteType):
        return text
    typed = f"{{{name}:u8}}"
    reason = t"{text} needs the type of its bytes: write {typed}; types are {BYTE_FORMATS}"
    raise TypedError(field, reason)


def _digits(text: str, field: str) -> str:
    try:
        return bytes.fromhex(_BETWEEN.sub(" ", text)).hex(" ").upper()
    except ValueError:
        reason = t"{text!r:.40} is not in pairs of hexadecimal digits, such as 55 AA 01"
        raise TypedError(field, reason) from None


def number_place(sending: Mapping[str, Any]) -> dict[str, Any]:
    """Return where bytes have the number of their request, as a reading; empty: nowhere."""
    with suppress(DescriptionError):
        return _place_in(parse_bytes(str(sending.get("bytes", ""))))
    return {}


def _place_in(filled: FilledBytes) -> dict[str, Any]:
    at = 0
    for part in filled.parts:
        if isinstance(part, bytes):
            at += len(part)
            continue
        placeholder, kind = part
        if kind not in STRUCTS:
            break  # as long as its value: what follows has no place
        if placeholder.name == _NUMBER_NAME:
            return {"bytes": at} | ({"type": str(kind)} if kind is not ByteType.U8 else {})
        at += STRUCTS[kind].size
    return {}
