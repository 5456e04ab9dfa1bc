"""Which entry a candidate belongs to: looking for it changes nothing."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.discovery.entries import (
    find_entries_by_mac,
    find_entry,
    find_entry_by_usn,
)
from custom_components.lan_edge.discovery.routing import handle_known, handle_known_mac
from custom_components.lan_edge.runtime import async_load_domain_data
from lan_edge import Address, Candidate, Match
from tests.bundled import driver_for
from tests.emulators.json_bulb import JsonBulbEmulator

from ..entries import BULB_ID, device_of, new_entry, set_up

HERE = Address("127.0.0.1", 9)


def candidate(unique_id: str, address: Address = HERE) -> Candidate:
    return Candidate(driver_for("rest_switch"), Match(unique_id, address, ""))


@pytest.fixture
async def entered(hass: HomeAssistant) -> MockConfigEntry:
    """Return the entry of a device that was added by its address, and cannot tell its id."""
    await async_load_domain_data(hass)
    return new_entry(hass, "rest_switch", "made-up", seen_as="")


async def test_looking_for_an_entry_changes_nothing(
    hass: HomeAssistant, entered: MockConfigEntry
) -> None:
    before = dict(entered.data)
    assert find_entry(hass, candidate("relay-1")) == entered
    assert find_entry(hass, candidate("made-up", Address("127.0.0.2"))) == entered
    assert find_entry(hass, candidate("relay-1", Address("127.0.0.2"))) is None
    assert find_entry_by_usn(hass, "uuid:made-up::x") is None  # it is not loaded
    assert find_entries_by_mac(hass, "a8bb50010203") == []
    assert dict(entered.data) == before


async def test_an_entry_that_is_not_loaded_adopts_nothing(
    hass: HomeAssistant, entered: MockConfigEntry
) -> None:
    for unique_id in ("relay-1", "", "made-up"):
        assert handle_known(hass, candidate(unique_id))
        assert entered.data["seen_as"] == ""


async def test_two_devices_at_one_host_are_told_apart(
    hass: HomeAssistant, entered: MockConfigEntry
) -> None:
    """As behind a router that forwards ports; no port is the usual one."""
    hass.config_entries.async_update_entry(entered, data={**entered.data, "port": 0})
    assert find_entry(hass, candidate("relay-1", Address("127.0.0.1", 80))) == entered
    assert find_entry(hass, candidate("relay-2", HERE)) is None
    other = new_entry(hass, "rest_switch", "made-up-2", seen_as="")
    assert find_entry(hass, candidate("relay-2", HERE)) == other
    assert find_entry(hass, candidate("relay-1", Address("127.0.0.1"))) == entered


async def test_all_devices_behind_one_adapter_are_told_that_it_moved(hass: HomeAssistant) -> None:
    mac = "a8bb50010203"
    async with JsonBulbEmulator(id=BULB_ID) as one, JsonBulbEmulator(id="other") as two:
        entries = [await set_up(hass, "json_bulb", each.id, each) for each in (one, two)]
        for entry in entries:
            device_of(entry)._core.describe(mac=mac)
        assert find_entries_by_mac(hass, mac) == entries
        assert handle_known_mac(hass, mac, "127.0.0.9")
        for entry, bulb in zip(entries, (one, two), strict=True):
            [sighted] = device_of(entry).connection.sightings.unproven
            assert sighted == Address("127.0.0.9", bulb.port)


async def test_a_device_may_be_in_the_network_with_the_mac_after_the_one_that_it_reports(
    hass: HomeAssistant,
) -> None:
    """As a WeMo is. It may also be another device of the maker, so it is only looked for there."""
    async with JsonBulbEmulator(id=BULB_ID) as bulb:
        entry = await set_up(hass, "json_bulb", bulb.id, bulb)
        device_of(entry)._core.describe(mac="94:10:3E:00:11:FF")
        for other in ("94103e0011fe", "94103e001201"):
            assert not handle_known_mac(hass, other, "127.0.0.8")
        assert device_of(entry).connection.sightings.unproven == ()
        assert not handle_known_mac(hass, "94103e001200", "127.0.0.9")
        [sighted] = device_of(entry).connection.sightings.unproven
        assert sighted == Address("127.0.0.9", bulb.port)


async def test_an_announced_mac_after_the_one_of_the_device_at_that_address(
    hass: HomeAssistant,
) -> None:
    await async_load_domain_data(hass)
    entry = new_entry(hass, "rest_switch", "94103e0011ff")
    assert find_entry(hass, candidate("94:10:3E:00:12:00")) == entry
    assert find_entry(hass, candidate("94:10:3E:00:12:01")) is None
    assert find_entry(hass, candidate("94:10:3E:00:12:00", Address("127.0.0.2", 9))) is None
