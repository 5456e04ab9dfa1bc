"""Messages as HTTP has them, on a connection that is not HTTP's: RTSP, ICY and what is like them.

A start line, headers, a blank line, and a body of the length in Content-Length, or in chunks
(RFC 9112 and 2326). Both sides may send requests. No I/O.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
import re
from typing import Any, override

from ...errors import ArgumentError, ReplyError
from .chunks import ChunkedBody
from .codec import Codec
from .framing import MAX_MESSAGE

MAX_HTTP_HEAD = 16 * 1024
"""The most bytes of the start line and the headers."""
_HEAD_ENDS_AT = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(r"[A-Za-z]+(?:/[0-9.]+)? ([0-9]{3})(?!\S)")
_WITHOUT_BODY = re.compile(r"1..|204|304")
_CONTENT_LENGTH = re.compile(r"[0-9]{1,10}")
_FOLD = re.compile(r"\r?\n[ \t]+")
"""Where a header goes on in the next line (RFC 9112, 5.2)."""
_TRANSFER_ENCODING = re.compile(
    rb"^transfer-encoding[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """A request or a response."""

    start: str
    """The first line, such as `RTSP/1.0 200 OK` or `PLAY rtsp://10.0.0.5/ RTSP/1.0`."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """By name; of several with one name in a message from the device, the last."""
    body: bytes = b""
    """What follows the headers; a header for its length is added."""

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

    One with a body in chunks becomes the same with `Content-Length`; its trailers are left out.
    Several lengths are refused, and so are other codings than `chunked`.
    """

    def __init__(self, *, limit: int = MAX_MESSAGE) -> None:
        """Refuse messages over `limit` bytes."""
        self._limit = limit
        self._rest = bytearray()
        self._looked_at = 0
        """How much of the rest has no end of the headers in it."""
        self._end = 0
        """Where the message ends; 0: not known yet."""
        self._head = b""
        """The start line and the headers of a message in chunks."""
        self._chunks: ChunkedBody | None = None
        """The body of the message, if it comes in chunks."""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages completed by `data`."""
        self._rest += data
        messages: list[bytes] = []
        while (message := self._next()) is not None:
            messages.append(message)
        return messages

    def _next(self) -> bytes | None:
        """Return the next message, None if it is not whole yet."""
        if not self._is_head_read():
            return None
        if self._chunks is not None:
            return self._whole_of(self._chunks)
        if len(self._rest) < self._end:
            return None
        message = bytes(self._rest[: self._end])
        del self._rest[: self._end]
        self._end = self._looked_at = 0
        return message

    def _whole_of(self, chunks: ChunkedBody) -> bytes | None:
        """Return the message whose body comes in chunks, as with a length (RFC 9112, 7.1.3)."""
        if not chunks.take(self._rest):
            return None
        body = bytes(chunks.body)
        head = _TRANSFER_ENCODING.sub(b"", self._head).rstrip(b"\r\n")
        self._chunks, self._head, self._looked_at = None, b"", 0
        return b"%b\r\nContent-Length: %d\r\n\r\n%b" % (head, len(body), body)

    def _is_head_read(self) -> bool:
        """Find out how the message ends; return whether that is known."""
        if self._end or self._chunks is not None:
            return True
        if not self._looked_at and self._rest.startswith((b"\r", b"\n")):
            self._rest = self._rest.lstrip(b"\r\n")  # as between messages (RFC 9112, 2.2)
        head = _HEAD_ENDS_AT.search(self._rest, max(0, self._looked_at - 3))
        self._looked_at = len(self._rest)
        limit = min(self._limit, MAX_HTTP_HEAD)
        if (head.end() if head else self._looked_at) > limit:
            raise ReplyError(t"headers of more than {limit} bytes")
        if head is None:
            return False
        length = _body_length(_read(bytes(self._rest[: head.end()])))
        if length is None:
            self._head = bytes(self._rest[: head.end()])
            del self._rest[: head.end()]
            self._chunks = ChunkedBody(self._limit - head.end(), self._limit)
            return True
        self._end = head.end() + length
        if self._end > self._limit:
            raise ReplyError(t"a message of more than {self._limit} bytes")
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
        if sent.body and not (sent.header("Content-Length") or sent.header("Transfer-Encoding")):
            headers["Content-Length"] = str(len(sent.body))
        lines = [sent.start, *(f"{name}: {value}" for name, value in headers.items())]
        if any("\r" in line or "\n" in line for line in lines):
            raise ArgumentError(t"a line of the message to send contains a line break")
        return "".join(f"{line}\r\n" for line in (*lines, "")).encode() + sent.body

    @override
    def decode(self, data: bytes) -> HttpMessage:
        head = _HEAD_ENDS_AT.search(data)
        end = head.end() if head else len(data)
        start, fields = _read(data[:end])
        return HttpMessage(start, dict(fields), data[end:])


def _read(head: bytes) -> tuple[str, list[tuple[str, str]]]:
    """Return the start line, and the headers with their names in lower case."""
    start, _, rest = head.decode("utf-8", "replace").partition("\n")
    lines = _FOLD.sub(" ", rest).split("\n")
    parts = (line.partition(":") for line in lines if line[:1] not in {" ", "\t"})
    fields = [(name.strip(" \t").lower(), value.strip()) for name, colon, value in parts if colon]
    return start.rstrip("\r"), fields


def _body_length(head: tuple[str, list[tuple[str, str]]]) -> int | None:
    """Return the length of the body that follows a head; None: it comes in chunks."""
    start, fields = head
    status = _STATUS.match(start)
    if status and _WITHOUT_BODY.fullmatch(status[1]):
        return 0
    lengths = {value for name, value in fields if name == "content-length"}
    is_chunked = _is_chunked(fields)
    is_clear = len(lengths) + is_chunked <= 1
    if not (is_clear and all(_CONTENT_LENGTH.fullmatch(length) for length in lengths)):
        raise ReplyError(t"a body whose length is not clear")
    if is_chunked:
        return None
    return int(lengths.pop()) if lengths else 0


def _is_chunked(fields: list[tuple[str, str]]) -> bool:
    """Return whether the headers say that the body comes in chunks; refuse other codings."""
    listed = ",".join(value for name, value in fields if name == "transfer-encoding").split(",")
    codings = [coding for each in listed if (coding := each.strip().lower())]
    if codings not in ([], ["identity"], ["chunked"]):
        raise ReplyError(t"a body coded as {', '.join(codings)[:80]}")
    return codings == ["chunked"]
