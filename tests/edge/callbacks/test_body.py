"""Bodies: never a stranger's, and of a device's no more than fits, however small it was packed."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from compression import zstd
from dataclasses import dataclass, field
from functools import cache
import gzip
import logging
from typing import Any
import zlib

import aiohttp
from aiohttp import compression_utils
import pytest

from lan_edge import CallbackRequest, Listener, ListenerSettings
from lan_edge.callbacks import http_server
from lan_edge.callbacks.body import MAX_BODY
from lan_edge.callbacks.registration import CallbackHandler, CallbackRegistration
from tests.clock import now

from ..peers import LOOPBACK, until

UNPACKED = 100 * 1024 * 1024


@dataclass
class Known:
    """A device that is registered, and what came from it."""

    registration: CallbackRegistration
    bodies: list[bytes]
    oddities: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def path(self) -> str:
        return f"/{self.registration.token}"


@pytest.fixture
async def listener() -> AsyncGenerator[Listener]:
    made = Listener(ListenerSettings(port=0))
    yield made
    await made.close()


@pytest.fixture
async def device(listener: Listener) -> AsyncGenerator[Known]:
    bodies: list[bytes] = []
    oddities: dict[str, int] = {}

    def took(request: CallbackRequest) -> None:
        bodies.append(request.body)

    def count(what: str) -> None:
        oddities[what] = oddities.get(what, 0) + 1

    handler = CallbackHandler(took, lambda: None, lambda: None, count)
    registration = listener.register(handler)
    await registration.attach("127.0.0.11")
    await registration.url()
    yield Known(registration, bodies, oddities)
    await registration.close()


async def exchange(port: int, data: bytes, host: str = LOOPBACK) -> bytes:
    """Send bytes, and return all that comes back before the connection is closed or reset."""
    received = b""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(data)
        await writer.drain()
        async with asyncio.timeout(5):
            while chunk := await reader.read(1000):
                received += chunk
    except ConnectionError:  # after a reset, `read` does not return what came before
        received += bytes(reader._buffer)  # type: ignore[attr-defined]
    finally:
        writer.close()
    return received


def post(path: str, body: bytes, encoding: str = "", *, chunked: bool = False) -> bytes:
    framing = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}"
    lines = [f"POST {path} HTTP/1.1", "Host: hub", framing]
    lines += [f"Content-Encoding: {encoding}"] if encoding else []
    if chunked:
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    return "\r\n".join([*lines, "", ""]).encode() + body


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1]) if answer else 0


def deflated(data: bytes, bits: int = zlib.MAX_WBITS) -> bytes:
    packer = zlib.compressobj(9, wbits=bits)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": deflated,
    "Deflate": lambda data: deflated(data, -zlib.MAX_WBITS),  # as some send it
}


@cache
def bomb(encoding: str) -> bytes:
    """Return a body that is small as it is sent, and huge when it is unpacked."""
    zeros = bytes(UNPACKED)
    return zstd.compress(zeros) if encoding == "zstd" else PACKERS[encoding](zeros)


class Unpacking:
    """Unpacks as a decoder does, and notes the sizes of what comes out."""

    def __init__(self, decoder: Any, sizes: list[int]) -> None:
        self._decoder = decoder
        self._sizes = sizes

    def decompress(self, data: bytes, *most: int) -> bytes:
        unpacked: bytes = self._decoder.decompress(data, *most)
        self._sizes.append(len(unpacked))
        return unpacked

    def __getattr__(self, name: str) -> object:
        return getattr(self._decoder, name)


@pytest.fixture
def unpacked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the sizes of what is unpacked, by whomever."""
    sizes = list[int]()
    for module, name in ((zlib, "decompressobj"), (compression_utils, "ZstdDecompressor")):
        made = getattr(module, name)

        def noting(*args: Any, made: Any = made, **options: Any) -> Unpacking:
            return Unpacking(made(*args, **options), sizes)

        monkeypatch.setattr(module, name, noting)
    return sizes


# strangers


@pytest.mark.parametrize("host", [LOOPBACK, "::1"])
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "Deflate", "zstd"])
async def test_no_body_of_a_stranger_is_unpacked(
    listener: Listener,
    device: Known,
    unpacked: list[int],
    encoding: str,
    host: str,
    *,
    chunked: bool,
) -> None:
    data = post("/", bomb(encoding), encoding.lower(), chunked=chunked)
    assert len(data) < UNPACKED / 500
    for _ in range(3):
        assert status(await exchange(listener.port, data, host)) in {0, 404}
    assert not unpacked
    assert listener.rejections == {"stranger": 3}
    assert not device.bodies


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
async def test_no_body_of_a_stranger_is_waited_for(listener: Listener, encoding: str) -> None:
    registration = listener.register(CallbackHandler(lambda _: None, lambda: None, lambda: None))
    await registration.attach("127.0.0.11")
    await registration.url()
    data = post("/", b"x" * 10_000, encoding)[:-1]
    begun = now()
    assert status(await exchange(listener.port, data)) == 404
    assert now() - begun < http_server.REQUEST_TIMEOUT / 50
    await registration.close()


