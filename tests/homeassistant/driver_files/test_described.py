"""A device follows its description: used, broken, corrected, gone, and what users see of it."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from tests.emulators.rest_switch import RestSwitchEmulator

from ..driver_folder import DESCRIBED, DriverFiles
from ..entries import add_service, comes_online, new_entry, set_up

ON_FOUNTAIN = {"entity_id": "switch.fountain"}
WRONG = DESCRIBED.replace("get: /switch", "gett: /switch")


def issue(hass: HomeAssistant) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue(DOMAIN, "driver_file_failed_valve.yaml")


def state(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    [entity] = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    found = hass.states.get(entity.entity_id)
    assert found is not None
    return found.state


async def test_a_described_device_is_commanded(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    driver_files.describe("valve.yaml", DESCRIBED)
    entry = await set_up(hass, "own_valve", "relay-1", switch)
    await hass.services.async_call("switch", "turn_on", ON_FOUNTAIN, blocking=True)
    assert switch.state["on"]
    assert state(hass, entry) == "on"


async def test_a_broken_save_is_a_repair_with_line_field_and_remedy(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    driver_files.describe("valve.yaml", DESCRIBED)
    entry = await set_up(hass, "own_valve", "relay-1", switch)
    device = entry.runtime_data.device
    driver_files.describe("valve.yaml", WRONG)
    await driver_files.looked_at()
    found = issue(hass)
    assert found is not None
    assert found.translation_key == "description_outdated"
    assert found.learn_more_url is not None
    assert found.learn_more_url.endswith("described-devices.md")
    assert found.translation_placeholders is not None
    assert found.translation_placeholders["file"] == "valve.yaml"
    assert found.translation_placeholders["folder"] == "lan_edge/devices"
    assert found.translation_placeholders["problem"] == (
        "- valve.yaml:9: `requests.state.gett is an unknown field`: `did you mean get?`"
    )
    assert entry.runtime_data.device is device
    assert device.available
    driver_files.describe("valve.yaml", DESCRIBED.replace("poll: 3600", "poll: 1800"))
    await driver_files.looked_at()
    assert issue(hass) is None
    assert entry.runtime_data.device is device
    assert device.driver.poll == 1800


async def test_a_wrong_text_at_the_start_concerns_only_its_own_devices(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    file = driver_files.describe("valve.yaml", WRONG)
    entry = new_entry(hass, "own_valve", "relay-1", switch)
    other = new_entry(hass, "rest_switch", "relay-2", switch)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    await comes_online(other)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "driver_file_failed"
    found = issue(hass)
    assert found is not None
    assert found.translation_key == "description_failed"
    driver_files.describe("valve.yaml", DESCRIBED)
    await driver_files.looked_at()
    await comes_online(entry)
    file.unlink()
    await driver_files.looked_at()
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "no_driver"


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
    assert texts["files"] == "\u2013"
    assert texts["devices_folder"] == str(driver_files.devices)
    assert texts["described"].startswith("- valve.yaml, 20")
    assert texts["described"].endswith(": Own \u2217valve\u2217 (Fountain)")
    assert "bad.yaml:1: `id is missing`" in texts["failed"]
