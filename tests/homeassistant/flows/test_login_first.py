"""Devices that say nothing without a login: from the announcement to the entry, and afterwards.

Their announcements have no id, and they are asked for it in vain: the card stands for an address.
"""

from collections.abc import Mapping
import logging
from typing import Any, override
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_REAUTH, SOURCE_ZEROCONF
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.discovery.new_devices import offers
from custom_components.lan_edge.discovery.routing import route_or_offer
from custom_components.lan_edge.discovery.search import take_sighting
from custom_components.lan_edge.discovery.sightings import mdns_sighting
from custom_components.lan_edge.service_entry import device_entries
from lan_edge import Driver, Mdns, Profile, Sse, SseOptions, Switch, handles
from tests.edge.locked import PIN, TOKEN, WORDS, Locked

from ..entries import comes_online
from ..flow_steps import aborted, created, go_on, menu, start, waited, words
from ..gate import announced, gate_at
from ..own_drivers import add_driver
from ..waiting import eventually

HOST = "127.0.0.2"


async def announce(hass: HomeAssistant, gate: Locked) -> Any:
    return await start(hass, SOURCE_ZEROCONF, announced(gate.address))


async def paired(hass: HomeAssistant, flow: Any) -> MockConfigEntry:
    """Confirm a card, and enter the PIN."""
    return created(await enter_pin(hass, await waited(hass, await go_on(hass, flow))))


async def enter_pin(hass: HomeAssistant, flow: Any) -> Any:
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "pair_text")
    return await waited(hass, await go_on(hass, flow, pin=PIN))


def flows(hass: HomeAssistant) -> list[Any]:
    return hass.config_entries.flow.async_progress_by_handler(DOMAIN)


async def test_from_the_card_to_the_entry(hass: HomeAssistant, gate: Locked) -> None:
    flow = await announce(hass, gate)
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "confirm")
    assert gate.asked == ["GET /id"]
    entry = await paired(hass, flow)
    assert entry.unique_id == entry.data["seen_as"] == "gate-1"
    assert entry.data["secrets"] == {"token": TOKEN}
    assert (entry.data["host"], entry.data["port"]) == (gate.address.host, gate.address.port)
    assert not flows(hass)
    await comes_online(entry)


async def test_the_device_says_why_it_refuses_an_answer(hass: HomeAssistant, gate: Locked) -> None:
    flow = await waited(hass, await go_on(hass, await announce(hass, gate)))
    flow = await waited(hass, await go_on(hass, flow, pin="1111"))
    assert flow["errors"] == {"base": "answer"}
    assert words(flow)["reason"] == "POST /pair: Wrong PIN, two tries left"
    created(await enter_pin(hass, flow))


@pytest.mark.parametrize("is_loaded", [True, False])
async def test_it_is_known_when_it_is_announced_again(
    hass: HomeAssistant, gate: Locked, is_loaded: bool
) -> None:
    entry = await paired(hass, await announce(hass, gate))
    await comes_online(entry)
    if not is_loaded:
        await hass.config_entries.async_unload(entry.entry_id)
    gate.asked.clear()
    assert aborted(await announce(hass, gate)) == "already_configured"
    route_or_offer(hass, mdns_sighting(announced(gate.address)))
    await hass.async_block_till_done()
    assert not flows(hass)
    assert [*device_entries(hass)] == [entry]
    if is_loaded:
        assert not gate.asked  # it is connected
    else:
        assert gate.asked in ([], ["GET /id"])


async def test_its_card_goes_when_it_is_added_by_its_address(
    hass: HomeAssistant, gate: Locked
) -> None:
    await announce(hass, gate)
    flow = await menu(hass, "manual")
    host, port = gate.address.host, gate.address.port
    flow = await waited(hass, await go_on(hass, flow, driver="gate", host=host, port=port))
    entry = created(await enter_pin(hass, flow))
    assert entry.unique_id == "gate-1"
    assert not flows(hass)


async def test_its_card_goes_when_it_is_picked(hass: HomeAssistant, gate: Locked) -> None:
    async def search(hass: HomeAssistant, taken: dict[Any, str]) -> None:
        take_sighting(hass, taken, mdns_sighting(announced(gate.address)))
        await eventually(lambda: offers(hass))

    with (
        patch("custom_components.lan_edge.flows.search.async_search_for_user", search),
        patch("custom_components.lan_edge.flows.search.UPDATE_INTERVAL", 0.005),
    ):
        flow = await waited(hass, await menu(hass, "search"))
    assert flow["step_id"] == "pick"
    flow = await waited(hass, await go_on(hass, flow, devices=[*offers(hass)]))
    assert created(await enter_pin(hass, flow)).unique_id == "gate-1"
    assert not flows(hass)


