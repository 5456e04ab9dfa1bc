"""Tuya: what devices are by their points, each commanded and read back at our emulator."""

import asyncio
from typing import Any

import pytest

from lan_edge import (
    AirConditionerFanMode,
    AirConditionerMode,
    Alarm,
    AlarmState,
    Attribute,
    Battery,
    ColorControl,
    ColorTemperature,
    ContactSensor,
    CurrentMeasurement,
    DetectorState,
    Device,
    DoorState,
    EnergyMeter,
    FanSpeed,
    GarageDoorControl,
    LightIntent,
    MotionSensor,
    OfflineError,
    PointsDriver,
    PointUnit,
    PowerMeter,
    RefusedError,
    RelativeHumidityMeasurement,
    ReplyError,
    ShadeState,
    SmokeDetector,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    ThermostatCoolingSetpoint,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
    Valve,
    VoltageMeasurement,
    WaterSensor,
    WindowShade,
    WindowShadeLevel,
)
from lan_edge.drivers.tuya import Tuya
from lan_edge.drivers.tuya.kinds.degrees import Degrees
from lan_edge.drivers.tuya.kinds.meanings import SoilMoisture
from lan_edge.drivers.tuya.settings import TuyaKind, TuyaSettings
from tests.emulators.tuya import KEY, TuyaEmulator

from .house import shows, until
from .test_tuya import driven, new_device

NEW_BULB = {"20": True, "21": "white", "22": 505, "23": 500, "24": "000003e803e8"}
OLD_BULB = {"1": True, "2": "white", "3": 255, "4": 0, "5": "ff00000000ffff"}
JSON_BULB = {**NEW_BULB, "24": '{"h": 0, "s": 1000, "v": 1000}'}

BREAKER = {"1": 40142, "9": 0, "11": False, "12": False, "13": 0, "15": 4, "16": True, "103": 30}
PHASE, WITH_LEAKAGE = "CPwACNAAAfQ=", "CPwACNAAAfQAAA=="

type Shown = dict[Attribute[Any], Any]


async def reports(device: Device, point: str, value: Any) -> None:
    """Wait until a device has reported what a point is."""
    driver = device.driver
    assert isinstance(driver, PointsDriver)
    await until(lambda: driver.points[point] == value)


@pytest.mark.parametrize(
    ("points", "shown"),
    [
        ({"1": True, "9": 0}, {Switch.switch: True}),
        (
            {"1": True, "17": 3, "18": 350, "19": 805, "20": 2301},
            {
                PowerMeter.power: 80.5,
                VoltageMeasurement.voltage: 230.1,
                CurrentMeasurement.current: 0.35,
            },
        ),
        (
            {"1": True, "2": 0, "4": 350, "5": 805, "6": 2301},
            {Switch.switch: True, PowerMeter.power: 80.5},
        ),
        (NEW_BULB, {SwitchLevel.level: 50, ColorControl.saturation: 0.0}),
        (NEW_BULB, {ColorTemperature.color_temperature: 3063}),
        (OLD_BULB, {SwitchLevel.level: 100, ColorTemperature.color_temperature: 2000}),
        ({"1": False, "2": 300, "3": 10, "4": "LED"}, {SwitchLevel.level: 30}),
        (
            {"1": "open", "2": 0, "3": 20},
            {WindowShadeLevel.shade_level: 80, WindowShade.window_shade: ShadeState.PARTIALLY_OPEN},
        ),
        ({"1": "FZ"}, {WindowShade.window_shade: ShadeState.CLOSED}),
        (
            {"1": True, "2": 44, "3": 41, "4": "0", "5": False, "6": False},
            {
                ThermostatHeatingSetpoint.heating_setpoint: 22.0,
                TemperatureMeasurement.temperature: 20.5,
                ThermostatMode.thermostat_mode: ThermostatModeValue.HEAT,
            },
        ),
        (
            {"1": False, "2": "manual", "16": 215, "24": 198},
            {
                ThermostatHeatingSetpoint.heating_setpoint: 21.5,
                TemperatureMeasurement.temperature: 19.8,
                ThermostatMode.thermostat_mode: ThermostatModeValue.OFF,
            },
        ),
        ({"1": True, "2": "nature", "3": "2"}, {FanSpeed.fan_speed: 2}),
        ({"20": False, "60": True, "62": 4}, {FanSpeed.fan_speed: 4}),
        (
            {"1": 215, "2": 48, "4": 90},
            {
                TemperatureMeasurement.temperature: 21.5,
                RelativeHumidityMeasurement.humidity: 48,
                Battery.battery: 90,
            },
        ),
        ({"1": "pir", "4": 80}, {MotionSensor.motion: True, Battery.battery: 80}),
        ({"1": "alarm", "4": 70}, {WaterSensor.water: True}),
        ({"6": "?", "9": 0, "16": True, "19": "FSE-F723C4"}, {Switch.switch: True}),
        (BREAKER, {Switch.switch: True, EnergyMeter.energy: 401.42}),
        (
            {"1": 503, "6": "CPwACNAAAfQ=", "9": 0},
            {
                EnergyMeter.energy: 5.03,
                VoltageMeasurement.voltage: 230.0,
                CurrentMeasurement.current: 2.256,
                PowerMeter.power: 500.0,
            },
        ),
        ({"1": "normal", "15": 60}, {SmokeDetector.smoke: DetectorState.CLEAR}),
    ],
)
async def test_a_device_is_what_its_points_say(points: dict[str, Any], shown: Shown) -> None:
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        for attribute, value in shown.items():
            assert device.state.get(attribute) == value, attribute


