"""What every driver of a switch must do, with the effect looked up at the device."""

import asyncio
from typing import Any, ClassVar

import pytest

from lan_edge import (
    Address,
    Device,
    IdentityError,
    OfflineError,
    Switch,
    TimedOutError,
    UnconfirmedError,
)
from tests.emulators.device import EmulatedDevice

from .house import shows, until

ELSEWHERE = "127.0.0.2"


class SwitchContract:
    """Tests of a driver; a subclass has the fixtures `emulator` and `device`."""

    lie: ClassVar[str] = "lie"
    """The fault by which the device says yes and does nothing."""

    async def test_a_command_is_carried_out_and_shown(
        self, device: Device, emulator: EmulatedDevice[Any]
    ) -> None:
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True
        await shows(device, Switch.switch, True)
        await device.commands.execute(Switch.off, {})
        assert emulator.state["on"] is False
        await shows(device, Switch.switch, False)

    async def test_a_change_at_the_device_is_followed(
        self, device: Device, emulator: EmulatedDevice[Any]
    ) -> None:
        for on in (True, False, True):
            await emulator.change(on=on)
            await shows(device, Switch.switch, on)

    async def test_a_lie_is_found_out(self, device: Device, emulator: EmulatedDevice[Any]) -> None:
        setattr(emulator.faults, self.lie, True)
        with pytest.raises(UnconfirmedError, match=r"^stayed off$"):
            await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is False
        assert device.state.get(Switch.switch) is False

    async def test_it_comes_back_after_a_restart(
        self, device: Device, emulator: EmulatedDevice[Any]
    ) -> None:
        await emulator.restart(down=0.3)
        await emulator.change(on=True)
        await until(lambda: device.available and device.state.get(Switch.switch) is True)
        await device.commands.execute(Switch.off, {})
        assert emulator.state["on"] is False

    async def test_it_is_followed_to_another_address(
        self, device: Device, emulator: EmulatedDevice[Any]
    ) -> None:
        (old,) = device.record.addresses
        await emulator.move(ELSEWHERE)
        new = Address(ELSEWHERE, emulator.port)
        device.connection.sighted(new)
        await until(lambda: device.available and device.connection.address == new)
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True
        assert device.record.addresses == (new, old)

    async def test_a_silent_device_is_offline_until_it_speaks(
        self, device: Device, emulator: EmulatedDevice[Any]
    ) -> None:
        emulator.faults.silent = True
        with pytest.raises((TimedOutError, OfflineError)):
            await device.commands.execute(Switch.on, {})
        await until(lambda: not device.available)
        with pytest.raises(OfflineError):
            async with asyncio.timeout(0.1):
                await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is False
        emulator.faults.silent = False
        await until(lambda: device.available)
        assert device.state.get(Switch.switch) is False


class OldHttpContract:
    """Of a driver whose devices answer by HTTP: old programs answer oddly."""

    async def test_odd_answers_are_as_good_as_any(
        self, device: Device, emulator: EmulatedDevice[Any]
    ) -> None:
        emulator.faults.odd = True
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True
        await shows(device, Switch.switch, True)
        await emulator.change(on=False)
        await shows(device, Switch.switch, False)
        assert device.available

    async def test_it_comes_back_with_odd_answers(
        self, device: Device, emulator: EmulatedDevice[Any]
    ) -> None:
        emulator.faults.odd = True
        await emulator.restart(down=0.3)
        await emulator.change(on=True)
        await until(lambda: device.available and device.state.get(Switch.switch) is True)


class IdentityContract:
    """Of a driver whose devices say who they are."""

    stranger: ClassVar[str] = "somebody-else"
    """The id of another one, as such a device has it."""

    async def test_an_impostor_at_its_address_is_refused(
        self, device: Device, emulator: EmulatedDevice[Any]
    ) -> None:
        before = device.record.as_dict()
        emulator.faults.impostor = self.stranger
        await emulator.restart(down=0.3)
        await until(lambda: isinstance(device.connection.reason, IdentityError))
        with pytest.raises(OfflineError, match=self.stranger):
            await device.commands.execute(Switch.on, {})
        assert not device.available
        assert emulator.state["on"] is False
        assert device.record.as_dict() == before
        emulator.faults.impostor = None
        device.connection.sighted(*device.record.addresses)
        await until(lambda: device.available)

    async def test_an_impostor_elsewhere_is_refused_and_its_address_not_stored(
        self, device: Device, emulator: EmulatedDevice[Any]
    ) -> None:
        before, heard = device.record.as_dict(), len(emulator.log)
        emulator.faults.impostor = self.stranger
        await emulator.move(ELSEWHERE, old="closed")
        stranger = Address(ELSEWHERE, emulator.port)
        device.connection.sighted(stranger)
        await until(lambda: len(emulator.log) > heard and not device.available)
        with pytest.raises(OfflineError):
            await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is False
        assert device.record.as_dict() == before
        emulator.faults.impostor = None
        device.connection.sighted(stranger)
        await until(lambda: device.available)
        assert device.record.addresses[0] == stranger