@pytest.mark.parametrize(
    "data",
    [
        post("/", b"x"),
        b"HELO\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: " + b"x" * 20_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
    ],
)
async def test_strangers_are_not_told_the_software(
    listener: Listener, device: Known, data: bytes
) -> None:
    answer = (await exchange(listener.port, data)).lower()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert status(answer) in {400, 404}
    assert b"\r\nserver:" not in head
    assert not body


# devices


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("encoding", ["identity", *PACKERS])
async def test_a_devices_body_is_unpacked(
    listener: Listener, device: Known, encoding: str, *, chunked: bool
) -> None:
    body = b'{"on": true}' * 4000
    packed = PACKERS[encoding](body) if encoding in PACKERS else body
    answer = await exchange(listener.port, post(device.path, packed, encoding, chunked=chunked))
    assert status(answer) == 200
    assert b"\r\nserver:" not in answer.lower()
    assert device.bodies == [body]
    assert not device.oddities


@pytest.mark.parametrize("encoding", PACKERS)
async def test_an_unpacked_body_of_the_largest_size(
    listener: Listener, device: Known, encoding: str
) -> None:
    for size in (MAX_BODY, MAX_BODY + 1):
        packed = PACKERS[encoding](b"x" * size)
        await exchange(listener.port, post(device.path, packed, encoding))
    assert [len(body) for body in device.bodies] == [MAX_BODY]
    assert device.oddities == {"a request that is too large": 1}


@pytest.mark.parametrize("encoding", PACKERS)
async def test_a_devices_bomb_is_not_unpacked(
    listener: Listener, device: Known, unpacked: list[int], encoding: str
) -> None:
    packed = bomb(encoding)
    small = PACKERS[encoding](bytes(UNPACKED // 4))[: MAX_BODY - 1]
    for body in (packed, small):
        answer = await exchange(listener.port, post(device.path, body, encoding))
        assert status(answer) == 413
    assert unpacked == [MAX_BODY + 1]  # the other is too large as it is sent
    assert not device.bodies
    assert listener.rejections == {"too large": 2}
    assert device.oddities == {"a request that is too large": 2}


async def test_an_unknown_encoding_is_refused(listener: Listener, device: Known) -> None:
    for encoding in ("br", "zstd", "gzip, gzip", "\u00e4"):
        assert status(await exchange(listener.port, post(device.path, b"x", encoding))) == 415
    assert not device.bodies
    assert device.oddities == {"a request with an unknown encoding": 4}


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"\x1f\x8b", gzip.compress(b"on")[:-3], gzip.compress(b"on") + b"off"],
)
async def test_a_broken_encoding_is_refused(
    listener: Listener, device: Known, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert status(await exchange(listener.port, post(device.path, body, "gzip"))) == 400
    assert not device.bodies
    assert device.oddities == {"a request with a broken encoding": 1}
    assert not caplog.records


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_request_that_is_cut_off_is_counted_not_logged(
    listener: Listener, device: Known, caplog: pytest.LogCaptureFixture, *, chunked: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    data = post(device.path, b"x" * 100, chunked=chunked)[:-50]
    for cut in (1, 2):
        _, writer = await asyncio.open_connection(LOOPBACK, listener.port)
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.close()
        await until(lambda: device.oddities)
        await asyncio.sleep(0.02)
        assert device.oddities == {"a request that was cut off": cut}
    assert not device.bodies
    assert not [r for r in caplog.records if r.name.startswith(("lan_edge", "aiohttp"))]


async def test_a_websocket_that_hangs_up_at_once_is_not_logged(
    listener: Listener, device: Known, caplog: pytest.LogCaptureFixture
) -> None:
    data = post(device.path, b"").replace(b"POST", b"GET")[:-2] + (
        b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    for _ in range(3):
        _, writer = await asyncio.open_connection(LOOPBACK, listener.port)
        writer.write(data)
        writer.transport.abort()
    await asyncio.sleep(0.05)
    assert not caplog.records


async def test_a_websocket_is_not_compressed(listener: Listener, device: Known) -> None:
    """64 KiB would come of 80 bytes, and thousands of such messages of one read."""
    async with aiohttp.ClientSession() as session:
        url = device.registration.given_url
        async with session.ws_connect(url, compress=15) as websocket:
            assert not websocket.compress
            assert "Server" not in websocket._response.headers
            await websocket.send_str("hello")
            await until(lambda: device.bodies)
    assert device.bodies == [b"hello"]
