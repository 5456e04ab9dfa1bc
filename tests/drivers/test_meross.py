"""Meross: each kind of device, plain and encrypted."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from lan_edge import (
    Battery,
    ColorControl,
    ColorTemperature,
    ContactSensor,
    CredentialsError,
    CurrentMeasurement,
    DetectorState,
    Device,
    DoorState,
    EnergyMeter,
    GarageDoorControl,
    LightIntent,
    OperatingState,
    PowerMeter,
    RelativeHumidityMeasurement,
    ShadeState,
    SmokeDetector,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    ThermostatCoolingSetpoint,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
    ThermostatOperatingState,
    VoltageMeasurement,
    WaterSensor,
    WindowShade,
    WindowShadeLevel,
)
from lan_edge.connection import addresses
from lan_edge.drivers.meross import Meross
from tests.emulators.meross import MerossEmulator
from tests.emulators.meross_models import POSITION, SENSORS, TURNS, VALVES, WALKED

from .contract import IdentityContract, OldHttpContract, SwitchContract
from .house import shows, until
from .meross_house import asked, driven_meross, new_device

OTHER_KEY = "0123456789abcdef0123456789abcdef"
MANUAL, AUTO, OFF = ThermostatModeValue.HEAT, ThermostatModeValue.AUTO, ThermostatModeValue.OFF
COOL = ThermostatModeValue.COOL


@pytest.fixture(autouse=True)
def soon_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be fast: give up soon, try it elsewhere at once, though it has a secret."""
    monkeypatch.setattr(addresses, "LOGIN_PATIENCE", 0.5)
    monkeypatch.setattr(Meross, "options", replace(Meross.options, timeout=0.3))


class MerossContract(SwitchContract, IdentityContract):
    stranger = "48e1e9ffffff"
    model = "mss110"
    encrypts = False

    @pytest.fixture
    async def emulator(self) -> AsyncGenerator[MerossEmulator]:
        async with MerossEmulator(model=self.model, encrypts=self.encrypts) as made:
            yield made

    @pytest.fixture
    async def device(self, emulator: MerossEmulator) -> AsyncGenerator[Device]:
        made = new_device(emulator)
        made.start()
        await until(lambda: made.available, lambda: made.connection.reason)
        yield made
        await made.stop()


class TestPlug(MerossContract, OldHttpContract):
    """What every switch does, and every device that says who it is."""


class TestEncryptedPlug(MerossContract):
    """The same, encrypted."""

    encrypts = True


class TestOldPlug(MerossContract):
    """The same, with firmware 1."""

    model = "mss210"


class TestLight(MerossContract):
    """The same, of a light without an outlet."""

    model = "msl430"


# each kind


async def test_a_plug_measures() -> None:
    async with driven_meross("mss310") as (emulator, device):
        assert device.identity.model == "mss310"
        assert device.identity.firmware == "2.1.17"
        await shows(device, PowerMeter.power, 1.015)
        assert device.state.get(CurrentMeasurement.current) == 0.034
        assert device.state.get(VoltageMeasurement.voltage) == 227.4
        assert device.state.get(EnergyMeter.energy) == 0.18
        emulator.model.answers["Appliance.Control.Electricity"]["electricity"]["power"] = 60000
        await shows(device, PowerMeter.power, 60)


@pytest.mark.parametrize(
    ("model", "category"),
    [("mss310", "outlet"), ("mss425f", "outlet"), ("mss210", "outlet"), ("mss560", "")],
)
async def test_a_plug_is_an_outlet_and_a_switch_in_the_wall_is_none(
    model: str, category: str
) -> None:
    async with driven_meross(model) as (_, device):
        await until(lambda: "main" in device.profile.components)
        main = device.profile.components["main"]
        assert (Switch in main.capabilities, main.category) == (True, category)


