"""Timers of a device."""

import asyncio
from collections.abc import AsyncGenerator
import random
from typing import ClassVar, override

import pytest

from lan_edge import Status, Switch
from lan_edge.timing.timers import Timers, Work

from ..bench import Bench, BenchDevice, new_device, online, send
from ..peers import loop_timers, until


async def run(work: Work) -> None:
    await work()


@pytest.fixture
async def timers() -> AsyncGenerator[Timers]:
    timers = Timers(run)
    timers.open()
    yield timers
    await timers.close()
    assert not loop_timers()


class Ticks:
    """Counts its ticks, each of which takes a while."""

    def __init__(self, seconds: float = 0) -> None:
        self.count = self.running = 0
        self.seconds = seconds

    async def tick(self) -> None:
        self.count += 1
        self.running += 1
        assert self.running == 1
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.running -= 1


async def test_every(timers: Timers) -> None:
    ticks = Ticks()
    cancel = timers.every(0.01, ticks.tick)
    await asyncio.sleep(0.1)
    assert 5 <= ticks.count <= 12
    cancel()
    cancel()
    await asyncio.sleep(0.005)  # one may have been due already
    count = ticks.count
    await asyncio.sleep(0.03)
    assert ticks.count == count


async def test_work_is_skipped_while_it_still_runs(timers: Timers) -> None:
    ticks = Ticks(0.05)
    timers.every(0.005, ticks.tick)
    await asyncio.sleep(0.13)
    assert 2 <= ticks.count <= 3


async def test_intervals_vary(timers: Timers, monkeypatch: pytest.MonkeyPatch) -> None:
    spans = list[tuple[float, float]]()

    def uniform(a: float, b: float) -> float:
        spans.append((a, b))
        return 1.0

    monkeypatch.setattr(random, "uniform", uniform)
    timers.every(100, Ticks().tick)
    assert spans == [(0.9, 1.1)]


async def test_after(timers: Timers) -> None:
    ticks = Ticks()
    timers.after(0.01, ticks.tick)
    timers.after(0.01, ticks.tick)()
    await asyncio.sleep(0.05)
    assert ticks.count == 1


async def test_close_cancels_running_work_and_starts_no_more(timers: Timers) -> None:
    ticks = Ticks(60)
    timers.every(0.001, ticks.tick)
    await until(lambda: ticks.running)
    await timers.close()
    assert not ticks.running
    timers.every(0.001, ticks.tick)
    timers.after(0.001, ticks.tick)
    assert not loop_timers()


class Ticking(Bench):
    every_tick: ClassVar[Ticks]

    @override
    async def connected(self) -> None:
        await super().connected()
        self.every(0.01, self.every_tick.tick)

    @override
    async def disconnected(self) -> None:
        await super().disconnected()
        self.every(0.01, self.every_tick.tick)  # too late


async def test_timers_of_a_driver_end_with_the_connection() -> None:
    Ticking.every_tick = ticks = Ticks()
    async with BenchDevice() as peer:
        device = new_device(Ticking, peer.address)
        async with online(device):
            await until(lambda: ticks.count > 2)
            peer.drop()
            await until(lambda: device.connection.status is not Status.ONLINE)
            await until(lambda: not peer.connections)
            count = ticks.count
            await asyncio.sleep(0.05)
            assert ticks.count <= count + 1
            await until(lambda: device.connection.status is Status.ONLINE)
            await until(lambda: ticks.count > count + 2)
        count = ticks.count
        await asyncio.sleep(0.03)
        assert ticks.count == count


async def test_work_waits_for_commands() -> None:
    class Polling(Bench):
        poll = 0.01

    async with BenchDevice() as peer, online(new_device(Polling, peer.address)) as device:
        peer.delay = lambda: 0.02
        peer.requests.clear()
        await asyncio.gather(*(send(device, Switch.on) for _ in range(4)))
        await asyncio.sleep(0.05)
        assert peer.requests.count("get") >= 2
        assert len(peer.requests) <= 8


async def test_poll_that_fails_twice_is_offline_with_the_reason() -> None:
    class Polling(Bench):
        poll = 0.02

    async with BenchDevice() as peer, online(new_device(Polling, peer.address)) as device:
        peer.refuse = True
        await until(lambda: not device.available)
        assert "not now" in str(device.connection.reason)
        peer.refuse = False
        await until(lambda: device.available)
