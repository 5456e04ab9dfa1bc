"""Several devices of one search are added at once."""

from typing import Any

from homeassistant.config_entries import SOURCE_SSDP, SOURCE_ZEROCONF
from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.discovery.sightings import mdns_sighting, ssdp_sighting
from custom_components.lan_edge.flows.several import async_add_several
from custom_components.lan_edge.service_entry import device_entries
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator

from ..announcements import mdns, ssdp
from ..entries import BULB_ID
from ..flow_steps import aborted, go_on, menu, start, waited, words
from .test_search import network, searched

__all__ = ["network"]

pytestmark = pytest.mark.usefixtures("confirming")


def ids(hass: HomeAssistant) -> set[str | None]:
    return {entry.unique_id for entry in device_entries(hass)}


async def test_all_that_were_picked(
    hass: HomeAssistant,
    network: dict[str, Any],
    switch: RestSwitchEmulator,
    bulb: JsonBulbEmulator,
) -> None:
    network["sightings"] = [mdns_sighting(mdns(switch)), ssdp_sighting(ssdp(bulb))]
    flow, _ = await searched(hass, await menu(hass, "search"))
    flow = await waited(hass, await go_on(hass, flow, devices=["relay-1", BULB_ID]))
    assert aborted(flow) == "added_all"
    assert words(flow)["added"].splitlines() == [
        "- Desk lamp (LAN Edge JB-1)",
        "- Fountain (RS-1)",
    ]
    assert ids(hass) == {"relay-1", BULB_ID}


async def test_one_that_does_not_answer_stays_a_card(
    hass: HomeAssistant,
    network: dict[str, Any],
    switch: RestSwitchEmulator,
    bulb: JsonBulbEmulator,
) -> None:
    network["sightings"] = [mdns_sighting(mdns(switch)), ssdp_sighting(ssdp(bulb))]
    flow, _ = await searched(hass, await menu(hass, "search"))
    await bulb.down()
    flow = await waited(hass, await go_on(hass, flow, devices=["relay-1", BULB_ID]))
    assert aborted(flow) == "added_some"
    assert words(flow)["waiting"] == "- Desk lamp (LAN Edge JB-1)"
    assert ids(hass) == {"relay-1"}
    [card] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert card["context"]["unique_id"] == BULB_ID


async def test_none_answers(
    hass: HomeAssistant,
    network: dict[str, Any],
    switch: RestSwitchEmulator,
    bulb: JsonBulbEmulator,
) -> None:
    network["sightings"] = [mdns_sighting(mdns(switch)), ssdp_sighting(ssdp(bulb))]
    flow, _ = await searched(hass, await menu(hass, "search"))
    await bulb.down()
    await switch.down()
    flow = await waited(hass, await go_on(hass, flow, devices=["relay-1", BULB_ID]))
    assert aborted(flow) == "added_none"
    assert words(flow)["waiting"] == "- Desk lamp (LAN Edge JB-1)\n- Fountain (RS-1)"


async def test_none_was_picked(
    hass: HomeAssistant,
    network: dict[str, Any],
    switch: RestSwitchEmulator,
) -> None:
    network["sightings"] = [mdns_sighting(mdns(switch))]
    flow, _ = await searched(hass, await menu(hass, "search"))
    assert aborted(await go_on(hass, flow)) == "none_picked"
    [card] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert card["context"]["unique_id"] == "relay-1"


async def test_a_card_that_is_gone_meanwhile(
    hass: HomeAssistant, switch: RestSwitchEmulator, bulb: JsonBulbEmulator
) -> None:
    await start(hass, SOURCE_ZEROCONF, mdns(switch))
    await start(hass, SOURCE_SSDP, ssdp(bulb))
    added = await async_add_several(hass, ["relay-1", "nobody"])
    assert (added.added, added.waiting) == (["Fountain (RS-1)"], [])
