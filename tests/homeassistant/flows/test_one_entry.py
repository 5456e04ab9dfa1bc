"""One device has one entry, however it comes, and no card once it has that."""

import asyncio
from dataclasses import replace
from ipaddress import ip_address
import socket

from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_RECONFIGURE,
    SOURCE_SSDP,
    SOURCE_USER,
    SOURCE_ZEROCONF,
    ConfigFlowContext,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.discovery.routing import route_or_offer
from custom_components.lan_edge.discovery.sightings import mdns_sighting
from custom_components.lan_edge.runtime import async_load_domain_data
from custom_components.lan_edge.service_entry import device_entries
from tests.emulators.json_bulb import TARGET, JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator

from ..announcements import mdns, ssdp
from ..entries import BULB_ID, add_service, comes_online, new_entry, set_up
from ..flow_steps import aborted, created, go_on, menu, start
from ..mdns_responder import relay, responding
from ..snapcast_server import SnapcastServer
from ..waiting import eventually

DEAD = "127.0.0.9"
"""Nothing answers there."""
SPELLINGS = (BULB_ID.upper(), f"uuid:{BULB_ID}", f"uuid:{BULB_ID.upper()}")


def cards(hass: HomeAssistant) -> list[str | None]:
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return [f["context"].get("unique_id") for f in flows if f["context"]["source"] != SOURCE_USER]


async def typed(hass: HomeAssistant, driver: str, host: str, port: int = 0) -> MockConfigEntry:
    flow = await menu(hass, "manual")
    return created(
        await go_on(hass, flow, driver=driver, host=host, **({"port": port} if port else {}))
    )


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_a_device_that_spells_its_id_in_another_way_than_its_announcement(
    hass: HomeAssistant, bulb: JsonBulbEmulator, spelling: str
) -> None:
    usn = f"uuid:{spelling}::{TARGET}"
    announced = replace(ssdp(bulb), ssdp_usn=usn)
    announced.ssdp_headers = {**announced.ssdp_headers, "USN": usn}
    flow = await start(hass, SOURCE_SSDP, announced)
    assert cards(hass) == [BULB_ID]
    assert aborted(await start(hass, SOURCE_SSDP, ssdp(bulb))) == "already_in_progress"
    entry = created(await go_on(hass, flow))
    await comes_online(entry)
    assert entry.unique_id == BULB_ID
    assert aborted(await start(hass, SOURCE_SSDP, announced)) == "already_configured"


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_an_entry_of_an_older_version_has_an_id_in_another_spelling(
    hass: HomeAssistant, bulb: JsonBulbEmulator, spelling: str
) -> None:
    entry = await set_up(hass, "json_bulb", spelling, bulb)
    assert aborted(await start(hass, SOURCE_SSDP, ssdp(bulb))) == "already_configured"
    await bulb.move(port=0, old="closed")
    assert aborted(await start(hass, SOURCE_SSDP, ssdp(bulb))) == "already_configured"
    await eventually(lambda: entry.data["port"] == bulb.port)
    assert entry.unique_id == spelling


async def test_a_device_whose_entry_is_elsewhere_confirms_who_it_is(
    hass: HomeAssistant, switch: RestSwitchEmulator, mdns_port: int
) -> None:
    """It was added by its card; where it is entered by its address, its entry has another one."""
    new_entry(hass, "rest_switch", "relay-1", host=DEAD)
    flow = await menu(hass, "manual")
    async with responding(switch.host, mdns_port, relay("relay-1", switch.host, switch.port)):
        result = await go_on(hass, flow, driver="rest_switch", host=switch.host, port=switch.port)
    assert aborted(result) == "already_configured"


async def test_a_device_that_confirms_nothing_where_an_entry_has_its_address(
    hass: HomeAssistant, switch: RestSwitchEmulator, mdns_port: int
) -> None:
    new_entry(hass, "rest_switch", "relay-1", switch)
    flow = await menu(hass, "manual")
    result = await go_on(hass, flow, driver="rest_switch", host=switch.host, port=switch.port)
    assert aborted(result) == "already_configured"


async def test_the_port_that_is_left_empty_is_the_one_that_the_device_says(
    hass: HomeAssistant, switch: RestSwitchEmulator, mdns_port: int
) -> None:
    async with responding(switch.host, mdns_port, relay("relay-1", switch.host, switch.port)):
        entry = await typed(hass, "rest_switch", switch.host)
    assert (entry.unique_id, entry.data["port"]) == ("relay-1", switch.port)


async def test_two_dialogs_at_once_add_a_device_once(
    hass: HomeAssistant, switch: RestSwitchEmulator, mdns_port: int
) -> None:
    flows = [await menu(hass, "manual") for _ in range(2)]
    given = {"driver": "rest_switch", "host": switch.host, "port": switch.port}
    results = await asyncio.gather(*(go_on(hass, flow, **given) for flow in flows))
    assert sorted(result["type"] for result in results) == ["abort", "create_entry"]
    assert len([*device_entries(hass)]) == 1


