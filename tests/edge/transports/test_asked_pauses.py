"""A pause for which a device asks when a WebSocket or an event stream is opened."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from typing import Any, override

from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from lan_edge import (
    Address,
    Beside,
    Button,
    Device,
    Driver,
    Http,
    HttpOptions,
    Momentary,
    Pace,
    Profile,
    Record,
    RefusedError,
    Sse,
    SseOptions,
    UnreachableError,
    WebSocket,
    WebSocketOptions,
    handles,
)
from lan_edge.transports import Transport
from tests.clock import now

from ..peers import until
from .contract import Heard

pytestmark = pytest.mark.usefixtures("nothing_left_running")


class Busy:
    """A device that takes no stream until some time; requests it answers."""

    def __init__(self, status: int = 503, asks_for: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.asks_for = {"Retry-After": "7"} if asks_for is None else asks_for
        self.until = now() + 6
        self.came = list[tuple[float, str]]()
        """What was asked, and when."""
        self.address = Address("")

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.answer)
        async with TestServer(app, host="127.0.0.1") as server:
            assert server.port
            self.address = Address("127.0.0.1", server.port)
            yield

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.came.append((now(), request.path))
        if request.path not in {"/ws", "/events"}:
            return web.Response(text="on")
        if now() < self.until:
            return web.Response(status=self.status, headers=self.asks_for, text="still starting")
        if request.path == "/ws":
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            async for _ in socket:
                pass
            return socket
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return stream

    def times(self, path: str) -> list[float]:
        return [at for at, asked in self.came if asked == path]


class ByWebSocket(Driver[WebSocket]):
    id = "asked_by_websocket"
    profile = Profile(Button)
    options = WebSocketOptions(path="/ws")


class BySse(Driver[Sse]):
    id = "asked_by_sse"
    profile = Profile(Button)
    options = SseOptions(events="/events")


PATHS: dict[type[Driver[Any]], str] = {ByWebSocket: "/ws", BySse: "/events"}


def paced(driver: type[Driver[Any]], pace: Pace) -> type[Driver[Any]]:
    options: Any = driver.transport.options_type
    path = {"path": "/ws"} if options is WebSocketOptions else {}
    return type("Paced", (driver,), {"options": options(pace=pace, **path)})


def new_device(driver: type[Driver[Any]], address: Address) -> Device:
    return Device(driver, Record(addresses=(address,)))


@asynccontextmanager
async def started(driver: type[Driver[Any]], address: Address) -> AsyncGenerator[Device]:
    device = new_device(driver, address)
    device.start()
    try:
        yield device
    finally:
        await device.stop()


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("driver", PATHS)
async def test_it_is_opened_when_the_pause_is_over(driver: Any, status: int) -> None:
    busy = Busy(status)
    async with busy.running(), started(driver, busy.address) as device:
        await until(lambda: device.available, seconds=20)
        first, second = busy.times(PATHS[driver])
        assert 7 <= second - first < 8


@pytest.mark.parametrize("driver", PATHS)
async def test_nothing_is_asked_in_a_long_pause(driver: Any) -> None:
    busy = Busy(asks_for={"Retry-After": "90"})
    async with busy.running(), started(driver, busy.address) as device:
        await asyncio.sleep(89)
        assert len(busy.came) == 1
        reason = device.connection.reason
        assert isinstance(reason, RefusedError)
        assert "takes no more requests for" in str(reason)
        await until(lambda: device.available, seconds=60)


@pytest.mark.parametrize("driver", PATHS)
async def test_the_first_failure_says_why(driver: Any) -> None:
    busy = Busy(asks_for={"Retry-After": "90"})
    async with busy.running(), started(driver, busy.address) as device:
        await until(lambda: device.connection.reason)
        assert "still starting; it takes no more requests for 90 s" in str(device.connection.reason)
        assert isinstance(device.connection.reason, RefusedError)
        assert device.connection.reason.status == 503


@pytest.mark.parametrize("driver", PATHS)
async def test_with_a_pace_429_is_enough(driver: Any) -> None:
    busy = Busy(429, asks_for={})
    async with busy.running(), started(paced(driver, Pace(most=50)), busy.address) as device:
        await until(lambda: device.available, seconds=20)
        came = busy.times(PATHS[driver])
        waits = [later - at for at, later in pairwise(came)]
        assert [round(wait) for wait in waits] == [1, 2, 4]


@pytest.mark.parametrize(("status", "asks_for"), [(503, {}), (429, {}), (404, None)])
@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda link: WebSocket(link, WebSocketOptions(path="/ws")), "/ws"),
        (lambda link: Sse(link, SseOptions(events="/events")), "/events"),
    ],
)
async def test_other_refusals_begin_no_pause(
    make: Any, path: str, status: int, asks_for: Any
) -> None:
    busy, link = Busy(status, asks_for), Heard().link()
    io: Transport = make(link)
    async with busy.running():
        with pytest.raises(UnreachableError, match=r"no (WebSocket here|event stream)"):
            await io.open(busy.address)
        await io.close()
    assert link.pacing.pause == 0
    assert busy.times(path)


@pytest.mark.parametrize("driver", PATHS)
async def test_all_at_one_host_pause_if_they_share_a_pace(driver: Any) -> None:
    busy = Busy(asks_for={"Retry-After": "30"})
    shared = paced(driver, Pace(most=50, per_host=True))
    async with busy.running(), started(shared, busy.address) as first:
        await until(lambda: first.connection.reason)
        async with started(shared, busy.address) as second:
            await asyncio.sleep(28)
            assert len(busy.came) == 1
            await until(lambda: first.available and second.available, seconds=10)


@pytest.mark.parametrize("driver", PATHS)
async def test_another_device_at_the_host_does_not_pause_without_one(driver: Any) -> None:
    busy = Busy(asks_for={"Retry-After": "30"})
    async with busy.running(), started(driver, busy.address) as first:
        await until(lambda: first.connection.reason)
        async with started(driver, busy.address) as second:
            await until(lambda: second.connection.reason)
            assert len(busy.came) == 2


class WithEvents(Driver[Http]):
    """A stream beside, which the driver can do without."""

    id = "asked_beside"
    profile = Profile(Momentary)
    options = HttpOptions()
    events = Beside(WebSocket, WebSocketOptions(port=80, path="/ws"), optional=True)

    @override
    async def identify(self) -> str:
        await self.io.get("/who")
        return ""

    @handles(Momentary.push)
    async def push(self) -> None:
        await self.io.get("/push")


async def test_a_pause_that_is_asked_for_beside_holds_for_the_whole_device() -> None:
    busy = Busy()
    async with busy.running(), started(WithEvents, busy.address) as device:
        await until(lambda: device.available)
        await until(lambda: busy.times("/ws"))
        await device.commands.execute(Momentary.push, {})
        ((pushed,), (asked, *_)) = busy.times("/push"), busy.times("/ws")
        assert 6.9 <= pushed - asked < 8
