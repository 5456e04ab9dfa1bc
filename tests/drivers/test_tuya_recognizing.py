"""Tuya: what a unit is taken for, by its points and their values, which are made up."""

from typing import Any

import pytest

from lan_edge import (
    ColorTemperature,
    CurrentMeasurement,
    Device,
    FanSpeed,
    FilterState,
    FineDustSensor,
    MotionSensor,
    PointsPart,
    PointUnit,
    PowerMeter,
    RefusedError,
    RelativeHumidityMeasurement,
    ShadeState,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    VoltageMeasurement,
    WindowShade,
)
from lan_edge.drivers.tuya import Tuya
from lan_edge.drivers.tuya.kinds import KINDS, TuyaUnits
from lan_edge.drivers.tuya.kinds.meanings import TargetHumidity
from lan_edge.drivers.tuya.settings import TuyaKind, TuyaMemory, TuyaSettings
from tests.emulators.tuya import KEY, TuyaEmulator

from .house import shows, until
from .test_tuya import driven


def recognized(points: dict[str, Any], *, is_behind: bool = False) -> str:
    """Return what a unit with these points is taken for."""
    return KINDS.recognized(points, without="" if is_behind else TuyaKind.CONTACT) or "automatic"


def parts(
    points: dict[str, Any], kind: str = "", ignored: str = "", **settings: Any
) -> dict[str, PointsPart]:
    """Return the parts of a unit with these points, by component."""
    unit = PointUnit(
        points=points,
        seen=points,
        settings=TuyaSettings(**settings),
        ignored=frozenset(ignored.split()),
    )
    known = kind or recognized(points).replace("automatic", "outlet")
    return {part.component: part for part in KINDS.parts(known, unit)}


def shown(points: dict[str, Any], kind: str = "", **settings: Any) -> dict[str, Any]:
    """Return what the main part of a unit shows, by attribute."""
    main = parts(points, kind, **settings)["main"]
    return {each.attribute.id: each.read() for each in main.readings()}


