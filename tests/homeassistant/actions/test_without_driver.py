"""Actions on a device whose driver is gone, or is in a file that cannot be used, say why."""

import threading
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.lan_edge.const import DOMAIN
from tests.emulators.rest_switch import RestSwitchEmulator

from ..driver_folder import RELAY, DriverFiles
from ..entries import set_up


async def explain(hass: HomeAssistant, device_id: str) -> dict[str, Any]:
    answer = await hass.services.async_call(
        DOMAIN, "explain", {"device_id": device_id}, blocking=True, return_response=True
    )
    assert answer is not None
    return dict(answer)


@pytest.fixture
async def device_id(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> str:
    driver_files.write("relay.py")
    entry = await set_up(hass, "own_relay", "relay-1", switch)
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return device.id


async def test_a_file_that_is_gone(
    hass: HomeAssistant, driver_files: DriverFiles, device_id: str
) -> None:
    (driver_files.path / "relay.py").unlink()
    await driver_files.looked_at()
    answer = await explain(hass, device_id)
    assert (answer["driver"], answer["status"], answer["available"]) == (
        "own_relay",
        "no_driver",
        False,
    )
    assert "The driver own_relay is missing" in answer["reason"]
    command = {"capability": "switch", "command": "on"}
    for action, data in (("refresh", {}), ("send_command", command)):
        with pytest.raises(ServiceValidationError, match="own_relay is missing"):
            await hass.services.async_call(
                DOMAIN, action, {"device_id": device_id, **data}, blocking=True
            )


async def test_a_file_that_is_broken(
    hass: HomeAssistant, driver_files: DriverFiles, device_id: str
) -> None:
    (driver_files.path / "relay.py").unlink()
    await driver_files.looked_at()
    driver_files.write("relay.py", RELAY.replace("poll = 3600", 'poll = "3600"'))
    await driver_files.looked_at()
    answer = await explain(hass, device_id)
    assert "relay.py:11: poll is '3600', not a number of seconds" in answer["reason"]
    assert answer["driver_file"]["problem"].startswith("relay.py:11: poll is '3600'")
    with pytest.raises(ServiceValidationError, match="poll is '3600'"):
        await hass.services.async_call(DOMAIN, "refresh", {"device_id": device_id}, blocking=True)


async def test_a_last_save_that_is_not_in_use(
    hass: HomeAssistant, driver_files: DriverFiles, device_id: str
) -> None:
    assert (await explain(hass, device_id))["driver_file"]["problem"] == ""
    driver_files.write("relay.py", RELAY.replace("poll = 3600", 'poll = "3600"'))
    await driver_files.looked_at()
    answer = await explain(hass, device_id)
    assert answer["available"]
    assert answer["driver_file"]["problem"].startswith("relay.py:11: poll is '3600'")


async def test_a_file_that_hangs_is_the_reason(
    hass: HomeAssistant,
    driver_files: DriverFiles,
    device_id: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endless = threading.Event()
    monkeypatch.setattr(threading, "own_event", endless, raising=False)
    monkeypatch.setattr("lan_edge.driver.files.folder.LOADING_LIMIT", 0.02)
    monkeypatch.setattr("lan_edge.driver.files.folder.LOOK_PATIENCE", 0.1)
    (driver_files.path / "relay.py").unlink()
    await driver_files.looked_at()
    says_so = "import threading\nthreading.own_event.set()"
    driver_files.write("relay.py", f"{RELAY}\n{says_so}\nwhile True:\n    pass\n")
    while not endless.is_set():
        await driver_files.looked_at()
    monkeypatch.setattr("lan_edge.driver.files.folder.STOP_LIMIT", 0.05)
    while "and was stopped" not in (await explain(hass, device_id))["reason"]:
        await driver_files.looked_at()
