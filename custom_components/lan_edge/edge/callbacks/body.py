"""The body of a request: read only once it is known whom it is for, and unpacked within a bound."""

import asyncio
from contextlib import suppress
from http import HTTPStatus
from typing import Any
import zlib

from aiohttp import StreamReader, web

from ..errors import ReplyError

MAX_BODY = 64 * 1024
"""The largest body or message that is accepted, in bytes: as it is sent, and unpacked."""
READ_ON = 1.0
"""Seconds the rest of a body that is too large is read, so that the answer arrives."""
_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""The encodings that are unpacked, with zlib's window bits."""
_RAW_DEFLATE = -15
"""The window bits for "deflate" as some devices send it, without zlib's header."""


class BodyError(ReplyError):
    """A body that is not accepted; the message says why."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        """Keep the `status` of the answer."""
        super().__init__(reason)
        self.status = status


async def read_body(request: web.BaseRequest) -> bytes:
    """Return the body of a request, unpacked; raise BodyError."""
    try:
        body = await _read(request.content)
    except (web.RequestPayloadError, OSError) as err:
        raise BodyError(HTTPStatus.BAD_REQUEST, "a request that was cut off") from err
    return unpacked(body, request.headers.get("Content-Encoding", ""))


async def _read(content: StreamReader) -> bytes:
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > MAX_BODY:
            with suppress(TimeoutError):
                async with asyncio.timeout(READ_ON):
                    await _skip(content)
            raise _too_large()
    return bytes(body)


async def _skip(content: StreamReader) -> None:
    async for _ in content.iter_any():
        pass


def unpacked(body: bytes, encoding: str) -> bytes:
    """Return a body without its encoding; raise BodyError. It unpacks no more than MAX_BODY."""
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return body
    if encoding not in _WINDOW_BITS:
        raise BodyError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a request with an unknown encoding")
    decoder = _decoder(body, encoding)
    try:
        data: bytes = decoder.decompress(body, MAX_BODY + 1)
    except zlib.error as err:
        raise _broken() from err
    if len(data) > MAX_BODY:
        raise _too_large()
    if not decoder.eof or decoder.unused_data:
        raise _broken()
    return data


def _decoder(body: bytes, encoding: str) -> Any:
    has_header = encoding != "deflate" or (body[:1] and body[0] & 15 == zlib.DEFLATED)
    return zlib.decompressobj(_WINDOW_BITS[encoding] if has_header else _RAW_DEFLATE)


def _too_large() -> BodyError:
    return BodyError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "a request that is too large")


def _broken() -> BodyError:
    return BodyError(HTTPStatus.BAD_REQUEST, "a request with a broken encoding")