@pytest.mark.parametrize(
    ("points", "kind"),
    [
        # plugs: a countdown, a lock and a relay's state are nothing that it is
        ({"1": True, "9": 1800, "38": "memory", "41": False, "40": "relay"}, TuyaKind.OUTLET),
        ({"1": True, "2": False, "3": True, "7": True, "9": 0}, TuyaKind.OUTLET),
        ({"1": True, "2": 0}, TuyaKind.OUTLET),
        ({"1": True, "2": 1800}, TuyaKind.OUTLET),  # more than any brightness
        # what is not certain yet is shown as outlets, and may become something else
        ({"1": True, "2": 30}, TuyaKind.AUTOMATIC),
        ({"1": True, "2": 44, "3": 10}, TuyaKind.AUTOMATIC),
        ({"1": True, "2": 22, "3": 21}, TuyaKind.AUTOMATIC),
        ({"1": True, "17": 3, "18": 350, "19": 805, "20": 2301, "26": 0}, TuyaKind.OUTLET),
        # dimmers say for which lamp, have several gangs, or nothing else
        ({"1": True, "2": 500, "3": 10, "4": "incandescent", "5": 1000, "6": 0}, TuyaKind.DIMMER),
        ({"1": True, "2": 500, "3": 10, "6": 0, "14": "memory"}, TuyaKind.DIMMER),
        ({"1": True, "2": 30, "3": 10, "7": True, "8": 500, "9": 10}, TuyaKind.DIMMER),
        # heaters, heat pumps and radiator valves have their target there
        (
            {"1": True, "2": 22, "3": 21, "4": "smart", "5": "level_1", "7": False},
            TuyaKind.THERMOSTAT,
        ),
        ({"1": True, "2": 22, "3": 21, "7": False, "12": 0}, TuyaKind.THERMOSTAT),
        ({"1": True, "2": 220, "3": 215, "4": "Program"}, TuyaKind.THERMOSTAT),
        ({"1": True, "2": 1600, "3": 2150, "5": "1"}, TuyaKind.THERMOSTAT),
        ({"2": "auto", "3": "opened", "4": 220, "5": 215, "6": 90}, TuyaKind.THERMOSTAT),
        ({"1": True, "2": "hot", "16": 215, "24": 198, "40": False}, TuyaKind.THERMOSTAT),
        ({"1": True, "2": 22, "5": 21, "7": 0}, TuyaKind.OUTLET),
        # what dries or moistens the air
        ({"1": True, "2": 50, "4": "low", "5": "auto", "6": 61, "7": 22}, TuyaKind.HUMIDIFIER),
        ({"1": True, "13": 50, "14": 48, "23": "level_1"}, TuyaKind.HUMIDIFIER),
        ({"1": True, "2": "auto", "3": 61, "4": 50, "6": "1"}, TuyaKind.HUMIDIFIER),
        ({"1": True, "2": "auto", "3": 70, "4": 68}, TuyaKind.OUTLET),
        ({"1": True, "2": "manual", "3": 21, "4": 22}, TuyaKind.OUTLET),
        ({"1": True, "3": 50, "4": 60}, TuyaKind.OUTLET),
        ({"1": True, "2": 60, "6": 0}, TuyaKind.DIMMER),
        # what cleans it
        ({"1": True, "2": 12, "3": "Auto", "4": "low", "5": 80, "7": False}, TuyaKind.PURIFIER),
        # fans
        ({"1": True, "2": "nature", "3": 12, "5": False}, TuyaKind.FAN),
        ({"1": True, "2": "fresh", "3": 60, "8": "forward"}, TuyaKind.FAN),
        ({"1": True, "2": "1", "3": "6", "19": 22}, TuyaKind.FAN),
        ({"20": True, "22": 500, "60": False}, TuyaKind.FAN),
        ({"1": True, "2": "auto", "3": 61}, TuyaKind.OUTLET),  # it may as well be a humidity
        ({"1": True, "2": "auto", "3": "heating", "4": True}, TuyaKind.OUTLET),
        # lights
        ({"20": True, "26": 0}, TuyaKind.LIGHT),
        ({"20": True, "21": "scene_1", "22": 500}, TuyaKind.LIGHT),
        ({"1": True, "2": "colour", "3": 200}, TuyaKind.LIGHT),
        ({"20": True, "23": "normal", "16": 90}, TuyaKind.AUTOMATIC),
        ({"1": "disarmed", "20": True, "21": False, "22": 5}, TuyaKind.AUTOMATIC),
        ({"1": True, "2": 0, "3": "level_2"}, TuyaKind.FAN),
        ({"1": True, "2": "auto", "3": "level_2"}, TuyaKind.OUTLET),
        ({"1": True, "2": "auto", "3": "low"}, TuyaKind.OUTLET),
        # kettles, with °F beside °C; a heater has no such words
        ({"1": False, "2": 25, "3": 77, "15": "standby", "16": "boiling_quick"}, TuyaKind.KETTLE),
        ({"1": True, "2": 60, "4": 90, "8": "heating", "11": "diy", "14": True}, TuyaKind.KETTLE),
        ({"1": True, "2": 22, "3": 21, "15": "heating"}, TuyaKind.THERMOSTAT),
        # garage doors, water timers, sirens, soil
        (
            {"1": True, "2": 0, "3": True, "4": 30, "5": 0, "11": False, "12": "none"},
            TuyaKind.GARAGE,
        ),
        ({"1": True, "2": True, "3": True, "11": False, "12": "none"}, TuyaKind.OUTLET),
        ({"1": True, "3": True}, TuyaKind.OUTLET),
        ({"1": False, "7": 90, "10": "cancel", "11": 600, "12": "idle"}, TuyaKind.VALVE),
        ({"1": False, "2": 50, "10": "24h", "11": 600}, TuyaKind.OUTLET),  # it has a position
        ({"5": "low", "7": 10, "13": False, "15": 90, "21": "mode_1"}, TuyaKind.SIREN),
        ({"1": "alarm_light", "5": "mute", "7": 10, "13": False}, TuyaKind.SIREN),
        ({"1": "normal", "5": "high", "7": 10, "13": False}, TuyaKind.AUTOMATIC),  # smoke?
        ({"1": "normal", "5": "high", "7": 10, "13": False, "15": 90}, TuyaKind.SMOKE),
        ({"3": 41, "5": 215, "9": "c", "14": "high", "15": 90}, TuyaKind.SOIL),
        ({"3": 41, "5": 215, "15": 90}, TuyaKind.AUTOMATIC),
        # covers, sensors
        ({"1": "open", "2": 0, "7": "opening"}, TuyaKind.COVER),
        ({"1": "", "2": 50}, TuyaKind.AUTOMATIC),
        ({"1": "1", "2": 90, "5": False}, TuyaKind.COVER),
        ({"1": "1"}, TuyaKind.LEAK),
        ({"1": "presence", "9": 1, "101": 300}, TuyaKind.MOTION),
        ({"1": "alarm", "2": 36, "8": "1"}, TuyaKind.AUTOMATIC),  # gas, and how much
        ({"1": "alarm", "4": 90}, TuyaKind.LEAK),
        ({"1": 215, "2": 480, "4": 88}, TuyaKind.CLIMATE),
        ({"1": 40142, "2": 480}, TuyaKind.AUTOMATIC),
        ({"101": True, "102": 22}, TuyaKind.AUTOMATIC),
    ],
)
def test_what_a_unit_is(points: dict[str, Any], kind: TuyaKind) -> None:
    assert recognized(points) == kind


