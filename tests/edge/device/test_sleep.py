"""A device that sleeps: it stays available, and what it is told waits until it wakes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import logging
from typing import override

import pytest

from lan_edge import (
    Device,
    DriverError,
    LightIntent,
    OfflineError,
    Profile,
    Switch,
    SwitchLevel,
    UnsupportedError,
    handles,
)

from ..bench import Bench, BenchDevice, TestSpeed, Toggle, new_device, online
from ..peers import until

HOUR = 3600.0


class Sleeper(Bench):
    """Sleeps for an hour at most."""

    id = "test_sleeper"
    profile = Profile(Switch, SwitchLevel, TestSpeed, Toggle)
    sleeps = HOUR

    @handles(Toggle.toggle)
    async def toggle(self) -> None:
        await self.io.call("set", on=None)


@asynccontextmanager
async def asleep() -> AsyncGenerator[tuple[BenchDevice, Device]]:
    """Yield a device that has fallen asleep, and can be opened again; with its handle."""
    peer = BenchDevice()
    await peer.__aenter__()
    try:
        async with online(new_device(Sleeper, peer.address)) as device:
            await peer.__aexit__()
            await until(lambda: not device._session.is_online)
            yield peer, device
    finally:
        await peer.__aexit__()


async def wake(peer: BenchDevice) -> BenchDevice:
    """Let it wake: a device with the same state, at the same address."""
    awake = BenchDevice(port=peer.address.port)
    awake.state = peer.state
    await awake.__aenter__()
    return awake


async def send(device: Device, level: int) -> None:
    await device.commands.execute(SwitchLevel.set_level, {"level": level})


async def test_it_stays_available_for_so_long_and_no_longer() -> None:
    async with asleep() as (_, device):
        changes = list[bool]()
        device.observer.on_available = lambda: changes.append(device.available)
        await asyncio.sleep(HOUR - 60)
        assert device.available
        assert device.state.get(Switch.switch) is False
        await asyncio.sleep(120)
        assert changes == [False]


async def test_what_it_is_told_waits_and_only_the_newest_is_sent() -> None:
    async with asleep() as (peer, device):
        run = device.commands
        for level in (10, 20, 30):
            await send(device, level)
        await run.execute(Switch.on, {})
        await run.execute(TestSpeed.set_speed, {"speed": 7})
        await run.execute(Switch.off, {})
        assert device.state.get(SwitchLevel.level) == 0
        names = [each["command"] for each in device.waiting_commands]
        assert names == [
            "switchLevel.setLevel of main",
            "test.speed.setSpeed of main",
            "switch.off of main",
        ]
        awake = await wake(peer)
        try:
            await until(lambda: len(awake.sets) == 3, 30)
            assert awake.sets == [{"level": 30}, {"speed": 7}, {"on": False}]
            await until(lambda: device.state.get(SwitchLevel.level) == 30)
            assert device.waiting_commands == []
        finally:
            await awake.__aexit__()


async def test_a_newer_intent_takes_the_place_of_what_it_covers() -> None:
    async with asleep() as (_, device):
        await device.commands.perform(LightIntent(on=True, level=5))
        await device.commands.execute(Switch.off, {})
        assert len(device.waiting_commands) == 2  # the level is still wanted
        await device.commands.perform(LightIntent(on=True, level=9))
        assert len(device.waiting_commands) == 1


async def test_what_is_relative_or_impossible_is_refused() -> None:
    async with asleep() as (_, device):
        with pytest.raises(OfflineError, match="it sleeps, and only what sets a value can wait"):
            await device.commands.execute(Toggle.toggle, {})
        with pytest.raises(UnsupportedError):
            await device.commands.execute(Switch.on, {}, "nowhere")
        with pytest.raises(OfflineError, match="it sleeps"):
            await device.commands.refresh()
        assert device.waiting_commands == []


async def test_one_that_turns_out_to_sleep_is_told_when_it_wakes() -> None:
    async with BenchDevice() as peer, online(new_device(Sleeper, peer.address)) as device:
        peer.deaf = True
        await send(device, 40)
        assert len(device.waiting_commands) == 1
        with pytest.raises(OfflineError):
            await device.commands.execute(Toggle.toggle, {})
        peer.deaf = False
        device.connection.sighted(peer.address)
        await until(lambda: {"level": 40} in peer.sets, 30)
        await until(lambda: device.state.get(SwitchLevel.level) == 40)


async def test_falling_asleep_again_keeps_the_order() -> None:
    async with asleep() as (peer, device):
        await send(device, 30)
        await device.commands.execute(TestSpeed.set_speed, {"speed": 7})
        await device.commands.execute(Switch.on, {})
        names = [each["command"] for each in device.waiting_commands]
        awake = await wake(peer)
        awake.deaf_to = "set"
        try:
            await until(lambda: device._session.is_online, 30)
            await until(lambda: not device._session.is_online, 30)
            await asyncio.sleep(0)
            assert [each["command"] for each in device.waiting_commands] == names
        finally:
            await awake.__aexit__()
        awake = await wake(peer)
        try:
            await until(lambda: len(awake.sets) == 3, 60)
            assert awake.sets == [{"level": 30}, {"speed": 7}, {"on": True}]
        finally:
            await awake.__aexit__()


async def test_what_fails_when_it_wakes_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with asleep() as (peer, device):
        await send(device, 40)
        awake = await wake(peer)
        awake.idle = True
        try:
            await until(lambda: "which waited until it wakes, failed" in caplog.text, 30)
        finally:
            await awake.__aexit__()


async def test_what_waits_when_it_has_been_away_for_too_long_fails(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with asleep() as (_, device):
        await send(device, 40)
        with caplog.at_level(logging.WARNING):
            await asyncio.sleep(HOUR + 60)
        assert "which waited until it wakes, failed" in caplog.text
        assert device.waiting_commands == []
        with pytest.raises(OfflineError):
            await send(device, 50)


def test_a_time_that_makes_no_sense() -> None:
    with pytest.raises(DriverError, match="sleeps is -1, not a number of seconds above 0, or None"):

        class Wrong(Sleeper):
            sleeps = -1

            @override
            async def refresh(self) -> None:
                """Read nothing."""
