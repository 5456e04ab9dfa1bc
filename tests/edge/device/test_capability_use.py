"""A capability of a device, as a program uses it."""

from collections.abc import AsyncGenerator

import pytest

from lan_edge import (
    Address,
    ArgumentError,
    Device,
    OfflineError,
    Record,
    Switch,
    SwitchLevel,
    UnsupportedError,
    connect,
)
from lan_edge.drivers.wiz import Wiz
from tests.emulators.wiz import WizEmulator


@pytest.fixture
async def lamp() -> AsyncGenerator[Device]:
    async with (
        WizEmulator() as emulator,
        connect(Wiz, Address(emulator.host, emulator.port)) as device,
    ):
        yield device


async def test_commands_and_values(lamp: Device) -> None:
    await lamp[Switch].on()
    assert lamp[Switch].switch is True
    await lamp[SwitchLevel].set_level(40)
    await lamp[SwitchLevel].set_level(level=60)
    assert lamp[SwitchLevel].level == 60


async def test_a_component(lamp: Device) -> None:
    await lamp[Switch, "main"].off()
    assert lamp[Switch, "main"].switch is False
    assert lamp[Switch, "outlet_9"].switch is None
    with pytest.raises(UnsupportedError):
        await lamp[Switch, "outlet_9"].on()


async def test_what_is_wrong(lamp: Device) -> None:
    with pytest.raises(ArgumentError):
        await lamp[SwitchLevel].set_level(101)
    with pytest.raises(TypeError):
        await lamp[Switch].on(1)  # type: ignore[call-arg]
    with pytest.raises(AttributeError, match="Switch has no command or attribute 'toggle'"):
        await lamp[Switch].toggle()  # type: ignore[attr-defined]
    assert dir(lamp[Switch]) == ["off", "on", "switch"]


async def test_a_device_that_is_not_connected() -> None:
    device = Device(Wiz, Record())
    assert device[Switch].switch is None
    with pytest.raises(OfflineError):
        await device[Switch].on()
    await device.stop()
