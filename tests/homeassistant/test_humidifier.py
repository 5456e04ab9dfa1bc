"""Humidifiers: what they show, and how each action reaches the driver."""

from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.components.humidifier import HumidifierEntityFeature as Feature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.lan_edge.edge import (
    HumidifierMode,
    HumidifierModeValue,
    Profile,
    RelativeHumidityMeasurement,
    Switch,
    handles,
    register,
)

from .common import BULB_ID, becomes, call, set_up, state
from .obedient import Listener, Obedient, show

ROOM = "humidifier.desk_lamp"
MODE = HumidifierMode.humidifier_mode


@pytest.fixture
async def device(
    hass: HomeAssistant, drivers: None, start_discovery: None
) -> AsyncGenerator[Listener]:
    @register
    class Humidifier(Obedient):
        id = "humidifier"
        profile = Profile(Switch, HumidifierMode, RelativeHumidityMeasurement)

        @handles(Switch.on)
        async def turn_on(self) -> None:
            await self.say(on=True)

        @handles(Switch.off)
        async def turn_off(self) -> None:
            await self.say(on=False)

        @handles(HumidifierMode.set_humidifier_mode)
        async def set_mode(self, humidifier_mode: HumidifierModeValue) -> None:
            await self.say(mode=humidifier_mode)

    async with Listener(id=BULB_ID, name="Desk lamp") as made:
        await set_up(hass, "humidifier", BULB_ID, made)
        yield made


async def told(hass: HomeAssistant, device: Listener, service: str, **data: Any) -> dict[str, Any]:
    """Call an action; return the one thing that the device was told."""
    device.log.clear()
    await call(hass, f"humidifier.{service}", ROOM, **data)
    [heard] = device.heard
    return heard


async def test_what_it_shows(hass: HomeAssistant, device: Listener) -> None:
    assert hass.states.async_entity_ids() == [ROOM]
    assert state(hass, ROOM) == "unknown"
    await show(device, (Switch.switch, True), (RelativeHumidityMeasurement.humidity, 41))
    await becomes(hass, ROOM, "on", current_humidity=41, device_class="humidifier", mode=None)
    now = hass.states.get(ROOM)
    assert now is not None
    assert now.attributes["supported_features"] == Feature.MODES
    assert now.attributes["available_modes"] == ["auto", "low", "medium", "high"]
    assert "humidity" not in now.attributes
    for mode in HumidifierModeValue:
        await show(device, (MODE, mode))
        await becomes(hass, ROOM, "on", mode=mode)
    await show(device, (MODE, "gale"), (RelativeHumidityMeasurement.humidity, 140))
    await show(device, (Switch.switch, False))
    await becomes(hass, ROOM, "off", mode="high", current_humidity=41)
    await device.down()
    await becomes(hass, ROOM, "unavailable")


async def test_actions(hass: HomeAssistant, device: Listener) -> None:
    assert await told(hass, device, "turn_on") == {"on": True}
    await becomes(hass, ROOM, "on")
    assert await told(hass, device, "set_mode", mode="low") == {"mode": "low"}
    await becomes(hass, ROOM, "on", mode="low")
    assert await told(hass, device, "turn_off") == {"on": False}
    with pytest.raises(ServiceValidationError):
        await call(hass, "humidifier.set_mode", ROOM, mode="gale")


async def test_it_has_no_humidity_to_aim_at(hass: HomeAssistant, device: Listener) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await call(hass, "humidifier.set_humidity", ROOM, humidity=50)
    assert caught.value.translation_key == "no_target_humidity"
    assert device.heard == []
