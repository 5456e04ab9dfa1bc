"""Work that a device's messages ask for: however many there are, the device stays usable."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, override

import pytest

from lan_edge import JsonRpc, Switch
from lan_edge.timing.timers import MAX_WORKS
from tests.clock import now

from ..bench import Bench, BenchDevice, new_device, online, send

MESSAGES = 600
ANSWER = 0.02
"""Seconds that the device takes for an answer, as real ones do."""


class Asking(Bench):
    """Asks for work with each message that is not a reply."""

    id = "test_asking"
    fails: ClassVar[dict[str, Exception]] = {}
    ask: ClassVar[Callable[[Any, int], object]] = lambda _driver, _number: None

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        super().on_message(message)
        if (number := message.data.get("number")) is not None:
            type(self).ask(self, number)

    async def register(self, zone: int = 0) -> None:
        del zone
        await self.io.call("get")


ASKED: dict[str, Callable[[Asking, int], object]] = {
    "refresh_soon": lambda driver, _: driver.refresh_soon(),
    "after": lambda driver, _: driver.after(0, driver.register),
    "after, as a lambda": lambda driver, _: driver.after(0, lambda: driver.register(zone=7)),
    "after, as a partial": lambda driver, _: driver.after(0, partial(driver.register, 7)),
    "after a while": lambda driver, _: driver.after(2, driver.register),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
async def test_a_flood_causes_few_requests(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[[Asking, int], object]
) -> None:
    monkeypatch.setattr(Asking, "ask", ask)
    async with BenchDevice() as peer, online(new_device(Asking, peer.address)) as device:
        before, peer.delay, began = len(peer.requests), lambda: ANSWER, now()
        for number in range(MESSAGES):
            await peer.push(number=number)
            if number % 25 == 24:
                await asyncio.sleep(0.25)
        await asyncio.sleep(5)
        assert 5 <= len(peer.requests) - before <= now() - began
        assert device.connection.attempts == 1


FLOODS = {
    **ASKED,
    "after, for each message": lambda driver, n: driver.after(0, partial(driver.register, n)),
}


@pytest.mark.parametrize("ask", FLOODS.values(), ids=FLOODS)
async def test_the_owner_is_not_locked_out(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[[Asking, int], object]
) -> None:
    monkeypatch.setattr(Asking, "ask", ask)
    async with BenchDevice() as peer, online(new_device(Asking, peer.address)) as device:
        peer.delay = lambda: ANSWER

        async def flood() -> None:
            for number in range(100_000):
                await peer.push(number=number)
                if number % 20 == 19:
                    await asyncio.sleep(0.1)

        flooding = asyncio.ensure_future(flood())
        try:
            await asyncio.sleep(2)
            for command in (Switch.on, Switch.off) * 3:
                began = now()
                await send(device, command)
                assert now() - began < 10 * ANSWER
                await asyncio.sleep(0.3)
        finally:
            flooding.cancel()


async def test_more_different_works_than_can_wait_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Asking, "ask", FLOODS["after, for each message"])
    async with BenchDevice() as peer, online(new_device(Asking, peer.address)) as device:
        before, peer.delay = len(peer.requests), lambda: ANSWER
        for number in range(3 * MAX_WORKS):
            await peer.push(number=number)
        await asyncio.sleep(10)
        assert len(peer.requests) - before == MAX_WORKS
        assert device._session.link.oddities == {"too much work": 2 * MAX_WORKS}
