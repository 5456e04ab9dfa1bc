"""Bytes to messages and back, without I/O: each framer keeps at most one message.

`feed(data)` returns the messages that `data` completes, in order, and keeps the rest. What
breaks the protocol raises `ReplyError`; the framer is then of no further use.
"""

from typing import Protocol

from .errors import ReplyError

MAX_MESSAGE = 64 * 1024
"""The largest message a framer keeps unless its driver says otherwise, in bytes."""


class Framer(Protocol):
    """Cuts a stream of bytes into messages."""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages completed by `data`; raise ReplyError on bad framing."""
        ...

    def wrap(self, message: bytes) -> bytes:
        """Return `message` as it goes on the wire."""
        ...


class LineFramer:
    """Messages that end with a delimiter, by default a newline; it is not part of them."""

    def __init__(self, delimiter: bytes = b"\n", limit: int = MAX_MESSAGE) -> None:
        """Cut at `delimiter`; refuse messages over `limit` bytes."""
        self._delimiter = delimiter
        self._limit = limit
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages completed by `data`, without their delimiters."""
        if not self._rest and data.endswith(self._delimiter) and data.count(self._delimiter) == 1:
            messages = [data.removesuffix(self._delimiter)]  # one whole: the usual case
        else:
            self._rest += data
            messages = self._cut()
        spare = len(self._delimiter) - 1  # the first bytes of a delimiter may have come
        if len(self._rest) > self._limit + spare or any(len(m) > self._limit for m in messages):
            msg = f"a message of more than {self._limit} bytes"
            raise ReplyError(msg)
        return messages

    def _cut(self) -> list[bytes]:
        if self._delimiter not in self._rest:
            return []
        *messages, rest = bytes(self._rest).split(self._delimiter)
        self._rest = bytearray(rest)
        return messages

    def wrap(self, message: bytes) -> bytes:
        """Return `message` with its delimiter."""
        return message + self._delimiter
