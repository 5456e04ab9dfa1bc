"""A device that is announced where it is not: everybody is asked, and only answers count."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count
from unittest.mock import AsyncMock

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.discovery import search, wanted
from custom_components.lan_edge.discovery.routing import handle_known
from custom_components.lan_edge.discovery.wanted import MDNS_GROUP, async_ask_everybody
from custom_components.lan_edge.runtime import async_load_domain_data, domain_data
from lan_edge import Address, Candidate, Match
from tests.bundled import driver_for
from tests.emulators.mdns import Service
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.yeelight import YeelightEmulator

from ..entries import device_of, set_up
from ..mdns_responder import Responder, in_group, relay, responding
from ..waiting import eventually

ELSEWHERE, FORGER = "127.0.0.2", "127.0.0.6"


@pytest.fixture(autouse=True)
def port(mdns_port: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return the port of mDNS in these tests, on loopback, in which little time passes."""
    for module in (search, wanted):
        monkeypatch.setattr(module, "async_source_addresses", AsyncMock(return_value=["127.0.0.1"]))
    monkeypatch.setattr(
        "homeassistant.components.network.async_get_adapters", AsyncMock(return_value=[])
    )
    monkeypatch.setattr(wanted, "WANTED_INTERVAL", 0.05)
    monkeypatch.setattr("lan_edge.connection.hints.HINT_INTERVAL", 0.05)
    monkeypatch.setattr("lan_edge.connection.availability.GRACE", 0.3)
    return mdns_port


@asynccontextmanager
async def answering(
    host: str, port: int, *services: Service, tells_all: bool = True
) -> AsyncGenerator[Responder]:
    """Answer what everybody is asked, from an address."""
    async with (
        responding(host, port, *services, tells_all=tells_all) as responder,
        in_group(MDNS_GROUP, port, responder),
    ):
        yield responder


async def flood(hass: HomeAssistant, driver: str, unique_id: str) -> None:
    """Announce a device at one address after the other, where nobody is."""
    for number in count():
        address = Address(FORGER, number % 200 + 1)
        handle_known(hass, Candidate(driver_for(driver), Match(unique_id, address, "")))
        await asyncio.sleep(0.001)


@pytest.mark.parametrize("tells_all", [True, False])
async def test_what_is_answered_counts_where_it_comes_from(
    hass: HomeAssistant, port: int, tells_all: bool
) -> None:
    """A forger names the address of another one, and two ids for its own."""
    await async_load_domain_data(hass)
    lies = relay("relay-1", ELSEWHERE, 80), relay("relay-2", FORGER, 81)
    async with (
        answering(ELSEWHERE, port, relay("relay-1", ELSEWHERE, 80), tells_all=tells_all),
        answering(FORGER, port, *lies, tells_all=tells_all),
    ):
        found = await async_ask_everybody(hass)
    told = [each for each in found if each.source == "mdns"]
    assert {(each.values["txt"]["id"], each.address) for each in told} == {
        ("relay-1", Address(ELSEWHERE, 80)),
        ("relay-1", Address(FORGER, 80)),
        ("relay-2", Address(FORGER, 81)),
    }


async def test_devices_are_searched_for_by_ssdp_too(hass: HomeAssistant) -> None:
    await async_load_domain_data(hass)
    async with YeelightEmulator(announce=True) as light:
        found = await async_ask_everybody(hass)
    assert Address(light.host, light.port) in [each.address for each in found]


async def test_a_device_is_found_among_announcements_at_many_other_addresses(
    hass: HomeAssistant, switch: RestSwitchEmulator, port: int
) -> None:
    """It has moved, and its own announcement was lost among hundreds."""
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    flooding = asyncio.create_task(flood(hass, "rest_switch", "relay-1"))
    try:
        await switch.down()
        async with (
            RestSwitchEmulator(ELSEWHERE, switch.port, id="relay-1"),
            answering(ELSEWHERE, port, relay("relay-1", ELSEWHERE, switch.port)),
        ):
            await eventually(lambda: entry.data["host"] == ELSEWHERE)
            await eventually(lambda: device_of(entry).available)
    finally:
        flooding.cancel()


async def test_nothing_is_searched_for_a_device_that_is_removed(
    hass: HomeAssistant, switch: RestSwitchEmulator, port: int
) -> None:
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    device_of(entry).connection.sightings.on_search_needed()
    async with answering(ELSEWHERE, port, relay("relay-1", ELSEWHERE, switch.port)) as asked:
        await eventually(lambda: asked.asked)
        assert await hass.config_entries.async_remove(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert not domain_data(hass).wanted
