"""WebSockets as far as emulated devices need them: RFC 6455, with frames of at most 64 KiB."""

import asyncio
import base64
from collections.abc import AsyncIterator
import hashlib

from yarl import URL

from .listener import Peer

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
_KEY = base64.b64encode(bytes(16)).decode()
"""The key of a client; it need not be secret."""
_MASK = bytes(4)
"""What a client's data is combined with: zeros, which change nothing."""
_SHORT = 125
_KEY_HEADER = b"sec-websocket-key: "


async def frame_of(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Return the next frame: its opcode and its data, unmasked."""
    first, second = await reader.readexactly(2)
    length = second & 0x7F
    if length > _SHORT:  # longer frames than 64 KiB are none of theirs
        length = int.from_bytes(await reader.readexactly(2))
    mask = await reader.readexactly(4) if second & 0x80 else _MASK
    data = await reader.readexactly(length)
    return first & 0x0F, bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))


def framed(data: bytes, opcode: int = TEXT, *, is_client: bool = False) -> bytes:
    """Return a frame with these data."""
    flag, mask = (0x80, _MASK) if is_client else (0, b"")
    long = len(data) > _SHORT
    length = bytes([flag | 126]) + len(data).to_bytes(2) if long else bytes([flag | len(data)])
    return bytes([0x80 | opcode]) + length + mask + data


def switched(key: bytes) -> bytes:
    """Return the answer with which a WebSocket begins."""
    accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())  # noqa: S324  # RFC 6455
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


def request(url: URL) -> bytes:
    """Return the request for a WebSocket."""
    return (
        f"GET {url.path} HTTP/1.1\r\nHost: {url.host}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {_KEY}\r\n\r\n"
    ).encode()


async def accept(peer: Peer) -> None:
    """Answer the request for a WebSocket."""
    head = await peer.reader.readuntil(b"\r\n\r\n")
    at = head.lower().index(_KEY_HEADER) + len(_KEY_HEADER)
    peer.send(switched(head[at:].partition(b"\r\n")[0]))


async def texts(peer: Peer, *, is_client: bool = False) -> AsyncIterator[str]:
    """Yield the texts that arrive, answer pings, and return when the WebSocket is closed."""
    while (frame := await frame_of(peer.reader))[0] != CLOSE:
        if frame[0] == PING:
            peer.send(framed(frame[1], PONG, is_client=is_client))
        elif frame[0] == TEXT:
            yield frame[1].decode()
    peer.send(framed(frame[1], CLOSE, is_client=is_client))
