"""A device is asked only who it is, until it is clear that it is to be added."""

from typing import Any

from homeassistant.config_entries import SOURCE_ZEROCONF
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.loader import async_get_integrations
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.discovery.routing import route_or_offer
from custom_components.lan_edge.discovery.sightings import mdns_sighting
from tests.edge.locked import PIN, Locked
from tests.emulators.json_bulb import JsonBulbEmulator

from ..entries import BULB_ID, comes_online, new_entry, set_up
from ..flow_steps import aborted, created, go_on, menu, start, waited, words
from ..gate import announced

ONLY_ASKED = ["GET /id"]


@pytest.fixture
async def mpd(hass: HomeAssistant) -> MockConfigEntry:
    """Have an entry of another integration, which controls devices."""
    await async_get_integrations(hass, ["mpd"])
    entry = MockConfigEntry(domain="mpd")
    entry.add_to_hass(hass)
    return entry


async def typed(hass: HomeAssistant, driver: str, host: str, port: int) -> Any:
    flow = await menu(hass, "manual")
    return await waited(hass, await go_on(hass, flow, driver=driver, host=host, port=port))


async def test_announced(hass: HomeAssistant, gate: Locked) -> None:
    gate.tells_id = True
    flow = await start(hass, SOURCE_ZEROCONF, announced(gate.address))
    assert flow["step_id"] == "confirm"
    route_or_offer(hass, mdns_sighting(announced(gate.address)))
    await hass.async_block_till_done()
    assert gate.asked == ONLY_ASKED


async def test_entered_where_it_is_configured(hass: HomeAssistant, gate: Locked) -> None:
    gate.tells_id = True
    new_entry(hass, "gate", "gate-1", port=1)
    flow = await typed(hass, "gate", gate.address.host, gate.address.port)
    assert aborted(flow) == "already_configured"
    assert gate.asked == ONLY_ASKED


@pytest.mark.parametrize("tells_id", [True, False])
async def test_entered_where_another_integration_controls_it(
    hass: HomeAssistant, gate: Locked, mpd: MockConfigEntry, tells_id: bool
) -> None:
    gate.tells_id = tells_id
    data = {"host": gate.address.host, "port": gate.address.port}
    hass.config_entries.async_update_entry(mpd, data=data)
    flow = await typed(hass, "gate", gate.address.host, gate.address.port)
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "shared")
    assert gate.asked == ONLY_ASKED
    flow = await waited(hass, await go_on(hass, flow))
    flow = await waited(hass, await go_on(hass, flow, pin=PIN))
    entry = created(flow)
    assert entry.unique_id == "gate-1"
    await comes_online(entry)


async def test_what_fails_after_the_warning_is_shown_there(
    hass: HomeAssistant, bulb: JsonBulbEmulator, mpd: MockConfigEntry
) -> None:
    data = {"host": bulb.host, "port": bulb.port}
    hass.config_entries.async_update_entry(mpd, data=data)
    flow = await typed(hass, "json_bulb", bulb.host, bulb.port)
    assert words(flow)["name"] == "JSON bulb 2201"
    await bulb.down()
    flow = await go_on(hass, flow)
    assert (flow["step_id"], flow["errors"]) == ("shared", {"base": "unreachable"})
    assert words(flow)["reason"]
    await bulb.up()
    assert created(await go_on(hass, flow)).unique_id == BULB_ID


async def test_connected_it_is_not_asked_again(hass: HomeAssistant, gate: Locked) -> None:
    gate.tells_id = True
    host, port = gate.address.host, gate.address.port
    secrets = {"token": gate.token}
    entry = await set_up(hass, "gate", "gate-1", host=host, port=port, secrets=secrets)
    await comes_online(entry)
    gate.asked.clear()
    flow = await start(hass, SOURCE_ZEROCONF, announced(gate.address))
    assert aborted(flow) == "already_configured"
    assert not gate.asked
