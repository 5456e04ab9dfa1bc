"""Xiaomi: the kinds of devices, each read, changed there, and commanded."""

from contextlib import suppress
from typing import Any

import pytest

from lan_edge import (
    AirPurifierFanMode,
    Attribute,
    Battery,
    CarbonDioxideMeasurement,
    CleanerMovement,
    ColorControl,
    ColorTemperature,
    Command,
    DriverError,
    DustSensor,
    FanIntent,
    FanOscillationMode,
    FanSpeed,
    FanSpeedPercent,
    FilterState,
    FineDustSensor,
    HumidifierMode,
    HumidifierModeValue,
    LightIntent,
    Oscillation,
    PowerMeter,
    PurifierMode,
    RefusedError,
    RelativeHumidityMeasurement,
    ReplyError,
    RobotCleanerMovement,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
    UnconfirmedError,
    Wind,
    WindMode,
)
from lan_edge.drivers.miot.kinds.specs import SPECS, spec_of, specs_in
from tests.emulators.miot import PURIFIER, MiotEmulator

from .miots import driven, new_device

FAN = {"2.1": False, "2.3": 0, "2.4": False, "2.10": 35}
OLD_FAN = {"power": "off", "speed_level": 40, "angle_enable": "off"}
FAN_P5 = {"power": False, "speed": 40, "mode": "normal", "roll_enable": False}
PHILIPS = {"power": "off", "bright": 50, "cct": 1}
YEELIGHT = {"power": "on", "bright": 50, "ct": 4000, "rgb": 0x00FF00, "color_mode": 1}
HUMIDIFIER = {"2.1": True, "2.5": 0, "3.9": 41, "3.7": 22.7}
VACUUM = {"2.1": 6, "3.1": 100}
ROBOROCK = {"state": 8, "battery": 77}
MONITOR = {"3.1": 40, "3.4": 7, "3.5": 9, "3.7": 21.55, "3.8": 612, "4.1": 90}
OLD_PURIFIER = {"power": "on", "mode": "auto", "aqi": 7, "humidity": 40, "temp_dec": 215} | {
    "filter1_life": 90
}

type Values = dict[Attribute[Any], Any]

READ: list[tuple[str, dict[str, Any], Values]] = [
    (
        "zhimi.airp.va2",
        PURIFIER,
        {
            Switch.switch: False,
            FanSpeed.fan_speed: 0,  # it is off
            FanSpeed.fan_speed_range: (0, 3),
            AirPurifierFanMode.air_purifier_fan_mode: PurifierMode.AUTO,
            AirPurifierFanMode.supported_air_purifier_fan_modes: (
                PurifierMode.AUTO,
                PurifierMode.SLEEP,
            ),
            FineDustSensor.fine_dust_level: 7,
            FilterState.filter_life_remaining: 88,
            TemperatureMeasurement.temperature: 21.5,
        },
    ),
    (
        "zhimi.airpurifier.m1",
        OLD_PURIFIER,
        {Switch.switch: True, TemperatureMeasurement.temperature: 21.5},
    ),
    (
        "dmaker.fan.p18",
        FAN | {"2.1": True},
        {
            FanSpeedPercent.percent: 35,
            WindMode.wind_mode: Wind.NO_WIND,
            FanOscillationMode.fan_oscillation_mode: Oscillation.FIXED,
        },
    ),
    ("dmaker.fan.p18", FAN | {"2.3": True}, {WindMode.wind_mode: Wind.NATURAL_WIND}),
    ("dmaker.fan.p28", FAN | {"2.3": 3}, {WindMode.wind_mode: Wind.SLEEP_WIND}),
    ("dmaker.fan.p28", FAN | {"2.3": 2}, {WindMode.wind_mode: None}),  # by itself
    ("zhimi.fan.za4", OLD_FAN | {"power": "on"}, {FanSpeedPercent.percent: 40}),
    (
        "philips.light.bulb",
        PHILIPS,
        {SwitchLevel.level: 50, ColorTemperature.color_temperature: 3000},
    ),
    (
        "yeelink.light.color5",
        YEELIGHT,
        {ColorControl.hue: pytest.approx(100 / 3), ColorControl.saturation: 100.0},
    ),
    (
        "yeelink.light.color5",
        YEELIGHT | {"color_mode": 2},
        {ColorControl.hue: None, ColorTemperature.color_temperature: 4000},
    ),
    (
        "zhimi.humidifier.ca4",
        HUMIDIFIER,
        {
            HumidifierMode.humidifier_mode: HumidifierModeValue.AUTO,
            RelativeHumidityMeasurement.humidity: 41,
        },
    ),
    (
        "dreame.vacuum.p2008",
        VACUUM,
        {
            RobotCleanerMovement.robot_cleaner_movement: CleanerMovement.CHARGING,
            Battery.battery: 100,
        },
    ),
    (
        "roborock.vacuum.s5",
        ROBOROCK,
        {
            RobotCleanerMovement.robot_cleaner_movement: CleanerMovement.CHARGING,
            Battery.battery: 77,
        },
    ),
    (
        "cgllc.airm.cgdn1",
        MONITOR,
        {
            DustSensor.dust_level: 9,
            DustSensor.fine_dust_level: 7,
            CarbonDioxideMeasurement.carbon_dioxide: 612,
        },
    ),
    (
        "chuangmi.plug.212a01",
        {"2.1": True, "2.6": 35, "5.6": 1234},
        {PowerMeter.power: 12.34, TemperatureMeasurement.temperature: 35},
    ),
]


