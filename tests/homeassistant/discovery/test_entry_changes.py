"""Offers end when another integration gets the device, and come when it is given up."""

from typing import Any

from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntryChange
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_send
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.discovery import entry_changes
from custom_components.lan_edge.discovery.entry_changes import async_follow_entries
from custom_components.lan_edge.discovery.routing import route_or_offer
from custom_components.lan_edge.runtime import async_load_domain_data
from custom_components.lan_edge.service_entry import async_add_service_entry
from lan_edge import Address, Sighting

from ..waiting import eventually

HERE = "127.0.0.5"
UNIQUE_ID = "0x0000000000000001"


@pytest.fixture
async def searches(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Have a Yeelight offered; return the searches that follow."""
    monkeypatch.setattr(entry_changes, "END_INTERVAL", 0.01)
    await async_load_domain_data(hass)
    await async_add_service_entry(hass)
    headers = {"id": UNIQUE_ID, "model": "color"}
    found = Sighting("ssdp", "wifi_bulb", Address(HERE, 55443), "", {"headers": headers})
    route_or_offer(hass, found)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert is_offered(hass)
    searches: list[object] = []
    async_follow_entries(hass, searches.append)
    return searches


def is_offered(hass: HomeAssistant) -> bool:
    return bool(hass.config_entries.flow.async_progress_by_handler(DOMAIN))


def changed(hass: HomeAssistant, change: ConfigEntryChange, domain: str, **what: Any) -> str:
    """Have an entry of another integration be added or removed; return its id."""
    entry = MockConfigEntry(domain=domain, **what)
    if change is ConfigEntryChange.ADDED:
        entry.add_to_hass(hass)
    async_dispatcher_send(hass, SIGNAL_CONFIG_ENTRY_CHANGED, change, entry)
    entry_id: str = entry.entry_id
    return entry_id


@pytest.mark.parametrize(
    "what", [{"data": {"host": HERE}}, {"unique_id": UNIQUE_ID}, {"unique_id": UNIQUE_ID.upper()}]
)
async def test_another_integration_gets_it(
    hass: HomeAssistant, searches: list[object], what: dict[str, Any]
) -> None:
    changed(hass, ConfigEntryChange.ADDED, "yeelight", **what)
    await hass.async_block_till_done()
    assert not is_offered(hass)


async def test_its_entry_does_not_tell_but_its_devices_do(
    hass: HomeAssistant, searches: list[object]
) -> None:
    """As that of WeMo, which has all WeMos of the network."""
    entry_id = changed(hass, ConfigEntryChange.ADDED, "yeelight")
    await hass.async_block_till_done()
    assert is_offered(hass)
    registry = dr.async_get(hass)
    registry.async_get_or_create(config_entry_id=entry_id, identifiers={("yeelight", UNIQUE_ID)})
    await eventually(lambda: not is_offered(hass))


async def test_what_others_get_changes_nothing(hass: HomeAssistant, searches: list[object]) -> None:
    entry_id = changed(hass, ConfigEntryChange.ADDED, "yeelight", data={"host": "127.0.0.6"})
    registry = dr.async_get(hass)
    registry.async_get_or_create(config_entry_id=entry_id, identifiers={("yeelight", "0x2")})
    await hass.async_block_till_done()
    assert is_offered(hass)
    assert not searches


@pytest.mark.parametrize(("domain", "count"), [("yeelight", 1), (DOMAIN, 1), ("other", 0)])
async def test_an_entry_is_removed(
    hass: HomeAssistant, searches: list[object], domain: str, count: int
) -> None:
    changed(hass, ConfigEntryChange.REMOVED, domain)
    await hass.async_block_till_done()
    assert len(searches) == count
