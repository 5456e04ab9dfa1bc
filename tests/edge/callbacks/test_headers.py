"""Headers of strangers: little of them is kept, and what devices send is short enough."""

import asyncio
from collections.abc import AsyncGenerator
import gc
import tracemalloc

import pytest

from lan_edge import Listener, ListenerSettings
from lan_edge.callbacks.http_server import (
    MAX_HEADER_FIELD,
    MAX_HEADER_FIELDS,
    MAX_LINE,
    MAX_PER_SOURCE,
)
from lan_edge.callbacks.registration import CallbackHandler, CallbackRegistration

from ..peers import LOOPBACK, until

MAX_KEPT = 128 * 1024
"""Bytes of memory that the head of one request may take."""
UNFINISHED = {
    "target": b"GET /" + b"x" * 8000,
    "one header": b"GET / HTTP/1.1\r\nA: " + b"x" * 8000,
    "headers": b"GET / HTTP/1.1\r\n"
    + b"".join(b"A%d: %b\r\n" % (n, b"x" * 8000) for n in range(99)),
    "short headers": b"GET / HTTP/1.1\r\n" + b"".join(b"A%d: b\r\n" % n for n in range(9999)),
}


@pytest.fixture
async def listener() -> AsyncGenerator[Listener]:
    made = Listener(ListenerSettings(port=0))
    yield made
    await made.close()


@pytest.fixture
async def device(listener: Listener) -> AsyncGenerator[CallbackRegistration]:
    handler = CallbackHandler(lambda _: "taken", lambda: None, lambda: None, lambda _: None)
    registration = listener.register(handler)
    await registration.attach("127.0.0.11")
    await registration.url()
    yield registration
    await registration.close()


@pytest.mark.usefixtures("device")
@pytest.mark.parametrize("data", UNFINISHED.values(), ids=UNFINISHED)
async def test_unfinished_ones_take_little_memory(listener: Listener, data: bytes) -> None:
    opened = [await asyncio.open_connection(LOOPBACK, listener.port) for _ in range(MAX_PER_SOURCE)]
    server = listener._server
    assert server is not None
    http = server._http
    assert http is not None
    await until(lambda: len(http._transports) == MAX_PER_SOURCE)
    tracemalloc.start()
    try:
        for _, writer in opened:
            writer.write(data)
            writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.sleep(0.5)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] < MAX_PER_SOURCE * MAX_KEPT
    finally:
        tracemalloc.stop()
        for _, writer in opened:
            writer.transport.abort()


async def test_those_of_devices_are_short_enough(
    listener: Listener, device: CallbackRegistration
) -> None:
    query = "q" * (MAX_LINE - 200)
    fields = [f"X-{n}: {'x' * (MAX_HEADER_FIELD - 100)}" for n in range(MAX_HEADER_FIELDS - 4)]
    head = [f"GET /{device.token}?{query} HTTP/1.1", "Host: hub", *fields, "Connection: close"]
    reader, writer = await asyncio.open_connection(LOOPBACK, listener.port)
    writer.write("\r\n".join([*head, "", ""]).encode())
    answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b"taken")
    writer.close()