@pytest.mark.parametrize(("model", "points", "values"), READ, ids=lambda each: str(each)[:24])
async def test_it_is_read(model: str, points: dict[str, Any], values: Values) -> None:
    async with MiotEmulator(points, model=model) as emulator, driven(emulator) as device:
        assert {attribute: device.state.get(attribute) for attribute in values} == values


type Executed = tuple[Command[...], dict[str, Any]]

COMMANDED: list[tuple[str, dict[str, Any], Any, dict[str, Any]]] = [
    ("zhimi.airp.va2", PURIFIER, FanIntent(on=True, speed=2), {"2.1": True, "2.4": 3, "2.5": 2}),
    (
        "zhimi.airp.va2",
        PURIFIER,
        FanIntent(on=True, purifier_mode=PurifierMode.SLEEP),
        {"2.1": True, "2.4": 1},
    ),
    ("zhimi.airp.va2", PURIFIER | {"2.1": True}, FanIntent(speed=0), {"2.1": False}),
    (
        "zhimi.airpurifier.m1",
        OLD_PURIFIER,
        FanIntent(on=True, purifier_mode=PurifierMode.SLEEP),
        {"mode": "silent"},
    ),
    (
        "dmaker.fan.p18",
        FAN,
        FanIntent(on=True, percent=70, wind=Wind.NATURAL_WIND),
        {"2.1": True, "2.10": 70, "2.3": 1},
    ),
    ("dmaker.fan.p5", FAN_P5, FanIntent(on=True, percent=70), {"power": True, "speed": 70}),
    ("zhimi.fan.za4", OLD_FAN, FanIntent(on=True, percent=70), {"power": "on", "speed_level": 70}),
    (
        "zhimi.fan.za4",
        OLD_FAN,
        (
            FanOscillationMode.set_fan_oscillation_mode,
            {"fan_oscillation_mode": Oscillation.SWING},
        ),
        {"angle_enable": "on"},
    ),
    (
        "philips.light.bulb",
        PHILIPS,
        LightIntent(on=True, level=80, temperature=5700),
        {"power": "on", "bright": 80, "cct": 100},
    ),
    (
        "philips.light.bulb",
        PHILIPS | {"power": "on"},
        LightIntent(level=0),
        {"power": "off"},
    ),
    (
        "yeelink.light.color5",
        YEELIGHT,
        LightIntent(on=True, hue=0.0, saturation=100.0),
        {"rgb": 0xFF0000},
    ),
    (
        "yeelink.light.lamp4",
        {"2.1": False, "2.2": 10, "2.3": 2700},
        LightIntent(on=True, temperature=9000),
        {"2.1": True, "2.3": 5000},
    ),
    (
        "zhimi.humidifier.ca4",
        HUMIDIFIER,
        (HumidifierMode.set_humidifier_mode, {"humidifier_mode": HumidifierModeValue.HIGH}),
        {"2.5": 3},
    ),
    (
        "deerma.humidifier.jsq1",
        {"OnOff_State": 0, "Humidifier_Gear": 1, "Humidity_Value": 44, "TemperatureValue": 21},
        (Switch.on, {}),
        {"OnOff_State": 1},
    ),
    (
        "chuangmi.plug.v1",
        {"on": False, "usb_on": True, "temperature": 31},
        (Switch.on, {}),
        {"on": True, "usb_on": True},
    ),
]


