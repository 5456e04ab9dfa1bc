"""Updates of firmware."""

from typing import Any

from homeassistant.components.update import UpdateEntityFeature as Feature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest

from lan_edge import FirmwareUpdate, Profile, Switch

from .stage import Actor, enter, stage, told_by
from .states import becomes, call

UPDATE = "update.device_firmware"
PROFILE = Profile(Switch, FirmwareUpdate)


async def shows(hass: HomeAssistant, state: str, latest: str | None, **more: Any) -> None:
    await becomes(hass, UPDATE, state, latest_version=latest, **more)


def tell(device: Actor, **values: Any) -> None:
    for name, value in values.items():
        device.show(getattr(FirmwareUpdate, name), value)


async def test_versions(hass: HomeAssistant, device: Actor) -> None:
    stage(PROFILE, *FirmwareUpdate.commands)
    await enter(hass, device)
    await shows(hass, "unknown", None)
    tell(device, current_version="1.2.0")
    await shows(hass, "unknown", None, installed_version="1.2.0")
    tell(device, available_version="1.10.0")
    await shows(hass, "on", "1.10.0")
    tell(device, available_version="1.2.0")
    await shows(hass, "off", "1.2.0")
    await device.down()
    await becomes(hass, UPDATE, "unavailable")
    await device.up()


async def test_a_device_that_says_only_whether_there_is_another(
    hass: HomeAssistant, device: Actor
) -> None:
    stage(PROFILE, *FirmwareUpdate.commands)
    await enter(hass, device)
    tell(device, current_version="1.2.0", update_available=False)
    await shows(hass, "off", "1.2.0")
    tell(device, update_available=True)
    await shows(hass, "on", "> 1.2.0")
    tell(device, available_version="0.9.0")  # newer, whatever it is called
    await shows(hass, "on", "0.9.0")
    tell(device, update_available=False)
    await shows(hass, "off", "1.2.0")


async def test_progress(hass: HomeAssistant, device: Actor) -> None:
    stage(PROFILE, *FirmwareUpdate.commands)
    await enter(hass, device)
    await becomes(hass, UPDATE, "unknown", supported_features=Feature.INSTALL)
    tell(device, state="updateInProgress", image_transfer_progress=40)
    features = Feature.INSTALL | Feature.PROGRESS
    going = {"in_progress": True, "update_percentage": 40}
    await becomes(hass, UPDATE, "unknown", supported_features=features, **going)
    tell(device, state="normalOperation")
    await becomes(hass, UPDATE, "unknown", in_progress=False, update_percentage=None)


async def test_install(hass: HomeAssistant, device: Actor) -> None:
    stage(PROFILE, *FirmwareUpdate.commands)
    await enter(hass, device)
    tell(device, current_version="1", available_version="2")
    await shows(hass, "on", "2")
    said = await told_by(hass, device, "update.install", UPDATE)
    assert said == ("firmwareUpdate.updateFirmware", {}, "main")
    said = await told_by(hass, device, "button.press", "button.device_check_for_firmware_update")
    assert said == ("firmwareUpdate.checkForFirmwareUpdate", {}, "main")


async def test_a_device_that_updates_by_itself(hass: HomeAssistant, device: Actor) -> None:
    stage(PROFILE)
    await enter(hass, device)
    tell(device, current_version="1", available_version="2")
    await shows(hass, "on", "2", supported_features=0)
    with pytest.raises(ServiceValidationError):
        await call(hass, "update.install", UPDATE)
    assert device.said == []
    registered = er.async_get(hass).async_get(UPDATE)
    assert registered is not None
    assert registered.entity_category == "diagnostic"
    assert not hass.states.async_entity_ids("button")