def test_behind_a_gateway_a_switch_with_a_battery_is_a_contact() -> None:
    assert recognized({"1": True, "2": 88}, is_behind=True) == TuyaKind.CONTACT
    assert recognized({"1": True, "2": 500, "7": True, "8": 300}, is_behind=True) == TuyaKind.DIMMER


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ({"1": True, "2": False, "3": True, "7": True}, ["1", "2", "3", "7"]),
        ({"1": True, "2": False, "5": 0, "7": True}, ["1", "2"]),  # 7 may be a child lock
        ({"1": True, "3": "auto", "5": False}, ["1"]),
        ({"2": "auto", "5": False, "6": True}, ["5"]),
    ],
)
def test_a_flag_behind_what_is_no_switch_is_no_outlet(
    points: dict[str, Any], expected: list[str]
) -> None:
    switches = [n for part in parts(points).values() for n in part.changes({Switch.switch: True})]
    assert switches == expected


@pytest.mark.parametrize("points", [{"2": "manual", "16": 460, "24": 210}])
async def test_a_target_of_more_than_a_room_is_in_tenths(points: dict[str, Any]) -> None:
    for target in (460, 600, 950):
        state = shown({**points, "1": True, "16": target})
        assert state[ThermostatHeatingSetpoint.heating_setpoint.id] == target / 10
        assert state[TemperatureMeasurement.temperature.id] == 21
        assert state[ThermostatHeatingSetpoint.heating_setpoint_range.id] == (5.0, 95.0)
    setpoint = ThermostatHeatingSetpoint.set_heating_setpoint
    async with TuyaEmulator({**points, "1": True}) as emulator, driven(emulator) as device:
        for target in (22, 5, 46):
            await device.commands.execute(setpoint, {"setpoint": target})
            await shows(device, ThermostatHeatingSetpoint.heating_setpoint, target)
            assert emulator.points["16"] == target * 10


