"""The number that a request and its answer have in common, for devices that repeat it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...errors import ReplyError
from ..reading import ByteType, ValueReading
from ..reading.reader import Reader, reader_of
from ..reading.received import MISSING, as_text, received_of
from ..sending.placeholders import Placeholder

NUMBER = "number"
"""The placeholder for the number of a request."""
_LARGEST = {ByteType.U8: 0xFF, ByteType.I8: 0x7F}
_LARGEST_OF_OTHERS = 0x7FFF


@dataclass(frozen=True)
class NumberOf:
    """Returns the number in a message as text; None if it is 0 or missing: it is no answer.

    Two are equal if they read alike, so that another text can take over a connection.
    """

    reading: ValueReading
    """Where the number stands."""

    @cached_property
    def _read(self) -> Reader:
        return reader_of(self.reading)

    def __call__(self, message: Any) -> str | None:
        """Return the number in a message."""
        try:
            value = self._read(received_of(message))
            is_none = value is MISSING or not value
            return None if is_none else as_text(value)
        except ReplyError:
            return None


def largest_number(uses: Iterable[Placeholder]) -> int:
    """Return the largest number that a request can have; 0 if it has none."""
    formats = [each.format for each in uses if each.name == NUMBER]
    limits = [_LARGEST.get(ByteType(f), _LARGEST_OF_OTHERS) for f in formats if f in set(ByteType)]
    return min(limits, default=1 << 31) if formats else 0