async def test_what_changes_rarely_is_asked_for_rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Meross, "poll", 2.0)
    async with driven_meross("mss310") as (emulator, device):
        counted = "GET Appliance.Control.ConsumptionX"
        await until(lambda: asked(emulator, "GET Appliance.Control.Electricity") > 2)
        assert asked(emulator, counted) == 0  # but once, with others
        days = emulator.model.answers["Appliance.Control.ConsumptionX"]["consumptionx"]
        days.append({"date": "2024-03-11", "time": 1710100000, "value": 25})
        await asyncio.sleep(60)
        await shows(device, EnergyMeter.energy, 0.025)


async def test_the_indicator_is_turned_off_and_on() -> None:
    async with driven_meross("mss110") as (emulator, device):
        await shows(device, Switch.switch, True, "indicator")
        await device.commands.execute(Switch.off, {}, "indicator")
        assert emulator.model.answers["Appliance.System.DNDMode"] == {"DNDMode": {"mode": 1}}
        await shows(device, Switch.switch, False, "indicator")
        await device.commands.execute(Switch.on, {}, "indicator")


async def test_a_strip_has_its_outlets() -> None:
    async with driven_meross("mss425f") as (emulator, device):
        outlets = [f"outlet_{n}" for n in range(1, 4)]
        assert {*device.profile.components} == {"main", "indicator", *outlets}
        assert device.profile.components["outlet_2"].name == "Outlet 2"
        await device.commands.execute(Switch.on, {}, "outlet_2")
        assert [each["onoff"] for each in emulator.listed("togglex")] == [1, 0, 1, 0]
        await shows(device, Switch.switch, True, "outlet_2")
        assert device.state.get(Switch.switch, "outlet_1") is False
        await device.commands.execute(Switch.on, {})
        assert all(each["onoff"] for each in emulator.listed("togglex"))


async def test_a_light_has_brightness_colour_and_white() -> None:
    async with driven_meross("msl120") as (emulator, device):
        [light] = emulator.listed("light")
        await shows(device, ColorTemperature.color_temperature, 6500)
        await device.commands.execute(SwitchLevel.set_level, {"level": 30})
        assert (light["luminance"], light["capacity"]) == (30, 6)
        await device.commands.execute(ColorControl.set_color, {"hue": 33.3, "saturation": 100})
        assert (light["rgb"], light["capacity"]) == (0x01FF00, 5)
        await shows(device, ColorTemperature.color_temperature, None)
        await device.commands.execute(ColorTemperature.set_color_temperature, {"temperature": 2700})
        assert (light["temperature"], light["capacity"]) == (1, 6)
        await shows(device, ColorControl.saturation, 0)
        await device.commands.execute(SwitchLevel.set_level, {"level": 0})
        assert emulator.state == {"on": False}
        assert light["luminance"] == 30
        await device.commands.execute(Switch.on, {})
        assert emulator.state == {"on": True}


async def test_a_light_without_an_outlet_is_turned_on_by_what_it_is_to_show() -> None:
    async with driven_meross("msl430") as (emulator, device):
        await device.commands.perform(LightIntent(on=True, level=40))
        [light] = emulator.listed("light")
        assert (light["onoff"], light["luminance"]) == (1, 40)
        sent = [each for each in emulator.log if each.command.startswith("SET Appliance.Control.L")]
        assert len(sent) == 1
        await device.commands.execute(Switch.off, {})
        assert light["onoff"] == 0
        await device.commands.execute(SwitchLevel.set_level, {"level": 50})
        assert (light["onoff"], light["luminance"]) == (1, 50)


async def test_a_garage_door_opens_and_closes() -> None:
    async with driven_meross("msg100") as (emulator, device):
        assert {*device.profile.components} == {"main", "indicator"}
        assert Switch not in device.profile.components["main"].capabilities
        emulator.takes = 5.0
        await shows(device, GarageDoorControl.door, DoorState.CLOSED)
        await device.commands.execute(GarageDoorControl.open, {})
        await shows(device, GarageDoorControl.door, DoorState.OPENING)
        await shows(device, GarageDoorControl.door, DoorState.OPEN)
        await device.commands.execute(GarageDoorControl.close, {})
        await shows(device, GarageDoorControl.door, DoorState.CLOSING)
        await shows(device, GarageDoorControl.door, DoorState.CLOSED)


