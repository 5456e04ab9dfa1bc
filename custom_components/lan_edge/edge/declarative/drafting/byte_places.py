"""Places among bytes as people type them: `#2 u16be`, `#3 bit 0`, `#4 ascii 12`."""

from collections.abc import Mapping
import re
from typing import Any

from ..picking.byte_fields import place_of_bytes
from ..reading.value_reading import ByteType, ValueReading
from .readings import place_values

_TYPED = re.compile(
    r"#(-?\d{1,5})(?: ([a-z]\w{1,4}))??(?: (\d{1,5}))?(?: bit (\d{1,2}))?(?: = .*)?", re.DOTALL
)


def typed_byte_place(text: str) -> dict[str, Any]:
    """Return the reading for a place among bytes that was typed; empty if it is none.

    That is `#` and the place, then a type unless it is one byte, the length of a text, and a bit.
    """
    match = _TYPED.fullmatch(text.strip())
    if match is None or (match[2] or ByteType.U8) not in list(ByteType):
        return {}
    at, kind, length, bit = match.groups()
    reading = ValueReading(
        bytes_at=int(at),
        bytes_type=ByteType(kind or ByteType.U8),
        bytes_length=int(length or 0),
        bit=int(bit) if bit is not None else None,
    )
    return place_values(reading)


def shown_byte_place(reading: Mapping[str, Any]) -> str:
    """Return a place among bytes as it is typed; empty if the reading has none."""
    if "bytes" not in reading:
        return ""
    made = ValueReading(
        bytes_at=reading["bytes"],
        bytes_type=ByteType(reading.get("type", ByteType.U8)),
        bytes_length=reading.get("length", 0),
        bit=reading.get("bit"),
    )
    return f"#{place_of_bytes(made)}"