@pytest.mark.parametrize(
    ("model", "points", "command", "result"), COMMANDED, ids=lambda each: str(each)[:24]
)
async def test_it_is_commanded(
    model: str, points: dict[str, Any], command: Any, result: dict[str, Any]
) -> None:
    async with MiotEmulator(points, model=model) as emulator, driven(emulator) as device:
        if isinstance(command, tuple):
            await device.commands.execute(*command)
        else:
            await device.commands.perform(command)
        assert emulator.points == points | result


ROBOTS: list[tuple[str, dict[str, Any], dict[str, str], dict[str, dict[str, Any]]]] = [
    (
        "roborock.vacuum.s5",
        ROBOROCK,
        {"cleaning": "app_start", "pause": "app_pause", "idle": "app_stop", "homing": "app_charge"},
        {},
    ),
    (
        "dreame.vacuum.p2008",
        VACUUM,
        {"cleaning": "action 2.1", "pause": "action 2.2", "homing": "action 3.1"},
        {"action 2.1": {"2.1": 1}, "action 2.2": {"2.1": 3}, "action 3.1": {"2.1": 5}},
    ),
    (
        "dreame.vacuum.mb1808",
        {"3.2": 6, "2.1": 100},
        {"cleaning": "action 3.1", "homing": "action 2.1"},
        {"action 3.1": {"3.2": 1}, "action 2.1": {"3.2": 5}},
    ),
    (
        "viomi.vacuum.v18",
        {"2.1": 4, "3.1": 100},
        {"cleaning": "action 2.1", "pause": "action 2.3", "homing": "action 2.4"},
        {"action 2.1": {"2.1": 5}, "action 2.3": {"2.1": 2}, "action 2.4": {"2.1": 3}},
    ),
    (
        "roidmi.vacuum.v60",
        {"2.1": 9, "3.1": 100, "10.1": 55},
        {"cleaning": "action 2.1", "homing": "action 3.1"},
        {"action 2.1": {"2.1": 4}, "action 3.1": {"2.1": 5}},
    ),
    (
        "mijia.vacuum.v2",
        {"2.1": 5, "3.1": 100},
        {"cleaning": "action 2.1", "homing": "action 2.3"},
        {"action 2.1": {"2.1": 2}, "action 2.3": {"2.1": 6}},
    ),
]


@pytest.mark.parametrize(("model", "points", "actions", "effects"), ROBOTS)
async def test_a_robot_starts_pauses_stops_and_goes_home(
    model: str,
    points: dict[str, Any],
    actions: dict[str, str],
    effects: dict[str, dict[str, Any]],
) -> None:
    command = RobotCleanerMovement.set_robot_cleaner_movement
    async with MiotEmulator(points, model=model) as emulator, driven(emulator) as device:
        emulator.effects = effects
        for mode, action in actions.items():
            emulator.carried_out.clear()
            await device.commands.execute(command, {"mode": CleanerMovement(mode)})
            assert emulator.carried_out == [(action, None)]
            assert device.state.get(RobotCleanerMovement.robot_cleaner_movement) == mode
        with pytest.raises(RefusedError, match="cannot be told"):
            await device.commands.execute(command, {"mode": CleanerMovement.AFTER})


async def test_the_first_robot_is_paused_before_it_goes_home() -> None:
    async with (
        MiotEmulator(ROBOROCK, model="rockrobo.vacuum.v1") as emulator,
        driven(emulator) as device,
    ):
        mode = {"mode": CleanerMovement.HOMING}
        await device.commands.execute(RobotCleanerMovement.set_robot_cleaner_movement, mode)
        assert [what for what, _ in emulator.carried_out] == ["app_pause", "app_charge"]


async def test_the_usb_port_of_a_plug_has_a_switch_of_its_own() -> None:
    points = {"on": True, "usb_on": False, "temperature": 31}
    async with (
        MiotEmulator(points, model="chuangmi.plug.v3") as emulator,
        driven(emulator) as device,
    ):
        assert device.state.get(Switch.switch, "usb") is False
        await device.commands.execute(Switch.on, {}, component="usb")
        assert emulator.points["usb_on"] is True
        assert emulator.points["on"] is True
        await device.commands.execute(Switch.off, {}, component="usb")
        assert emulator.points["usb_on"] is False


