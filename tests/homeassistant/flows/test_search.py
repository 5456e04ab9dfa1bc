"""The search for new devices in the config flow."""

import asyncio
from collections.abc import Generator
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import (
    SOURCE_USER,
    SOURCE_ZEROCONF,
    ConfigEntryDisabler,
    ConfigFlowResult,
)
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.loader import async_get_integration
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.discovery.search import take_sighting
from custom_components.lan_edge.discovery.sightings import mdns_sighting, ssdp_sighting
from custom_components.lan_edge.runtime import async_load_domain_data
from lan_edge import Candidate
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator

from ..announcements import mdns, ssdp
from ..entries import BULB_ID, add_service, new_entry
from ..flow_steps import aborted, created, go_on, menu, start, words


@pytest.fixture
def network() -> Generator[dict[str, Any]]:
    """Be what a search finds: sightings, one each tenth of a second."""
    there: dict[str, Any] = {"sightings": []}

    async def search_all(hass: HomeAssistant, taken: dict[Candidate, str]) -> None:
        await async_load_domain_data(hass)
        for sighting in there["sightings"]:
            await asyncio.sleep(0.05)
            take_sighting(hass, taken, sighting)
        await there.get("blocked", asyncio.sleep)(0.05)

    with (
        patch("custom_components.lan_edge.flows.search.async_search_for_user", search_all),
        patch("custom_components.lan_edge.flows.search.UPDATE_INTERVAL", 0.005),
    ):
        yield there


async def searched(
    hass: HomeAssistant, flow: ConfigFlowResult
) -> tuple[ConfigFlowResult, list[str]]:
    """Return how a search went on, and what the user saw meanwhile."""
    shown: list[str] = []
    flows = hass.config_entries.flow
    while flow["type"] is FlowResultType.SHOW_PROGRESS:
        assert (flow["step_id"], flow["progress_action"]) == ("search", "search")
        placeholders = flow["description_placeholders"]
        assert placeholders is not None
        shown.append(placeholders["found"])
        await asyncio.sleep(0.005)
        flow = await flows.async_configure(flow["flow_id"])
    return flow, shown


@pytest.mark.usefixtures("confirming")
async def test_search_lists_what_it_finds_as_it_finds_it(
    hass: HomeAssistant,
    network: dict[str, Any],
    switch: RestSwitchEmulator,
    bulb: JsonBulbEmulator,
) -> None:
    network["sightings"] = [mdns_sighting(mdns(switch)), ssdp_sighting(ssdp(bulb))]
    flow, shown = await searched(hass, await menu(hass, "search"))
    assert list(dict.fromkeys(shown)) == [
        "",
        "- Fountain (RS-1) · 127.0.0.1",
        "- Desk lamp (LAN Edge JB-1) · 127.0.0.1\n- Fountain (RS-1) · 127.0.0.1",
    ]
    assert flow["step_id"] == "pick"
    entry = created(await go_on(hass, flow, devices=["relay-1"]))
    assert entry.unique_id == "relay-1"

    # now only the other one is new
    flow, shown = await searched(hass, await menu(hass, "search"))
    assert shown[-1] == "- Desk lamp (LAN Edge JB-1) · 127.0.0.1"
    created(await go_on(hass, flow, devices=[BULB_ID]))


@pytest.mark.usefixtures("confirming")
async def test_a_search_waits_until_home_assistant_has_started(
    hass: HomeAssistant, network: dict[str, Any], switch: RestSwitchEmulator
) -> None:
    hass.set_state(CoreState.starting)
    network["sightings"] = [mdns_sighting(mdns(switch))]
    flow = await menu(hass, "search")
    for _ in range(30):
        await asyncio.sleep(0.005)
        flow = await hass.config_entries.flow.async_configure(flow["flow_id"])
    assert flow["type"] is FlowResultType.SHOW_PROGRESS
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    flow, _ = await searched(hass, flow)
    assert flow["step_id"] == "pick"
    created(await go_on(hass, flow, devices=["relay-1"]))


@pytest.mark.usefixtures("confirming")
async def test_a_search_enables_lan_edge_again(
    hass: HomeAssistant, network: dict[str, Any], switch: RestSwitchEmulator
) -> None:
    service = await add_service(hass)
    await hass.config_entries.async_set_disabled_by(service.entry_id, ConfigEntryDisabler.USER)
    network["sightings"] = [mdns_sighting(mdns(switch))]
    flow, _ = await searched(hass, await menu(hass, "search"))
    assert flow["step_id"] == "pick"
    assert not service.disabled_by