async def test_ignored_it_stays_ignored(hass: HomeAssistant, gate: Locked) -> None:
    flow = await announce(hass, gate)
    [card] = flows(hass)
    assert card["flow_id"] == flow["flow_id"]
    ignored: Mapping[str, Any] = {"unique_id": card["context"]["unique_id"], "title": "Gate"}
    await start(hass, SOURCE_IGNORE, ignored)
    assert not flows(hass)
    assert aborted(await announce(hass, gate)) == "already_configured"
    route_or_offer(hass, mdns_sighting(announced(gate.address)))
    await hass.async_block_till_done()
    assert not flows(hass)


async def test_two_of_a_kind_have_two_cards(hass: HomeAssistant, gate: Locked) -> None:
    async with gate_at(hass, Locked(), "127.0.0.3") as other:
        other.unique_id = "gate-2"
        for each in (gate, other, gate, other):
            await announce(hass, each)
        cards = flows(hass)
        assert len(cards) == 2
        ids = {(await paired(hass, card)).unique_id for card in cards}
        assert ids == {"gate-1", "gate-2"}
        assert not flows(hass)


async def test_where_it_moved_it_gets_no_second_entry(hass: HomeAssistant, gate: Locked) -> None:
    entry = await paired(hass, await announce(hass, gate))
    await comes_online(entry)
    async with gate_at(hass, Locked(), "127.0.0.3") as moved:
        flow = await waited(hass, await go_on(hass, await announce(hass, moved)))
        assert aborted(await enter_pin(hass, flow)) == "already_configured"
        assert [*device_entries(hass)] == [entry]
        assert not flows(hass)
        assert aborted(await announce(hass, moved)) == "already_configured"  # it is known there


async def test_its_other_addresses_are_no_other_device(hass: HomeAssistant, gate: Locked) -> None:
    entry = await paired(hass, await announce(hass, gate))
    await comes_online(entry)
    async with gate_at(hass, Locked(), "127.0.0.3", gate.address.port) as other:
        told = announced(other.address)
        told.ip_addresses = [*told.ip_addresses, *announced(gate.address).ip_addresses]
        assert aborted(await start(hass, SOURCE_ZEROCONF, told)) == "already_configured"
    assert not flows(hass)


async def test_it_is_asked_once_in_a_minute(hass: HomeAssistant, gate: Locked) -> None:
    flow = await announce(hass, gate)
    hass.config_entries.flow.async_abort(flow["flow_id"])
    for _ in range(3):
        flow = await announce(hass, gate)
        assert flow["step_id"] == "confirm"
        hass.config_entries.flow.async_abort(flow["flow_id"])
    assert gate.asked == ["GET /id"]


async def test_a_login_that_is_refused_later_is_asked_for_again(
    hass: HomeAssistant, gate: Locked
) -> None:
    entry = await paired(hass, await announce(hass, gate))
    await comes_online(entry)
    gate.lock()  # it ends its stream, and refuses the next one with status 403
    await eventually(lambda: flows(hass))
    [flow] = flows(hass)
    assert flow["context"]["source"] == SOURCE_REAUTH
    shown = await hass.config_entries.flow.async_configure(flow["flow_id"])
    shown = await enter_pin(hass, await waited(hass, await go_on(hass, shown)))
    assert aborted(shown) == "reauth_successful"
    assert entry.data["secrets"] == {"token": gate.token}
    await comes_online(entry)
    assert not flows(hass)


# whatever ends a flow without a card


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    name = "custom_components.lan_edge.flows"
    return [r.getMessage() for r in caplog.records if r.name.startswith(name)]


async def test_the_reasons_are_in_the_log(
    hass: HomeAssistant, gate: Locked, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await announce(hass, gate)
    assert not logged(caplog)
    await announce(hass, gate)
    assert logged(caplog) == [f"Gate at {HOST} is not offered: already_in_progress"]
    caplog.clear()
    unknown = announced(gate.address)
    unknown.type = "_other._tcp.local."
    await start(hass, SOURCE_ZEROCONF, unknown)
    assert logged(caplog) == [
        f"mdns _other._tcp.local. at {gate.address} is not offered: not_supported"
    ]


async def test_a_login_that_nobody_can_enter_is_in_the_log(
    hass: HomeAssistant, gate: Locked, caplog: pytest.LogCaptureFixture, drivers: None
) -> None:
    @add_driver
    class Keyless(Driver[Sse]):
        id = "keyless"
        name = "Keyless"
        discovery = (Mdns("_keyless._tcp.local."),)
        profile = Profile(Switch)
        options = SseOptions(login_statuses={403})

        @override
        async def identify(self) -> str:
            return await self.io.get_text("/id")

        @handles(Switch.on)
        async def turn_on(self) -> None: ...

        @handles(Switch.off)
        async def turn_off(self) -> None: ...

    caplog.set_level(logging.DEBUG)
    told = announced(gate.address)
    told.type, told.name = "_keyless._tcp.local.", "Old\ndoor._keyless._tcp.local."
    assert aborted(await start(hass, SOURCE_ZEROCONF, told)) == "cannot_connect"
    [line] = logged(caplog)
    assert line.startswith(f"Old door (Keyless) at {HOST} is not offered: cannot_connect: GET /id")
    assert WORDS in line