async def test_a_door_that_does_not_move_is_shown_as_it_is_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Meross, "poll", 2.0)
    async with driven_meross("msg100") as (emulator, device):
        emulator.faults.lie = True
        await device.commands.execute(GarageDoorControl.open, {})
        await shows(device, GarageDoorControl.door, DoorState.OPENING)
        await device.commands.execute(GarageDoorControl.open, {})
        await asyncio.sleep(60)
        await shows(device, GarageDoorControl.door, DoorState.CLOSED)


async def test_a_roller_shutter() -> None:
    async with driven_meross("mrs100") as (emulator, device):
        [position] = emulator.model.answers[POSITION]["position"]
        [turns] = emulator.model.answers[TURNS]["state"]
        await shows(device, WindowShade.window_shade, ShadeState.CLOSED)
        await device.commands.execute(WindowShade.open, {})
        assert emulator.rolls_to == 100
        await shows(device, WindowShade.window_shade, ShadeState.OPENING)
        position["position"] = 60
        await device.commands.execute(WindowShade.pause, {})
        await shows(device, WindowShade.window_shade, ShadeState.PARTIALLY_OPEN)
        await shows(device, WindowShadeLevel.shade_level, 60)
        await device.commands.execute(WindowShadeLevel.set_shade_level, {"shade_level": 40})
        assert emulator.rolls_to == 40
        await shows(device, WindowShade.window_shade, ShadeState.CLOSING)
        position["position"], turns["state"] = 100, 0
        await shows(device, WindowShade.window_shade, ShadeState.OPEN)
        await device.commands.execute(WindowShade.close, {})
        assert emulator.rolls_to == 0


async def test_a_thermostat_at_the_wall() -> None:
    async with driven_meross("mts200") as (emulator, device):
        [told] = emulator.model.digest["thermostat"]["mode"]
        await shows(device, TemperatureMeasurement.temperature, 21)
        await shows(device, ThermostatMode.thermostat_mode, MANUAL)
        assert device.state.get(ThermostatHeatingSetpoint.heating_setpoint_range) == (5, 35)
        heat = ThermostatHeatingSetpoint.set_heating_setpoint
        await device.commands.execute(heat, {"setpoint": 23.4})
        assert (told["manualTemp"], told["targetTemp"]) == (235, 235)
        told["state"] = 1
        state = ThermostatOperatingState.thermostat_operating_state
        await shows(device, state, OperatingState.HEATING)
        for mode, onoff, number in ((OFF, 0, 4), (AUTO, 1, 3), (MANUAL, 1, 4)):
            await device.commands.execute(ThermostatMode.set_thermostat_mode, {"mode": mode})
            assert (told["onoff"], told["mode"]) == (onoff, number)
            await shows(device, ThermostatMode.thermostat_mode, mode)


async def test_a_socket_with_a_thermostat() -> None:
    async with driven_meross("mts960") as (emulator, device):
        [told] = emulator.model.digest["thermostat"]["modeB"]
        heating = ThermostatHeatingSetpoint
        await shows(device, TemperatureMeasurement.temperature, 17.23)
        await shows(device, heating.heating_setpoint, 18)
        state = ThermostatOperatingState.thermostat_operating_state
        await shows(device, state, OperatingState.HEATING)
        await device.commands.execute(heating.set_heating_setpoint, {"setpoint": 19.5})
        assert told["targetTemp"] == 1950
        for mode, onoff, number in ((OFF, 2, 1), (AUTO, 1, 2), (MANUAL, 1, 1), (COOL, 1, 1)):
            await device.commands.execute(ThermostatMode.set_thermostat_mode, {"mode": mode})
            assert (told["onoff"], told["mode"]) == (onoff, number)
            await shows(device, ThermostatMode.thermostat_mode, mode)
        await shows(device, state, OperatingState.COOLING)
        await device.commands.execute(heating.set_heating_setpoint, {"setpoint": 17})
        await shows(device, heating.heating_setpoint, 17)
        assert (told["targetTemp"], told["mode"], told["working"]) == (1700, 1, 2)
        capabilities = device.profile.components["main"].capabilities
        assert ThermostatCoolingSetpoint not in capabilities  # a hub would offer a range
        told["state"] = 2
        await shows(device, state, OperatingState.IDLE)