async def test_the_user_corrects_what_it_is() -> None:
    async with TuyaEmulator({"1": True}) as emulator, driven(emulator, kind="contact") as device:
        assert device.state.get(ContactSensor.contact) is True
        assert Switch not in device.profile.components["main"].capabilities


async def test_a_meter_of_three_phases_counts_both_ways() -> None:
    points = {"1": 12345, "2": 678, "6": PHASE, "7": WITH_LEAKAGE, "8": "AAAAAAAAAAA="}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        assert device.state.get(EnergyMeter.energy) == 123.45
        assert device.state.get(EnergyMeter.energy, "returned") == 6.78
        powers = [device.state.get(PowerMeter.power, f"phase_{n}") for n in "abc"]
        assert powers == [500.0, 500.0, 0.0]
        assert device.profile.components["phase_b"].name == "Phase B"
        emulator.report({"7": "AAAA"})
        await shows(device, PowerMeter.power, None, "phase_b")


@pytest.mark.parametrize(
    ("target", "now", "wanted"), [(24, 26, 21), (240, 26, 210), (240, 260, 210), (2400, 2600, 2100)]
)
async def test_an_air_conditioner(target: int, now: int, wanted: int) -> None:
    points = {"1": True, "2": target, "3": now, "4": "cold", "5": "auto"}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        cooling = ThermostatCoolingSetpoint
        assert device.state.get(Switch.switch) is True
        assert device.state.get(AirConditionerMode.air_conditioner_mode) == "cool"
        assert device.state.get(AirConditionerFanMode.fan_mode) == "auto"
        assert device.state.get(TemperatureMeasurement.temperature) == 26
        assert device.state.get(cooling.cooling_setpoint) == 24
        assert SwitchLevel not in device.profile.components["main"].capabilities
        await device.commands.execute(cooling.set_cooling_setpoint, {"setpoint": 21})
        await device.commands.execute(AirConditionerMode.set_air_conditioner_mode, {"mode": "heat"})
        await device.commands.execute(AirConditionerFanMode.set_fan_mode, {"fan_mode": "medium"})
        await device.commands.execute(Switch.off, {})
        told = {"1": False, "2": wanted, "3": now, "4": "hot", "5": "mid"}
        assert emulator.points == told


@pytest.mark.parametrize(
    ("target", "measured", "shown"),
    [
        (240, [85], [8.5]),
        (24, [101, 100, 45, 26], [10.1, 10.0, 4.5, 2.6]),  # it becomes cold
        (240, [26, 18, -3], [26, 18, -3]),
        (240, [-52, -5], [-5.2, -0.5]),
        (2400, [2150, 480], [21.5, 4.8]),
        (24, [26, 32767, 25], [26, None, 25]),  # its sensor failed
        (24, [32767, 25], [None, 25]),
    ],
)
async def test_what_it_measures_is_divided_as_before(
    target: int, measured: list[int], shown: list[float | None]
) -> None:
    points = {"1": True, "2": target, "3": measured[0], "4": "cold"}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        for told, wanted in zip(measured, shown, strict=True):
            emulator.report({"3": told})
            await reports(device, "3", told)
            assert device.state.get(TemperatureMeasurement.temperature) == wanted