@pytest.mark.parametrize(
    ("points", "target", "now", "sets"),
    [
        ({"1": True, "2": 22, "3": 21, "5": "1"}, 22, 21, 20),
        ({"1": True, "2": 22, "3": 21, "4": "low", "5": False, "6": False}, 22, 21, 20),
        ({"1": True, "2": 44, "3": 42, "4": "auto", "5": False, "6": False}, 22, 21, 40),
        ({"1": True, "2": 20, "3": 24, "4": "0", "5": False, "6": False}, 10, 12, 40),
        ({"1": True, "2": 44, "3": 42, "4": "0", "5": False, "6": False}, 22, 21, 40),
        ({"1": True, "2": 220, "3": 21, "7": False}, 22, 21, 200),
        ({"1": True, "2": 220, "3": 85, "7": False}, 22, 8.5, 200),
        ({"1": True, "2": 2200, "3": 2150, "7": False}, 22, 21.5, 2000),
        ({"1": True, "2": 60, "3": 55, "19": "c"}, 60, 55, 20),  # water
        ({"1": True, "2": 77, "3": 68, "19": "f"}, 25, 20, 68),
        ({"1": True, "2": 22, "3": 21, "19": "f"}, 22, 21, 20),  # it has others for °F
        ({"1": True, "2": "manual", "16": 50, "24": 180}, 5, 18, 200),  # against frost
        ({"1": True, "2": "manual", "16": 120, "24": 95}, 12, 9.5, 200),
        ({"1": True, "2": 50, "3": 180, "7": False}, 5, 18, 200),
        ({"1": True, "2": "manual", "16": 22, "24": 215}, 22, 21.5, 20),
        ({"1": True, "2": "manual", "16": 716, "24": 680, "23": "f"}, 22, 20, 680),
    ],
)
def test_a_heater_has_whole_degrees_halves_tenths_or_hundredths(
    points: dict[str, Any], target: float, now: float, sets: int
) -> None:
    assert recognized(points) == TuyaKind.THERMOSTAT
    state = shown(points)
    assert state[ThermostatHeatingSetpoint.heating_setpoint.id] == target
    assert state[TemperatureMeasurement.temperature.id] == now
    assert state[ThermostatHeatingSetpoint.heating_setpoint_range.id] == (
        5.0,
        95.0 if target > 45 else 45.0,
    )
    setting = parts(points)["main"].changes({ThermostatHeatingSetpoint.heating_setpoint: 20})
    assert [*setting.values()] == [sets]


def test_what_its_owner_says_is_a_thermostat_is_one() -> None:
    points = {"1": True, "3": 21}
    assert shown(points, TuyaKind.THERMOSTAT)[TemperatureMeasurement.temperature.id] == 21


def test_the_divisor_that_its_owner_says_counts() -> None:
    points = {"1": True, "2": 44, "3": 42, "4": "0", "5": False, "6": False}
    main = parts(points, TuyaKind.THERMOSTAT, temperature=1)["main"]
    assert main.changes({ThermostatHeatingSetpoint.heating_setpoint: 20}) == {"2": 20}


@pytest.mark.parametrize(("told", "humidity"), [(48, 48), (480, 48)])
def test_humidity_is_in_percent_or_in_tenths(told: int, humidity: int) -> None:
    state = shown({"1": 215, "2": told, "4": 88})
    assert state[RelativeHumidityMeasurement.humidity.id] == humidity


@pytest.mark.parametrize(
    ("color", "level"), [("000003e803e8", 50), ("ff00000000ffff", 100), (None, 100)]
)
def test_an_older_light_with_new_colours_is_finer(color: str | None, level: int) -> None:
    points = {"1": True, "2": "white", "3": 500, "4": 0, "5": color}
    assert shown(points)[SwitchLevel.level.id] == level
    assert ColorTemperature in parts(points)["main"].capabilities