async def test_the_outlets_of_a_strip_have_switches_of_their_own() -> None:
    points = {"2.1": True, "7.1": False, "10.4": 12.5, **dict.fromkeys(("3.1", "4.1", "5.1"), True)}
    async with (
        MiotEmulator(points, model="cuco.plug.cp5pro") as emulator,
        driven(emulator) as device,
    ):
        assert {*device.profile.components} == {"main", "usb", "outlet_1", "outlet_2", "outlet_3"}
        assert device.profile.components["outlet_2"].name == "Outlet 2"
        assert device.state.get(PowerMeter.power) == 12.5
        await device.commands.execute(Switch.off, {}, component="outlet_2")
        assert emulator.points["4.1"] is False
        assert emulator.points["2.1"] is emulator.points["3.1"] is True


@pytest.mark.parametrize(("model", "at"), [("cuco.plug.cp1m", "4.1"), ("cuco.plug.cp2", "3.2")])
async def test_plugs_that_tell_tenths_of_watts(model: str, at: str) -> None:
    points = {"2.1": True, at: 125}
    async with MiotEmulator(points, model=model) as emulator, driven(emulator) as device:
        assert device.state.get(PowerMeter.power) == 12.5


async def test_a_blanket_is_a_heater() -> None:
    points = {"2.1": True, "2.5": 30, "2.6": 27}
    async with (
        MiotEmulator(points, model="isleep.blanket.hs2205") as emulator,
        driven(emulator) as device,
    ):
        assert device.state.get(ThermostatHeatingSetpoint.heating_setpoint_range) == (20, 45)
        assert device.state.get(TemperatureMeasurement.temperature) == 27


HEATER = {"2.1": False, "2.5": 20, "4.7": 18.5}


async def test_a_heater_has_a_target_within_its_limits() -> None:
    target, mode = ThermostatHeatingSetpoint, ThermostatMode
    async with (
        MiotEmulator(dict(HEATER), model="zhimi.heater.mc2") as emulator,
        driven(emulator) as device,
    ):
        assert device.state.get(mode.thermostat_mode) == ThermostatModeValue.OFF
        assert device.state.get(target.heating_setpoint_range) == (18, 28)
        assert device.state.get(TemperatureMeasurement.temperature) == 18.5
        await device.commands.execute(target.set_heating_setpoint, {"setpoint": 23})
        assert emulator.points == HEATER | {"2.5": 23}  # it stays off
        assert device.state.get(target.heating_setpoint) == 23
        with suppress(UnconfirmedError):
            await device.commands.execute(target.set_heating_setpoint, {"setpoint": 35})
        heat = {"mode": ThermostatModeValue.HEAT}
        await device.commands.execute(mode.set_thermostat_mode, heat)
        assert emulator.points == HEATER | {"2.1": True, "2.5": 28}


async def test_the_steps_of_a_speed_may_begin_at_0() -> None:
    points = {"2.1": True, "2.4": 0, "2.5": 0}
    async with (
        MiotEmulator(points, model="zhimi.airp.sa4") as emulator,
        driven(emulator) as device,
    ):
        assert device.state.get(FanSpeed.fan_speed) == 1
        await device.commands.execute(FanSpeed.set_fan_speed, {"speed": 3})
        assert emulator.points == {"2.1": True, "2.4": 3, "2.5": 2}


async def test_the_share_of_a_speed_counts_in_manual_mode() -> None:
    points = {"2.1": False, "2.4": 0, "2.5": 20}
    async with (
        MiotEmulator(points, model="hanyi.airpurifier.kj550") as emulator,
        driven(emulator) as device,
    ):
        await device.commands.execute(FanSpeedPercent.set_percent, {"percent": 60})
        assert emulator.points == {"2.1": True, "2.4": 2, "2.5": 60}


