"""Bytes that are written as hexadecimal digits with placeholders: `55 AA {level:u8}`."""

from dataclasses import dataclass

from ..faults import field_fault
from ..places import Path
from ..reading.value_reading import ByteType
from .formats import BYTE_FORMATS, bytes_of
from .placeholders import Filling, Placeholder, pieces_of_text


@dataclass(frozen=True, slots=True)
class FilledBytes:
    """Bytes with placeholders, each with the type of its value."""

    parts: tuple[bytes | tuple[Placeholder, ByteType], ...]

    @property
    def placeholders(self) -> list[Placeholder]:
        """The placeholders in them."""
        return [part[0] for part in self.parts if isinstance(part, tuple)]

    def fill(self, filling: Filling) -> bytes:
        """Return the bytes with their values; raise ArgumentError for one that does not fit."""
        made: list[bytes] = []
        for part in self.parts:
            if isinstance(part, bytes):
                made.append(part)
            else:
                placeholder, kind = part
                data = bytes_of(filling.get(placeholder), kind, placeholder.name)
                made.append(filling.hide(placeholder, data))
        return b"".join(made)


def parse_bytes(text: str, path: Path = ("bytes",)) -> FilledBytes:
    """Return bytes that can be filled; raise DescriptionError for the field at `path`."""
    parts: list[bytes | tuple[Placeholder, ByteType]] = []
    for piece in pieces_of_text(text, path):
        if isinstance(piece, str):
            parts.append(_digits(piece, path))
        elif piece.format in list(ByteType):
            parts.append((piece, ByteType(piece.format)))
        else:
            placeholder, typed = f"{{{piece.key}}}", f"{{{piece.key}:u8}}"
            reason = t"has {placeholder} without the type of its bytes"
            raise field_fault(path, reason, t"write {typed}; types are {BYTE_FORMATS}")
    return FilledBytes(tuple(parts))


def _digits(text: str, path: Path) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        digits = text.strip()
        reason = t"has {digits!r:.40}, which are not pairs of hexadecimal digits"
        raise field_fault(path, reason, t"write bytes as 55 AA 01") from None
