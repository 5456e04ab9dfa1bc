"""A device that sleeps, of a driver file: what users see, and what becomes of their actions."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.lan_edge.const import DOMAIN
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.real.process import REPOSITORY

from .driver_folder import DriverFiles
from .entries import BULB_ID, device_of, set_up
from .waiting import eventually

SLEEPER = (
    (REPOSITORY / "docs/examples/json_bulb.py")
    .read_text()
    .replace('id = "json_bulb"', 'id = "sleepy_bulb"\n    sleeps = 3600')
)


@pytest.fixture
async def entry(
    hass: HomeAssistant, driver_files: DriverFiles, bulb: JsonBulbEmulator
) -> MockConfigEntry:
    """Return the entry of a device that has fallen asleep."""
    driver_files.write("sleepy_bulb.py", SLEEPER)
    entry = await set_up(hass, "sleepy_bulb", BULB_ID, bulb)
    await fall_asleep(bulb, entry)
    return entry


async def fall_asleep(bulb: JsonBulbEmulator, entry: MockConfigEntry) -> None:
    await bulb.down()
    await eventually(lambda: device_of(entry).connection.reason)


async def wake(bulb: JsonBulbEmulator, entry: MockConfigEntry) -> None:
    bulb.log.clear()
    await bulb.up()
    device_of(entry).connection.retry()


def shown(hass: HomeAssistant, entry: MockConfigEntry) -> State:
    [entity] = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    state = hass.states.get(entity.entity_id)
    assert state is not None
    return state


async def light(hass: HomeAssistant, entry: MockConfigEntry, action: str, **data: Any) -> None:
    data["entity_id"] = shown(hass, entry).entity_id
    await hass.services.async_call("light", action, data, blocking=True)


async def ask(hass: HomeAssistant, entry: MockConfigEntry, action: str) -> dict[str, Any]:
    """Use an action of LAN Edge on the device; return its response."""
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    told = await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device.id},
        blocking=True,
        return_response=action == "explain",
    )
    return dict(told or {})


def sets(bulb: JsonBulbEmulator) -> list[Any]:
    """Return what it was told to become since it woke."""
    return [request.params for request in bulb.log if request.command == "set"]


async def test_its_state_stays(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    assert shown(hass, entry).state == "off"
    assert device_of(entry).available
    told = await ask(hass, entry, "explain")
    assert told["available"]


async def test_the_newest_of_what_it_is_told_is_done_when_it_wakes(
    hass: HomeAssistant, entry: MockConfigEntry, bulb: JsonBulbEmulator
) -> None:
    for percent in (10, 30, 60):
        await light(hass, entry, "turn_on", brightness_pct=percent)
    assert shown(hass, entry).state == "off"  # until the device says otherwise
    await wake(bulb, entry)
    await eventually(lambda: shown(hass, entry).state == "on")
    await eventually(lambda: shown(hass, entry).attributes["brightness"] == 153)
    assert [told["level"] for told in sets(bulb) if "level" in told] == [60]
    assert device_of(entry).waiting_commands == []


async def test_what_waits_is_listed(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry
) -> None:
    assert (await ask(hass, entry, "explain"))["waiting_commands"] == []
    await light(hass, entry, "turn_on")
    [waiting] = (await ask(hass, entry, "explain"))["waiting_commands"]
    assert waiting["command"] == "switch.on of main"
    assert await async_setup_component(hass, "diagnostics", {})
    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert isinstance(found, dict)
    assert found["waiting_commands"] == [waiting]


async def test_whoever_asks_for_what_cannot_wait_is_told(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    with pytest.raises(HomeAssistantError, match="sleeps"):
        await ask(hass, entry, "refresh")


async def test_what_fails_when_it_wakes_is_in_the_log(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    bulb: JsonBulbEmulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await light(hass, entry, "turn_on")
    bulb.faults.refuse = {"set"}
    await wake(bulb, entry)
    await eventually(lambda: "which waited until it wakes, failed" in caplog.text)
    assert shown(hass, entry).state == "off"


async def test_after_a_restart_nothing_is_sent_that_was_asked_for_before(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    bulb: JsonBulbEmulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await light(hass, entry, "turn_on")
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert "which waited until it wakes, failed" in caplog.text
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert shown(hass, entry).state == "unavailable"
    await light(hass, entry, "turn_on")  # Home Assistant leaves out what is unavailable
    assert device_of(entry).waiting_commands == []
    await wake(bulb, entry)
    await eventually(lambda: shown(hass, entry).state == "off")
    assert sets(bulb) == []
    await fall_asleep(bulb, entry)
    await light(hass, entry, "turn_on")
    await wake(bulb, entry)
    await eventually(lambda: shown(hass, entry).state == "on")
