"""The page's bridge: a group of its lamps is switched at the pace that it takes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from lan_edge import Address, Device, Identity, Record, Switch
from tests.clock import VirtualTimeLoop, now
from tests.edge import bench

from . import pages
from .devices import HOST
from .lamp_bridge import LAMPS, LampBridge

PATH = "docs/examples/lamp_bridge.py"
EXAMPLE = pages.run(PATH, (pages.ROOT / PATH).read_text())
pytestmark = pytest.mark.usefixtures("nothing_left_running")


@asynccontextmanager
async def online(bridge: LampBridge) -> AsyncGenerator[Device]:
    record = Record(Identity(bridge.id), (Address(HOST, bridge.port),))
    async with bench.online(Device(EXAMPLE.LampBridge, record), seconds=20) as device:
        yield device


async def on(device: Device, lamp: str = LAMPS[0]) -> None:
    await device.commands.execute(Switch.on, {}, lamp)


async def switch_twenty_lamps() -> None:
    async with LampBridge() as bridge, online(bridge) as device:
        began = now()
        await asyncio.gather(*(on(device, lamp) for lamp in LAMPS))
        assert now() - began < 5
        assert bridge.refused == 0
        assert bridge.requests == [f"PUT /lamps/{lamp}" for lamp in LAMPS]
        assert all(lamp["on"] for lamp in bridge.lamps.values())
        assert (device.history.failed, device.history.drops) == (0, 0)


def test_a_group_of_twenty_lamps() -> None:
    """On a busy machine, what is sent at a pace arrives at another: so with a clock of its own."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        runner.run(switch_twenty_lamps())