@pytest.mark.parametrize(
    ("points", "power"),
    [
        ({"1": True, "9": 0, "18": 350, "19": 805, "20": 2301}, 80.5),
        ({"19": 805, "20": 2301}, 80.5),  # a clamp
        ({"1": True, "18": 0, "19": 0, "20": 0}, 0),  # off
        ({"1": True, "17": 1, "18": 900, "19": 900}, None),  # countdowns
        ({"1": True, "2": 0, "4": 350, "5": 805, "6": 2301}, 80.5),  # an old one
        ({"1": True, "2": True, "4": 350, "5": 805, "6": 1190, "9": 5}, 80.5),
        ({"1": True, "2": True, "3": True, "4": 0, "5": 1800, "6": 0}, None),
        ({"1": True, "4": 60, "5": 3600, "6": 7200, "9": 0}, None),
        ({"4": 620, "5": 12, "6": 5, "9": 18}, None),  # of the air
    ],
)
def test_a_meter_has_a_voltage_beside_its_power(
    points: dict[str, Any], power: float | None
) -> None:
    readings = (each for part in parts(points).values() for each in part.readings())
    told = {each.attribute: each.read() for each in readings}
    assert told.get(PowerMeter.power) == power
    assert (VoltageMeasurement.voltage in told) is (power is not None)


def test_what_its_owner_says_of_the_voltage_leaves_the_power_and_the_current() -> None:
    state = shown({"1": True, "9": 0, "18": 350, "19": 805, "20": 2301}, ignored="20")
    assert state == {
        Switch.switch.id: True,
        PowerMeter.power.id: 80.5,
        CurrentMeasurement.current.id: 0.35,
    }


@pytest.mark.parametrize(
    ("speed", "most", "step", "sent"),
    [
        (60, 100, 60, 2),
        (4, 6, 4, 2),
        ("2", 3, 2, "2"),
        ("level_3", 3, 3, "level_2"),
        ("high", 3, 3, "middle"),
        ("mid", 3, 2, "mid"),
    ],
)
def test_a_fan_has_as_many_speeds_as_its_speed_says(
    speed: int | str, most: int, step: int, sent: int | str
) -> None:
    points = {"1": True, "2": "fresh", "3": speed, "8": "forward"}
    state = shown(points, TuyaKind.FAN)
    assert state[FanSpeed.fan_speed_range.id] == (0, most)
    assert state[FanSpeed.fan_speed.id] == step
    kept: dict[str, tuple[str, ...]] = {"3": ("middle",)} if speed == "high" else {}
    unit = PointUnit(points=points, seen=points, kept=kept, settings=TuyaSettings())
    (fan,) = KINDS.parts(TuyaKind.FAN, unit)
    assert fan.changes({FanSpeed.fan_speed: 2}) == {"3": sent}


def test_what_is_no_point_of_a_light_is_not_set() -> None:
    white = parts({"20": True, "21": "white", "23": 500})["main"]
    assert SwitchLevel not in white.capabilities
    unit = PointUnit(points={}, seen={"20": True, "24": "000003e803e8"}, settings=TuyaSettings())
    (colored,) = KINDS.parts(TuyaKind.LIGHT, unit)
    assert colored.changes({SwitchLevel.level: 40}) == {}


def test_what_is_ignored_is_of_the_device_itself() -> None:
    memory = TuyaMemory(is_listed=True)
    units = TuyaUnits(memory, TuyaSettings(), frozenset("1"))
    for unit in ("", "a4c1"):
        units.learn(unit, {"1": True, "2": False})
    shown = {(part.component, n) for part in units.parts() for n, _ in part.rows}
    assert shown == {("main", "2"), ("a4c1/outlet_1", "1"), ("a4c1/outlet_2", "2")}


def test_the_mode_of_a_light_is_no_meaning_that_is_unknown() -> None:
    light = parts({"20": True, "21": "white", "22": 505, "24": "000003e803e8"})["main"]
    assert light.meanings == {
        "20": "switch.switch",
        "21": "mode",
        "22": "switchLevel.level",
        "24": "colorControl.hue",
    }