async def test_the_card_of_a_device_that_was_added_by_its_address_goes_away(
    hass: HomeAssistant, switch: RestSwitchEmulator, mdns_port: int
) -> None:
    """Nothing confirms that it is the device on the card, but it is where that is."""
    await start(hass, SOURCE_ZEROCONF, mdns(switch))
    assert cards(hass) == ["relay-1"]
    entry = await typed(hass, "rest_switch", switch.host, switch.port)
    assert entry.unique_id != "relay-1"
    assert cards(hass) == []


async def ignored(hass: HomeAssistant, unique_id: str) -> None:
    """Ignore the card of a device, as its owner does."""
    await start(hass, SOURCE_IGNORE, {"unique_id": unique_id, "title": "Ignored"})
    assert cards(hass) == []


async def test_a_device_that_is_ignored_can_be_added_by_its_address(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    await start(hass, SOURCE_SSDP, ssdp(bulb))
    await ignored(hass, BULB_ID)
    entry = await typed(hass, "json_bulb", bulb.host, bulb.port)
    assert entry.unique_id == BULB_ID
    assert [*device_entries(hass)] == [entry]
    assert SOURCE_IGNORE not in {e.source for e in hass.config_entries.async_entries(DOMAIN)}


async def test_a_device_that_is_ignored_and_says_by_discovery_alone_who_it_is(
    hass: HomeAssistant, switch: RestSwitchEmulator, mdns_port: int
) -> None:
    await start(hass, SOURCE_ZEROCONF, mdns(switch))
    await ignored(hass, "relay-1")
    async with responding(switch.host, mdns_port, relay("relay-1", switch.host, switch.port)):
        entry = await typed(hass, "rest_switch", switch.host)
    assert (entry.unique_id, entry.data["port"]) == ("relay-1", switch.port)


async def test_a_device_that_is_ignored_after_its_address_was_entered(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    bulb.faults.refuse = True
    flow = await menu(hass, "manual")
    given = {"driver": "json_bulb", "host": bulb.host, "port": bulb.port}
    flow = await go_on(hass, flow, **given)
    assert flow["errors"] == {"base": "refused"}
    await ignored(hass, BULB_ID)
    bulb.faults.clear()
    assert created(await go_on(hass, flow, **given)).unique_id == BULB_ID


async def test_the_card_of_another_device_stays(
    hass: HomeAssistant, switch: RestSwitchEmulator, bulb: JsonBulbEmulator
) -> None:
    await start(hass, SOURCE_SSDP, ssdp(bulb))
    await set_up(hass, "rest_switch", "relay-1", switch)
    assert cards(hass) == [BULB_ID]


def behind(device: RestSwitchEmulator, *hosts: str) -> ZeroconfServiceInfo:
    """Return an announcement of a device with several addresses."""
    addresses = [ip_address(host) for host in hosts]
    return replace(mdns(device), ip_address=addresses[0], ip_addresses=addresses)


@pytest.mark.usefixtures("confirming")
async def test_a_card_of_a_device_whose_first_address_is_dead(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    flow = await start(hass, SOURCE_ZEROCONF, behind(switch, DEAD, switch.host))
    entry = created(await go_on(hass, flow))
    assert (entry.unique_id, entry.data["host"]) == ("relay-1", switch.host)


@pytest.mark.usefixtures("confirming")
async def test_a_search_finds_a_device_whose_first_address_is_dead(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    await async_load_domain_data(hass)
    await add_service(hass)
    route_or_offer(hass, mdns_sighting(behind(switch, DEAD, switch.host)))
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    entry = created(await go_on(hass, flow))
    assert entry.data["host"] == switch.host


async def test_a_device_that_must_be_asked_for_its_id_is_asked_at_all_addresses(
    hass: HomeAssistant, start_discovery: None
) -> None:
    async with SnapcastServer() as server:
        host, port = server.address.host, server.address.port
        announced = ZeroconfServiceInfo(
            ip_address=ip_address(DEAD),
            ip_addresses=[ip_address(DEAD), ip_address(host)],
            port=port,
            hostname="music.local.",
            type="_snapcast-jsonrpc._tcp.local.",
            name="Snapcast._snapcast-jsonrpc._tcp.local.",
            properties={},
        )
        flow = await start(hass, SOURCE_ZEROCONF, announced)
        assert cards(hass) == ["music"]
        entry = created(await go_on(hass, flow))
    assert (entry.data["host"], entry.title) == (host, "Snapcast on music")


async def test_a_name_with_several_addresses_of_which_the_first_is_dead(
    hass: HomeAssistant, bulb: JsonBulbEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the form for a new device, and in that for one that has moved."""

    async def lookup(_host: str, port: None, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, 0, 0, "", (host, 0)) for host in (DEAD, DEAD, bulb.host)]

    monkeypatch.setattr(hass.loop, "getaddrinfo", lookup)
    entry = await typed(hass, "json_bulb", "lamp.example", bulb.port)
    assert entry.data["host"] == bulb.host
    hass.config_entries.async_update_entry(entry, data={**entry.data, "host": DEAD})
    context = ConfigFlowContext(source=SOURCE_RECONFIGURE, entry_id=entry.entry_id)
    flow = await hass.config_entries.flow.async_init(DOMAIN, context=context)
    flow = await go_on(hass, flow, host="lamp.example", port=bulb.port)
    assert aborted(flow) == "reconfigure_successful"
    assert entry.data["host"] == bulb.host