@pytest.mark.parametrize("unit", [1, 10])
async def test_an_air_conditioner_in_fahrenheit_is_shown_and_set_in_celsius(unit: int) -> None:
    temperature, cooling = TemperatureMeasurement.temperature, ThermostatCoolingSetpoint
    points = {"1": True, "2": 77 * unit, "3": 68 * unit, "4": "cold"}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        assert device.state.get(cooling.cooling_setpoint) == 25
        assert device.state.get(temperature) == 20
        await device.commands.execute(cooling.set_cooling_setpoint, {"setpoint": 20})
        assert emulator.points["2"] == 68 * unit
        emulator.report({"2": 22 * unit})  # somebody has it show degrees Celsius
        emulator.report({"3": 21 * unit})
        await shows(device, cooling.cooling_setpoint, 22)
        await shows(device, temperature, 21)


def test_an_endless_target_is_refused() -> None:
    points = {"2": 10**400}
    unit = PointUnit(points=points, seen=points, settings=TuyaSettings())
    target = ThermostatHeatingSetpoint.heating_setpoint
    with pytest.raises(ReplyError, match="not a number"):
        Degrees(target="2", measured="3").read(target, unit, "2")


async def test_an_air_conditioner_without_a_target_is_there_all_the_same() -> None:
    points = {"1": True, "3": 21}
    async with TuyaEmulator(points) as emulator, driven(emulator, kind=TuyaKind.AIR) as device:
        assert device.state.get(TemperatureMeasurement.temperature) == 21
        assert device.state.get(ThermostatCoolingSetpoint.cooling_setpoint) is None


@pytest.mark.parametrize(
    ("now", "dry"), [("cold", "wet"), ("cool", "dry"), ("COOL", "DRY"), ("Cool", "Dry")]
)
async def test_air_conditioners_have_several_vocabularies(now: str, dry: str) -> None:
    points = {"1": True, "2": 24, "3": 26, "4": now}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        assert AirConditionerFanMode not in device.profile.components["main"].capabilities
        await device.commands.execute(AirConditionerMode.set_air_conditioner_mode, {"mode": "dry"})
        assert emulator.points["4"] == dry
        emulator.report({"4": "freeze"})
        await shows(device, AirConditionerMode.air_conditioner_mode, None)
        with pytest.raises(RefusedError, match="does not know"):
            await device.commands.execute(
                AirConditionerMode.set_air_conditioner_mode, {"mode": "dry"}
            )
        assert device.state.get(ThermostatCoolingSetpoint.cooling_setpoint) == 24


@pytest.mark.parametrize(
    ("said", "wanted", "word"),
    [
        (("auto",), "cool", "cold"),  # as Tuya has it, until the device names one of its own
        (("cool", "auto"), "dry", "dry"),
        (("cool", "heat"), "cool", "cool"),
        (("cold", "heat", "auto"), "cool", "cold"),
        (("cold", "heat", "auto"), "fan", "fan"),
        (("dry", "fan"), "dry", "dry"),
        (("cool", "AUTO"), "cool", "COOL"),  # it has other firmware now
        (("cool", "freeze", "auto"), "dry", "dry"),
    ],
)
async def test_its_words_are_remembered(said: tuple[str, ...], wanted: str, word: str) -> None:
    mode = AirConditionerMode
    points = {"1": True, "2": 24, "3": 26, "4": said[0], "5": "middle"}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        for each in said[1:]:
            emulator.report({"4": each})
            await reports(device, "4", each)
        await device.commands.execute(mode.set_air_conditioner_mode, {"mode": wanted})
        assert emulator.points["4"] == word
        emulator.report({"5": "low"})
        await shows(device, AirConditionerFanMode.fan_mode, "low")
        fan_mode = AirConditionerFanMode.set_fan_mode
        await device.commands.execute(fan_mode, {"fan_mode": "medium"})
        assert emulator.points["5"] == "middle"


async def test_its_words_are_known_after_a_start() -> None:
    points = {"1": True, "2": 24, "3": 26, "4": "cool", "5": "low"}
    async with TuyaEmulator(points) as emulator:
        async with driven(emulator) as before:
            assert before.available
        emulator.points["4"] = "auto"
        device = Device(Tuya, before.record, secrets={"local_key": KEY})
        device.start()
        await shows(device, AirConditionerMode.air_conditioner_mode, "auto")
        await device.commands.execute(AirConditionerMode.set_air_conditioner_mode, {"mode": "dry"})
        assert emulator.points["4"] == "dry"
        await device.stop()


