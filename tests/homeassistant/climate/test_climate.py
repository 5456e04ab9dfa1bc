"""Thermostats and air conditioners: their states, and how each action reaches the driver."""

from typing import Any

from homeassistant.components.climate import (
    DEFAULT_MAX_TEMP,
    DEFAULT_MIN_TEMP,
    ClimateEntityFeature as Feature,
    HVACMode,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
import pytest

from custom_components.lan_edge.climate.modes import Modes
from lan_edge import (
    AirConditionerFanMode,
    AirConditionerMode,
    Attribute,
    Capability,
    ClimateIntent,
    Confirm,
    FanOscillationMode,
    Profile,
    RelativeHumidityMeasurement,
    Switch,
    TemperatureMeasurement,
    ThermostatCoolingSetpoint,
    ThermostatFanMode,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
    ThermostatOperatingState,
    command,
)

from ..stage import Actor, enter, stage, told_by
from ..states import becomes, call, state, unavailable

HOUSE = "climate.device"
FULL = (
    TemperatureMeasurement,
    RelativeHumidityMeasurement,
    ThermostatMode,
    ThermostatHeatingSetpoint,
    ThermostatCoolingSetpoint,
    ThermostatOperatingState,
    ThermostatFanMode,
)
COOLER = (
    Switch,
    AirConditionerMode,
    AirConditionerFanMode,
    ThermostatCoolingSetpoint,
    TemperatureMeasurement,
    FanOscillationMode,
)
MODE = ThermostatMode.thermostat_mode
MODES = ThermostatMode.supported_thermostat_modes
HEATING, COOLING = (
    ThermostatHeatingSetpoint.heating_setpoint,
    ThermostatCoolingSetpoint.cooling_setpoint,
)
ONE, TWO = Feature.TARGET_TEMPERATURE, Feature.TARGET_TEMPERATURE_RANGE
ON_OFF = Feature.TURN_ON | Feature.TURN_OFF


async def made(hass: HomeAssistant, device: Actor, *capabilities: type[Capability]) -> None:
    """Set a device of these capabilities up, which takes all of an intent at once."""
    stage(Profile(*capabilities), ClimateIntent, confirm=Confirm.ECHO)
    await enter(hass, device)


def shown(hass: HomeAssistant) -> dict[str, Any]:
    """Return the entity's attributes."""
    now = hass.states.get(HOUSE)
    assert now is not None
    return dict(now.attributes)


async def told(hass: HomeAssistant, device: Actor, service: str, **data: Any) -> dict[str, Any]:
    """Call an action; return what the device was asked by it, in one command."""
    _, asked, _ = await told_by(hass, device, f"climate.{service}", HOUSE, **data)
    return asked


# a thermostat


async def test_it_is_one_entity_and_nothing_is_known_at_first(
    hass: HomeAssistant, device: Actor
) -> None:
    await made(hass, device, *FULL)
    assert hass.states.async_entity_ids() == [HOUSE]
    assert state(hass, HOUSE) == "unknown"
    told = shown(hass)
    assert (told["min_temp"], told["max_temp"]) == (DEFAULT_MIN_TEMP, DEFAULT_MAX_TEMP)
    assert told["hvac_modes"] == ["off", "heat", "cool", "heat_cool"]
    assert told["supported_features"] == ONE | TWO | Feature.FAN_MODE | ON_OFF
    assert "hvac_action" not in told
    assert told["target_temp_step"] == 0.5


async def test_modes_and_their_temperatures(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, *FULL)
    device.show(HEATING, 20)
    device.show(COOLING, 25)
    device.show(MODES, ["off", "heat", "cool", "auto"])
    both = {"temperature": None, "target_temp_low": 20, "target_temp_high": 25}
    neither = {"target_temp_low": None, "target_temp_high": None}
    for mode, entity, temperatures in (
        ("off", "off", both),
        ("heat", "heat", {"temperature": 20, **neither}),
        ("cool", "cool", {"temperature": 25, **neither}),
        ("auto", "heat_cool", both),
    ):
        device.show(MODE, mode)
        await becomes(hass, HOUSE, entity, **temperatures)


async def test_what_is_measured_and_done(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, *FULL)
    does = ThermostatOperatingState.thermostat_operating_state
    device.show(MODE, "heat")
    device.show(TemperatureMeasurement.temperature, 19.5)
    device.show(RelativeHumidityMeasurement.humidity, 45)
    await becomes(hass, HOUSE, "heat", current_temperature=19.5, current_humidity=45)
    for word, action in (
        ("heating", "heating"),
        ("cooling", "cooling"),
        ("fan only", "fan"),
        ("vent economizer", "fan"),
        ("idle", "idle"),
        ("pending heat", "idle"),
        ("pending cool", "idle"),
    ):
        device.show(does, word)
        await becomes(hass, HOUSE, "heat", hvac_action=action)
    device.show(MODE, "off")
    device.show(does, "idle")
    await becomes(hass, HOUSE, "off", hvac_action="off")


async def test_ranges_go_by_the_mode(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, *FULL)
    device.show(ThermostatHeatingSetpoint.heating_setpoint_range, [5, 28])
    device.show(ThermostatCoolingSetpoint.cooling_setpoint_range, [18, 33])
    for mode, entity, low, high in (
        ("heat", "heat", 5, 28),
        ("cool", "cool", 18, 33),
        ("auto", "heat_cool", 5, 33),
    ):
        device.show(MODE, mode)
        await becomes(hass, HOUSE, entity, min_temp=low, max_temp=high)
    device.show(ThermostatCoolingSetpoint.cooling_setpoint_range, [33, 18])  # nonsense
    device.show(MODE, "cool")
    await becomes(hass, HOUSE, "cool", min_temp=DEFAULT_MIN_TEMP, max_temp=DEFAULT_MAX_TEMP)


async def test_a_target_that_stands_for_none_is_none(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, *FULL)
    device.show(MODE, "heat")
    device.show(HEATING, 0)
    await becomes(hass, HOUSE, "heat", temperature=0)
    device.show(ThermostatHeatingSetpoint.heating_setpoint_range, [5, 28])
    await becomes(hass, HOUSE, "heat", temperature=None)
    device.show(COOLING, 25)
    device.show(MODE, "auto")
    await becomes(hass, HOUSE, "heat_cool", target_temp_low=None, target_temp_high=25)
    device.show(ThermostatHeatingSetpoint.heating_setpoint_range, [-5, 28])
    await becomes(hass, HOUSE, "heat_cool", target_temp_low=0, target_temp_high=25)


@pytest.mark.parametrize("target", [4.5, 4, 30.5, -1])
async def test_a_target_outside_of_its_range_is_shown_unless_it_is_off(
    hass: HomeAssistant, device: Actor, target: float
) -> None:
    await made(hass, device, ThermostatMode, ThermostatHeatingSetpoint)
    device.show(ThermostatHeatingSetpoint.heating_setpoint_range, [5, 28])
    device.show(HEATING, target)
    device.show(MODE, "heat")
    await becomes(hass, HOUSE, "heat", temperature=target, min_temp=5, max_temp=28)
    with pytest.raises(ServiceValidationError, match="range is 5"):
        await told(hass, device, "set_temperature", temperature=target)
    assert await told(hass, device, "set_temperature", temperature=5) == {"heating": 5}
    device.show(HEATING, target)
    device.show(MODE, "off")
    await becomes(hass, HOUSE, "off", temperature=None)
    device.show(HEATING, 28.2)  # as it is rounded
    await becomes(hass, HOUSE, "off", temperature=28.2)


async def test_all_of_set_temperature_is_one_call(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, *FULL)
    device.show(MODE, "off")
    device.show(HEATING, 20)
    device.show(COOLING, 25)
    await becomes(hass, HOUSE, "off")
    heat = await told(hass, device, "set_temperature", hvac_mode="heat", temperature=21.5)
    assert heat == {"mode": "heat", "heating": 21.5}
    await becomes(hass, HOUSE, "heat", temperature=21.5)
    assert await told(hass, device, "set_temperature", temperature=22) == {"heating": 22}
    cool = await told(hass, device, "set_temperature", hvac_mode="cool", temperature=24)
    assert cool == {"mode": "cool", "cooling": 24}
    both = {"target_temp_low": 19, "target_temp_high": 26}
    auto = await told(hass, device, "set_temperature", hvac_mode="heat_cool", **both)
    assert auto == {"mode": "auto", "heating": 19, "cooling": 26}
    await becomes(hass, HOUSE, "heat_cool", **both)


async def test_one_temperature_for_two_is_refused(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, *FULL)
    device.show(MODE, "auto")
    device.show(HEATING, 20)
    device.show(COOLING, 25)
    await becomes(hass, HOUSE, "heat_cool")
    with pytest.raises(ServiceValidationError) as caught:
        await call(hass, "climate.set_temperature", HOUSE, temperature=21)
    assert caught.value.translation_key == "two_temperatures"
    with pytest.raises(ServiceValidationError):
        await call(hass, "climate.set_temperature", HOUSE, hvac_mode="dry", temperature=21)
    with pytest.raises(ServiceValidationError):
        await call(hass, "climate.set_temperature", HOUSE, target_temp_low=2, target_temp_high=25)
    assert device.said == []


async def test_modes_fan_on_and_off(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, *FULL)
    fans = ThermostatFanMode.supported_thermostat_fan_modes
    device.show(MODE, "heat")
    device.show(fans, ["auto", "on"])
    await becomes(hass, HOUSE, "heat", fan_modes=["auto", "on"], fan_mode=None)
    assert await told(hass, device, "set_fan_mode", fan_mode="on") == {"fan_mode": "on"}
    await becomes(hass, HOUSE, "heat", fan_mode="on")
    assert await told(hass, device, "set_hvac_mode", hvac_mode="cool") == {"mode": "cool"}
    assert await told(hass, device, "turn_off") == {"mode": "off"}
    assert await told(hass, device, "turn_on") == {"mode": "auto"}
    with pytest.raises(ServiceValidationError):
        await call(hass, "climate.set_fan_mode", HOUSE, fan_mode="circulate")
    device.show(ThermostatFanMode.thermostat_fan_mode, "circulate")
    await becomes(hass, HOUSE, "heat_cool", fan_mode=None)  # it cannot be set


async def test_what_is_no_hvac_mode_is_a_preset(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, *FULL)
    assert not shown(hass)["supported_features"] & Feature.PRESET_MODE
    words = ["off", "heat", "auto", "away", "eco", "asleep", "emergency heat"]
    device.show(MODES, words)
    device.show(MODE, "heat")
    presets = ["none", "away", "eco", "sleep", "emergency heat"]
    await becomes(hass, HOUSE, "heat", preset_modes=presets, preset_mode="none")
    assert shown(hass)["hvac_modes"] == ["off", "heat", "heat_cool"]
    assert shown(hass)["supported_features"] & Feature.PRESET_MODE
    assert await told(hass, device, "set_preset_mode", preset_mode="sleep") == {"mode": "asleep"}
    await becomes(hass, HOUSE, "heat_cool", preset_mode="sleep")
    device.show(MODE, "emergency heat")
    await becomes(hass, HOUSE, "heat", preset_mode="emergency heat")
    assert await told(hass, device, "set_preset_mode", preset_mode="none") == {"mode": "auto"}
    await becomes(hass, HOUSE, "heat_cool", preset_mode="none")


async def test_wrong_values_stay_out_and_it_can_be_away(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, *FULL)
    device.show(MODE, "heat")
    device.show(HEATING, 20)
    device.show(MODE, "sauna")
    device.show(HEATING, "warm")
    device.show(MODES, ["sauna"])
    device.show(TemperatureMeasurement.temperature, 18)
    await becomes(hass, HOUSE, "unknown", temperature=None, current_temperature=18)
    device.show(MODE, "heat")
    device.show(HEATING, 20)
    await becomes(hass, HOUSE, "heat", temperature=20, current_temperature=18)
    await device.down()
    await becomes(hass, HOUSE, "unavailable")
    assert unavailable(hass, HOUSE)


async def test_fahrenheit_is_home_assistants_to_convert(hass: HomeAssistant, device: Actor) -> None:
    hass.config.units = US_CUSTOMARY_SYSTEM
    await made(hass, device, *FULL)
    device.show(MODE, "heat")
    device.show(HEATING, 20)
    await becomes(hass, HOUSE, "heat", temperature=68)
    heard = await told(hass, device, "set_temperature", temperature=77)
    assert heard == {"heating": pytest.approx(25)}


# with less


@pytest.mark.parametrize(
    ("setpoint", "mode"),
    [(ThermostatHeatingSetpoint, "heat"), (ThermostatCoolingSetpoint, "cool")],
)
async def test_a_setpoint_alone(
    hass: HomeAssistant, device: Actor, setpoint: type[Capability], mode: str
) -> None:
    await made(hass, device, setpoint)
    attribute = HEATING if mode == "heat" else COOLING
    device.show(attribute, 21)
    await becomes(hass, HOUSE, mode, temperature=21, hvac_modes=[mode], supported_features=ONE)
    heard = await told(hass, device, "set_temperature", temperature=23)
    assert heard == {f"{mode}ing": 23}


async def test_a_setpoint_and_a_switch(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, Switch, ThermostatHeatingSetpoint)
    device.show(Switch.switch, False)
    device.show(HEATING, 21)
    await becomes(hass, HOUSE, "off", hvac_modes=["off", "heat"], supported_features=ONE | ON_OFF)
    heard = await told(hass, device, "set_temperature", hvac_mode="heat", temperature=23)
    assert heard == {"on": True, "heating": 23}
    await becomes(hass, HOUSE, "heat", temperature=23)
    assert await told(hass, device, "set_hvac_mode", hvac_mode="off") == {"on": False}
    await becomes(hass, HOUSE, "off")
    assert await told(hass, device, "turn_on") == {"on": True}
    assert await told(hass, device, "turn_off") == {"on": False}
    assert await told(hass, device, "set_hvac_mode", hvac_mode="heat") == {"on": True}


async def test_both_setpoints_alone(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, ThermostatHeatingSetpoint, ThermostatCoolingSetpoint)
    device.show(HEATING, 20)
    device.show(COOLING, 25)
    await becomes(hass, HOUSE, "heat_cool", target_temp_low=20, hvac_modes=["heat_cool"])
    wanted = {"target_temp_low": 18, "target_temp_high": 27}
    assert await told(hass, device, "set_temperature", **wanted) == {"heating": 18, "cooling": 27}


# an air conditioner


async def test_an_air_conditioner(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, *COOLER)
    assert hass.states.async_entity_ids() == [HOUSE]
    assert shown(hass)["supported_features"] == ONE | ON_OFF
    mode, fan = AirConditionerMode.air_conditioner_mode, AirConditionerFanMode.fan_mode
    swings = FanOscillationMode.supported_fan_oscillation_modes
    words = ["auto", "cool", "coolClean", "dry", "wind", "heat", "aIComfort"]
    device.show(Switch.switch, True)
    device.show(AirConditionerMode.supported_ac_modes, words)
    device.show(AirConditionerFanMode.supported_ac_fan_modes, ["auto", "turbo"])
    device.show(swings, ["fixed", "vertical", "all"])
    device.show(mode, "cool")
    device.show(fan, "turbo")
    device.show(FanOscillationMode.fan_oscillation_mode, "all")
    device.show(COOLING, 24)
    await becomes(hass, HOUSE, "cool", temperature=24, fan_mode="turbo", swing_mode="both")
    now = shown(hass)
    assert now["hvac_modes"] == ["off", "auto", "cool", "dry", "fan_only", "heat"]
    assert now["preset_modes"] == ["none", "coolClean", "aIComfort"]
    assert now["swing_modes"] == ["fixed", "vertical", "both"]
    assert now["fan_modes"] == ["auto", "turbo"]
    device.show(fan, "quiet")
    device.show(FanOscillationMode.fan_oscillation_mode, "horizontal")
    await becomes(hass, HOUSE, "cool", fan_mode=None, swing_mode=None)  # neither can be set
    wanted = ONE | ON_OFF | Feature.PRESET_MODE | Feature.FAN_MODE | Feature.SWING_MODE
    assert now["supported_features"] == wanted
    device.show(mode, "coolClean")
    await becomes(hass, HOUSE, "cool", preset_mode="coolClean")
    device.show(Switch.switch, False)
    await becomes(hass, HOUSE, "off")
    heard = await told(hass, device, "set_temperature", hvac_mode="dry", temperature=22)
    assert heard == {"on": True, "ac_mode": "dry", "cooling": 22}
    assert await told(hass, device, "set_hvac_mode", hvac_mode="fan_only") == {
        "on": True,
        "ac_mode": "wind",
    }
    assert await told(hass, device, "set_hvac_mode", hvac_mode="off") == {"on": False}
    assert await told(hass, device, "set_fan_mode", fan_mode="auto") == {"ac_fan_mode": "auto"}
    assert await told(hass, device, "set_swing_mode", swing_mode="vertical") == {
        "fan_oscillation_mode": "vertical"
    }
    heard = await told(hass, device, "set_preset_mode", preset_mode="aIComfort")
    assert heard == {"on": True, "ac_mode": "aIComfort"}


class Absence(Capability, id="acme.absence"):
    """Two presets that leave the mode as it is, and something else."""

    away = Attribute(bool, preset="away")
    asleep = Attribute(bool, preset="sleep")
    days = Attribute(int)

    @command(sets="away")
    def set_away(self, away: bool) -> None:
        """Go."""

    @command(sets="asleep")
    def set_asleep(self, asleep: bool) -> None:
        """Sleep."""


async def preset(hass: HomeAssistant, device: Actor, name: str) -> list[tuple[str, Any]]:
    """Choose a preset; return what the device was asked by it, command by command."""
    _ = device.said
    await call(hass, "climate.set_preset_mode", HOUSE, preset_mode=name)
    return [(what, with_) for what, with_, _ in device.said]


async def test_presets_of_a_drivers_own_capability(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, *FULL, Absence)
    device.show(MODES, ["off", "heat", "eco"])
    device.show(MODE, "heat")
    names = ["none", "eco", "away", "sleep"]
    await becomes(hass, HOUSE, "heat", preset_modes=names, preset_mode="none")
    assert sorted(hass.states.async_entity_ids()) == [HOUSE, "sensor.device_days"]
    assert await preset(hass, device, "away") == [("acme.absence.setAway", {"away": True})]
    await becomes(hass, HOUSE, "heat", preset_mode="away")
    assert await preset(hass, device, "sleep") == [
        ("acme.absence.setAway", {"away": False}),
        ("acme.absence.setAsleep", {"asleep": True}),
    ]
    await becomes(hass, HOUSE, "heat", preset_mode="sleep")
    assert await preset(hass, device, "none") == [("acme.absence.setAsleep", {"asleep": False})]
    assert await preset(hass, device, "eco") == [("climateIntent", {"mode": "eco"})]
    await becomes(hass, HOUSE, "heat", preset_mode="eco")
    assert await preset(hass, device, "none") == [("climateIntent", {"mode": "heat"})]
    await becomes(hass, HOUSE, "heat", preset_mode="none")
    assert await preset(hass, device, "none") == []


async def test_without_a_thermostat_a_preset_is_a_switch(
    hass: HomeAssistant, device: Actor
) -> None:
    stage(Profile(Absence))
    await enter(hass, device)
    assert sorted(hass.states.async_entity_ids("switch")) == [
        "switch.device_asleep",
        "switch.device_away",
    ]


# words


def test_a_devices_words() -> None:
    modes = Modes.of(["emergency heat", "heat", "fanOnly", "fan_only", "auto"], ranged=False)
    assert modes.hvac == {
        HVACMode.HEAT: "heat",
        HVACMode.FAN_ONLY: "fanOnly",
        HVACMode.AUTO: "auto",
    }
    assert modes.presets == {"emergency heat": "emergency heat", "fan_only": "fan_only"}
    assert modes.mode_of("fan_only") is HVACMode.FAN_ONLY
    assert modes.mode_of("emergency heat") is HVACMode.HEAT
    assert modes.mode_of("else") is HVACMode.AUTO
    assert modes.mode_of(None) is modes.preset_of(None) is None
    assert Modes.of(["off"], ranged=True).default is None


@pytest.mark.parametrize("word", ThermostatModeValue)
def test_every_word_of_the_vocabulary_is_a_mode_or_a_preset(word: ThermostatModeValue) -> None:
    for ranged in (False, True):
        modes = Modes.of(["off", "heat", "cool", word], ranged=ranged)
        assert word in modes.hvac.values() or word in modes.presets.values()
        assert modes.mode_of(word) is not None
