"""A device that answers, but slowly: nothing that strangers say takes it away."""

import asyncio
from collections.abc import Callable
from typing import ClassVar, override

import pytest

from lan_edge import Address, Device, HttpOptions
from lan_edge.connection.connection import DOUBT_TIMEOUT, Connection
from lan_edge.connection.hints import HINT_INTERVAL

from ..bench import Bench, BenchDevice, new_device, online
from ..peers import until
from .test_liveness import Plain, PlainDevice

ELSEWHERE = Address("127.0.0.2", 9)
SAID: dict[str, Callable[[Connection], None]] = {
    "goodbye": lambda connection: connection.sightings.said_goodbye(),
    "sighting elsewhere": lambda connection: connection.sighted(ELSEWHERE),
}

said = pytest.mark.parametrize("say", SAID.values(), ids=SAID)


class Nameless(Plain):
    """Has no id, so that a check of it takes three requests in a row."""

    id = "test_slow_nameless"
    options = HttpOptions()

    @override
    async def identify(self) -> str:
        await self.io.get_text("/id")
        await self.io.get_text("/id")
        return ""


class Declared(Plain):
    """Is known to be slow."""

    id = "test_slow_declared"
    options = HttpOptions(answers_within=8, timeout=8)


class Undeclared(Plain):
    """Is slower than its driver knows."""

    id = "test_slow_undeclared"
    options = HttpOptions()


async def stays(device: Device, say: Callable[[Connection], None], checks: int = 3) -> None:
    """Let a stranger say something as often as it is acted on; the device stays."""
    seen = list[bool]()
    device.observer.on_available = lambda: seen.append(device.available)
    for _ in range(checks):
        say(device.connection)
        await asyncio.sleep(HINT_INTERVAL + 1)
    assert not seen
    assert (device.history.drops, device.connection.attempts) == (0, 1)


@said
@pytest.mark.parametrize(
    ("driver", "delay"),
    [(Nameless, 1.2), (Declared, 4), (Declared, 7), (Undeclared, 4)],
    ids=["three answers", "declared", "declared as very slow", "undeclared"],
)
async def test_it_has_the_time_that_it_needs(
    driver: type[Plain], delay: float, say: Callable[[Connection], None]
) -> None:
    async with PlainDevice() as peer, online(new_device(driver, peer.address)) as device:
        asked, peer.delay = len(peer.requests), delay
        await stays(device, say)
        assert len(peer.requests) >= asked + 3


class Pushing(Bench):
    """Does not wait for an answer for long."""

    id = "test_slow_pushing"
    fails: ClassVar[dict[str, Exception]] = {}


@said
async def test_a_refusal_is_an_answer(say: Callable[[Connection], None]) -> None:
    """As of a device that takes only so many requests in a minute."""
    async with BenchDevice() as peer, online(new_device(Pushing, peer.address)) as device:
        asked, peer.refuse = len(peer.requests), True
        await stays(device, say)
        assert len(peer.requests) == asked + 3


@said
async def test_so_is_a_notification_of_one_that_is_busy(say: Callable[[Connection], None]) -> None:
    async with BenchDevice() as peer, online(new_device(Pushing, peer.address)) as device:

        async def report() -> None:
            while True:
                await peer.push(level=7)
                await asyncio.sleep(0.2)

        peer.deaf, reporting = True, asyncio.ensure_future(report())
        try:
            await stays(device, say)
        finally:
            reporting.cancel()


@said
async def test_one_that_is_silent_is_noticed(say: Callable[[Connection], None]) -> None:
    async with PlainDevice() as peer, online(new_device(Undeclared, peer.address)) as device:
        peer.silent = True
        say(device.connection)
        await until(lambda: not device.available, 10)


async def test_after_a_failure_it_may_answer_slowly_too() -> None:
    """A doubt of ours counts its silence, too, and not the time of all its answers."""
    async with PlainDevice() as peer, online(new_device(Nameless, peer.address)) as device:
        peer.delay = 0.5 * DOUBT_TIMEOUT
        device.connection.doubt()
        await asyncio.sleep(3 * DOUBT_TIMEOUT)
        assert device.connection.attempts == 1
    async with PlainDevice() as peer, online(new_device(Declared, peer.address)) as device:
        peer.delay = 2 * DOUBT_TIMEOUT
        device.connection.doubt()
        await asyncio.sleep(3 * DOUBT_TIMEOUT)
        assert device.connection.attempts == 1
