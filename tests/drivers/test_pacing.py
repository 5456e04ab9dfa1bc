"""Devices that drop off the network for 30 s if they are asked too often: they never do.

Whatever automations do: the pace of each driver holds back what it sends.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from lan_edge import Address, Device, Driver, Switch
from lan_edge.drivers.govee import Govee
from lan_edge.drivers.miot import Miot
from lan_edge.drivers.sonoff import Sonoff
from lan_edge.drivers.tuya import Tuya
from tests.emulators.govee import GoveeEmulator
from tests.emulators.miot import MiotEmulator
from tests.emulators.overload import Overload
from tests.emulators.sonoff import SonoffEmulator
from tests.emulators.tuya import TuyaEmulator
from tests.ports import free_port

from . import miots, test_tuya
from .house import driven, until
from .sonoffs import driven_sonoff

type Driven = tuple[Device, Overload]


@asynccontextmanager
async def tuya() -> AsyncGenerator[Driven]:
    async with TuyaEmulator(version="3.3") as emulator, test_tuya.driven(emulator) as device:
        yield device, emulator.overload


@asynccontextmanager
async def sonoff() -> AsyncGenerator[Driven]:
    async with SonoffEmulator() as emulator, driven_sonoff(emulator) as device:
        yield device, emulator.overload


@asynccontextmanager
async def miot() -> AsyncGenerator[Driven]:
    async with MiotEmulator() as emulator, miots.driven(emulator) as device:
        yield device, emulator.overload


@asynccontextmanager
async def govee() -> AsyncGenerator[Driven]:
    options: Any = Govee.options
    emulator = GoveeEmulator(
        "127.0.0.84",
        scan_port=Govee.scan_port,
        answer_port=options.local_port,
        port=options.port,
        by_group=False,
    )
    async with emulator:
        address = Address(emulator.host, emulator.port)
        async with driven(Govee, address, emulator.id.lower()) as device:
            yield device, emulator.overload


@pytest.fixture(autouse=True)
def own_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use ports that no other program on this machine has."""
    ports: Any = {"local_port": free_port(), "port": free_port()}
    monkeypatch.setattr(Govee, "options", replace(Govee.options, **ports))
    monkeypatch.setattr(Govee, "scan_port", free_port())


FAMILIES: dict[type[Driver[Any]], tuple[Callable[[], AbstractAsyncContextManager[Driven]], float]]
FAMILIES = {Tuya: (tuya, 7), Sonoff: (sonoff, 6), Miot: (miot, 12), Govee: (govee, 22)}
"""A device of each family, and how many requests a second it bears."""


async def hammer(device: Device, overload: Overload, rate: float) -> None:
    """Command it 40 times a second for 10 s, without waiting for what comes of it."""
    overload.rate = rate
    running = list[asyncio.Task[None]]()
    for n in range(400):
        command = Switch.off if n % 2 else Switch.on
        running.append(asyncio.create_task(device.commands.execute(command, {})))
        await asyncio.sleep(0.025)
    await asyncio.gather(*running, return_exceptions=True)


@pytest.mark.parametrize("driver", FAMILIES)
async def test_it_never_drops_off_however_often_it_is_commanded(driver: type[Driver[Any]]) -> None:
    make, rate = FAMILIES[driver]
    async with make() as (device, overload):
        await hammer(device, overload, rate)
        await asyncio.sleep(20)
        assert overload.count == 0
        assert device.available
        await device.commands.execute(Switch.on, {})
        assert device.state.get(Switch.switch) is True


@pytest.mark.parametrize("driver", FAMILIES)
async def test_it_would_drop_off_without_a_pace(
    driver: type[Driver[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the other test cannot miss."""
    make, rate = FAMILIES[driver]
    options = driver.transport_options

    def hurried(self: Driver[Any]) -> Any:
        return replace(options(self), pace=None)

    monkeypatch.setattr(driver, "transport_options", hurried)
    async with make() as (device, overload):
        await hammer(device, overload, rate)
        assert overload.count
        await until(lambda: not device.available)
