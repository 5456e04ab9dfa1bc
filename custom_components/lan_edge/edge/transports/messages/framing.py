"""Framers: a stream of bytes to messages and back. No I/O; each buffers at most one message.

`feed(data)` returns the messages that `data` completes, in order, and buffers the rest. After a
ReplyError a framer must not be used again.
"""

from collections.abc import Mapping
import re
from typing import Literal, Protocol

from ...errors import ArgumentError, ReplyError

MAX_MESSAGE = 64 * 1024
"""The largest message that a framer accepts by default, in bytes."""


class Framer(Protocol):
    """Cuts a stream of bytes into messages."""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages completed by `data`; raise ReplyError on bad framing."""
        ...

    def wrap(self, message: bytes) -> bytes:
        """Return `message` as it is sent."""
        ...


class LineFramer:
    """Messages end with a delimiter, by default a newline, which is not part of them."""

    def __init__(
        self,
        delimiter: bytes = b"\n",
        limit: int = MAX_MESSAGE,
        *,
        sent_delimiter: bytes | None = None,
    ) -> None:
        """Cut at `delimiter`; refuse messages over `limit` bytes.

        `sent_delimiter` ends those that are sent, if it differs; it may be empty.
        """
        self._delimiter = delimiter
        self._sent_delimiter = delimiter if sent_delimiter is None else sent_delimiter
        self._limit = limit
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages completed by `data`, without their delimiters."""
        whole = len(data) - len(self._delimiter)
        if 0 <= data.find(self._delimiter) == whole <= self._limit and not self._rest:
            return [data[:whole]]  # exactly one message, as usual
        self._rest += data
        messages = self._cut()
        spare = len(self._delimiter) - 1  # for an incomplete delimiter
        if len(self._rest) > self._limit + spare or any(len(m) > self._limit for m in messages):
            raise ReplyError(t"a message of more than {self._limit} bytes")
        return messages

    def _cut(self) -> list[bytes]:
        if self._delimiter not in self._rest:
            return []
        *messages, rest = bytes(self._rest).split(self._delimiter)
        self._rest = bytearray(rest)
        return messages

    def wrap(self, message: bytes) -> bytes:
        """Return `message` with its delimiter; raise ArgumentError if it has one already."""
        if self._sent_delimiter and self._sent_delimiter in message:
            raise ArgumentError(t"a message with a delimiter in it")
        return message + self._sent_delimiter


class LengthFramer:
    """Frames with a length field: `start`, a header, the length, the body.

    A message is the header and the body. The length counts the body, with `inclusive` also
    everything before it, and `extra` bytes more.
    """

    def __init__(
        self,
        size: int = 4,
        order: Literal["big", "little"] = "big",
        *,
        start: bytes = b"",
        header: int = 0,
        inclusive: bool = False,
        extra: int = 0,
        limit: int = MAX_MESSAGE,
    ) -> None:
        """Use a length field of `size` bytes; refuse messages over `limit` bytes."""
        self._size = size
        self._order: Literal["big", "little"] = order
        self._start = start
        self._header = header
        self._head = len(start) + header + size
        self._uncounted = extra + (self._head if inclusive else 0)
        self._limit = limit
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages completed by `data`, without `start` and length field."""
        self._rest += data
        messages: list[bytes] = []
        at = 0
        while (end := self._end(at)) <= len(self._rest):
            header = at + len(self._start)
            parts = self._rest[header : header + self._header], self._rest[at + self._head : end]
            messages.append(b"".join(parts))
            at = end
        del self._rest[:at]
        return messages

    def _end(self, at: int) -> int:
        """Return where the frame at `at` ends, or its body begins while that is unknown."""
        if not self._start.startswith(self._rest[at : at + len(self._start)]):
            raise ReplyError(t"a frame that does not begin with {self._start!r}")
        body = at + self._head
        if body > len(self._rest):
            return body
        length = int.from_bytes(self._rest[body - self._size : body], self._order)
        if (length := length - self._uncounted) < 0:
            raise ReplyError(t"a frame that is shorter than its header")
        if self._header + length > self._limit:
            raise ReplyError(t"a message of more than {self._limit} bytes")
        return body + length

    def wrap(self, message: bytes) -> bytes:
        """Return `message` as a frame; raise ArgumentError if that is impossible."""
        header, body = message[: self._header], message[self._header :]
        try:
            length = (len(body) + self._uncounted).to_bytes(self._size, self._order)
        except OverflowError as err:
            count = len(message)
            raise ArgumentError(
                t"a message of {count} bytes is too long for a length of {self._size} bytes"
            ) from err
        if len(header) < self._header:
            count = len(message)
            raise ArgumentError(t"a message of {count} bytes is shorter than its header")
        return b"".join((self._start, header, length, body))


class FixedFramer:
    """All messages have the same size."""

    def __init__(self, size: int, *, limit: int = MAX_MESSAGE) -> None:
        """Cut every `size` bytes, or `limit` if that is less."""
        self._size = min(size, limit)
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages completed by `data`."""
        self._rest += data
        whole = len(self._rest) // self._size * self._size
        messages = [bytes(self._rest[at : at + self._size]) for at in range(0, whole, self._size)]
        del self._rest[:whole]
        return messages

    def wrap(self, message: bytes) -> bytes:
        """Return `message`; raise ArgumentError if it has another size."""
        if len(message) != self._size:
            count = len(message)
            raise ArgumentError(t"a message of {count} bytes where all have {self._size}")
        return message