@pytest.mark.usefixtures("confirming")
async def test_what_others_control_is_named(
    hass: HomeAssistant,
    network: dict[str, Any],
    switch: RestSwitchEmulator,
    bulb: JsonBulbEmulator,
) -> None:
    await async_get_integration(hass, "mpd")
    at = {"host": bulb.host, "port": bulb.port}
    MockConfigEntry(domain="mpd", data=at).add_to_hass(hass)
    network["sightings"] = [mdns_sighting(mdns(switch)), ssdp_sighting(ssdp(bulb))]
    taken = {"taken": "- Desk lamp (LAN Edge JB-1): Music Player Daemon (MPD)"}
    flow, _ = await searched(hass, await menu(hass, "search"))
    assert flow["step_id"] == "pick_with_taken"
    assert words(flow) == taken
    created(await go_on(hass, flow, devices=["relay-1"]))
    flow, _ = await searched(hass, await menu(hass, "search"))
    assert flow["step_id"] == "nothing_with_taken"
    assert words(flow) == taken


async def test_a_picked_device_that_fails_can_be_tried_again(
    hass: HomeAssistant, network: dict[str, Any], bulb: JsonBulbEmulator
) -> None:
    network["sightings"] = [ssdp_sighting(ssdp(bulb))]
    flow, _ = await searched(hass, await menu(hass, "search"))
    bulb.faults.refuse = True
    flow = await go_on(hass, flow, devices=[BULB_ID])
    assert (flow["step_id"], flow["errors"]) == ("confirm", {"base": "refused"})
    bulb.faults.clear()
    created(await go_on(hass, flow))


async def test_picking_what_was_added_meanwhile(
    hass: HomeAssistant, network: dict[str, Any], switch: RestSwitchEmulator
) -> None:
    network["sightings"] = [mdns_sighting(mdns(switch))]
    flow, _ = await searched(hass, await menu(hass, "search"))
    new_entry(hass, "rest_switch", "relay-1", switch)
    assert aborted(await go_on(hass, flow, devices=["relay-1"])) == "already_configured"


@pytest.mark.usefixtures("confirming")
async def test_picking_takes_the_card_away(
    hass: HomeAssistant, network: dict[str, Any], switch: RestSwitchEmulator
) -> None:
    await start(hass, SOURCE_ZEROCONF, mdns(switch))
    network["sightings"] = [mdns_sighting(mdns(switch))]
    flow, _ = await searched(hass, await menu(hass, "search"))
    created(await go_on(hass, flow, devices=["relay-1"]))
    assert not hass.config_entries.flow.async_progress()


@pytest.mark.usefixtures("confirming")
async def test_nothing_found_then_something(
    hass: HomeAssistant, network: dict[str, Any], switch: RestSwitchEmulator
) -> None:
    flow, _ = await searched(hass, await menu(hass, "search"))
    assert (flow["type"], flow["step_id"]) == (FlowResultType.MENU, "nothing")
    assert flow["menu_options"] == ["search", "manual", "describe"]
    network["sightings"] = [mdns_sighting(mdns(switch))]
    flow, _ = await searched(hass, await go_on(hass, flow, next_step_id="search"))
    created(await go_on(hass, flow, devices=["relay-1"]))


async def test_closing_the_dialog_ends_the_search(
    hass: HomeAssistant, network: dict[str, Any]
) -> None:
    ended = asyncio.Event()

    async def blocked(_: float) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    network["blocked"] = blocked
    flow = await start(hass, SOURCE_USER)
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"next_step_id": "search"}
    )
    await asyncio.sleep(0.01)
    hass.config_entries.flow.async_abort(flow["flow_id"])
    async with asyncio.timeout(30):
        await ended.wait()


async def test_manual_searches_too(
    hass: HomeAssistant, network: dict[str, Any], switch: RestSwitchEmulator
) -> None:
    flow, _ = await searched(hass, await menu(hass, "search"))
    flow = await go_on(hass, flow, next_step_id="manual")
    given = {"driver": "rest_switch", "host": "127.0.0.1", "port": switch.port}
    created(await go_on(hass, flow, **given))
