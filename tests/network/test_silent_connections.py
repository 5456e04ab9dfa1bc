"""Lasting connections whose devices fall silent at any moment: all are noticed in the same time.

While nothing is sent, the kernel notices a silence. Whether something is sent at just that time
depends on when the silence begins: the check of a device's program, the ping of a WebSocket.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from lan_edge import Address, Device, Driver, Listener, ListenerSettings, Runtime
from tests.docs.pages import driver_of
from tests.drivers.house import driven
from tests.emulators.dialing_relay import DialingRelay
from tests.emulators.json_bulb import JsonBulbEmulator

from .chaos.drivers import sse_lamp, ws_lamp
from .chaos.lamps import SseLamp, WsLamp
from .home import figures
from .lab import HERE, Host, Lan
from .resident import Resident

NOTICED = 10.0
"""Seconds in which a silence is noticed."""
MOMENTS = (2, 5, 8, 11, 14, 17, 20)
"""Seconds after the last message: a WebSocket is pinged after 15, a program checked after 20."""


@dataclass(frozen=True)
class Kind:
    """A device of one transport."""

    name: str
    driver: type[Driver[Any]]
    make: Callable[[str], AbstractAsyncContextManager[Any]]
    """Makes it at a host."""
    port: int = 0
    unique_id: str = ""


def kinds(moment: int, listener: str) -> list[Kind]:
    """Return a device of each transport; those that call have an id of their own."""
    relay = driver_of("dialing_relay.py")
    ids = [f"RELAY{moment}", f"LINES{moment}"]
    calls = [
        partial(called, f"{listener}/{unique_id}", unique_id, lines=lines)
        for unique_id, lines in zip(ids, (False, True), strict=True)
    ]
    return [
        Kind("JSON", driver_of("json_bulb.py"), json_bulb, 5577),
        Kind("WebSocket", ws_lamp.WsLamp, partial(lamp, WsLamp, 8081), 8081),
        Kind("event stream", sse_lamp.SseLamp, partial(lamp, SseLamp, 8082), 8082),
        Kind("inbound WebSocket", relay, calls[0], unique_id=ids[0]),
        Kind("inbound lines", relay, calls[1], unique_id=ids[1]),
    ]


def json_bulb(host: str) -> JsonBulbEmulator:
    return JsonBulbEmulator(host, 5577, announce=False)


def lamp(made: type[Any], port: int, host: str) -> Any:
    return made(host, port, id="lamp-1", name="Lamp")


def called(url: str, unique_id: str, host: str, *, lines: bool) -> DialingRelay:
    return DialingRelay(url, unique_id, lines=lines, host=host)


@asynccontextmanager
async def all_at(host: str, several: list[Kind]) -> AsyncGenerator[None]:
    async with AsyncExitStack() as stack:
        for kind in several:
            await stack.enter_async_context(kind.make(host))
        yield


@pytest.fixture
async def runtime(own_network: None) -> AsyncGenerator[Runtime]:
    made = Runtime(listener=Listener(ListenerSettings(host="", port=0)))
    yield made
    await made.close()


async def test_a_silence_is_noticed_in_the_same_time_whenever_it_begins(
    lan: Lan, runtime: Runtime
) -> None:
    await runtime.listener.welcome({"dialing-relay": lambda *_: None})
    listener = f"http://{HERE}:{runtime.listener.port}/dialing-relay"
    async with AsyncExitStack() as stack:
        watched = list[tuple[Host, float, dict[str, Device]]]()
        for number, moment in enumerate(MOMENTS):
            host, several = lan.join(), kinds(number, listener)
            await stack.enter_async_context(Resident(host, partial(all_at, host.address, several)))
            devices = {
                kind.name: await stack.enter_async_context(
                    driven(
                        kind.driver,
                        Address(host.address, kind.port),
                        kind.unique_id,
                        runtime=runtime,
                    )
                )
                for kind in several
            }
            watched.append((host, moment, devices))
        took = await asyncio.gather(*(silence(*each) for each in watched))
    for name in took[0]:
        figures(f"{name}: silent, unavailable after", [each[name] for each in took], "s")
    for moment, times in zip(MOMENTS, took, strict=True):
        late = {name: seconds for name, seconds in times.items() if seconds > NOTICED}
        assert late == {}, f"silent {moment} s after the last message"


async def silence(host: Host, moment: float, devices: dict[str, Device]) -> dict[str, float]:
    """Silence a host; return after how many seconds its devices are unavailable, by their kind."""
    loop = asyncio.get_running_loop()
    await asyncio.gather(*(device.commands.refresh() for device in devices.values()))
    await asyncio.sleep(moment)
    assert all(device.available for device in devices.values())
    await asyncio.to_thread(host.silence)
    began = loop.time()

    async def noticed(device: Device) -> float:
        unavailable = asyncio.Event()
        device.observer.on_available = unavailable.set
        async with asyncio.timeout(60):
            await unavailable.wait()
        return loop.time() - began

    return dict(zip(devices, await asyncio.gather(*map(noticed, devices.values())), strict=True))