class EscapedFramer:
    """Messages end with a delimiter byte, which is escaped within a message.

    After the escape byte comes the escaped byte itself, or xor `mask` (HDLC), or its code in
    `codes` (SLIP: `{0xC0: 0xDC, 0xDB: 0xDD}`). Empty messages are skipped.
    """

    def __init__(
        self,
        delimiter: bytes,
        escape: bytes,
        *,
        mask: int = 0,
        codes: Mapping[int, int] | None = None,
        both_ends: bool = False,
        limit: int = MAX_MESSAGE,
    ) -> None:
        """Cut at `delimiter`, one byte; with `both_ends` sent messages also begin with one."""
        self._delimiter = delimiter
        self._escape = escape
        special = delimiter + escape
        self._coded = {b: (codes or {}).get(b, b ^ mask) for b in special}
        self._meant = {c: b for b, c in self._coded.items()} if codes else {}
        self._mask = mask
        self._literal = not codes and not mask
        self._both_ends = both_ends
        self._limit = limit
        one = b"[" + re.escape(special) + b"]"
        self._special = re.compile(one)
        self._tokens = re.compile(
            b"[^" + re.escape(special) + b"]+|" + re.escape(escape) + b".?|" + one, re.DOTALL
        )
        self._rest = b""
        self._message = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages completed by `data`, unescaped."""
        tokens = self._tokens.findall(self._rest + data)
        self._rest = tokens.pop() if tokens and tokens[-1] == self._escape else b""
        messages: list[bytes] = []
        for token in tokens:
            if token != self._delimiter:
                self._add(token)
            elif self._message:
                messages.append(bytes(self._message))
                self._message.clear()
        return messages

    def _add(self, token: bytes) -> None:
        escaped = token.startswith(self._escape)
        self._message += self._unescaped(token[1]) if escaped else token
        if len(self._message) > self._limit:
            raise ReplyError(t"a message of more than {self._limit} bytes")

    def _unescaped(self, code: int) -> bytes:
        if not self._literal and (
            code == self._delimiter[0] or (self._meant and code not in self._meant)
        ):
            raise ReplyError(t"an invalid escape")
        return bytes([self._meant.get(code, code ^ self._mask)])

    def wrap(self, message: bytes) -> bytes:
        """Return `message`, escaped, with its delimiter."""
        text = self._special.sub(lambda m: self._escaped(m[0][0]), message)
        return (self._delimiter if self._both_ends else b"") + text + self._delimiter

    def _escaped(self, byte: int) -> bytes:
        return self._escape + bytes([self._coded[byte]])
