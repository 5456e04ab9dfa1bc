"""Tuya, at our emulator; `test_tuya_tinytuya.py` has tinytuya check both."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, override

import pytest

from lan_edge import (
    Address,
    CredentialsError,
    Device,
    Identity,
    OfflineError,
    Record,
    Switch,
    TimedOutError,
    UnreachableError,
)
from lan_edge.drivers.tuya import Tuya
from lan_edge.timing import patience
from tests.clock import advance
from tests.emulators.tuya import ID, KEY, Request, TuyaEmulator

from .contract import IdentityContract, SwitchContract
from .house import until

OTHER_KEY = "fedcba9876543210"
VERSIONS = ("3.1", "3.3", "3.4", "3.5")


def new_device(emulator: TuyaEmulator, *, key: str = KEY, **settings: Any) -> Device:
    """Return a device that was found by its beacon and paired."""
    fields = {"device_id": ID, "version": emulator.version}
    record = Record(Identity(ID), (Address(emulator.host, emulator.port),), fields=fields)
    return Device(Tuya, record, settings=settings, secrets={"local_key": key})


@asynccontextmanager
async def driven(emulator: TuyaEmulator, **how: Any) -> AsyncGenerator[Device]:
    device = new_device(emulator, **how)
    device.start()
    try:
        await until(lambda: device.available, lambda: device.connection.reason)
        yield device
    finally:
        await device.stop()


@pytest.fixture(params=VERSIONS)
async def emulator(request: pytest.FixtureRequest) -> AsyncGenerator[TuyaEmulator]:
    async with TuyaEmulator(version=request.param) as made:
        yield made


@pytest.fixture
async def device(emulator: TuyaEmulator) -> AsyncGenerator[Device]:
    async with driven(emulator) as made:
        yield made


class TestTuya(SwitchContract):
    """What every switch does, in each version."""


class TestTuyaIdentity(IdentityContract):
    """What every device does that says who it is: only 3.1 and 3.3 do."""

    stranger = "bf9999999999999999zzzz"

    @pytest.fixture(params=("3.1", "3.3"))
    async def emulator(self, request: pytest.FixtureRequest) -> AsyncGenerator[TuyaEmulator]:
        async with TuyaEmulator(version=request.param) as made:
            yield made


# keys


@pytest.mark.parametrize("version", ["3.3", "3.4"])
async def test_a_wrong_key_is_refused(version: str) -> None:
    async with TuyaEmulator(version=version) as emulator:
        device = new_device(emulator, key=OTHER_KEY)
        with pytest.raises(CredentialsError, match="another local key"):
            await device.check(device.record.addresses[0])


async def test_a_key_that_changed_is_asked_for_and_not_tried_all_the_time() -> None:
    async with TuyaEmulator(version="3.4") as emulator, driven(emulator) as device:
        emulator.key = OTHER_KEY
        await emulator.restart(down=3.0)
        await until(lambda: isinstance(device.connection.reason, CredentialsError))
        before = emulator.connections.accepted
        await asyncio.sleep(30)
        assert emulator.connections.accepted == before
        emulator.key = KEY
        await asyncio.sleep(60)
        assert device.available


async def test_in_3_5_a_device_that_closes_what_it_cannot_decrypt_has_another_key() -> None:
    """It reads nothing without it, so it cannot even answer."""
    async with TuyaEmulator(version="3.5") as emulator:
        device = new_device(emulator, key=OTHER_KEY)
        with pytest.raises(CredentialsError, match="another local key"):
            await device.check(device.record.addresses[0])


async def test_in_3_5_a_device_that_is_busy_has_not_another_key() -> None:
    async with TuyaEmulator(version="3.5") as emulator:
        _, writer = await asyncio.open_connection(emulator.host, emulator.port)
        await until(lambda: emulator.connections.open == 1)
        device = new_device(emulator)
        with pytest.raises(UnreachableError):
            await device.check(device.record.addresses[0])
        writer.close()


async def test_in_3_5_a_key_that_changed_is_asked_for_and_not_tried_all_the_time() -> None:
    async with TuyaEmulator(version="3.5") as emulator, driven(emulator) as device:
        emulator.key = OTHER_KEY
        await emulator.restart(down=3.0)
        await until(lambda: isinstance(device.connection.reason, CredentialsError))
        before = emulator.connections.accepted
        await asyncio.sleep(30)
        assert emulator.connections.accepted == before
        emulator.key = KEY
        await asyncio.sleep(60)
        assert device.available


@pytest.mark.parametrize("version", ["3.4", "3.5"])
async def test_another_device_at_its_address_cannot_be_taken_for_it(version: str) -> None:
    async with TuyaEmulator(version=version) as emulator, driven(emulator) as device:
        emulator.key = OTHER_KEY
        await emulator.restart(down=3.0)
        await until(lambda: not device.available)
        with pytest.raises(OfflineError):
            await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is False


async def test_it_is_followed_at_once_though_it_has_a_key() -> None:
    """rospogrigio/localtuya#2138, make-all/tuya-local#3398: dead until somebody acts."""
    async with TuyaEmulator(version="3.4") as emulator, driven(emulator) as device:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await emulator.move("127.0.0.2", old="closed")
        device.connection.sighted(Address("127.0.0.2", emulator.port))
        await until(lambda: device.available and emulator.connections.open == 1)
        assert loop.time() - began < 5


