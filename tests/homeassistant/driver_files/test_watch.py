"""A device follows its driver's file: changed, broken, mended, gone, and back."""

import asyncio
from dataclasses import dataclass
import os

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.helpers.json import json_bytes
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.driver_files import watch
from custom_components.lan_edge.runtime import async_load_domain_data, domain_data
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator

from ..driver_folder import DESCRIBED, RELAY, DriverFiles
from ..entries import BULB_ID, comes_online, new_entry, set_up
from ..waiting import eventually

ON_FOUNTAIN = {"entity_id": "switch.fountain"}
ISSUE = "driver_file_failed_relay.py"
SETTABLE = (
    RELAY.replace("from lan_edge", "from dataclasses import dataclass\n\nfrom lan_edge")
    .replace(
        "@register", "@dataclass(frozen=True)\nclass Own:\n    fade: float = 1.0\n\n\n@register"
    )
    .replace("poll = 3600", "settings: Own")
)


def issue(hass: HomeAssistant, id_: str = ISSUE) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue(DOMAIN, id_)


def state(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    [entity] = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    state = hass.states.get(entity.entity_id)
    assert state is not None
    return state.state


@dataclass(frozen=True)
class UserFile:
    """A file in the user's configuration that becomes a driver."""

    name: str
    driver: str
    """The id of the driver that it becomes."""
    folder: str
    text: str
    broken: tuple[str, str]
    """What makes it wrong: the text that is replaced, and by what."""
    problem: str
    """What is then said of it."""
    kind: str
    """How the keys of its repairs begin."""
    page: str
    """The page that explains it."""

    def write(self, driver_files: DriverFiles, text: str) -> None:
        """Save it."""
        save = driver_files.describe if self.kind == "description" else driver_files.write
        save(self.name, text)

    @property
    def wrong(self) -> str:
        """It, with a mistake."""
        return self.text.replace(*self.broken)

    @property
    def issue(self) -> str:
        """The id of its repair."""
        return f"driver_file_failed_{self.name}"


PYTHON = UserFile(
    "relay.py",
    "own_relay",
    "lan_edge/drivers",
    RELAY,
    ("poll = 3600", 'poll = "3600"'),
    "- relay.py:11: `poll is '3600', not a number of seconds above 0, or None`: `write the ",
    "driver_file",
    "writing-a-driver.md",
)
DESCRIPTION = UserFile(
    "valve.yaml",
    "own_valve",
    "lan_edge/devices",
    DESCRIBED,
    ("get: /switch", "gett: /switch"),
    "- valve.yaml:9: `requests.state.gett is an unknown field`: `did you mean get?`",
    "description",
    "described-devices.md",
)
either = pytest.mark.parametrize("file", [PYTHON, DESCRIPTION], ids=["driver", "description"])


@either
async def test_a_file_is_used_and_its_device_commanded(
    file: UserFile, hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    file.write(driver_files, file.text)
    entry = await set_up(hass, file.driver, "relay-1", switch)
    await hass.services.async_call("switch", "turn_on", ON_FOUNTAIN, blocking=True)
    assert switch.state["on"]
    assert state(hass, entry) == "on"


@either
async def test_a_broken_save_leaves_the_last_version_until_it_is_mended(
    file: UserFile, hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    file.write(driver_files, file.text)
    entry = await set_up(hass, file.driver, "relay-1", switch)
    device = entry.runtime_data.device
    file.write(driver_files, file.wrong)
    await driver_files.looked_at()
    repair = issue(hass, file.issue)
    assert repair is not None
    assert repair.translation_key == f"{file.kind}_outdated"
    assert repair.severity is ir.IssueSeverity.WARNING
    assert repair.translation_placeholders is not None
    assert repair.translation_placeholders["file"] == file.name
    assert repair.translation_placeholders["folder"] == file.folder
    assert repair.translation_placeholders["problem"].startswith(file.problem)
    assert entry.runtime_data.device is device
    assert device.available
    file.write(driver_files, file.text.replace("3600", "1800"))
    await driver_files.looked_at()
    assert issue(hass, file.issue) is None
    assert entry.runtime_data.device is device
    assert device.driver.poll == 1800


@either
async def test_a_wrong_file_at_the_start_concerns_only_its_own_devices(
    file: UserFile, hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    file.write(driver_files, file.wrong)
    entry = new_entry(hass, file.driver, "relay-1", switch)
    other = new_entry(hass, "rest_switch", "relay-2", switch)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    await comes_online(other)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "driver_file_failed"
    repair = issue(hass, file.issue)
    assert repair is not None
    assert repair.translation_key == f"{file.kind}_failed"
    assert repair.severity is ir.IssueSeverity.ERROR
    assert repair.learn_more_url is not None
    assert repair.learn_more_url.partition("#")[0].endswith(file.page)
    file.write(driver_files, file.text)
    await driver_files.looked_at()
    await comes_online(entry)
    assert issue(hass, file.issue) is None


async def test_the_entry_says_where_the_file_is_wrong_now(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    driver_files.write("relay.py", RELAY.replace("Driver[Http]", "Drivver[Http]"))
    entry = new_entry(hass, "own_relay", "relay-1", switch)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    assert entry.error_reason_translation_placeholders is not None
    reason = entry.error_reason_translation_placeholders["reason"]
    assert reason.startswith("relay.py:7: NameError: name 'Drivver' is not defined")
    driver_files.write("relay.py", RELAY.replace("async def refresh", "def refresh(:"))
    await driver_files.looked_at()
    assert entry.error_reason_translation_placeholders["reason"].startswith("relay.py:13: ")


async def test_a_description_that_goes_leaves_its_device_without_a_driver(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    file = driver_files.describe("valve.yaml", DESCRIBED)
    entry = await set_up(hass, "own_valve", "relay-1", switch)
    file.unlink()
    await driver_files.looked_at()
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "no_driver"


async def test_without_a_driver_there_are_no_settings(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    file = driver_files.write("relay.py")
    entry = await set_up(hass, "own_relay", "relay-1", switch)
    file.unlink()
    await driver_files.looked_at()
    shown = await hass.config_entries.options.async_init(entry.entry_id)
    assert (shown["type"], shown["reason"]) == ("abort", "no_driver")


async def test_a_driver_that_goes_while_its_settings_are_open(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    file = driver_files.write("relay.py", SETTABLE)
    entry = await set_up(hass, "own_relay", "relay-1", switch)
    shown = await hass.config_entries.options.async_init(entry.entry_id)
    assert shown["type"] == "form"
    file.unlink()
    await driver_files.looked_at()
    shown = await hass.config_entries.options.async_configure(shown["flow_id"], {"Fade": 2})
    assert (shown["type"], shown["reason"]) == ("abort", "no_driver")


async def test_a_file_that_goes_leaves_everything_and_comes_back(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    file = driver_files.write("relay.py")
    entry = await set_up(hass, "own_relay", "relay-1", switch)
    registry = er.async_get(hass)
    [before] = er.async_entries_for_config_entry(registry, entry.entry_id)
    registry.async_update_entity(before.entity_id, name="Mine", new_entity_id="switch.mine")
    file.unlink()
    await driver_files.looked_at()
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "no_driver"
    assert state(hass, entry) == STATE_UNAVAILABLE
    driver_files.write("relay.py")
    await driver_files.looked_at()
    await comes_online(entry)
    await eventually(lambda: state(hass, entry) == "off")
    [after] = er.async_entries_for_config_entry(registry, entry.entry_id)
    assert (after.id, after.entity_id, after.name) == (before.id, "switch.mine", "Mine")


async def test_a_file_overrides_a_bundled_driver_until_it_goes(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    device, shown = entry.runtime_data.device, list[str]()
    async_track_state_change_event(
        hass, "switch.fountain", lambda event: shown.append(str(event.data["new_state"]))
    )
    bundled = type(device.driver)
    file = driver_files.write("relay.py", RELAY.replace("own_relay", "rest_switch"))
    await driver_files.looked_at()
    assert type(device.driver).__name__ == "OwnRelay"
    await hass.services.async_call("switch", "turn_on", ON_FOUNTAIN, blocking=True)
    file.unlink()
    await driver_files.looked_at()
    assert type(device.driver) is bundled
    assert (entry.runtime_data.device, device.available) == (device, True)
    assert shown
    assert not [each for each in shown if STATE_UNAVAILABLE in each]


async def test_the_folder_is_looked_at_again_and_again(
    hass: HomeAssistant, driver_files: DriverFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOK_INTERVAL", 0.01)
    monkeypatch.setattr(watch, "ABSENT_INTERVAL", 0.01)
    registry = (await async_load_domain_data(hass)).registry
    watch.async_watch_drivers(hass)
    file = driver_files.write("relay.py")
    await eventually(lambda: "own_relay" in registry.drivers)
    file.unlink()
    await eventually(lambda: "own_relay" not in registry.drivers)


async def test_a_device_that_takes_long_delays_no_other_file(
    hass: HomeAssistant,
    driver_files: DriverFiles,
    switch: RestSwitchEmulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    driver_files.write("relay.py")
    entry = await set_up(hass, "own_relay", "relay-1", switch)
    never = asyncio.Event()
    monkeypatch.setattr(type(entry.runtime_data.device), "replace_driver", lambda *_: never.wait())
    monkeypatch.setattr(watch, "LOOK_INTERVAL", 0.01)
    registry = domain_data(hass).registry
    watch.async_watch_drivers(hass)
    old = registry.driver("own_relay")
    driver_files.write("relay.py", RELAY.replace("3600", "1800"))
    await eventually(lambda: registry.driver("own_relay") is not old)
    driver_files.write("other.py", RELAY.replace("own_relay", "other"))
    await eventually(lambda: "other" in registry.drivers)


async def test_what_a_save_adds_is_shown_and_what_it_drops_goes(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    driver_files.write("relay.py")
    entry = await set_up(hass, "own_relay", "relay-1", switch)
    device, registry = entry.runtime_data.device, er.async_get(hass)
    metering = RELAY.replace("Profile(Switch)", "Profile(Switch, PowerMeter)").replace(
        "Mdns, Profile", "Mdns, PowerMeter, Profile"
    )
    metering = metering.replace(
        "    @handles(Switch.on)",
        "        self.emit(PowerMeter.power, 7.5)\n\n    @handles(Switch.on)",
    )
    driver_files.write("relay.py", metering)
    await driver_files.looked_at()
    await eventually(lambda: hass.states.get("sensor.fountain_power") is not None)
    await device.commands.refresh()
    await eventually(lambda: hass.states.get("sensor.fountain_power").state == "7.5")  # type: ignore[union-attr]
    driver_files.write("relay.py")
    await driver_files.looked_at()
    await eventually(lambda: hass.states.get("sensor.fountain_power") is None)
    assert registry.async_get("switch.fountain") is not None
    assert (entry.runtime_data.device, device.available) == (device, True)


async def test_a_file_with_a_sub_driver_changes_the_devices_that_it_is_for(
    hass: HomeAssistant, driver_files: DriverFiles, bulb: JsonBulbEmulator
) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    device = entry.runtime_data.device
    bundled = type(device.driver)
    file = driver_files.write(
        "desk.py",
        "from lan_edge import register\nfrom docs.examples.json_bulb import JsonBulb\n\n\n"
        "@register\nclass Desk(JsonBulb):\n    @classmethod\n    def can_handle(cls, identity):\n"
        "        return identity.name == 'Desk lamp'\n",
    )
    await driver_files.looked_at()
    assert type(device.driver).__name__ == "Desk"
    file.unlink()
    await driver_files.looked_at()
    assert type(device.driver) is bundled
    assert bulb.connections.accepted == 1


async def test_a_file_whose_name_is_no_text_is_reported_and_harms_nothing(
    hass: HomeAssistant, driver_files: DriverFiles
) -> None:
    driver_files.write("relay.py")
    driver_files.write(os.fsdecode(b"\xff.py"))
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    response = await hass.services.async_call(
        DOMAIN, "reload_drivers", blocking=True, return_response=True
    )
    assert b"udcff.py" in json_bytes(response)
    [one] = [issue for (domain, _), issue in ir.async_get(hass).issues.items() if domain == DOMAIN]
    assert b"udcff.py" in json_bytes(one.to_json() | {"issue_id": one.issue_id})  # as it is stored
