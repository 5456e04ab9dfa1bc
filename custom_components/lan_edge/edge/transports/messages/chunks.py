"""A body in chunks, as HTTP/1.1 has it (RFC 9112, 7.1). No I/O."""

import re

from ...errors import ReplyError

MAX_CHUNK_LINE = 4096
"""The most bytes of the line with the size of a chunk, and of a line of the trailers."""
MAX_CHUNK_WORDS = 16 * 1024
"""The most bytes of what is read and ignored in one body: extensions of chunks, and trailers."""
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,16})[ \t]*(;.*)?", re.DOTALL)


class ChunkedBody:
    """Takes one body from a stream; extensions of chunks and trailers are left out."""

    def __init__(self, limit: int, max_line: int = MAX_CHUNK_LINE) -> None:
        """Refuse a body of more than `limit` bytes; `max_line` bounds a line beside it."""
        self.body = bytearray()
        """What has come so far, without what frames it."""
        self._limit = limit
        self._max_line = min(max_line, MAX_CHUNK_LINE)
        self._step = self._size
        """Takes the next part, if it is there; returns whether it was."""
        self._left = 0
        """Bytes of the chunk that are still to come."""
        self._words = 0
        """Bytes that were read and ignored."""
        self._looked_at = 0
        """How much of the stream has no end of a line in it."""
        self._is_whole = False

    def take(self, stream: bytearray) -> bool:
        """Take from the stream what belongs to the body; return whether the body is whole.

        Raises ReplyError for what is no such body, or too much.
        """
        while not self._is_whole and self._step(stream):
            pass
        return self._is_whole

    def _line(self, stream: bytearray) -> bytes | None:
        """Return the next line, None if it is not whole yet."""
        end = stream.find(b"\n", self._looked_at)
        self._looked_at = len(stream) if end < 0 else 0
        if (len(stream) if end < 0 else end) > self._max_line:
            raise ReplyError(t"a line of more than {self._max_line} bytes in a body in chunks")
        if end < 0:
            return None
        line = bytes(stream[:end]).removesuffix(b"\r")
        del stream[: end + 1]
        return line

    def _ignore(self, words: bytes) -> None:
        self._words += len(words)
        if self._words > MAX_CHUNK_WORDS:
            raise ReplyError(t"more than {MAX_CHUNK_WORDS} bytes beside the body in chunks")

    def _size(self, stream: bytearray) -> bool:
        if (line := self._line(stream)) is None:
            return False
        if (size := _CHUNK_SIZE.fullmatch(line)) is None:
            raise ReplyError(t"a chunk of the size {line[:20]!r}")
        self._ignore(size[2] or b"")
        self._left = int(size[1], 16)
        if len(self.body) + self._left > self._limit:
            raise ReplyError(t"a body in chunks of more than {self._limit} bytes")
        self._step = self._data if self._left else self._trailer
        return True

    def _data(self, stream: bytearray) -> bool:
        taken = stream[: self._left]
        del stream[: self._left]
        self.body += taken
        self._left -= len(taken)
        if not self._left:
            self._step = self._end_of_data
        return bool(taken)

    def _end_of_data(self, stream: bytearray) -> bool:
        if not b"\r\n".startswith(stream[:2]) and not stream.startswith(b"\n"):
            raise ReplyError(t"a chunk that is longer than its size")
        if self._line(stream) is None:
            return False
        self._step = self._size
        return True

    def _trailer(self, stream: bytearray) -> bool:
        if (line := self._line(stream)) is None:
            return False
        self._ignore(line)
        self._is_whole = not line
        return True
