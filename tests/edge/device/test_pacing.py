"""The pace of a device: it is kept by all who talk to it, and what waits is no fault of it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from email.utils import formatdate
from itertools import pairwise
import math
from typing import Any, override

import pytest

from lan_edge import (
    Address,
    ArgumentError,
    Device,
    DeviceError,
    DriverError,
    HttpOptions,
    Identity,
    JsonRpcOptions,
    OfflineError,
    Pace,
    Record,
    RefusedError,
    Switch,
    SwitchLevel,
)
from tests.clock import now
from tests.docs import pages
from tests.docs.devices import HOST
from tests.docs.lamp_bridge import LAMPS, LampBridge

from ..bench import Bench, BenchDevice, new_device as new_bench, online as bench_online
from ..peers import loop_timers, until

PATH = "docs/examples/lamp_bridge.py"
EXAMPLE = pages.run(PATH, (pages.ROOT / PATH).read_text())
pytestmark = pytest.mark.usefixtures("nothing_left_running")


def bridge_driver(options: HttpOptions) -> Any:
    """Return the page's driver with other options."""
    return type("Bridge", (EXAMPLE.LampBridge,), {"id": "test_bridge", "options": options})


Slow = bridge_driver(HttpOptions(pace=Pace(most=2, per_host=True)))
Slowest = bridge_driver(HttpOptions(pace=Pace(gap=1, per_host=True)))
Unpaced = bridge_driver(HttpOptions())


def new_device(bridge: LampBridge, driver: Any = EXAMPLE.LampBridge) -> Device:
    return Device(driver, Record(Identity(bridge.id), (Address(HOST, bridge.port),)))


@asynccontextmanager
async def online(bridge: LampBridge, driver: Any = EXAMPLE.LampBridge) -> AsyncGenerator[Device]:
    async with bench_online(new_device(bridge, driver), seconds=20) as device:
        yield device


async def on(device: Device, lamp: str = LAMPS[0]) -> None:
    await device.commands.execute(Switch.on, {}, lamp)


async def test_a_group_of_twenty_lamps() -> None:
    async with LampBridge() as bridge, online(bridge) as device:
        await asyncio.sleep(5)
        began = now()
        await asyncio.gather(*(on(device, lamp) for lamp in LAMPS))
        assert now() - began < 5
        assert bridge.refused == 0
        assert bridge.requests == [f"PUT /lamps/{lamp}" for lamp in LAMPS]
        assert all(lamp["on"] for lamp in bridge.lamps.values())
        assert (device.history.failed, device.history.drops) == (0, 0)


async def test_all_at_one_host_share_it_from_the_first_request_on() -> None:
    async with LampBridge(most=2) as bridge:
        devices = [new_device(bridge, Slow) for _ in range(4)]
        for device in devices:
            device.start()
        await until(lambda: all(device.available for device in devices), seconds=20)
        await asyncio.gather(*(on(device, lamp) for device in devices for lamp in LAMPS[:2]))
        assert bridge.refused == 0
        assert [device.connection.attempts for device in devices] == [1, 1, 1, 1]
        assert [device.history.drops for device in devices] == [0, 0, 0, 0]
        for device in devices:
            await device.stop()


@pytest.mark.parametrize("driver", [EXAMPLE.LampBridge, Unpaced])
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("kind", ["seconds", "date", "date of a wrong clock"])
async def test_it_waits_as_long_as_the_device_asks_for(kind: str, status: int, driver: Any) -> None:
    async with LampBridge(most=1000) as bridge, online(bridge, driver) as device:
        bridge.status, began = status, now()
        bridge.refusal = {"Retry-After": "7"}
        if kind != "seconds":
            clock = 1e9 if kind == "date of a wrong clock" else 2e9
            bridge.refusal = {
                "Retry-After": formatdate(clock + 7, usegmt=True),
                "Date": formatdate(clock, usegmt=True),
            }
        bridge.busy_until = began + 6
        await on(device)
        assert 7 <= now() - began < 8
        assert bridge.requests == ["PUT /lamps/l0"] * 2
        assert device.available


async def test_what_would_wait_longer_than_a_command_may_take_fails_and_says_when() -> None:
    async with LampBridge() as bridge, online(bridge) as device:
        bridge.refusal, bridge.busy_until, began = {"Retry-After": "90"}, now() + 80, now()
        with pytest.raises(RefusedError, match="slow down; it takes no more requests for 90 s"):
            await on(device)
        with pytest.raises(RefusedError, match="it takes no more requests for 90 s") as refused:
            await on(device, LAMPS[1])
        assert refused.value.status == 429
        assert now() - began < 1
        await asyncio.sleep(85)  # it is neither asked nor given up meanwhile
        assert bridge.refused == 1
        assert device.history.drops == 0
        await asyncio.sleep(6)
        bridge.refused = 0
        await on(device)
        assert bridge.refused == 0


async def test_a_pause_has_an_end_whatever_the_device_asks_for() -> None:
    async with LampBridge() as bridge, online(bridge) as device:
        bridge.refusal, bridge.busy_until = {"Retry-After": "999999999"}, now() + 100
        with pytest.raises(RefusedError, match="for 300 s"):
            await on(device)
        await asyncio.sleep(301)
        await on(device)


