"""Devices without an entry that are announced again and again."""

from collections.abc import Generator
from dataclasses import replace
from unittest.mock import MagicMock, patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, discovery_flow
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.discovery import new_devices
from custom_components.lan_edge.discovery.new_devices import forget, latest_with_id, remember
from custom_components.lan_edge.discovery.routing import route, route_or_offer
from custom_components.lan_edge.runtime import async_load_domain_data
from custom_components.lan_edge.service_entry import async_add_service_entry
from lan_edge import (
    Address,
    Candidate,
    DriverFile,
    Match,
    Sighting,
    compile_description,
    read_description,
)
from tests.bundled import driver_for

UNIQUE_ID = "0x0000000000000001"


@pytest.fixture
def flows() -> Generator[MagicMock]:
    """Count the discovery flows that are started."""
    create = discovery_flow.async_create_flow
    with patch.object(discovery_flow, "async_create_flow", wraps=create) as counted:
        yield counted


def announced(name: str) -> Sighting:
    """Return an announcement of a Yeelight, which anybody can send."""
    headers = {"id": UNIQUE_ID, "name": name, "model": "color", "support": "x", "fw_ver": "1"}
    return Sighting("ssdp", "wifi_bulb", Address("127.0.0.5", 55443), name, {"headers": headers})


async def announce(hass: HomeAssistant, times: int) -> None:
    await async_load_domain_data(hass)
    await async_add_service_entry(hass)
    for number in range(times):
        route_or_offer(hass, announced(f"name {number}"))
        await hass.async_block_till_done(wait_background_tasks=True)


async def test_an_announcement_alone_takes_nothing_away(hass: HomeAssistant) -> None:
    """Name, maker, model and room are in what was read of the device, not in each announcement."""
    await async_load_domain_data(hass)
    address, driver = Address("127.0.0.5", 80), driver_for("upnp_light")
    full = Match("udn-1", address, "Hall", (), "Maker", "L1", room="Attic")
    for match in (full, Match("udn-1", Address("127.0.0.6", 80), "")):
        remember(hass, Candidate(driver, match))
    latest = latest_with_id(hass, "udn-1")
    assert latest is not None
    assert latest.match == replace(full, address=Address("127.0.0.6", 80))


async def test_cards_that_would_look_alike(hass: HomeAssistant) -> None:
    await async_load_domain_data(hass)
    await async_add_service_entry(hass)
    for end in ("c3d4", "e5f6", "0708"):
        headers = {"id": f"0x00{end}", "name": "Lamp" if end != "0708" else "Hall"}
        address = Address("127.0.0.5", 55443)
        route_or_offer(hass, Sighting("ssdp", "wifi_bulb", address, "", {"headers": headers}))
        await hass.async_block_till_done(wait_background_tasks=True)
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert {flow["context"]["title_placeholders"]["name"] for flow in flows} == {
        "Lamp (Yeelight)",
        "Lamp e5f6 (Yeelight)",
        "Hall (Yeelight)",
    }


async def test_a_device_that_is_offered_already(hass: HomeAssistant, flows: MagicMock) -> None:
    await announce(hass, 50)
    assert flows.call_count == 1
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    form = await hass.config_entries.flow.async_configure(flow["flow_id"])
    placeholders = form["description_placeholders"]
    assert placeholders is not None
    assert placeholders["name"] == "name 49 (Yeelight color)"


async def test_a_device_that_cannot_be_offered(
    hass: HomeAssistant, flows: MagicMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("other", UNIQUE_ID)}
    )
    await announce(hass, 50)
    assert flows.call_count == 1
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    monkeypatch.setattr(new_devices, "OFFER_INTERVAL", 0)
    await announce(hass, 1)
    assert flows.call_count == 2


async def test_a_device_whose_entry_was_created_and_removed(
    hass: HomeAssistant, flows: MagicMock
) -> None:
    await announce(hass, 1)
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    hass.config_entries.flow.async_abort(flow["flow_id"])
    (candidate,) = route(hass, announced("new"))
    forget(hass, candidate)
    await announce(hass, 1)
    assert flows.call_count == 2


OWN = """\
description: 1
id: own_sonoff
name: Own Sonoff
found_by: [{mdns: _ewelink._tcp.local., unique_id: "{txt[id]}"}]
talks: http
requests: {state: {get: /state}}
components: {main: {contactSensor: {contact: {path: open}}}}
"""


async def test_the_card_is_of_a_file_whose_devices_a_bundled_driver_knows_too(
    hass: HomeAssistant, flows: MagicMock
) -> None:
    data = await async_load_domain_data(hass)
    await async_add_service_entry(hass)
    own = compile_description(read_description(OWN))
    data.registry.use_file(DriverFile("own_sonoff.yaml", (own,), (), (), 0.0))
    texts = {"txt": {"id": "1000abcd", "type": "plug"}}
    address = Address("127.0.0.5", 8081)
    route_or_offer(hass, Sighting("mdns", "_ewelink._tcp.local.", address, "x", texts))
    assert flows.call_count == 1
    assert flows.call_args.args[3]["driver"] == "own_sonoff"
    latest = latest_with_id(hass, "1000abcd")
    assert latest is not None
    assert latest.driver is own