async def test_what_a_heater_counts_is_known_when_all_of_it_is_cold() -> None:
    points = {"1": True, "2": 50, "3": 180, "7": False}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        for told, shown_as in ((181, 18.1), (182, 18.2), (95, 9.5)):
            emulator.report({"3": told})
            await shows(device, TemperatureMeasurement.temperature, shown_as)
        assert device.state.get(ThermostatHeatingSetpoint.heating_setpoint) == 5
        setpoint = ThermostatHeatingSetpoint.set_heating_setpoint
        await device.commands.execute(setpoint, {"setpoint": 20})
        assert emulator.points["2"] == 200


async def restarted(emulator: TuyaEmulator, *reports: int) -> Device:
    """Return a device that was restarted after a heater had reported some temperatures."""
    async with driven(emulator) as before:
        for each in reports:
            emulator.report({"3": each})
            await until(lambda: before.driver.memory.units[""]["3"] == each)  # noqa: B023
    return Device(Tuya, before.record, secrets={"local_key": KEY})


async def test_what_a_heater_counts_is_known_after_a_restart_in_the_cold() -> None:
    async with TuyaEmulator({"1": True, "2": 50, "3": 180, "7": False}) as emulator:
        device = await restarted(emulator, 181, 182, 45)
        device.start()
        try:
            await shows(device, TemperatureMeasurement.temperature, 4.5)
            setpoint = ThermostatHeatingSetpoint.set_heating_setpoint
            await device.commands.execute(setpoint, {"setpoint": 20})
        finally:
            await device.stop()
        assert emulator.points["2"] == 200


async def test_a_sensor_that_fails_for_a_moment_decides_nothing() -> None:
    points = {"1": True, "2": 22, "3": 21, "7": False}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        for told, shown_as in ((255, 25.5), (21, 21), (999, 99.9), (20, 20)):
            emulator.report({"3": told})
            await shows(device, TemperatureMeasurement.temperature, shown_as)
        setpoint = ThermostatHeatingSetpoint.set_heating_setpoint
        await device.commands.execute(setpoint, {"setpoint": 20})
        assert emulator.points["2"] == 20


async def test_a_sensor_that_fails_for_a_moment_decides_nothing_for_good() -> None:
    async with TuyaEmulator({"1": True, "2": 22, "3": 21, "7": False}) as emulator:
        device = await restarted(emulator, 21, 255, 21)
        device.start()
        try:
            await shows(device, TemperatureMeasurement.temperature, 21)
            setpoint = ThermostatHeatingSetpoint.set_heating_setpoint
            await device.commands.execute(setpoint, {"setpoint": 20})
        finally:
            await device.stop()
        assert emulator.points["2"] == 20


async def test_a_dimmer_that_is_dim_at_first_is_one_once_it_is_bright() -> None:
    async with TuyaEmulator({"1": True, "2": 30}) as emulator, driven(emulator) as device:
        assert device.state.get(Switch.switch) is True
        emulator.report({"2": 300})
        await shows(device, SwitchLevel.level, 30)
        await device.commands.execute(SwitchLevel.set_level, {"level": 1})
        assert emulator.points["2"] == 10


async def test_a_heater_is_off_and_heats_to_its_target() -> None:
    points = {"1": True, "2": 22, "3": 21, "4": "smart", "7": False}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        mode = ThermostatMode.set_thermostat_mode
        await device.commands.execute(mode, {"mode": "off"})
        setpoint = ThermostatHeatingSetpoint.set_heating_setpoint
        await device.commands.execute(setpoint, {"setpoint": 19})
        assert emulator.points == {**points, "1": False, "2": 19}
        await shows(device, ThermostatHeatingSetpoint.heating_setpoint, 19)


async def test_a_radiator_valve_without_a_switch_has_no_mode() -> None:
    points = {"2": "auto", "3": "opened", "4": 220, "5": 215, "6": 90}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        assert ThermostatMode not in device.profile.components["main"].capabilities
        setpoint = ThermostatHeatingSetpoint.set_heating_setpoint
        await device.commands.execute(setpoint, {"setpoint": 19.5})
        assert emulator.points["4"] == 195