async def test_without_a_time_it_waits_longer_each_time() -> None:
    async with LampBridge() as bridge, online(bridge) as device:
        bridge.refusal, bridge.busy_until = {}, now() + 5
        await on(device)
        tries = [at for at, what in bridge.came if what.startswith("PUT")]
        waits = [later - at for at, later in pairwise(tries)]
        assert [round(wait) for wait in waits] == [1, 2, 4]


@pytest.mark.parametrize(("driver", "status"), [(EXAMPLE.LampBridge, 503), (Unpaced, 429)])
async def test_other_refusals_are_told_at_once(driver: Any, status: int) -> None:
    async with LampBridge(most=1000) as bridge, online(bridge, driver) as device:
        bridge.refusal, bridge.status = {}, status
        bridge.busy_until, began = now() + 5, now()
        with pytest.raises(RefusedError, match=r"slow down$"):
            await on(device)
        assert now() - began < 1


async def test_commands_go_before_polls() -> None:
    """One device's poll is due, and lets another's commands go first; but not for ever."""
    async with (
        LampBridge(most=2) as bridge,
        online(bridge, Slowest) as polled,
        online(bridge, Slowest) as commanded,
    ):
        await asyncio.sleep(3)
        tasks = [asyncio.ensure_future(on(commanded, lamp)) for lamp in LAMPS[:6]]
        await asyncio.sleep(0.1)
        polled.driver.refresh_soon()
        bridge.came.clear()
        await until(lambda: any("GET" in what for _, what in bridge.came), seconds=20)
        assert 2 <= len(bridge.requests) < 5
        await asyncio.gather(*tasks)


class Gentle(Bench):
    """Takes a message every two seconds."""

    id = "test_gentle"
    options = JsonRpcOptions(pace=Pace(gap=2))


async def test_while_a_command_waits_for_its_turn_a_newer_one_replaces_it() -> None:
    async with BenchDevice() as peer, bench_online(new_bench(Gentle, peer.address)) as device:
        await asyncio.sleep(2)
        levels = [device.commands.execute(SwitchLevel.set_level, {"level": n}) for n in range(9)]
        await asyncio.gather(*levels)
        assert peer.sets == [{"level": 0}, {"level": 8}]


async def test_what_the_device_sends_does_not_wait() -> None:
    async with BenchDevice() as peer, bench_online(new_bench(Gentle, peer.address)) as device:
        refreshing = asyncio.ensure_future(device.commands.refresh())
        await asyncio.sleep(0)
        began = now()
        await peer.push(level=7)
        await until(lambda: device.state.get(SwitchLevel.level) == 7)
        assert now() - began < 0.5
        await refreshing


async def test_what_waits_is_no_silence_of_the_device() -> None:
    """Each command waits longer than a device may be silent."""
    async with BenchDevice() as peer, bench_online(new_bench(Gentle, peer.address)) as device:
        asked = peer.requests.count("info")
        for change in (Switch.on, Switch.off, Switch.on):
            await asyncio.gather(device.commands.execute(change, {}), device.commands.refresh())
        assert peer.requests.count("info") == asked
        assert (device.history.failed, device.history.drops) == (0, 0)


async def test_a_device_that_hangs_is_noticed_all_the_same() -> None:
    async with BenchDevice() as peer, bench_online(new_bench(Gentle, peer.address)) as device:
        await asyncio.sleep(3)
        peer.deaf, began = True, now()
        with pytest.raises(DeviceError):
            await device.commands.execute(Switch.on, {})
        await until(lambda: not device.available, seconds=20)
        assert now() - began < 8


class Metering(Gentle):
    """Reads six things more, of which each waits."""

    id = "test_metering"

    @override
    async def refresh(self) -> None:
        await super().refresh()
        for _ in range(6):
            await self.optional(self.more, Switch)

    async def more(self) -> None:
        await self.io.call("get")


async def test_an_optional_reading_has_its_time_once_it_is_sent() -> None:
    async with BenchDevice() as peer:
        device = new_bench(Metering, peer.address)
        device.start()
        await until(lambda: device.available, seconds=40)
        assert device.failed_readings == []
        assert peer.requests.count("get") == 7
        await device.stop()


async def test_what_waits_when_the_device_is_stopped_is_not_sent() -> None:
    async with BenchDevice() as peer:
        device = new_bench(Gentle, peer.address)
        async with bench_online(device):
            commands = [device.commands.execute(Switch.on, {}) for _ in range(3)]
            tasks = [asyncio.ensure_future(each) for each in commands]
            await asyncio.sleep(0)
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(each, OfflineError) for each in results)
        assert peer.sets == []
        assert not loop_timers()


@pytest.mark.parametrize(
    "wrong", [{"gap": -1}, {"gap": math.nan}, {"gap": 61}, {"most": -1}, {"burst": 0}], ids=str
)
def test_a_pace_that_makes_no_sense(wrong: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError, match=next(iter(wrong))):
        Pace(**wrong)


def test_a_pace_of_the_wrong_type() -> None:
    with pytest.raises(DriverError, match="the option pace is 10, not a Pace"):

        class Wrong(Gentle):
            options = JsonRpcOptions(pace=10)  # type: ignore[arg-type]
