"""Sonoff: each kind of device, in DIY mode and encrypted."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest

from lan_edge import (
    Address,
    CredentialsError,
    CurrentMeasurement,
    Device,
    FanSpeed,
    Identity,
    IdentityError,
    PowerMeter,
    Record,
    RefusedError,
    RelativeHumidityMeasurement,
    ShadeState,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    VoltageMeasurement,
    WindowShade,
    WindowShadeLevel,
)
from lan_edge.driver.pairing import Pairing, TextQuestion
from lan_edge.drivers.sonoff import Sonoff
from tests.bundled import match
from tests.emulators.sonoff import SonoffEmulator

from .contract import IdentityContract, OldHttpContract, SwitchContract
from .house import driven, shows, until
from .sonoffs import KEY, announced, driven_sonoff, known, matched


@pytest.fixture(autouse=True)
def often_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sonoff, "poll", 0.5)
    monkeypatch.setattr(Sonoff, "options", replace(Sonoff.options, timeout=0.3))


# what every switch does


class TestDiyPlug(SwitchContract, OldHttpContract, IdentityContract):
    """A switch in DIY mode."""

    stranger = "a device without an ID"  # it says only that it is not the one that was asked for

    @pytest.fixture
    async def emulator(self) -> AsyncGenerator[SonoffEmulator]:
        async with SonoffEmulator() as made:
            yield made

    @pytest.fixture
    async def device(self, emulator: SonoffEmulator) -> AsyncGenerator[Device]:
        async with driven_sonoff(emulator) as made:
            yield made


class TestEncryptedPlug(SwitchContract, OldHttpContract):
    """A switch in eWeLink mode: the state is only in what it announces."""

    @pytest.fixture
    async def emulator(self) -> AsyncGenerator[SonoffEmulator]:
        async with SonoffEmulator(kind="plug", key=KEY) as made:
            yield made

    @pytest.fixture
    async def device(self, emulator: SonoffEmulator) -> AsyncGenerator[Device]:
        async with driven_sonoff(emulator) as made:
            yield made

    async def test_another_device_at_its_address_is_refused(
        self, device: Device, emulator: SonoffEmulator
    ) -> None:
        """It does not say who it is, but that it is not the one that was asked for."""
        emulator.faults.impostor = "1000other0"
        await emulator.restart(down=0.3)
        await until(lambda: isinstance(device.connection.reason, IdentityError))
        assert not device.available
        emulator.faults.impostor = None
        device.connection.sighted(*device.record.addresses)
        await until(lambda: device.available)


# each kind


async def test_a_strip_has_its_outlets_and_switches_several_by_one_request() -> None:
    async with (
        SonoffEmulator(kind="strip", key=KEY) as emulator,
        driven_sonoff(emulator) as device,
    ):
        outlets = [f"outlet_{n}" for n in range(1, 5)]
        await until(lambda: set(device.profile.components) >= {*outlets})
        assert device.profile.components["outlet_2"].name == "Outlet 2"
        await device.commands.execute(Switch.on, {}, "outlet_2")
        assert emulator.state == {"on": False, "2": True, "3": False, "4": False}
        await shows(device, Switch.switch, True, "outlet_2")
        assert device.state.get(Switch.switch, "outlet_1") is False
        await emulator.change(**{"4": True})
        await shows(device, Switch.switch, True, "outlet_4")


async def test_a_device_with_two_outlets_lists_four_until_the_user_says_how_many() -> None:
    async with (
        SonoffEmulator(kind="strip", key=KEY) as emulator,
        driven_sonoff(emulator, settings={"outlets": 2}) as device,
    ):
        await until(lambda: len(device.profile.components) > 1)
        assert {*device.profile.components} - {"main"} == {"outlet_1", "outlet_2"}


@pytest.mark.parametrize(
    ("kind", "offered"), [("strip", ["outlets"]), ("multifun_switch", ["outlets"])]
)
async def test_what_lists_several_outlets_has_a_setting_for_it(
    kind: str, offered: list[str]
) -> None:
    async with SonoffEmulator(kind=kind, key=KEY) as emulator, driven_sonoff(emulator) as device:
        await until(lambda: "outlet_2" in device.profile.components)
        assert [each.key for each in device.offered_settings()] == offered
        await device.change_settings({"outlets": 1})
        assert [each.key for each in device.offered_settings()] == offered


@pytest.mark.parametrize("kind", ["plug", "enhanced_plug", "motor"])
async def test_what_has_one_outlet_or_none_has_no_setting_for_it(kind: str) -> None:
    async with SonoffEmulator(kind=kind, key=KEY) as emulator, driven_sonoff(emulator) as device:
        await until(lambda: "main" in device.profile.components)
        assert device.offered_settings() == ()


async def test_outlets_that_its_owner_says_it_has_not_are_removed_for_good() -> None:
    async with SonoffEmulator(kind="strip", key=KEY) as emulator:
        async with driven_sonoff(emulator) as device:
            await until(lambda: "outlet_4" in device.profile.components)
            all_of_it = device.record
            await device.change_settings({"outlets": 3})
            await until(lambda: "outlet_4" not in device.profile.components)
            assert "outlet_3" in device.profile.components
            assert device.component_available("outlet_3")
            await device.change_settings({})
            await until(lambda: device.component_available("outlet_4"))
        record = replace(all_of_it)  # and if that is said while it is not connected
        async with driven_sonoff(emulator, record=record, settings={"outlets": 1}) as device:
            await until(lambda: "outlet_1" not in device.profile.components)
            assert {*device.profile.components} == {"main"}


async def test_a_dimmer() -> None:
    async with (
        SonoffEmulator(kind="diylight") as emulator,
        driven_sonoff(emulator) as device,
    ):
        await shows(device, SwitchLevel.level, 50)
        await device.commands.execute(SwitchLevel.set_level, {"level": 30})
        assert emulator.state == {"on": True, "level": 30}
        await shows(device, SwitchLevel.level, 30)
        await device.commands.execute(SwitchLevel.set_level, {"level": 0})
        assert emulator.state == {"on": False, "level": 30}
        await emulator.change(level=80)
        await shows(device, SwitchLevel.level, 80)


@pytest.mark.parametrize(("kind", "scale"), [("enhanced_plug", 1), ("powr3", 100)])
async def test_power_is_in_watts_whatever_the_unit_on_the_wire(kind: str, scale: int) -> None:
    async with SonoffEmulator(kind=kind, key=KEY) as emulator, driven_sonoff(emulator) as device:
        await shows(device, PowerMeter.power, 12.5)
        await shows(device, VoltageMeasurement.voltage, 230.4)
        await shows(device, CurrentMeasurement.current, 0.06)
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True
        emulator.mute = True
        await emulator.change(power=60 * scale)
        emulator.mute = False
        await shows(device, PowerMeter.power, 60)  # it was asked to announce it again


@pytest.mark.parametrize(
    ("kind", "category"),
    [("enhanced_plug", "outlet"), ("powr3", "outlet"), ("plug", ""), ("th_plug", "")],
)
async def test_a_plug_that_measures_is_an_outlet(kind: str, category: str) -> None:
    """Nearly everything with one switch calls itself a plug."""
    async with SonoffEmulator(kind=kind, key=KEY) as emulator, driven_sonoff(emulator) as device:
        await shows(device, Switch.switch, False)
        assert device.profile.components["main"].category == category


async def test_a_dual_relay_reports_the_power_of_each_outlet() -> None:
    async with (
        SonoffEmulator(kind="multifun_switch", key=KEY) as emulator,
        driven_sonoff(emulator) as device,
    ):
        await shows(device, PowerMeter.power, 42.1, "outlet_1")
        emulator.tell({"current_01": 150, "voltage_01": 23647, "actPow_01": 3500})
        await shows(device, PowerMeter.power, 35, "outlet_2")
        await shows(device, CurrentMeasurement.current, 1.5, "outlet_2")
        await device.commands.execute(Switch.on, {}, "outlet_2")
        assert emulator.state["2"] is True


async def test_a_dual_relay_that_drives_a_motor_is_a_cover() -> None:
    async with (
        SonoffEmulator(kind="motor", key=KEY) as emulator,
        driven_sonoff(emulator) as device,
    ):
        await shows(device, WindowShade.window_shade, ShadeState.CLOSED)
        await device.commands.execute(WindowShade.open, {})
        assert emulator.state["motorTurn"] == 1
        await shows(device, WindowShade.window_shade, ShadeState.OPENING)
        emulator.tell({"currLocation": 40, "motorTurn": 1})
        await shows(device, WindowShadeLevel.shade_level, 40)
        await device.commands.execute(WindowShade.pause, {})
        assert emulator.state["motorTurn"] == 0
        await device.commands.execute(WindowShadeLevel.set_shade_level, {"shade_level": 70})
        assert emulator.state["currLocation"] == 70
        await shows(device, WindowShade.window_shade, ShadeState.PARTIALLY_OPEN)


async def test_a_roller_shutter_counts_the_other_way_round() -> None:
    async with (
        SonoffEmulator(kind="shutter", key=KEY) as emulator,
        driven_sonoff(emulator) as device,
    ):
        await shows(device, WindowShadeLevel.shade_level, 100)
        await shows(device, WindowShade.window_shade, ShadeState.OPEN)
        await device.commands.execute(WindowShadeLevel.set_shade_level, {"shade_level": 30})
        assert emulator.state["setclose"] == 70
        await shows(device, WindowShadeLevel.shade_level, 30)
        emulator.tell({"switch": "off"})
        await shows(device, WindowShade.window_shade, ShadeState.CLOSING)
        await device.commands.execute(WindowShade.pause, {})
        assert emulator.state["word"] == "pause"
        assert not device.profile.components["main"].capabilities.count(Switch)


async def test_a_ceiling_fan_has_speeds_and_a_light() -> None:
    async with (
        SonoffEmulator(kind="fan_light", key=KEY) as emulator,
        driven_sonoff(emulator) as device,
    ):
        speed = FanSpeed.fan_speed
        await shows(device, Switch.switch, True, "light")
        assert device.profile.components["main"].category == "fan"
        assert (device.state.get(speed), device.state.get(Switch.switch)) == (0, False)
        assert device.state.get(FanSpeed.fan_speed_range) == (0, 3)
        await device.commands.execute(FanSpeed.set_fan_speed, {"speed": 3})
        assert emulator.state == {"on": True, "light": True, "speed": 3}
        await shows(device, speed, 3)
        await device.commands.execute(Switch.off, {}, "light")
        await shows(device, Switch.switch, False, "light")
        await device.commands.execute(FanSpeed.set_fan_speed, {"speed": 0})
        assert emulator.state == {"on": False, "light": False, "speed": 3}
        await device.commands.execute(Switch.on, {})
        await shows(device, speed, 3)  # as it was before


async def test_a_thermometer_is_switched_though_its_own_thermostat_is_on() -> None:
    async with (
        SonoffEmulator(kind="th_plug", key=KEY) as emulator,
        driven_sonoff(emulator) as device,
    ):
        await shows(device, TemperatureMeasurement.temperature, 21.5)
        await shows(device, RelativeHumidityMeasurement.humidity, 46)
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True


async def test_a_plug_that_answers_with_its_state_is_known_though_nothing_else_arrives() -> None:
    """As an S60TPF does."""
    async with SonoffEmulator(kind="powr3", key=KEY) as emulator:
        emulator.tells_state = emulator.mute = True
        device = Device(Sonoff, known(emulator), secrets={"key": KEY})
        device.start()
        try:
            await shows(device, VoltageMeasurement.voltage, 230.4)
            await device.commands.execute(Switch.on, {})
            assert emulator.state["on"] is True
            assert device.state.get(Switch.switch) is True
        finally:
            await device.stop()


async def test_an_older_announcement_does_not_undo_a_newer_answer() -> None:
    """The record in a cache is from before; both count the changes by the same number."""
    async with SonoffEmulator() as emulator:
        before = emulator.txt
        await emulator.change(on=True)
        async with driven_sonoff(emulator) as device:
            await shows(device, Switch.switch, True)
            emulator.on_change(before)
            assert device.state.get(Switch.switch) is True


async def test_firmware_that_answers_with_text() -> None:
    async with SonoffEmulator() as emulator:
        emulator.data_as_text = True
        async with driven_sonoff(emulator) as device:
            assert device.identity.firmware == "3.6.0"
            await device.commands.execute(Switch.on, {})
            assert device.state.get(Switch.switch) is True


async def test_several_outlets_are_switched_by_one_request() -> None:
    async with (
        SonoffEmulator(kind="strip", key=KEY) as emulator,
        driven_sonoff(emulator) as device,
    ):
        outlets = [f"outlet_{n}" for n in range(1, 5)]
        await shows(device, Switch.switch, False, "outlet_4")
        emulator.log.clear()
        switched = (device.commands.execute(Switch.on, {}, outlet) for outlet in outlets)
        await asyncio.gather(*switched)
        assert all(emulator.state.values())
        assert [each.command for each in emulator.log].count("switches") == 1


# keys


async def paired(device: Device, address: Address, *answers: str) -> list[TextQuestion]:
    """Pair a device with these answers; return the questions."""
    pairing = Pairing(lambda ask: device.pair(address, ask))
    asked = list[Any]()
    try:
        while (question := await pairing.question()) is not None:
            asked.append(question)
            pairing.answer(answers[len(asked) - 1])
    finally:
        await pairing.close()
    return asked


async def test_a_wrong_key_is_noticed_by_what_the_device_has_announced() -> None:
    async with SonoffEmulator(kind="plug", key=KEY) as emulator:
        device = Device(Sonoff, known(emulator))
        address = Address(emulator.host, emulator.port)
        asked = await paired(device, address, "wrong", KEY)
        assert [question.key for question in asked] == ["device_key"] * 2
        assert asked[1].error == "this is not the key of the device"
        async with driven_sonoff(emulator, record=device.record, key=device.secrets["key"]) as own:
            await own.commands.execute(Switch.on, {})
            assert emulator.state["on"] is True


async def test_a_device_that_was_added_by_its_address_is_asked_for_its_id_too() -> None:
    async with SonoffEmulator(kind="plug", key=KEY) as emulator:
        device = Device(Sonoff, Record())
        address = Address(emulator.host, emulator.port)
        asked = await paired(device, address, emulator.id, "wrong", KEY)
        assert [question.key for question in asked] == ["device_id", *["device_key"] * 2]
        checked = await device.check(address)
        assert checked is None or device.identity.unique_id == emulator.id
        assert device.identity.unique_id == emulator.id


async def test_true_is_true_however_a_record_spells_it() -> None:
    """The mock of pysonofflanr3 announces `encrypt=True`."""
    async with SonoffEmulator(kind="plug", key=KEY) as emulator:
        found = matched(announced(emulator, emulator.txt | {"encrypt": "True"}))
        record = Record(Identity(found.unique_id), (found.address,), fields=dict(found.fields))
        [question] = await paired(Device(Sonoff, record), found.address, KEY)
        assert question.key == "device_key"
        assert not any(each.command == "info" for each in emulator.log)  # as in DIY mode


async def test_diy_mode_needs_no_key() -> None:
    async with SonoffEmulator() as emulator:
        for record in (known(emulator), Record()):
            device = Device(Sonoff, record)
            assert await paired(device, Address(emulator.host, emulator.port)) == []
            assert not device.secrets


async def test_a_key_that_has_changed_starts_a_new_pairing() -> None:
    async with SonoffEmulator(kind="plug", key=KEY) as emulator, driven_sonoff(emulator) as device:
        await shows(device, Switch.switch, False)
        emulator.key = "another-key-since-it-was-paired-again"
        await emulator.change(on=True)
        await until(lambda: isinstance(device.connection.reason, CredentialsError))
        asked = len(emulator.log)
        pairing = Device(Sonoff, Record.from_dict(device.record.as_dict()))
        [address] = device.record.addresses
        await paired(pairing, address, KEY, emulator.key)
        assert pairing.secrets["key"] == emulator.key
        assert len(emulator.log) < asked + 10


async def test_a_forged_announcement_does_not_cost_the_key() -> None:
    async with SonoffEmulator(kind="plug", key=KEY) as emulator, driven_sonoff(emulator) as device:
        await shows(device, Switch.switch, False)
        txt = emulator.txt | {"data1": "AAAAAAAAAAAAAAAAAAAAAA==", "seq": "99"}
        emulator.on_change(txt)
        await until(lambda: device.driver.memory.is_misread)
        await device.commands.execute(Switch.on, {})
        assert device.available
        await shows(device, Switch.switch, True)


async def test_a_device_that_leaves_diy_mode_needs_its_key() -> None:
    async with SonoffEmulator() as emulator, driven_sonoff(emulator) as device:
        emulator.key = KEY
        await until(lambda: isinstance(device.connection.reason, CredentialsError))


# discovery


def test_what_is_announced_is_what_is_identified() -> None:
    emulator = SonoffEmulator("10.0.0.7", 8081, kind="plug", key=KEY)
    found = matched(announced(emulator))
    assert found.unique_id == "1000abcdef"
    assert found.name == "Sonoff 1000abcdef"
    assert found.model == "plug"
    assert found.fields["encrypt"] == "true"


@pytest.mark.parametrize("kind", ["rf", "zigbee_gateway", "zbbridgeu", "meter"])
def test_what_it_cannot_drive_is_not_offered(kind: str) -> None:
    emulator = SonoffEmulator("10.0.0.7", 8081)
    assert match(announced(emulator, emulator.txt | {"type": kind})) == []


async def test_it_says_what_it_refuses() -> None:
    async with SonoffEmulator() as emulator, driven_sonoff(emulator) as device:
        await shows(device, Switch.switch, False)
        emulator.faults.refuse = ["switch"]
        with pytest.raises(RefusedError, match="switch: it does not support that"):
            await device.commands.execute(Switch.on, {})


async def test_it_can_be_added_by_its_address() -> None:
    async with SonoffEmulator() as emulator:
        address = Address(emulator.host, emulator.port)
        async with driven(Sonoff, address) as device:
            assert device.identity.unique_id == emulator.id
            assert device.identity.firmware == "3.6.0"
            await device.commands.execute(Switch.on, {})
            assert device.state.get(Switch.switch) is True
