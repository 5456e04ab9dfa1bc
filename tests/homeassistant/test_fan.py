"""Fans and air purifiers: their states, and how each action reaches the driver."""

from typing import Any

from homeassistant.components.fan import FanEntityFeature as Feature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from hypothesis import given, strategies as st
import pytest

from custom_components.lan_edge.fan import percentage_of, speed_of
from lan_edge import (
    AirPurifierFanMode,
    Capability,
    Confirm,
    FanIntent,
    FanMode,
    FanOscillationMode,
    FanSpeed,
    FanSpeedPercent,
    Profile,
    Switch,
    WindMode,
)

from .stage import Actor, enter, stage, told_by
from .states import becomes, call, state

FAN = "fan.device"
ON_OFF = Feature.TURN_ON | Feature.TURN_OFF
SPEED, STEPS = FanSpeed.fan_speed, FanSpeed.fan_speed_range
SWINGS, WAY = (
    FanOscillationMode.supported_fan_oscillation_modes,
    FanOscillationMode.fan_oscillation_mode,
)


async def made(hass: HomeAssistant, device: Actor, *capabilities: type[Capability]) -> None:
    """Set a device of these capabilities up, which takes all of an intent at once."""
    stage(Profile(*capabilities), FanIntent, confirm=Confirm.ECHO)
    await enter(hass, device)
    assert hass.states.async_entity_ids() == [FAN]
    assert state(hass, FAN) == "unknown"


def shown(hass: HomeAssistant) -> dict[str, Any]:
    """Return the entity's attributes."""
    now = hass.states.get(FAN)
    assert now is not None
    return dict(now.attributes)


async def told(hass: HomeAssistant, device: Actor, service: str, **data: Any) -> dict[str, Any]:
    """Call an action; return what the device was asked by it, in one command."""
    _, asked, _ = await told_by(hass, device, f"fan.{service}", FAN, **data)
    return asked


async def test_steps_and_a_switch(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, Switch, FanSpeed)
    assert shown(hass)["supported_features"] == Feature.SET_SPEED | ON_OFF
    assert shown(hass)["percentage"] is None
    device.show(Switch.switch, True)
    device.show(STEPS, [0, 3])
    for speed, percentage in enumerate((0, 33, 66, 100)):
        device.show(SPEED, speed)
        await becomes(hass, FAN, "on", percentage=percentage, percentage_step=100 / 3)
    device.show(Switch.switch, False)
    await becomes(hass, FAN, "off", percentage=0)
    heard = await told(hass, device, "turn_on", percentage=50)
    assert heard == {"on": True, "speed": 2}
    await becomes(hass, FAN, "on", percentage=66)
    assert await told(hass, device, "set_percentage", percentage=1) == {"on": True, "speed": 1}
    assert await told(hass, device, "increase_speed") == {"on": True, "speed": 2}
    assert await told(hass, device, "turn_on") == {"on": True}
    assert await told(hass, device, "set_percentage", percentage=0) == {"on": False}
    await becomes(hass, FAN, "off")
    assert await told(hass, device, "turn_off") == {"on": False}
    assert await told(hass, device, "turn_on", percentage=0) == {"on": False}


async def test_percents_alone(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, FanSpeedPercent)
    for percent in (1, 37, 100):
        device.show(FanSpeedPercent.percent, percent)
        await becomes(hass, FAN, "on", percentage=percent, percentage_step=1)
    device.show(FanSpeedPercent.percent, 0)
    await becomes(hass, FAN, "off", percentage=0)
    assert await told(hass, device, "turn_on") == {"percent": 50}
    assert await told(hass, device, "set_percentage", percentage=29) == {"percent": 29}
    assert await told(hass, device, "turn_off") == {"percent": 0}


async def test_modes_alone(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, FanMode)
    modes = ["auto", "low", "medium", "high"]
    device.show(FanMode.fan_mode, "low")
    await becomes(hass, FAN, "on", preset_mode="low", preset_modes=modes)
    assert shown(hass)["supported_features"] == Feature.PRESET_MODE | ON_OFF
    assert await told(hass, device, "set_preset_mode", preset_mode="high") == {"mode": "high"}
    assert await told(hass, device, "turn_off") == {"mode": "off"}
    await becomes(hass, FAN, "off", preset_mode=None)
    assert await told(hass, device, "turn_on") == {"mode": "auto"}
    device.show(FanMode.supported_fan_modes, ["low", "high"])
    await becomes(hass, FAN, "on", preset_modes=["low", "high"])
    assert shown(hass)["supported_features"] == Feature.PRESET_MODE | Feature.TURN_ON
    with pytest.raises(ServiceValidationError):
        await call(hass, "fan.set_preset_mode", FAN, preset_mode="medium")


