"""HTTP answers as devices send them, made into what a strict parser takes. No I/O.

The strict one is aiohttp's. What makes no sense goes on to it as it came, and is refused there.
"""

from collections.abc import Callable
from http import HTTPStatus
import re

from .heads import CHUNKED, Head, may_begin, parse_head

MAX_HEAD_LINE, MAX_HEAD_LINES = 4096, 32
"""Bytes of a line of the answer's head, and the number of lines: kept until all are there."""
_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{0,15})[ \t]*(?:;.*)?", re.DOTALL)
_LAST_CHUNK = b"0\r\n\r\n"
_NO_CHUNK = b"\0"
"""What no parser takes for a chunk."""


class Reframer:
    """The answers on one connection, one after the other."""

    def __init__(self) -> None:
        """Start without a request, so without an answer."""
        self.is_spoiled = False
        """Whether more has arrived than the answer: it belongs to nothing."""
        self._with_body = True
        self._came = bytearray()
        """The head as it came."""
        self._lines: list[bytes] = []
        """The lines of the head that are whole."""
        self._line = bytearray()
        """The beginning of a line."""
        self._left = 0
        """Bytes of the body, or of the chunk, that are still to come."""
        self._closes = False
        self._chunk = bytearray()
        """What was read of a body that is sent on in chunks."""
        self._state: Callable[[bytes, bytearray], bytes] = self._pass
        """Takes data, adds to what is sent on, and returns the data that is left."""

    def begin(self, *, with_body: bool) -> None:
        """Expect the answer to a request; to HEAD it has no body."""
        self._with_body = with_body
        self._forget()
        self._state = self._head

    def feed(self, data: bytes) -> bytes:
        """Return what the strict parser gets for `data`."""
        out = bytearray()
        while data:
            data = self._state(data, out)
        self._flush(out)
        return bytes(out)

    def end(self) -> bytes:
        """Return what completes the answer when the device has closed the connection.

        If it was to close it anyway, it may have counted wrong, or left out the last chunk.
        """
        if self._state == self._head:
            return bytes(self._came)
        is_between_chunks = self._state == self._size and not self._line
        if self._closes and (is_between_chunks or self._state == self._counted):
            return _LAST_CHUNK
        return b""

    def _forget(self) -> None:
        self._came.clear()
        self._line.clear()
        self._lines.clear()

    def _pass(self, data: bytes, out: bytearray) -> bytes:
        out += data
        return b""

    def _surplus(self, data: bytes, _out: bytearray) -> bytes:
        self.is_spoiled = self.is_spoiled or bool(data.strip(b"\r\n"))
        return b""

    def _whole_line(self, data: bytes) -> tuple[bytes | None, bytes]:
        """Return the line that `data` completes, None if it does not, and the data that is left."""
        begin, newline, rest = data.partition(b"\n")
        self._line += begin
        if not newline:
            return None, b""
        line = bytes(self._line).rstrip(b"\r")
        self._line.clear()
        return line, rest

    # the head

    def _head(self, data: bytes, out: bytearray) -> bytes:
        if not self._came:
            data = data.lstrip(b"\r\n")  # blank lines before it
        line, rest = self._whole_line(data)
        self._came += data[: len(data) - len(rest)]
        if line:
            self._lines.append(line)
        elif line is not None:
            self._head_ended(out)
        if self._state == self._head and not self._is_head():
            self._send_on(out)
        return rest

    def _is_head(self) -> bool:
        """Return whether what has come may become a head within the bounds."""
        longest = max(len(self._line), *map(len, self._lines[-1:]), 0)
        is_short = longest <= MAX_HEAD_LINE and len(self._lines) <= 1 + MAX_HEAD_LINES
        return is_short and may_begin(self._lines[0] if self._lines else bytes(self._line[:4]))

    def _send_on(self, out: bytearray) -> None:
        """Send the head on as it came, and all that follows."""
        out += self._came
        self._forget()
        self._state = self._pass

    def _head_ended(self, out: bytearray) -> None:
        if (head := parse_head(self._lines)) is None:
            self._send_on(out)
            return
        self._forget()
        if head.status >= HTTPStatus.OK or head.status == HTTPStatus.SWITCHING_PROTOCOLS:
            self._closes = head.closes
            self._state = self._begin_body(head, out)

    # the body

    def _begin_body(self, head: Head, out: bytearray) -> Callable[[bytes, bytearray], bytes]:
        """Send the head on; return the state in which its body is read."""
        self._left = head.length or 0
        length = () if head.length is None else ((b"Content-Length", b"%d" % head.length),)
        if head.status == HTTPStatus.SWITCHING_PROTOCOLS:
            out += head.written()
            return self._pass
        if not (self._with_body and head.has_body):
            out += head.written(*(length if not self._with_body else ()))
            return self._surplus
        if head.chunked or (head.closes and self._left):
            out += head.written(CHUNKED)
            return self._size if head.chunked else self._counted
        out += head.written(*length)
        if head.length is None:
            return self._pass  # until the connection is closed
        return self._counted if self._left else self._surplus

    def _counted(self, data: bytes, out: bytearray) -> bytes:
        """Take a body by its length; in chunks, so that it can end early, if it may."""
        taken, rest = data[: self._left], data[self._left :]
        self._left -= len(taken)
        (self._chunk if self._closes else out).extend(taken)
        if not self._left:
            self._state = self._surplus
            if self._closes:
                self._end_chunks(out)
        return rest

    def _size(self, data: bytes, out: bytearray) -> bytes:
        """Take the line with the size of a chunk."""
        line, rest = self._whole_line(data)
        size = _SIZE.fullmatch(self._line.rstrip(b"\r") if line is None else line)
        if size is None or len(self._line) > MAX_HEAD_LINE or not (line is None or size[1]):
            self._break_chunks(out)
            return rest
        if line is None:
            return rest
        self._left = int(size[1], 16)
        self._state = self._data if self._left else self._surplus
        if not self._left:
            self._end_chunks(out)
        return rest

    def _data(self, data: bytes, _out: bytearray) -> bytes:
        """Take the data of a chunk."""
        taken, rest = data[: self._left], data[self._left :]
        self._left -= len(taken)
        self._chunk += taken
        if not self._left:
            self._state = self._after_data
        return rest

    def _after_data(self, data: bytes, out: bytearray) -> bytes:
        """Take the end of the line after it."""
        if data[:1] not in {b"\r", b"\n"}:
            self._break_chunks(out)
            return data
        if data[:1] == b"\n":
            self._state = self._size
        return data[1:]

    def _flush(self, out: bytearray) -> None:
        """Send on what was read of a body as one chunk."""
        if self._chunk:
            out += b"%x\r\n%b\r\n" % (len(self._chunk), bytes(self._chunk))
            self._chunk.clear()

    def _end_chunks(self, out: bytearray) -> None:
        self._flush(out)
        out += _LAST_CHUNK

    def _break_chunks(self, out: bytearray) -> None:
        self._flush(out)
        out += _NO_CHUNK
        self._state = self._pass
