"""Fans and air purifiers: what they show, and how each action reaches the driver."""

from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.components.fan import FanEntityFeature as Feature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from hypothesis import given, strategies as st
import pytest

from custom_components.lan_edge.edge import (
    AirPurifierFanMode,
    Capability,
    FanIntent,
    FanMode,
    FanOscillationMode,
    FanSpeed,
    FanSpeedPercent,
    Oscillation,
    Profile,
    Switch,
    WindMode,
    handles,
    register,
)
from custom_components.lan_edge.fan import percentage_of, speed_of

from .common import BULB_ID, becomes, call, set_up, state
from .obedient import Listener, Obedient, show

FAN = "fan.desk_lamp"
ON_OFF = Feature.TURN_ON | Feature.TURN_OFF
SPEED, STEPS = FanSpeed.fan_speed, FanSpeed.fan_speed_range
SWINGS, WAY = (
    FanOscillationMode.supported_fan_oscillation_modes,
    FanOscillationMode.fan_oscillation_mode,
)


def fan(*capabilities: type[Capability]) -> None:
    """Register a driver of these capabilities, which takes all of an intent at once."""

    @register
    class Fan(Obedient):
        id = "fan"
        profile = Profile(*capabilities)

        @handles(FanIntent)
        async def control(self, wanted: FanIntent) -> None:
            await self.say(**wanted.asked())

        if FanOscillationMode in capabilities:

            @handles(FanOscillationMode.set_fan_oscillation_mode)
            async def swing(self, fan_oscillation_mode: Oscillation) -> None:
                await self.say(swing=fan_oscillation_mode)


@pytest.fixture
async def device(
    hass: HomeAssistant, drivers: None, start_discovery: None
) -> AsyncGenerator[Listener]:
    async with Listener(id=BULB_ID, name="Desk lamp") as made:
        yield made


async def made(hass: HomeAssistant, device: Listener, *capabilities: type[Capability]) -> None:
    """Set a device of these capabilities up."""
    fan(*capabilities)
    await set_up(hass, "fan", BULB_ID, device)
    assert hass.states.async_entity_ids() == [FAN]
    assert state(hass, FAN) == "unknown"


def shown(hass: HomeAssistant) -> dict[str, Any]:
    """Return the entity's attributes."""
    now = hass.states.get(FAN)
    assert now is not None
    return dict(now.attributes)


async def told(hass: HomeAssistant, device: Listener, service: str, **data: Any) -> dict[str, Any]:
    """Call an action; return the one thing that the device was told."""
    device.log.clear()
    await call(hass, f"fan.{service}", FAN, **data)
    [heard] = device.heard
    return heard


async def test_steps_and_a_switch(hass: HomeAssistant, device: Listener) -> None:
    await made(hass, device, Switch, FanSpeed)
    assert shown(hass)["supported_features"] == Feature.SET_SPEED | ON_OFF
    assert shown(hass)["percentage"] is None
    await show(device, (Switch.switch, True), (STEPS, [0, 3]))
    for speed, percentage in enumerate((0, 33, 66, 100)):
        await show(device, (SPEED, speed))
        await becomes(hass, FAN, "on", percentage=percentage, percentage_step=100 / 3)
    await show(device, (Switch.switch, False))
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


async def test_percents_alone(hass: HomeAssistant, device: Listener) -> None:
    await made(hass, device, FanSpeedPercent)
    for percent in (1, 37, 100):
        await show(device, (FanSpeedPercent.percent, percent))
        await becomes(hass, FAN, "on", percentage=percent, percentage_step=1)
    await show(device, (FanSpeedPercent.percent, 0))
    await becomes(hass, FAN, "off", percentage=0)
    assert await told(hass, device, "turn_on") == {"percent": 50}
    assert await told(hass, device, "set_percentage", percentage=29) == {"percent": 29}
    assert await told(hass, device, "turn_off") == {"percent": 0}


