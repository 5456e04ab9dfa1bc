"""Which entry a candidate belongs to: looking for it changes nothing."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.discovery.entries import (
    find_entry,
    find_entry_by_mac,
    find_entry_by_usn,
)
from custom_components.lan_edge.discovery.routing import handle_known
from custom_components.lan_edge.runtime import async_load_domain_data
from lan_edge import Address, Candidate, Match
from tests.bundled import driver_for

from ..entries import new_entry

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
    assert find_entry_by_mac(hass, "a8bb50010203") is None
    assert dict(entered.data) == before


async def test_an_entry_that_is_not_loaded_adopts_nothing(
    hass: HomeAssistant, entered: MockConfigEntry
) -> None:
    for unique_id in ("relay-1", "", "made-up"):
        assert handle_known(hass, candidate(unique_id))
        assert entered.data["seen_as"] == ""