async def test_a_dehumidifier_dries_to_its_target() -> None:
    points = {"1": False, "2": 50, "4": "low", "5": "auto", "6": 61, "7": 22}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        assert device.state.get(RelativeHumidityMeasurement.humidity) == 61
        assert device.state.get(TemperatureMeasurement.temperature) == 22
        assert device.state.get(TargetHumidity.target_humidity) == 50
        await device.commands.execute(TargetHumidity.set_target_humidity, {"humidity": 45})
        await device.commands.execute(Switch.on, {})
        assert emulator.points == {**points, "1": True, "2": 45}


@pytest.mark.parametrize("speed", [2, "2"])
async def test_an_air_purifier_measures_dust_and_has_speeds(speed: int | str) -> None:
    points = {"1": True, "2": 12, "3": "auto", "4": speed, "5": 80}
    kind = {"kind": TuyaKind.PURIFIER}
    async with TuyaEmulator(points) as emulator, driven(emulator, **kind) as device:
        assert device.state.get(FineDustSensor.fine_dust_level) == 12
        assert device.state.get(FilterState.filter_life_remaining) == 80
        assert device.state.get(FanSpeed.fan_speed) == 2
        await device.commands.execute(FanSpeed.set_fan_speed, {"speed": 3})
        assert emulator.points["4"] == type(speed)(3)


async def test_an_air_purifier_whose_speeds_are_words_is_switched() -> None:
    points = {"1": True, "2": 12, "3": "auto", "4": "low"}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        main = device.profile.components["main"].capabilities
        assert not {FanSpeed, FilterState} & {*main}
        await device.commands.execute(Switch.off, {})
        assert emulator.points["1"] is False


async def test_each_gang_of_a_dimmer_is_a_light() -> None:
    points = {"1": True, "2": 500, "3": 10, "7": False, "8": 300, "9": 10}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        assert device.profile.components["light_2"].name == "Light 2"
        assert device.state.get(SwitchLevel.level, "light_2") == 30
        await device.commands.execute(SwitchLevel.set_level, {"level": 80}, "light_2")
        assert emulator.points == {**points, "7": True, "8": 800}
        assert device.state.get(SwitchLevel.level) == 50


async def test_presence_is_motion() -> None:
    async with TuyaEmulator({"1": "none", "9": 1}) as emulator, driven(emulator) as device:
        for word in ("move", "static", "peaceful", "presence", "pir"):
            emulator.report({"1": word})
            await shows(device, MotionSensor.motion, True)
            emulator.report({"1": "none"})
            await shows(device, MotionSensor.motion, False)


async def test_a_cover_that_says_nothing_yet_has_no_state() -> None:
    kind = {"kind": TuyaKind.COVER}
    async with TuyaEmulator({"1": "", "9": 0}) as emulator, driven(emulator, **kind) as device:
        assert device.state.get(WindowShade.window_shade) is None
        emulator.report({"1": "open"})
        await shows(device, WindowShade.window_shade, ShadeState.OPEN)


async def test_what_has_no_point_for_it_cannot_be_set() -> None:
    points = {"1": True, "2": 12, "3": "auto"}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        with pytest.raises(RefusedError, match="no point"):
            await device.driver.change({FanSpeed.fan_speed: 1})  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("points", "sent"),
    [
        ({"2": "off", "16": 1825, "24": 2150}, 2200),
        ({"1": True, "2": "manual", "16": 215, "24": 198}, 220),
        ({"1": True, "2": "manual", "16": 21, "24": 20}, 22),
    ],
)
async def test_the_highest_target_does_not_change_what_the_next_one_means(
    points: dict[str, Any], sent: int
) -> None:
    setpoint = ThermostatHeatingSetpoint.set_heating_setpoint
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        for target in (41, 45, 5, 22):
            await device.commands.execute(setpoint, {"setpoint": target})
            await shows(device, ThermostatHeatingSetpoint.heating_setpoint, target)
        assert emulator.points["16"] == sent
