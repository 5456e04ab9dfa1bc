"""Xiaomi, at our emulator; `test_miot_simulators.py` has python-miio's simulators."""

import asyncio
from collections.abc import AsyncGenerator
from functools import partial

import pytest

from lan_edge import (
    Address,
    CredentialsError,
    Device,
    OfflineError,
    Pairing,
    Switch,
    TextQuestion,
    TimedOutError,
)
from lan_edge.drivers.miot import Miot
from tests.emulators.miot import TOKEN, MiotEmulator

from .contract import ELSEWHERE, IdentityContract, SwitchContract
from .house import until
from .miots import OTHER_TOKEN, driven, new_device

OLD_PLUG = {"power": "off", "temperature": 31}


@pytest.fixture
def polled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Miot, "poll", 0.2)


@pytest.fixture(params=["numbered", "named"])
async def emulator(request: pytest.FixtureRequest) -> AsyncGenerator[MiotEmulator]:
    kinds = {
        "numbered": MiotEmulator(),
        "named": MiotEmulator(OLD_PLUG, model="chuangmi.plug.m1"),
    }
    async with kinds[request.param] as made:
        yield made


@pytest.fixture
async def device(emulator: MiotEmulator, polled: None) -> AsyncGenerator[Device]:
    async with driven(emulator) as made:
        yield made


class TestMiot(SwitchContract):
    """What every switch does."""


class TestMiotIdentity(IdentityContract):
    """What every device does that says who it is."""

    stranger = "99999999"


# tokens


@pytest.mark.parametrize("answers", [True, False])
async def test_a_wrong_token_is_refused(answers: bool) -> None:
    async with MiotEmulator() as emulator:
        emulator.answers_strangers = answers
        device = new_device(emulator, token=OTHER_TOKEN)
        with pytest.raises(CredentialsError, match="not to this token"):
            await device.check(device.record.addresses[0])
        await device.stop()


async def test_the_token_is_asked_for_until_the_device_answers_to_it() -> None:
    async with MiotEmulator() as emulator:
        device = new_device(emulator, token="")
        pairing = Pairing(partial(device.pair, device.record.addresses[0]))
        question = await pairing.question()
        assert isinstance(question, TextQuestion)
        assert question.secret
        for answer, error in (("12345", "32 digits"), (OTHER_TOKEN, "not to this token")):
            pairing.answer(answer)
            question = await pairing.question()
            assert question is not None
            assert error in question.error
        pairing.answer(f" {TOKEN.upper()}\n")
        assert await pairing.question() is None
        await pairing.close()
        assert device.secrets["token"] == TOKEN
        await device.check(device.record.addresses[0])
        await device.stop()


async def test_a_token_that_changed_is_asked_for_and_not_tried_all_the_time() -> None:
    async with MiotEmulator() as emulator, driven(emulator) as device:
        emulator.token = OTHER_TOKEN
        await asyncio.sleep(40)  # it was polled in vain, and connected twice
        await until(lambda: isinstance(device.connection.reason, CredentialsError))
        await asyncio.sleep(5)
        before = emulator.hellos
        await asyncio.sleep(50)
        assert emulator.hellos - before <= 4
        emulator.token = TOKEN
        await asyncio.sleep(120)
        assert device.available


async def test_a_device_that_answers_nothing_once_is_not_asked_for_its_token() -> None:
    """Only hello got through: it is busy, or its answers were lost."""
    async with MiotEmulator() as emulator, driven(emulator) as device:
        emulator.lost = 1000
        await asyncio.sleep(13)
        await until(lambda: isinstance(device.connection.reason, TimedOutError))
        emulator.lost = 0
        await until(lambda: device.available)


async def test_another_device_with_its_address_and_id_gets_no_command() -> None:
    async with MiotEmulator() as emulator, driven(emulator) as device:
        emulator.token = OTHER_TOKEN
        await emulator.restart(down=3.0)
        await asyncio.sleep(20)
        assert not device.available
        with pytest.raises(OfflineError):
            await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is False


async def test_a_forger_elsewhere_gets_neither_the_token_nor_the_device() -> None:
    """It answers hello with the id, and cannot read what follows."""
    forger = MiotEmulator(host=ELSEWHERE, token=OTHER_TOKEN)
    async with MiotEmulator() as emulator, driven(emulator) as device, forger:
        before = device.record.as_dict()
        claim = Address(forger.host, forger.port)
        await emulator.down()
        device.connection.sighted(claim)
        await until(lambda: forger.hellos and not device.available)
        await asyncio.sleep(60)
        assert device.record.as_dict() == before
        assert not forger.log
        await emulator.up()
        await asyncio.sleep(100)  # more than the longest delay between two attempts
        assert device.available


# many


async def test_fifty_devices_at_once() -> None:
    emulators = [
        MiotEmulator(host=f"127.0.2.{n + 1}", did=1000 + n, token=f"{n:032x}") for n in range(50)
    ]
    devices: list[Device] = []
    try:
        for emulator in emulators:
            await emulator.up()
            devices.append(new_device(emulator, token=emulator.token))
            devices[-1].start()
        await until(lambda: all(device.available for device in devices))
        await emulators[7].down()
        work = [device.commands.execute(Switch.on, {}) for device in devices]
        results = await asyncio.gather(*work, return_exceptions=True)
        assert [n for n, result in enumerate(results) if isinstance(result, Exception)] == [7]
        assert sum(emulator.state["on"] for emulator in emulators) == 49
    finally:
        for device in devices:
            await device.stop()
        for emulator in emulators:
            await emulator.down()