async def test_an_air_conditioner_that_its_owner_says_is_one() -> None:
    points = {"1": True, "2": 22, "4": "freeze"}
    async with TuyaEmulator(points) as emulator, driven(emulator, kind=TuyaKind.AIR) as device:
        assert device.state.get(ThermostatCoolingSetpoint.cooling_setpoint) == 22
        assert device.state.get(AirConditionerMode.air_conditioner_mode) is None


@pytest.mark.parametrize("mode", ["auto", "cold", "manual"])
async def test_a_valve_at_a_radiator_is_no_air_conditioner(mode: str) -> None:
    """lehanspb/tuya-mqtt, docs/openHAB.md: 4 is auto, manual or holiday; 5 and 6 are flags."""
    points = {"1": True, "2": 44, "3": 42, "4": mode, "5": False, "6": False}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        assert device.state.get(ThermostatHeatingSetpoint.heating_setpoint) == 22
        assert device.state.get(TemperatureMeasurement.temperature) == 21
        assert AirConditionerMode not in device.profile.components["main"].capabilities


@pytest.mark.parametrize("auto", ["auto", "Auto", "AUTO"])
async def test_what_is_automatic_and_has_no_speeds_may_be_a_valve(auto: str) -> None:
    points = {"1": True, "2": 44, "3": 42, "4": auto}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        capabilities = device.profile.components["main"].capabilities
        assert not {AirConditionerMode, SwitchLevel} & {*capabilities}


@pytest.mark.parametrize(
    "points", [{"3": 26, "4": "cold"}, {"4": "auto", "5": "auto"}, {"3": 26, "4": "Dry", "5": "?"}]
)
async def test_its_own_mode_or_its_speed_makes_an_air_conditioner(points: dict[str, Any]) -> None:
    told = {"1": True, "2": 24, **points}
    async with TuyaEmulator(told) as emulator, driven(emulator) as device:
        assert AirConditionerMode in device.profile.components["main"].capabilities


async def test_what_has_a_mode_but_no_more_is_no_dimmer() -> None:
    points = {"1": True, "2": 24, "4": "cold"}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        assert SwitchLevel not in device.profile.components["main"].capabilities


async def test_a_breaker_is_switched_at_its_own_point() -> None:
    async with TuyaEmulator(BREAKER) as emulator, driven(emulator) as device:
        await device.commands.execute(Switch.off, {})
        assert emulator.points["16"] is False
        assert emulator.points["1"] == 40142
        emulator.report({"1": 40143})
        await shows(device, EnergyMeter.energy, 401.43)


async def test_what_a_plug_adds_is_no_total() -> None:
    """tuya-local 202, hass-localtuya 500, core 65622: it starts again at 0, or repeats."""
    points = {"1": True, "17": 100, "19": 805, "20": 2301}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        assert device.state.get(PowerMeter.power) == 80.5
        assert EnergyMeter not in device.profile.components["main"].capabilities


async def test_a_device_of_unknown_points_is_there_for_its_owner_to_say_what_they_are() -> None:
    async with TuyaEmulator({"101": 5, "102": "x"}) as emulator, driven(emulator) as device:
        assert device.profile.components == {}
        assert isinstance(device.driver, PointsDriver)
        assert device.driver.points == {"101": 5, "102": "x"}
        await asyncio.sleep(900)
        assert device.available


@pytest.mark.parametrize("version", ["3.1", "3.3", "3.4", "3.5"])
async def test_an_outlet_of_a_strip_is_switched_alone(version: str) -> None:
    points = {"1": False, "2": False, "3": False, "9": 0, "19": 100, "18": 50, "20": 2300}
    async with TuyaEmulator(points, version=version) as emulator, driven(emulator) as device:
        assert device.state.get(PowerMeter.power) == 10.0
        await device.commands.execute(Switch.on, {}, "outlet_2")
        assert [emulator.points[n] for n in "123"] == [False, True, False]
        await shows(device, Switch.switch, True, "outlet_2")
        emulator.report({"3": True})
        await shows(device, Switch.switch, True, "outlet_3")


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (NEW_BULB, {"20": True, "21": "colour", "24": "007803e801f4"}),
        (OLD_BULB, {"1": True, "2": "colour", "5": "0080000078ff7f"}),
        (JSON_BULB, {"21": "colour", "24": '{"h": 120, "s": 1000, "v": 500}'}),
    ],
)
async def test_a_colour_is_set_in_the_format_of_the_light(
    points: dict[str, Any], expected: dict[str, Any]
) -> None:
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        wanted = LightIntent(on=True, hue=100 / 3, saturation=100, level=50)
        await device.commands.perform(wanted)
        assert emulator.points == {**points, **expected}
        await shows(device, SwitchLevel.level, 50)
        assert device.state.get(ColorControl.hue) == pytest.approx(100 / 3, abs=0.2)
        assert device.state.get(ColorTemperature.color_temperature) is None
        await device.commands.perform(LightIntent(level=20))
        assert device.state.get(SwitchLevel.level) == 20
        assert device.state.get(ColorControl.saturation) == 100
        await device.commands.perform(LightIntent(temperature=6500, level=100))
        await shows(device, ColorControl.saturation, 0.0)
        kelvins = device.state.get(ColorTemperature.color_temperature)
        assert kelvins == pytest.approx(6500, abs=30)


