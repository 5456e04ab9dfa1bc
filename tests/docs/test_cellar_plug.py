"""The driver of the page on ciphers drives its plug, and nobody who does not have its key."""

from typing import Any

import pytest

from lan_edge import (
    Address,
    CredentialsError,
    Device,
    Driver,
    EdgeError,
    Identity,
    Pairing,
    Record,
    Switch,
    TextQuestion,
)
from tests.drivers.house import until

from . import pages
from .cellar_plug import KEY, OTHER, CellarPlug

pytestmark = pytest.mark.usefixtures("nothing_left_running")


def new_device(address: Address, key: str = KEY) -> Device:
    driver: type[Driver[Any]] = pages.loaded("ciphers")
    return Device(driver, Record(Identity("CP-17"), (address,)), secrets={"key": key})


async def test_it_is_commanded_and_its_key_is_in_no_trace() -> None:
    async with CellarPlug() as plug:
        device = new_device(plug.address)
        device.start()
        try:
            await until(lambda: device.available)
            await device.commands.execute(Switch.on, {})
            assert plug.on
            assert device.state.get(Switch.switch) is True
            await device.commands.execute(Switch.off, {})
            assert not plug.on
            assert KEY not in "\n".join(entry.text for entry in device.trace.entries())
        finally:
            await device.stop()


async def test_another_key_is_told() -> None:
    async with CellarPlug() as plug:
        with pytest.raises(CredentialsError, match="another key"):
            await new_device(plug.address, OTHER).check(plug.address)
        assert plug.denied


async def test_what_is_no_key_is_refused_as_it_is_entered() -> None:
    async with CellarPlug() as plug:
        device = new_device(plug.address, "")
        pairing = Pairing(device.driver.pair)
        question = await pairing.question()
        assert isinstance(question, TextQuestion)
        pairing.answer("none")
        assert "32 digits" in (await pairing.question() or question).error
        pairing.answer(KEY)
        assert await pairing.question() is None
        await pairing.close()
        await device.check(plug.address)


async def test_it_is_followed_at_once_and_nobody_else_is() -> None:
    """Who is asked at another address sees nothing that he can read."""
    async with CellarPlug(OTHER) as stranger, CellarPlug() as moved:
        async with CellarPlug() as plug:
            device = new_device(plug.address)
            device.start()
            await until(lambda: device.available)
        try:
            device.connection.sighted(stranger.address)
            await until(lambda: stranger.denied)
            assert not device.available
            device.connection.sighted(moved.address)
            await until(lambda: device.available)
            assert device.record.addresses[0] == moved.address
        finally:
            await device.stop()


async def test_a_recorded_answer_is_none() -> None:
    async with CellarPlug() as plug:
        device = new_device(plug.address)
        device.start()
        try:
            await until(lambda: device.available)
            plug.repeats = True
            with pytest.raises(EdgeError):
                await device.commands.execute(Switch.on, {})
            assert device.state.get(Switch.switch) is not True
        finally:
            await device.stop()