async def test_a_hub_has_its_valves_and_sensors() -> None:
    valve, climate, window, smoke, leak = WALKED
    async with driven_meross("msh300") as (emulator, device):
        assert {*device.profile.components} >= {*WALKED}
        assert device.profile.components[valve].child
        await shows(device, TemperatureMeasurement.temperature, 15.5, valve)
        await shows(device, ThermostatHeatingSetpoint.heating_setpoint, 20.5, valve)
        await shows(device, TemperatureMeasurement.temperature, 21.34, climate)
        await shows(device, RelativeHumidityMeasurement.humidity, 67, climate)
        await shows(device, Battery.battery, 90, window)
        told = {each["id"]: each for each in emulator.model.answers[SENSORS]["all"]}
        told[window]["doorWindow"]["status"] = 1
        await shows(device, ContactSensor.contact, True, window)
        for number, meant in ((25, DetectorState.DETECTED), (23, DetectorState.TESTED)):
            told[smoke]["smokeAlarm"]["status"] = number
            await shows(device, SmokeDetector.smoke, meant, smoke)
        told[leak]["waterLeak"]["latestWaterLeak"] = 1
        await shows(device, WaterSensor.water, True, leak)


async def test_a_valve_is_set() -> None:
    valve = WALKED[0]
    async with driven_meross("msh300") as (emulator, device):
        [told] = emulator.model.answers[VALVES]["all"]
        for mode, onoff, number in ((OFF, 0, 0), (AUTO, 1, 3), (MANUAL, 1, 0)):
            await device.commands.execute(ThermostatMode.set_thermostat_mode, {"mode": mode}, valve)
            assert (told["togglex"]["onoff"], told["mode"]["state"]) == (onoff, number)
            await shows(device, ThermostatMode.thermostat_mode, mode, valve)


async def test_what_a_hub_does_not_reach_is_unavailable_and_comes_back() -> None:
    valve = WALKED[0]
    async with driven_meross("msh300") as (emulator, device):
        entry = emulator.model.digest["hub"]["subdevice"][0]
        entry["status"], kind = 2, entry.pop("mts100v3")
        await until(lambda: not device.component_available(valve))
        assert device.available
        entry |= {"status": 1, "mts100v3": kind}
        await until(lambda: device.component_available(valve))
        [told] = emulator.model.answers[VALVES]["all"]
        told["online"] = {"status": 2}
        await until(lambda: not device.component_available(valve))


# keys


async def test_a_wrong_key_is_told_and_the_device_is_not_bothered() -> None:
    async with MerossEmulator() as emulator:
        device = new_device(emulator, OTHER_KEY)
        device.start()
        await until(lambda: isinstance(device.connection.reason, CredentialsError))
        before = len(emulator.log)
        await asyncio.sleep(600)
        assert len(emulator.log) - before < 30
        assert not device.available
        await device.stop()


@pytest.mark.parametrize("encrypts", [False, True])
async def test_a_device_without_a_key_takes_an_empty_one(encrypts: bool) -> None:
    async with driven_meross("mss110", key="", encrypts=encrypts) as (emulator, device):
        await device.commands.execute(Switch.on, {})
        assert emulator.state == {"on": True}