async def test_a_colour_is_set_whatever_it_shows_now() -> None:
    points = {"20": True, "21": "colour", "22": 505, "24": "broken"}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        assert device.state.get(ColorControl.hue) is None
        await device.commands.perform(LightIntent(on=True, hue=100 / 3, saturation=100, level=50))
        assert emulator.points["24"] == "007803e801f4"
        await shows(device, SwitchLevel.level, 50)


async def test_a_light_that_has_not_told_its_switch_is_dimmed_but_not_turned_off() -> None:
    points = {"21": "white", "22": 505}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        await device.commands.execute(SwitchLevel.set_level, {"level": 30})
        assert emulator.points == {**points, "22": 300}
        with pytest.raises(RefusedError, match="no point"):
            await device.commands.execute(SwitchLevel.set_level, {"level": 0})
        assert emulator.points == {**points, "22": 300}


async def test_a_light_is_turned_off_by_the_lowest_level() -> None:
    async with TuyaEmulator(NEW_BULB) as emulator, driven(emulator) as device:
        await device.commands.execute(SwitchLevel.set_level, {"level": 0})
        assert emulator.points["20"] is False
        await device.commands.execute(SwitchLevel.set_level, {"level": 1})
        assert (emulator.points["20"], emulator.points["22"]) == (True, 10)


async def test_a_cover_moves_and_stops() -> None:
    points = {"1": "stop", "2": 100, "3": 100}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        await device.commands.execute(WindowShade.open, {})
        assert emulator.points["1"] == "open"
        emulator.report({"3": 0})
        await shows(device, WindowShade.window_shade, ShadeState.OPEN)
        await device.commands.execute(WindowShade.pause, {})
        assert emulator.points["1"] == "stop"
        await device.commands.execute(WindowShadeLevel.set_shade_level, {"shade_level": 30})
        assert emulator.points["2"] == 70


async def test_a_cover_that_was_stopped_is_moved_by_its_own_words() -> None:
    async with TuyaEmulator({"1": "up", "2": 0}) as emulator, driven(emulator) as device:
        await device.commands.execute(WindowShade.pause, {})
        await device.commands.execute(WindowShade.close, {})
        assert emulator.points["1"] == "down"


async def test_a_garage_door_is_opened_and_tells_where_it_is() -> None:
    points = {"1": False, "2": 0, "3": False, "4": 30, "5": 0, "11": False, "12": "none"}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        assert device.state.get(GarageDoorControl.door) == DoorState.CLOSED
        await device.commands.execute(GarageDoorControl.open, {})
        assert (emulator.points["1"], emulator.points["3"]) == (True, False)
        emulator.report({"3": True})
        await shows(device, GarageDoorControl.door, DoorState.OPEN)


async def test_a_water_timer_is_a_valve() -> None:
    points = {"1": False, "7": 90, "10": "cancel", "11": 600, "12": "idle"}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        assert device.state.get(Battery.battery) == 90
        await device.commands.execute(Valve.open, {})
        await shows(device, Valve.valve, True)
        assert emulator.points["1"] is True
        await device.commands.execute(Valve.close, {})
        assert emulator.points["1"] is False


@pytest.mark.parametrize(
    ("points", "changed"),
    [
        ({"5": "low", "7": 10, "13": False}, {"13": True}),
        ({"1": "normal", "5": "low", "7": 10}, {"1": "alarm_sound"}),
    ],
)
async def test_a_siren_sounds(points: dict[str, Any], changed: dict[str, Any]) -> None:
    kind = TuyaKind.SIREN
    async with TuyaEmulator(points) as emulator, driven(emulator, kind=kind) as device:
        assert device.state.get(Alarm.alarm) == AlarmState.OFF
        await device.commands.execute(Alarm.siren, {})
        assert emulator.points == {**points, **changed}
        await shows(device, Alarm.alarm, AlarmState.SIREN)
        await device.commands.execute(Alarm.off, {})
        assert emulator.points == points


