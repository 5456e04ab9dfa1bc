"""The values in an example answer of bytes: numbers of each type, bits, and texts."""

from collections.abc import Iterator
import re

from ..reading.byte_fields import STRUCTS, byte_field
from ..reading.received import MISSING
from ..reading.value_reading import ByteType, ValueReading
from .answer_field import AnswerField, FieldKind

MAX_PLACES = 64
"""How many bytes of a binary answer are looked at."""
_PRINTABLE_RUN = re.compile(rb"[ -~]{3,64}")
_OF_SEVERAL_BYTES = tuple(each for each in STRUCTS if each not in {ByteType.U8, ByteType.I8})
_MAC_SIZE = 6
_LIKELY = 1e8
"""A number of four bytes beyond it is hardly one."""
_SMALLEST = 1e-3


def byte_fields(data: bytes) -> Iterator[AnswerField]:
    """Yield what the bytes of a message may be, by their places."""
    part = data[:MAX_PLACES]
    texts = {match.start(): match[0] for match in _PRINTABLE_RUN.finditer(part)}
    for at in range(len(part)):
        if (text := texts.get(at)) is not None and text.strip():
            yield from _field(data, at, ByteType.ASCII, len(text))
        yield from _field(data, at, ByteType.U8)
        for bit in range(8):
            yield from _field(data, at, ByteType.U8, bit=bit)
        if part[at] > STRUCTS[ByteType.I8].unpack(b"\x7f")[0]:
            yield from _field(data, at, ByteType.I8)
        for kind in _OF_SEVERAL_BYTES:
            yield from _field(data, at, kind)
        if len(data) - at <= MAX_PLACES:
            yield from _field(data, at, ByteType.HEX)
        if at + _MAC_SIZE < len(data):
            yield from _field(data, at, ByteType.HEX, _MAC_SIZE)


def _field(
    data: bytes, at: int, kind: ByteType, length: int = 0, bit: int | None = None
) -> Iterator[AnswerField]:
    value = byte_field(at, kind, length, bit)(data)
    if value is MISSING or value is None or not _is_likely(kind, value):
        return
    reading = ValueReading(bytes_at=at, bytes_type=kind, bytes_length=length, bit=bit)
    yield AnswerField(FieldKind.BYTE, place_of_bytes(reading), value, reading)


def _is_likely(kind: ByteType, value: str | float | bool) -> bool:
    """Return whether a number of four bytes may be meant: almost any four bytes are a float."""
    if isinstance(value, str) or kind not in STRUCTS or STRUCTS[kind].size < 4:  # noqa: PLR2004
        return True
    is_small = isinstance(value, float) and abs(value) < _SMALLEST
    return abs(value) < _LIKELY and not is_small


def place_of_bytes(reading: ValueReading) -> str:
    """Return a place among bytes as users see it: `2`, `2 bit 0`, `2 u16be`, `2 hex 6`."""
    words = [str(reading.bytes_at)]
    if reading.bytes_type is not ByteType.U8:
        words.append(reading.bytes_type)
    if reading.bytes_length:
        words.append(str(reading.bytes_length))
    if reading.bit is not None:
        words.append(f"bit {reading.bit}")
    return " ".join(words)