@pytest.mark.parametrize(
    ("model", "mode", "shown"),
    [("yeelink.light.colorc", "2.5", 1), ("cuco.light.sl4a", "2.2", 1)],
)
async def test_a_newer_light_shows_its_colour_while_that_counts(
    model: str, mode: str, shown: int
) -> None:
    level = "2.2" if model == "yeelink.light.colorc" else "2.3"
    points = {"2.1": True, level: 50, "2.4": 0x00FF00, mode: shown}
    async with MiotEmulator(points, model=model) as emulator, driven(emulator) as device:
        assert device.state.get(ColorControl.saturation) == 100
        await device.commands.perform(LightIntent(on=True, level=20, hue=0.0, saturation=100.0))
        assert emulator.points == points | {level: 20, "2.4": 0xFF0000}
        emulator.points[mode] = 2
        await device.commands.refresh()
        assert device.state.get(ColorControl.hue) is None


@pytest.mark.parametrize("value", [0, 1, "on"])
async def test_only_a_flag_of_an_unknown_model_is_a_switch(value: Any) -> None:
    """A number there may be the fault of a heater, or the status of a robot."""
    async with MiotEmulator({"2.1": value}, model="nobody.heater.x1") as emulator:
        device = new_device(emulator)
        with pytest.raises(ReplyError, match="reports no switch"):
            await device.check(device.record.addresses[0])
        await device.stop()


async def test_an_unknown_model_measures_what_its_type_does() -> None:
    points = {"2.1": True, "3.1": 44, "3.4": 12, "3.7": 21.5, "4.1": 80}
    async with (
        MiotEmulator(points, model="nobody.airp.x1") as emulator,
        driven(emulator) as device,
    ):
        assert device.state.get(FineDustSensor.fine_dust_level) == 12
        assert device.state.get(RelativeHumidityMeasurement.humidity) == 44
        assert device.state.get(FilterState.filter_life_remaining) == 80
    del points["3.4"]  # as where 3.7 is the humidity
    async with (
        MiotEmulator(points, model="nobody.airp.x1") as emulator,
        driven(emulator) as device,
    ):
        assert device.profile.components["main"].capabilities == (Switch,)


@pytest.mark.parametrize("points", [{"2.1": False, "2.9": 7}, {"power": "off"}])
async def test_an_unknown_model_is_what_it_answers(points: dict[str, Any]) -> None:
    async with (
        MiotEmulator(points, model="nobody.thing.x1") as emulator,
        driven(emulator) as device,
    ):
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True


async def test_an_unknown_model_without_a_switch_is_none() -> None:
    async with MiotEmulator({"2.1": 7}, model="nobody.thing.x1") as emulator:
        device = new_device(emulator)
        with pytest.raises(ReplyError, match=r"nobody.thing.x1 is unknown"):
            await device.check(device.record.addresses[0])
        await device.stop()


async def test_what_a_device_refuses_is_told() -> None:
    async with MiotEmulator() as emulator, driven(emulator) as device:
        emulator.codes = {"2.1": -4005}
        with pytest.raises(RefusedError, match=r"does not take this value \(-4005\)"):
            await device.commands.execute(Switch.on, {})


async def test_a_value_that_makes_no_sense_is_unknown() -> None:
    async with (
        MiotEmulator(PURIFIER, model="zhimi.airp.va2") as emulator,
        driven(emulator) as device,
    ):
        emulator.points |= {"2.1": "?", "2.4": 9}
        await device.commands.refresh()
        assert device.state.get(Switch.switch) is None
        assert device.state.get(AirPurifierFanMode.air_purifier_fan_mode) is None
        assert device.state.get(TemperatureMeasurement.temperature) == 21.5


def test_each_model_has_a_spec_that_makes_sense() -> None:
    assert spec_of("nobody.thing.x1") is None
    for model, spec in SPECS.items():
        assert spec.points, model
        assert ("movement" in spec.points) == bool(spec.actions), model
        if spec.manual is not None:
            assert "purifier" in spec.points, model
            assert {"speed", "percent"} & spec.points.keys(), model
        is_numbered = {at[0].isdigit() for at in spec.addresses}
        assert len(is_numbered) == 1, model


@pytest.mark.parametrize("line", ["plug  swich=2.1", "plug\n  cuco.plug.x  powr=2.1"])
def test_a_name_that_no_table_knows_is_told_with_its_line(line: str) -> None:
    with pytest.raises(DriverError, match=r"'.*2\.1': there is no '(swich|powr)'"):
        list(specs_in(line))
