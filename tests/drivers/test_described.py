"""Described devices do what those of drivers do, with the same figures."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest

from lan_edge import (
    Address,
    AudioVolume,
    Device,
    Driver,
    Identity,
    Record,
    RefusedError,
    ReplyError,
    Sighting,
    Switch,
    SwitchLevel,
    UnsupportedError,
)
from tests.clock import now
from tests.emulators.device import EmulatedDevice
from tests.emulators.faults import HttpOverride
from tests.emulators.json_bulb import TARGET, JsonBulbEmulator
from tests.emulators.rest_switch import SERVICE_TYPE, RestSwitchEmulator

from .contract import IdentityContract, OldHttpContract, SwitchContract
from .described import compiled, described, text_of
from .house import driven, shows, until


def impatient(name: str, timeout: float) -> type[Driver[Any]]:
    """Return the driver of a text, which waits shorter."""
    driver = described(name)
    assert driver.options is not None
    driver.options = replace(driver.options, timeout=timeout)
    return driver


def where(emulator: EmulatedDevice[Any]) -> Address:
    return Address(emulator.host, emulator.port)


class TestByHttp(SwitchContract, OldHttpContract):
    """What every switch does."""

    @pytest.fixture
    async def emulator(self) -> AsyncGenerator[RestSwitchEmulator]:
        async with RestSwitchEmulator(id="relay-1") as made:
            yield made

    @pytest.fixture
    async def device(self, emulator: RestSwitchEmulator) -> AsyncGenerator[Device]:
        async with driven(impatient("rest_switch", 0.2), where(emulator), "relay-1") as made:
            yield made

    async def test_a_refusal_is_told(self, device: Device, emulator: RestSwitchEmulator) -> None:
        emulator.faults.refuse = ["POST"]
        with pytest.raises(RefusedError, match="500"):
            await device.commands.execute(Switch.on, {})
        assert device.available

    async def test_a_wrong_word_shows_nothing_wrong(
        self, device: Device, emulator: RestSwitchEmulator
    ) -> None:
        await shows(device, Switch.switch, False)
        emulator.faults.override = HttpOverride(200, b"<html>on</html>")
        await until(lambda: not device.available)
        assert device.state.get(Switch.switch) is not True
        emulator.faults.override = None
        await until(lambda: device.available)

    def test_it_is_recognized(self) -> None:
        txt = {"id": "relay-1"}
        at = Address("10.99.0.11", 8080)
        sighting = Sighting("mdns", SERVICE_TYPE, at, "Relay", {"txt": txt})
        [matcher] = described("rest_switch").discovery
        match = matcher.match(sighting)
        assert match is not None
        assert (match.unique_id, match.address) == ("relay-1", at)


class TestByJsonRpc(SwitchContract, IdentityContract):
    """What every switch does, and every device that says who it is."""

    lie = "ignore"

    @pytest.fixture
    async def emulator(self) -> AsyncGenerator[JsonBulbEmulator]:
        async with JsonBulbEmulator(id="bulb-1") as made:
            yield made

    @pytest.fixture
    async def device(self, emulator: JsonBulbEmulator) -> AsyncGenerator[Device]:
        async with driven(impatient("json_bulb", 0.3), where(emulator), "bulb-1") as made:
            yield made

    def test_its_announcement_names_it_and_its_port(self) -> None:
        headers = {"usn": f"uuid:bulb-1::{TARGET}", "x-port": "5577"}
        at = Address("10.99.0.12", 80)
        [matcher] = described("json_bulb").discovery
        match = matcher.match(Sighting("ssdp", TARGET, at, "Bulb", {"headers": headers}))
        assert match is not None
        assert match.address == Address("10.99.0.12", 5577)

    async def test_a_level_with_its_fade_or_without(
        self, device: Device, emulator: JsonBulbEmulator
    ) -> None:
        await device.commands.execute(SwitchLevel.set_level, {"level": 40, "rate": 0.5})
        assert emulator.log[-1].params == {"level": 40, "fade": 0.5}
        await device.commands.execute(SwitchLevel.set_level, {"level": 50})
        assert emulator.log[-1].params == {"level": 50}
        await shows(device, SwitchLevel.level, 50)

    async def test_a_push_is_there_in_milliseconds(
        self, device: Device, emulator: JsonBulbEmulator
    ) -> None:
        took: list[float] = []
        for level in range(10, 50):
            at = await emulator.change(level=level)
            await shows(device, SwitchLevel.level, level)
            took.append(now() - at)
        assert sorted(took)[int(len(took) * 0.95)] < 0.05

    async def test_a_wrong_value_is_counted_and_concerns_nothing_else(
        self, device: Device, emulator: JsonBulbEmulator
    ) -> None:
        await emulator.inject(b'{"method": "state", "params": {"on": true, "level": "much"}}\n')
        await shows(device, Switch.switch, True)
        assert device.state.get(SwitchLevel.level) is None
        assert [*device.state.rejected] == [SwitchLevel.level.id]
        assert device.available

    async def test_what_a_push_leaves_out_is_unchanged(
        self, device: Device, emulator: JsonBulbEmulator
    ) -> None:
        await emulator.inject(b'{"method": "state", "params": {"on": true, "level": 30}}\n')
        await emulator.inject(b'{"method": "state", "params": {"level": 31}}\n')
        await shows(device, SwitchLevel.level, 31)
        assert device.state.get(Switch.switch) is True
        await emulator.inject(b'{"method": "state", "params": {"on": null}}\n')
        await shows(device, Switch.switch, None)
        assert device.state.get(SwitchLevel.level) == 31

    async def test_the_bulbs_own_words_for_no(self, device: Device) -> None:
        with pytest.raises(RefusedError, match="level is 1 to 100"):
            await device.commands.execute(SwitchLevel.set_level, {"level": 0})
        assert device.available

    async def test_another_text_takes_over_beneath_the_connection(
        self, device: Device, emulator: JsonBulbEmulator
    ) -> None:
        await emulator.change(on=True, level=40)
        await shows(device, SwitchLevel.level, 40)
        attempts, before = device.connection.attempts, emulator.connections
        text = text_of("json_bulb").replace("path: level}", "path: level, scale: 0.5}")
        driver = compiled(text)
        driver.options = type(device.driver).options
        await device.replace_driver(driver)
        assert type(device.driver) is driver
        await shows(device, SwitchLevel.level, 20)
        await device.commands.execute(SwitchLevel.set_level, {"level": 30})
        assert emulator.state == {"on": True, "level": 60}
        assert (device.connection.attempts, emulator.connections) == (attempts, before)


async def test_an_answer_without_any_of_its_values_is_no_answer() -> None:
    async with RestSwitchEmulator(id="relay-1") as emulator:
        emulator.faults.override = HttpOverride(200, b"<html>on</html>")
        record = Record(Identity("relay-1"), (where(emulator),))
        device = Device(impatient("rest_switch", 0.2), record)
        with pytest.raises(ReplyError, match="map"):
            await device.check(where(emulator))


async def test_a_part_without_a_command_does_not_have_it() -> None:
    text = text_of("rest_switch") + (
        "  second:\n    audioVolume:\n"
        "      volume: {pattern: 'volume (.{1,3})'}\n"
        "      setVolume: {post: /switch, text: '{volume}'}\n"
    )
    driver = compiled(text)
    async with (
        RestSwitchEmulator(id="relay-1") as emulator,
        driven(driver, where(emulator), "relay-1") as device,
    ):
        with pytest.raises(UnsupportedError):
            await device.commands.execute(AudioVolume.volume_up, {}, "second")
