"""Messages as HTTP has them, on a connection that is not HTTP's: RTSP, ICY and what is like them.

A start line, headers, a blank line, and a body of the length in Content-Length (RFC 9112 and 2326).
Both sides may send requests. No I/O.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
import re
from typing import Any, override

from ...errors import ArgumentError, ReplyError
from .codec import Codec
from .framing import MAX_MESSAGE

MAX_HTTP_HEAD = 16 * 1024
"""The most bytes of the start line and the headers."""
_HEAD_ENDS_AT = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(r"[A-Za-z]+(?:/[0-9.]+)? ([0-9]{3})(?!\S)")
_WITHOUT_BODY = re.compile(r"1..|204|304")
_CONTENT_LENGTH = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """A request or a response."""

    start: str
    """The first line, such as `RTSP/1.0 200 OK` or `PLAY rtsp://10.0.0.5/ RTSP/1.0`."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """By name; of several with one name in a message from the device, the last."""
    body: bytes = b""
    """What follows the headers; its length is told without a header of your own."""

    def header(self, name: str) -> str:
        """Return a header by its name in any case; empty text if it is missing."""
        return next((v for n, v in self.headers.items() if n.lower() == name.lower()), "")

    @property
    def status(self) -> int:
        """The status of a response; 0 for a request."""
        match = _STATUS.match(self.start)
        return int(match[1]) if match else 0


class HttpFramer:
    """Cuts a stream into messages as HTTP has them; `HttpCodec` takes them apart.

    A body in chunks, or up to the end of the connection, is refused, and so are several lengths.
    """

    def __init__(self, *, limit: int = MAX_MESSAGE) -> None:
        """Refuse messages over `limit` bytes."""
        self._limit = limit
        self._rest = bytearray()
        self._looked_at = 0
        """How much of the rest has no end of the headers in it."""
        self._end = 0
        """Where the message ends; 0: not known yet."""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages completed by `data`."""
        self._rest += data
        messages: list[bytes] = []
        while self._find_end() and len(self._rest) >= self._end:
            messages.append(bytes(self._rest[: self._end]))
            del self._rest[: self._end]
            self._end = self._looked_at = 0
        return messages

    def _find_end(self) -> bool:
        """Find out where the message ends; return whether that is known."""
        if self._end:
            return True
        if not self._looked_at and self._rest.startswith((b"\r", b"\n")):
            self._rest = self._rest.lstrip(b"\r\n")  # as between messages (RFC 9112, 2.2)
        head = _HEAD_ENDS_AT.search(self._rest, max(0, self._looked_at - 3))
        self._looked_at = len(self._rest)
        if (head.end() if head else self._looked_at) > min(self._limit, MAX_HTTP_HEAD):
            raise ReplyError(f"headers of more than {min(self._limit, MAX_HTTP_HEAD)} bytes")
        if head is None:
            return False
        self._end = head.end() + _body_length(_read(bytes(self._rest[: head.end()])))
        if self._end > self._limit:
            raise ReplyError(f"a message of more than {self._limit} bytes")
        return True

    def wrap(self, message: bytes) -> bytes:
        """Return `message`."""
        return message


class HttpCodec(Codec):
    """Reads and writes HttpMessage."""

    @override
    def encode(self, message: Any) -> bytes:
        sent: HttpMessage = message
        headers = dict(sent.headers)
        if sent.body and not sent.header("Content-Length"):
            headers["Content-Length"] = str(len(sent.body))
        lines = [sent.start, *(f"{name}: {value}" for name, value in headers.items())]
        if any("\r" in line or "\n" in line for line in lines):
            raise ArgumentError("a line of the message to send contains a line break")
        return "".join(f"{line}\r\n" for line in (*lines, "")).encode() + sent.body

    @override
    def decode(self, data: bytes) -> HttpMessage:
        head = _HEAD_ENDS_AT.search(data)
        end = head.end() if head else len(data)
        start, fields = _read(data[:end])
        return HttpMessage(start, dict(fields), data[end:])


def _read(head: bytes) -> tuple[str, list[tuple[str, str]]]:
    """Return the start line, and the headers with their names in lower case."""
    start, *lines = head.decode("utf-8", "replace").split("\n")
    parts = (line.partition(":") for line in lines if line[:1] not in {" ", "\t"})
    fields = [(name.strip().lower(), value.strip()) for name, colon, value in parts if colon]
    return start.rstrip("\r"), fields


def _body_length(head: tuple[str, list[tuple[str, str]]]) -> int:
    start, fields = head
    status = _STATUS.match(start)
    if status and _WITHOUT_BODY.fullmatch(status[1]):
        return 0
    if any(name == "transfer-encoding" for name, _ in fields):
        raise ReplyError("a body in chunks")
    lengths = {value for name, value in fields if name == "content-length"}
    if len(lengths) > 1 or not all(_CONTENT_LENGTH.fullmatch(length) for length in lengths):
        raise ReplyError("a body whose length is not clear")
    return int(lengths.pop()) if lengths else 0