async def test_what_a_busy_program_hears_late_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when fifty devices answer at once, just after Home Assistant has started."""
    async with TuyaEmulator(version="3.4") as emulator, driven(emulator) as device:

        async def told(*, on: bool) -> None:
            command = Switch.on if on else Switch.off
            task, before = (
                asyncio.ensure_future(device.commands.execute(command, {})),
                emulator.log[:],
            )
            while emulator.log == before:  # noqa: ASYNC110  # nothing is to happen in between
                await asyncio.sleep(0)
            advance(6)
            await task

        await told(on=True)
        assert device.available
        monkeypatch.setattr(patience, "MOST", 0)
        with pytest.raises(TimedOutError):
            await told(on=False)


# forgers


class Forger(TuyaEmulator):
    """A device with another key, which keeps what it is sent."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self.heard: list[bytes] = []

    @override
    def received(self, message: Request) -> tuple[str, Any]:
        self.heard.append(message.frame)
        return super().received(message)


@pytest.mark.parametrize("version", ["3.3", "3.4", "3.5"])
async def test_a_forger_gets_neither_the_key_nor_the_device(version: str) -> None:
    """It copies the beacon at another address, and answers whatever it can without the key."""
    forger = Forger(version=version, host="127.0.0.2", key=OTHER_KEY)
    async with TuyaEmulator(version=version) as emulator, driven(emulator) as device, forger:
        before = device.record.as_dict()
        claim = Address(forger.host, forger.port)
        device.connection.sighted(claim)
        await asyncio.sleep(10)
        assert device.available
        await emulator.down()
        device.connection.sighted(claim)
        await until(lambda: forger.heard and not device.available)
        await asyncio.sleep(120)
        with pytest.raises(OfflineError):
            await device.commands.execute(Switch.on, {})
        assert device.record.as_dict() == before
        assert not any(KEY.encode() in frame for frame in forger.heard)
        await emulator.up()
        await asyncio.sleep(100)  # more than the longest delay between two attempts
        assert device.available
        assert forger.points == {"1": False, "9": 0}


async def test_it_is_asked_nothing_without_its_key() -> None:
    """`is_proven_by_key`: a second connection would be one too many for most devices."""
    async with TuyaEmulator(version="3.4") as emulator, driven(emulator) as device:
        await emulator.move("127.0.0.2", old="closed")
        device.connection.sighted(Address("127.0.0.2", emulator.port))
        await until(lambda: [each.command for each in emulator.log].count("query") > 1)
        commands = [each.command for each in emulator.log]
        assert commands.count("start") == commands.count("finish") == 2