async def test_modes_alone(hass: HomeAssistant, device: Listener) -> None:
    await made(hass, device, FanMode)
    modes = ["auto", "low", "medium", "high"]
    await show(device, (FanMode.fan_mode, "low"))
    await becomes(hass, FAN, "on", preset_mode="low", preset_modes=modes)
    assert shown(hass)["supported_features"] == Feature.PRESET_MODE | ON_OFF
    assert await told(hass, device, "set_preset_mode", preset_mode="high") == {"mode": "high"}
    assert await told(hass, device, "turn_off") == {"mode": "off"}
    await becomes(hass, FAN, "off", preset_mode=None)
    assert await told(hass, device, "turn_on") == {"mode": "auto"}
    await show(device, (FanMode.supported_fan_modes, ["low", "high"]))
    await becomes(hass, FAN, "on", preset_modes=["low", "high"])
    assert shown(hass)["supported_features"] == Feature.PRESET_MODE | Feature.TURN_ON
    with pytest.raises(ServiceValidationError):
        await call(hass, "fan.set_preset_mode", FAN, preset_mode="medium")


async def test_an_air_purifier(hass: HomeAssistant, device: Listener) -> None:
    await made(hass, device, Switch, AirPurifierFanMode, WindMode)
    mode, wind = AirPurifierFanMode.air_purifier_fan_mode, WindMode.wind_mode
    known = AirPurifierFanMode.supported_air_purifier_fan_modes
    winds = WindMode.supported_wind_modes
    await show(device, (known, ["auto", "windFree", "off"]), (winds, ["noWind", "sleepWind"]))
    await show(device, (Switch.switch, True), (mode, "windFree"), (wind, "noWind"))
    modes = ["auto", "wind_free", "no_wind", "sleep_wind"]
    await becomes(hass, FAN, "on", preset_mode="wind_free", preset_modes=modes)
    await show(device, (wind, "sleepWind"))
    await becomes(hass, FAN, "on", preset_mode="sleep_wind")
    heard = await told(hass, device, "turn_on", preset_mode="auto")
    assert heard == {"on": True, "purifier_mode": "auto"}
    heard = await told(hass, device, "set_preset_mode", preset_mode="no_wind")
    assert heard == {"on": True, "wind": "noWind"}
    await becomes(hass, FAN, "on", preset_mode="auto")
    assert await told(hass, device, "turn_off") == {"on": False}


async def test_a_purifier_that_is_off_by_its_mode(hass: HomeAssistant, device: Listener) -> None:
    await made(hass, device, AirPurifierFanMode)
    await show(device, (AirPurifierFanMode.air_purifier_fan_mode, "quiet"))
    await becomes(hass, FAN, "on", preset_mode="quiet")
    assert await told(hass, device, "turn_off") == {"purifier_mode": "off"}


async def test_swinging(hass: HomeAssistant, device: Listener) -> None:
    await made(hass, device, Switch, FanSpeed, FanOscillationMode)
    assert shown(hass)["supported_features"] & Feature.OSCILLATE  # it does not say which ways
    await show(device, (Switch.switch, True), (SWINGS, ["fixed", "vertical"]), (WAY, "vertical"))
    await becomes(hass, FAN, "on", oscillating=True)
    assert await told(hass, device, "oscillate", oscillating=False) == {"swing": "fixed"}
    await becomes(hass, FAN, "on", oscillating=False)
    assert await told(hass, device, "oscillate", oscillating=True) == {"swing": "vertical"}
    await show(device, (SWINGS, ["far", "wide"]))
    both = Feature.SET_SPEED | ON_OFF
    await becomes(hass, FAN, "on", supported_features=both)


async def test_wrong_values_stay_out_and_it_can_be_away(
    hass: HomeAssistant, device: Listener
) -> None:
    await made(hass, device, Switch, FanSpeed)
    await show(device, (Switch.switch, True), (STEPS, [0, 4]), (SPEED, 2))
    await show(device, (SPEED, 101), (SPEED, "fast"), (STEPS, [1, 2, 3]))
    await show(device, (Switch.switch, False), (Switch.switch, True))
    await becomes(hass, FAN, "on", percentage=50)
    await show(device, (STEPS, [0, 0]), (SPEED, 3))  # nonsense, and beyond it
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