async def test_an_air_purifier(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, Switch, AirPurifierFanMode, WindMode)
    mode, wind = AirPurifierFanMode.air_purifier_fan_mode, WindMode.wind_mode
    known = AirPurifierFanMode.supported_air_purifier_fan_modes
    winds = WindMode.supported_wind_modes
    device.show(known, ["auto", "windFree", "off"])
    device.show(winds, ["noWind", "sleepWind"])
    device.show(Switch.switch, True)
    device.show(mode, "windFree")
    device.show(wind, "noWind")
    modes = ["auto", "wind_free", "no_wind", "sleep_wind"]
    await becomes(hass, FAN, "on", preset_mode="wind_free", preset_modes=modes)
    device.show(wind, "sleepWind")
    await becomes(hass, FAN, "on", preset_mode="sleep_wind")
    heard = await told(hass, device, "turn_on", preset_mode="auto")
    assert heard == {"on": True, "purifier_mode": "auto"}
    heard = await told(hass, device, "set_preset_mode", preset_mode="no_wind")
    assert heard == {"on": True, "wind": "noWind"}
    await becomes(hass, FAN, "on", preset_mode="auto")
    assert await told(hass, device, "turn_off") == {"on": False}


async def test_a_purifier_that_is_off_by_its_mode(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, AirPurifierFanMode)
    device.show(AirPurifierFanMode.air_purifier_fan_mode, "quiet")
    await becomes(hass, FAN, "on", preset_mode="quiet")
    assert await told(hass, device, "turn_off") == {"purifier_mode": "off"}


async def test_oscillation(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, Switch, FanSpeed, FanOscillationMode)
    assert shown(hass)["supported_features"] & Feature.OSCILLATE  # it does not say which ways
    device.show(Switch.switch, True)
    device.show(SWINGS, ["fixed", "vertical"])
    device.show(WAY, "vertical")
    await becomes(hass, FAN, "on", oscillating=True)
    assert await told(hass, device, "oscillate", oscillating=False) == {
        "fan_oscillation_mode": "fixed"
    }
    await becomes(hass, FAN, "on", oscillating=False)
    assert await told(hass, device, "oscillate", oscillating=True) == {
        "fan_oscillation_mode": "vertical"
    }
    device.show(SWINGS, ["far", "wide"])
    both = Feature.SET_SPEED | ON_OFF
    await becomes(hass, FAN, "on", supported_features=both)


async def test_wrong_values_stay_out_and_it_can_be_away(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, Switch, FanSpeed)
    device.show(Switch.switch, True)
    device.show(STEPS, [0, 4])
    device.show(SPEED, 2)
    device.show(SPEED, 101)
    device.show(SPEED, "fast")
    device.show(STEPS, [1, 2, 3])
    device.show(Switch.switch, False)
    device.show(Switch.switch, True)
    await becomes(hass, FAN, "on", percentage=None)
    device.show(STEPS, [0, 4])
    device.show(SPEED, 2)
    await becomes(hass, FAN, "on", percentage=50)
    device.show(STEPS, [0, 0])
    device.show(SPEED, 3)  # nonsense, and beyond it
    await becomes(hass, FAN, "on", percentage=100)
    await device.down()
    await becomes(hass, FAN, "unavailable")


@given(st.data(), st.integers(1, 100))
def test_each_step_comes_back_by_its_percentage(data: st.DataObject, steps: int) -> None:
    speed = data.draw(st.integers(0, steps))
    assert speed_of(percentage_of(speed, steps), steps) == speed


@given(st.integers(1, 100), st.integers(0, 100))
def test_a_percentage_is_a_step_of_the_fan(steps: int, percentage: int) -> None:
    speed = speed_of(percentage, steps)
    assert 0 <= speed <= steps
    assert (speed == 0) is (percentage == 0)
    assert speed_of(min(percentage + 1, 100), steps) >= speed


async def test_a_mode_that_cannot_be_set_is_not_shown(hass: HomeAssistant, device: Actor) -> None:
    await made(hass, device, Switch, FanMode)
    device.show(Switch.switch, True)
    device.show(FanMode.supported_fan_modes, ["low", "auto"])
    for mode, preset in (("auto", "auto"), ("high", None), ("low", "low")):
        device.show(FanMode.fan_mode, mode)
        await becomes(hass, FAN, "on", preset_mode=preset, preset_modes=["low", "auto"])
