"""HTTP/1.1 as a small device speaks it: requests read, answers written, no more."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

MAX_BODY = 64 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """A request; `error` is the status it deserves if it could not be understood."""

    method: str = ""
    path: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    keep_alive: bool = True
    error: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; its headers go before the usual ones."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def encode(self, *, keep_alive: bool = True, odd: bool = False) -> bytes:
        """Return the bytes to send; `odd`: as an old program has them."""
        if odd:
            return self._odd(keep_alive=keep_alive)
        headers = {
            "Content-Type": "text/plain",
            "Content-Length": str(len(self.body)),
            "Connection": "keep-alive" if keep_alive else "close",
            **self.headers,
        }
        lines = [f"HTTP/1.1 {self.status} {_reason(self.status)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + self.body

    def _odd(self, *, keep_alive: bool) -> bytes:
        """Return an answer that breaks the rules and means the same."""
        body = odd_text(self.body)
        length = f"Content-Length: {len(body) if keep_alive else len(body) + 7}"
        told = (f"{name} : {value}" for name, value in self.headers.items())
        connection = f"Connection: {'keep-alive' if keep_alive else 'close'}"
        lines = [f"HTTP/1.1 {self.status}", *told, length, "what is this", length, connection]
        return "\n".join([*lines, "", ""]).encode() + body


def odd_text(body: bytes) -> bytes:
    """Return XML or JSON that has more in it, and breaks the rules; other text with a NUL."""
    if body.startswith(b"<"):
        begin, _, end = body.rpartition(b"</")  # of the root
        return b"\r\n" + begin + b"<odd:x>K\xfcche & \x07</odd:x></" + end + b"\r\n\0"
    if body.startswith(b"{"):
        return b'{"odd": "K\xfcche\x07", ' + body[1:] + b"\0"
    return body + b"\0"


async def requests(reader: asyncio.StreamReader) -> AsyncIterator[Request]:
    """Yield the requests of a connection until it ends or makes no sense."""
    while (request := await _request(reader)) is not None:
        yield request
        if not request.keep_alive:
            return


async def _request(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        return await _parse(head.decode("latin-1"), reader)
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError, ValueError:
        return Request(error=400, keep_alive=False)


async def _parse(head: str, reader: asyncio.StreamReader) -> Request:
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, version = first.split(" ")
    headers = dict(_header(line) for line in lines)
    if "transfer-encoding" in headers:
        return Request(method, target, headers, keep_alive=False, error=411)
    length = int(headers.get("content-length", "0"))
    if not 0 <= length <= MAX_BODY:
        return Request(method, target, headers, keep_alive=False, error=413)
    body = await reader.readexactly(length)
    return Request(method, target, headers, body, _keeps(version, headers))


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise ValueError(line)
    return name.strip().lower(), value.strip()


def _keeps(version: str, headers: Mapping[str, str]) -> bool:
    return version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
