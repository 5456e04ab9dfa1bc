"""Humidifiers: their states, and how each action reaches the driver."""

from homeassistant.components.humidifier import HumidifierEntityFeature as Feature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from lan_edge import (
    Confirm,
    HumidifierMode,
    HumidifierModeValue,
    Profile,
    RelativeHumidityMeasurement,
    Switch,
)

from .stage import Actor, enter, stage, told_by
from .states import becomes, call, state

ROOM = "humidifier.device"
MODE = HumidifierMode.humidifier_mode


@pytest.fixture
async def room(hass: HomeAssistant, device: Actor) -> Actor:
    profile = Profile(Switch, HumidifierMode, RelativeHumidityMeasurement)
    stage(profile, confirm=Confirm.ECHO)
    await enter(hass, device)
    return device


async def test_what_it_shows(hass: HomeAssistant, room: Actor) -> None:
    assert hass.states.async_entity_ids() == [ROOM]
    assert state(hass, ROOM) == "unknown"
    room.show(Switch.switch, True)
    room.show(RelativeHumidityMeasurement.humidity, 41)
    await becomes(hass, ROOM, "on", current_humidity=41, device_class="humidifier", mode=None)
    now = hass.states.get(ROOM)
    assert now is not None
    assert now.attributes["supported_features"] == Feature.MODES
    assert now.attributes["available_modes"] == ["auto", "low", "medium", "high"]
    assert "humidity" not in now.attributes
    for mode in HumidifierModeValue:
        room.show(MODE, mode)
        await becomes(hass, ROOM, "on", mode=mode)
    room.show(
        HumidifierMode.supported_humidifier_modes,
        (HumidifierModeValue.LOW, HumidifierModeValue.HIGH),
    )
    await becomes(hass, ROOM, "on", available_modes=["low", "high"])
    room.show(MODE, "gale")
    room.show(RelativeHumidityMeasurement.humidity, 140)
    room.show(Switch.switch, False)
    await becomes(hass, ROOM, "off", mode=None, current_humidity=None)  # neither is known
    await room.down()
    await becomes(hass, ROOM, "unavailable")


async def test_actions(hass: HomeAssistant, room: Actor) -> None:
    assert await told_by(hass, room, "humidifier.turn_on", ROOM) == ("switch.on", {}, "main")
    await becomes(hass, ROOM, "on")
    said = await told_by(hass, room, "humidifier.set_mode", ROOM, mode="low")
    assert said == ("humidifierMode.setHumidifierMode", {"humidifier_mode": "low"}, "main")
    await becomes(hass, ROOM, "on", mode="low")
    assert await told_by(hass, room, "humidifier.turn_off", ROOM) == ("switch.off", {}, "main")
    with pytest.raises(ServiceValidationError):
        await call(hass, "humidifier.set_mode", ROOM, mode="gale")


async def test_it_has_no_target_humidity(hass: HomeAssistant, room: Actor) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await call(hass, "humidifier.set_humidity", ROOM, humidity=50)
    assert caught.value.translation_key == "no_target_humidity"
    assert room.said == []