async def test_a_siren_is_told_words_of_its_own() -> None:
    points = {"1": "light_voice", "5": "low", "7": 10}
    kind = TuyaKind.SIREN
    async with TuyaEmulator(points) as emulator, driven(emulator, kind=kind) as device:
        assert device.state.get(Alarm.alarm) == AlarmState.BOTH
        await device.commands.execute(Alarm.off, {})
        assert emulator.points["1"] == "normal"
        await device.commands.execute(Alarm.siren, {})
        assert emulator.points["1"] == "voice"


async def test_a_kettle_boils_and_tells_how_warm_its_water_is() -> None:
    points = {"1": False, "2": 25, "3": 77, "15": "standby", "16": "boiling_quick"}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        assert device.state.get(TemperatureMeasurement.temperature) == 25
        assert ThermostatHeatingSetpoint not in device.profile.components["main"].capabilities
        await device.commands.execute(Switch.on, {})
        assert emulator.points["1"] is True


async def test_soil_is_wet_and_its_temperature_is_for_its_owner_to_say() -> None:
    points = {"3": 41, "5": 215, "9": "c", "14": "high", "15": 90}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        assert device.state.get(SoilMoisture.moisture) == 41
        assert device.state.get(Battery.battery) == 90
        assert TemperatureMeasurement not in device.profile.components["main"].capabilities


async def test_a_thermostat_is_set() -> None:
    points = {"1": False, "2": "manual", "16": 215, "24": 198}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        heat = {"mode": ThermostatModeValue.HEAT}
        await device.commands.execute(ThermostatMode.set_thermostat_mode, heat)
        setpoint = {"setpoint": 19.5}
        await device.commands.execute(ThermostatHeatingSetpoint.set_heating_setpoint, setpoint)
        assert (emulator.points["1"], emulator.points["16"]) == (True, 195)


@pytest.mark.parametrize("points", [{"1": False, "2": "nature", "3": "2"}, {"60": False, "62": 2}])
async def test_a_fan_is_set(points: dict[str, Any]) -> None:
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        assert device.state.get(FanSpeed.fan_speed) == 0
        await device.commands.execute(FanSpeed.set_fan_speed, {"speed": 3})
        expected = {"1": True, "2": "nature", "3": "3"} if "1" in points else {"60": True, "62": 3}
        assert emulator.points == expected


@pytest.mark.parametrize("version", ["3.3", "3.4", "3.5"])
async def test_what_is_behind_a_gateway_is_a_device_of_its_own(version: str) -> None:
    behind: dict[str, dict[str, Any]] = {
        "a4c1": {"1": False},
        "b4c1": {"1": False, "2": 88},
        "c4c1": {"1": False},
    }
    async with TuyaEmulator({}, version=version, behind=behind) as emulator:
        emulator.offline.add("c4c1")
        async with driven(emulator) as device:
            await shows(device, ContactSensor.contact, False, "b4c1")
            assert device.state.get(Battery.battery, "b4c1") == 88
            assert all(part.child for part in device.profile.components.values())
            await device.commands.execute(Switch.on, {}, "a4c1")
            assert emulator.behind["a4c1"] == {"1": True}
            emulator.report({"1": True}, "b4c1")
            await shows(device, ContactSensor.contact, True, "b4c1")
            with pytest.raises(OfflineError):
                await device.commands.execute(Switch.on, {}, "c4c1")


# pacing


async def test_a_device_that_hears_nothing_would_close_the_connection() -> None:
    async with TuyaEmulator() as emulator, driven(emulator):
        await asyncio.sleep(60)
        beats = [each.at for each in emulator.log if each.command == "heartbeat"]
        assert len(beats) >= 5
        assert emulator.connections == (1, 1)


async def test_fifty_at_once() -> None:
    emulators = [TuyaEmulator(version=("3.3", "3.4", "3.5")[n % 3]) for n in range(50)]
    devices: list[Device] = []
    for emulator in emulators:
        await emulator.up()
        devices.append(new_device(emulator))
        devices[-1].start()
    try:
        await until(lambda: all(device.available for device in devices))
        await asyncio.gather(*(device.commands.execute(Switch.on, {}) for device in devices))
        assert all(emulator.points["1"] is True for emulator in emulators)
    finally:
        for device, emulator in zip(devices, emulators, strict=True):
            await device.stop()
            await emulator.stop()
