"""Values in binary messages: numbers of a type at a place, their bits, and texts."""

from collections.abc import Callable
import math
import struct

from ...network.text import PADDING, decode_text
from ..faults import field_fault
from .received import MISSING, Raw
from .value_reading import ByteType

STRUCTS: dict[ByteType, struct.Struct] = {
    ByteType.U8: struct.Struct("B"),
    ByteType.I8: struct.Struct("b"),
    ByteType.U16BE: struct.Struct(">H"),
    ByteType.U16LE: struct.Struct("<H"),
    ByteType.I16BE: struct.Struct(">h"),
    ByteType.I16LE: struct.Struct("<h"),
    ByteType.U32BE: struct.Struct(">I"),
    ByteType.U32LE: struct.Struct("<I"),
    ByteType.I32BE: struct.Struct(">i"),
    ByteType.I32LE: struct.Struct("<i"),
    ByteType.F32BE: struct.Struct(">f"),
    ByteType.F32LE: struct.Struct("<f"),
}
"""How the numbers are packed."""
TEXTS = (ByteType.ASCII, ByteType.HEX)
FLOATS = (ByteType.F32BE, ByteType.F32LE)
MAX_PLACE = 1024 * 1024
"""The furthest place in a message."""


def byte_field(
    at: int, kind: ByteType, length: int = 0, bit: int | None = None
) -> Callable[[bytes], Raw]:
    """Return a function for a value in bytes; raise DescriptionError.

    The function returns MISSING if the message is too short, and None for a float that is no
    number.
    """
    if abs(at) > MAX_PLACE or not 0 <= length <= MAX_PLACE:
        raise field_fault("bytes", t"is beyond {MAX_PLACE}")
    if kind in TEXTS:
        if bit is not None:
            raise field_fault("bit", t"is of a text", t"leave it out, or use the type of a number")
        return _text_field(at, length, is_hex=kind is ByteType.HEX)
    packed = STRUCTS[kind]
    if bit is not None and (kind in FLOATS or not 0 <= bit < 8 * packed.size):
        raise field_fault("bit", t"is {bit}, which {kind} does not have")

    def field(data: bytes) -> Raw:
        start = at + len(data) if at < 0 else at
        if not 0 <= start <= len(data) - packed.size:
            return MISSING
        (value,) = packed.unpack_from(data, start)
        if kind in FLOATS:  # without the digits that 32 bits do not have
            return float(f"{value:.7g}") if math.isfinite(value) else None
        return value if bit is None else bool(value >> bit & 1)

    return field


def _text_field(at: int, length: int, *, is_hex: bool) -> Callable[[bytes], Raw]:
    def field(data: bytes) -> Raw:
        start = at + len(data) if at < 0 else at
        if not 0 <= start < len(data) or start + length > len(data):
            return MISSING
        part = data[start : start + length if length else len(data)]
        if is_hex:
            return part.hex()
        text = decode_text(part)
        return text.partition("\0")[0].strip(PADDING)

    return field
