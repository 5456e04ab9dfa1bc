"""What users see of driver files: the action, the page of drivers, explain, and diagnostics."""

from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockUser, get_system_health_info
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.driver_files.overview import lists
from tests.emulators.rest_switch import RestSwitchEmulator

from ..driver_folder import DESCRIBED, RELAY, DriverFiles
from ..entries import add_service, new_entry, set_up

REST_SWITCH = RELAY.replace("own_relay", "rest_switch").replace("Own relay", "My *relay*")


async def reload(hass: HomeAssistant, context: Context | None = None) -> dict[str, Any]:
    """Call the action; return its response."""
    response = await hass.services.async_call(
        DOMAIN, "reload_drivers", blocking=True, return_response=True, context=context
    )
    assert isinstance(response, dict)
    return dict(response)


async def test_the_action_loads_at_once_and_says_what(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    await set_up(hass, "rest_switch", "relay-1", switch)
    assert await reload(hass) == {"changed": [], "loaded": [], "failed": []}
    driver_files.write("relay.py", REST_SWITCH)
    driver_files.write("bad.py", "\n1 / 0\n")
    response = await reload(hass)
    assert response["changed"] == ["rest_switch"]
    [loaded] = response["loaded"]
    assert loaded.pop("since").startswith("20")
    assert loaded == {
        "file": "lan_edge/drivers/relay.py",
        "drivers": ["rest_switch"],
        "instead_of_bundled": ["rest_switch"],
        "devices": 1,
    }
    assert response["failed"] == [
        {
            "file": "lan_edge/drivers/bad.py",
            "line": 2,
            "reason": "ZeroDivisionError: division by zero",
            "remedy": "",
            "earlier_version_in_use": False,
        }
    ]


async def test_only_an_administrator_may(
    hass: HomeAssistant,
    driver_files: DriverFiles,
    switch: RestSwitchEmulator,
    hass_read_only_user: MockUser,
) -> None:
    await set_up(hass, "rest_switch", "relay-1", switch)
    with pytest.raises(Unauthorized):
        await reload(hass, Context(user_id=hass_read_only_user.id))


async def test_names_of_files_are_shown_as_they_are(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    driver_files.write("relay_.py", REST_SWITCH)
    driver_files.write("bad_.py", "\n1 / 0\n")
    await set_up(hass, "rest_switch", "relay-1", switch)
    texts = lists(hass, {})
    assert texts["files"].startswith("- `relay_.py`, 20")
    assert texts["failed"] == "- `bad_.py`:2: `ZeroDivisionError: division by zero`"
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "driver_file_failed_bad_.py")
    assert issue is not None
    assert issue.translation_placeholders == {
        "file": "bad_.py",
        "folder": "lan_edge/drivers",
        "problem": texts["failed"],
    }


async def test_the_page_of_drivers(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    driver_files.write("relay.py", REST_SWITCH)
    driver_files.write("bad.py", "\n1 / 0\n")
    await set_up(hass, "rest_switch", "relay-1", switch)
    service = await add_service(hass)
    options = hass.config_entries.options
    shown = await options.async_init(service.entry_id)
    shown = await options.async_configure(shown["flow_id"], {"next_step_id": "drivers"})
    assert shown["step_id"] == "drivers"
    texts = shown["description_placeholders"]
    assert texts is not None
    assert texts["folder"] == str(driver_files.path)
    assert texts["files"].startswith("- relay.py, 20")
    assert texts["files"].endswith(": My \u2217relay\u2217 (Fountain)")
    assert texts["failed"] == "- bad.py:2: `ZeroDivisionError: division by zero`"
    assert texts["replaced"] == "- REST switch (Fountain)"
    assert "\n- " in texts["bundled"]
    assert "REST switch" not in texts["bundled"]
    assert texts["missing"] == "none"
    shown = await options.async_configure(shown["flow_id"], {})
    assert shown["step_id"] == "init"


async def test_the_page_of_drivers_lists_descriptions(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    driver_files.describe("valve.yaml", DESCRIBED)
    driver_files.describe("bad.yaml", "description: 1\n")
    await set_up(hass, "own_valve", "relay-1", switch)
    service = await add_service(hass)
    options = hass.config_entries.options
    shown = await options.async_init(service.entry_id)
    shown = await options.async_configure(shown["flow_id"], {"next_step_id": "drivers"})
    texts = shown["description_placeholders"]
    assert texts is not None
    assert texts["files"] == "none"
    assert texts["devices_folder"] == str(driver_files.devices)
    assert texts["described"].startswith("- valve.yaml, 20")
    assert texts["described"].endswith(": Own \u2217valve\u2217 (Fountain)")
    assert "bad.yaml:1: `id is missing`" in texts["failed"]


async def test_the_page_lists_drivers_that_are_missing(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    file = driver_files.write("relay.py")
    await set_up(hass, "own_relay", "relay-1", switch)
    file.unlink()
    await driver_files.looked_at()
    service = await add_service(hass)
    options = hass.config_entries.options
    shown = await options.async_init(service.entry_id)
    shown = await options.async_configure(shown["flow_id"], {"next_step_id": "drivers"})
    texts = shown["description_placeholders"]
    assert texts is not None
    assert texts["missing"] == "- own_relay (Fountain)"
    assert texts["files"] == "none"


async def test_the_page_without_any_file(hass: HomeAssistant, driver_files: DriverFiles) -> None:
    service = await add_service(hass)
    options = hass.config_entries.options
    shown = await options.async_init(service.entry_id)
    shown = await options.async_configure(shown["flow_id"], {"next_step_id": "drivers"})
    texts = shown["description_placeholders"]
    assert texts is not None
    assert [texts[name] for name in ("files", "failed", "replaced")] == ["none"] * 3


async def test_a_device_says_that_its_driver_is_a_file(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    driver_files: DriverFiles,
    switch: RestSwitchEmulator,
) -> None:
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)

    def software() -> str | None:
        entry = dr.async_get(hass).async_get(device.id)
        assert isinstance(entry, dr.DeviceEntry)
        return entry.sw_version

    assert software() is None
    file = driver_files.write("relay.py", REST_SWITCH)
    await driver_files.looked_at()
    assert software() == "lan_edge/drivers/relay.py"
    response = await hass.services.async_call(
        DOMAIN, "explain", {"device_id": device.id}, blocking=True, return_response=True
    )
    source = {
        "file": "lan_edge/drivers/relay.py",
        "instead_of_bundled": True,
        "extended_by": [],
        "problem": "",
    }
    assert response is not None
    assert response["driver_file"] == source
    assert await async_setup_component(hass, "diagnostics", {})
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert isinstance(diagnostics, dict)
    assert diagnostics["driver_file"] == {**source, "file": "relay.py"}
    file.unlink()
    await driver_files.looked_at()
    assert software() is None


async def test_diagnostics_and_system_health_count_files(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    driver_files: DriverFiles,
    switch: RestSwitchEmulator,
) -> None:
    driver_files.write("relay.py", REST_SWITCH)
    driver_files.write("bad.py", f"open({str(driver_files.path / 'x')!r})\n")
    await set_up(hass, "rest_switch", "relay-1", switch)
    service = await add_service(hass)
    assert await async_setup_component(hass, "diagnostics", {})
    assert await async_setup_component(hass, "system_health", {})
    data = await get_diagnostics_for_config_entry(hass, hass_client, service)
    assert isinstance(data, dict)
    files = data["driver_files"]
    assert isinstance(files, dict)
    [loaded], [failed] = files["loaded"], files["failed"]
    assert loaded["drivers"] == ["rest_switch"]
    assert failed["line"] == 1
    assert str(driver_files.path) not in failed["reason"]
    info = await get_system_health_info(hass, DOMAIN)
    assert info["driver_files"] == "1 in use, 1 failed"


async def test_diagnostics_of_a_device_without_a_driver(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, driver_files: DriverFiles
) -> None:
    driver_files.write("relay.py", RELAY + "\n1 / 0\n")
    entry = new_entry(hass, "own_relay", "secret-id", options={"token": "secret-token"})
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    assert await async_setup_component(hass, "diagnostics", {})
    data = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert isinstance(data, dict)
    assert data["driver"] == "own_relay"
    assert data["driver_file"] == {
        "file": "",
        "instead_of_bundled": False,
        "extended_by": [],
        "problem": "relay.py:24: ZeroDivisionError: division by zero",
    }
    assert "secret" not in str(data)
    assert "ZeroDivisionError" in str(data)
