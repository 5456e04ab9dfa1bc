"""A framer for lengths of variable size, as protobuf writes numbers. No I/O.

Each byte has seven bits of the number, the lowest first, and says in its highest bit whether
another one follows: https://protobuf.dev/programming-guides/encoding/#varints.
"""

from ...errors import ArgumentError, ReplyError
from .framing import MAX_MESSAGE

MAX_VARINT = 5
"""The most bytes of a number, which are enough for 32 bits."""


class VarintFramer:
    r"""Frames with a length of variable size: `start`, the length, a header, the body.

    The header are `header` more numbers of that kind, which the length does not count. A message is
    the header and the body. ESPHome's plain frames have `start=b"\0"` and `header=1`, the type.
    """

    def __init__(self, *, start: bytes = b"", header: int = 0, limit: int = MAX_MESSAGE) -> None:
        """Refuse messages over `limit` bytes."""
        self._start = start
        self._header = header
        self._limit = limit
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages completed by `data`, without `start` and length."""
        self._rest += data
        messages: list[bytes] = []
        at = 0
        while (frame := self._frame(at)) is not None:
            begin, at = frame
            messages.append(bytes(self._rest[begin:at]))
        del self._rest[:at]
        return messages

    def _frame(self, at: int) -> tuple[int, int] | None:
        """Return where the message of the frame at `at` begins and ends; None: not all of it came.

        The frame begins where the last one ends.
        """
        if not self._start.startswith(self._rest[at : at + len(self._start)]):
            raise ReplyError(t"a frame that does not begin with {self._start!r}")
        if (number := read_varint(self._rest, at + len(self._start))) is None:
            return None
        length, begin = number
        body = begin
        for _ in range(self._header):
            if (number := read_varint(self._rest, body)) is None:
                return None
            body = number[1]
        if (body - begin) + length > self._limit:
            raise ReplyError(t"a message of more than {self._limit} bytes")
        return (begin, body + length) if body + length <= len(self._rest) else None

    def wrap(self, message: bytes) -> bytes:
        """Return `message` as a frame; raise ArgumentError if it has no header."""
        body = 0
        for _ in range(self._header):
            if (number := read_varint(message, body)) is None:
                count = len(message)
                raise ArgumentError(t"a message of {count} bytes is shorter than its header")
            body = number[1]
        return b"".join((self._start, varint(len(message) - body), message))


def varint(number: int) -> bytes:
    """Return a number that is not negative as protobuf writes it."""
    if number < 0:
        raise ArgumentError(f"{number} is negative")
    written = bytearray()
    while number > 0x7F:  # noqa: PLR2004  # seven bits a byte
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*written, number))


def read_varint(data: bytes | bytearray, at: int = 0) -> tuple[int, int] | None:
    """Return the number at `at`, and where it ends; None if not all of it is there.

    Raises ReplyError for one of more than five bytes.
    """
    number = 0
    for index, byte in enumerate(data[at : at + MAX_VARINT]):
        number |= (byte & 0x7F) << 7 * index
        if not byte & 0x80:
            return number, at + index + 1
    if len(data) - at >= MAX_VARINT:
        raise ReplyError(t"a number of more than {MAX_VARINT} bytes")
    return None
