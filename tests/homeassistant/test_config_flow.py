"""Devices that are discovered: their flows, every error in them, and how to recover from it."""

import asyncio
from collections.abc import Generator
import gc
from ipaddress import ip_address
import tracemalloc
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_SSDP,
    SOURCE_ZEROCONF,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.discovery.new_devices import MAX_LATEST, MAX_LATEST_SIZE, forget
from custom_components.lan_edge.discovery.routing import route
from custom_components.lan_edge.discovery.sightings import mdns_sighting, ssdp_sighting
from custom_components.lan_edge.flows import offer
from custom_components.lan_edge.runtime import async_load_domain_data, domain_data
from docs.examples.rest_switch import RestSwitch
from lan_edge import Candidate, Driver, Mdns, Registry, Sighting, one_id
from lan_edge.connection.connection import Connection
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.wemo import WemoEmulator

from .announcements import mdns, ssdp
from .entries import BULB_ID, new_entry, set_up
from .flow_steps import aborted, created, go_on, start, waited, words
from .lab import lab
from .mdns_responder import Responder, relay, responding
from .waiting import eventually


@pytest.mark.usefixtures("confirming")
async def test_zeroconf(hass: HomeAssistant, switch: RestSwitchEmulator) -> None:
    flow = await start(hass, SOURCE_ZEROCONF, mdns(switch))
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "confirm")
    placeholders = flow["description_placeholders"]
    assert placeholders is not None
    assert placeholders["name"] == "Fountain (RS-1)"
    assert placeholders["address"] == f"127.0.0.1:{switch.port}"
    [card] = hass.config_entries.flow.async_progress()
    assert card["context"]["title_placeholders"] == {"name": "Fountain (RS-1)"}
    entry = created(await go_on(hass, flow))
    assert (entry.title, entry.unique_id) == ("Fountain", "relay-1")
    assert entry.data["driver"] == "rest_switch"
    assert (entry.data["host"], entry.data["port"]) == ("127.0.0.1", switch.port)
    assert entry.data["identity"]["model"] == "RS-1"
    assert entry.data["seen_as"] == "relay-1"


async def test_ssdp(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    flow = await start(hass, SOURCE_SSDP, ssdp(bulb))
    entry = created(await go_on(hass, flow))
    assert (entry.title, entry.unique_id) == ("Desk lamp", BULB_ID)
    assert (entry.data["host"], entry.data["port"]) == ("127.0.0.1", bulb.port)
    identity = entry.data["identity"]
    assert (identity["manufacturer"], identity["model"]) == ("LAN Edge", "JB-1")


async def test_integration_discovery(hass: HomeAssistant, start_discovery: None) -> None:
    async with WemoEmulator(kind="insight", id="221517K0101769") as wemo:
        found = {
            "driver": "wemo",
            "unique_id": wemo.udn,
            "host": wemo.host,
            "port": wemo.port,
            "name": "Coffee",
            "manufacturer": "Belkin",
            "model": "Insight",
            "fields": {},
        }
        flow = await start(hass, SOURCE_INTEGRATION_DISCOVERY, found)
        entry = created(await go_on(hass, flow))
    assert entry.unique_id == one_id(wemo.udn)
    assert entry.title == "Demo WeMo"  # its own word
    assert entry.data["identity"]["mac"]


async def test_what_no_driver_knows(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    info = ssdp(bulb)
    info.ssdp_location = "http://239.255.255.250/x"
    assert aborted(await start(hass, SOURCE_SSDP, info)) == "not_supported"
    info = ssdp(bulb)
    info.ssdp_st = "urn:another:thing"
    assert aborted(await start(hass, SOURCE_SSDP, info)) == "not_supported"


async def test_two_sightings_of_one_device_are_one_card(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    await start(hass, SOURCE_ZEROCONF, mdns(switch))
    elsewhere = mdns(switch)  # its other interface: it is one device all the same
    elsewhere.ip_address = ip_address("127.0.0.9")
    elsewhere.ip_addresses = [elsewhere.ip_address]
    again = await start(hass, SOURCE_ZEROCONF, elsewhere)
    assert aborted(again) == "already_in_progress"
    assert len(hass.config_entries.flow.async_progress()) == 1


async def test_a_flood_of_announcements_is_ignored(
    hass: HomeAssistant, switch: RestSwitchEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offer, "MAX_FLOWS", 2)
    await set_up(hass, "rest_switch", "relay-1", switch)

    async def announced(its_id: str) -> ConfigFlowResult:
        told = mdns(switch)
        told.properties["id"] = its_id
        return await start(hass, SOURCE_ZEROCONF, told)

    assert [(await announced(i))["type"] for i in ("a", "b")] == [FlowResultType.FORM] * 2
    assert aborted(await announced("c")) == "too_many"
    assert len(hass.config_entries.flow.async_progress()) == 2
    with patch.object(Connection, "sighted") as sighted:
        assert aborted(await announced("relay-1")) == "already_configured"
    assert sighted.called


async def test_ignored_stays_ignored(hass: HomeAssistant, switch: RestSwitchEmulator) -> None:
    MockConfigEntry(domain=DOMAIN, unique_id="relay-1", source=SOURCE_IGNORE).add_to_hass(hass)
    assert aborted(await start(hass, SOURCE_ZEROCONF, mdns(switch))) == "already_configured"


async def test_errors_of_a_card_and_recovery(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    flow = await start(hass, SOURCE_SSDP, ssdp(bulb))
    bulb.faults.impostor = "somebody-else"
    flow = await go_on(hass, flow)
    assert flow["errors"] == {"base": "identity"}
    placeholders = flow["description_placeholders"]
    assert placeholders is not None
    assert "somebody-else" in placeholders["reason"]
    bulb.faults.clear()
    bulb.faults.refuse = True
    flow = await go_on(hass, flow)
    assert flow["errors"] == {"base": "refused"}
    bulb.faults.clear()
    await bulb.down()
    flow = await go_on(hass, flow)
    assert flow["errors"] == {"base": "unreachable"}
    await bulb.up()
    created(await go_on(hass, flow))


async def test_a_silent_device_is_a_timeout(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    flow = await start(hass, SOURCE_SSDP, ssdp(bulb))
    bulb.faults.silent = True
    with patch("lan_edge.device.trial.TRIAL_TIMEOUT", 0.1):
        flow = await go_on(hass, flow)
    assert flow["errors"] == {"base": "timed_out"}
    bulb.faults.clear()
    created(await go_on(hass, flow))


@pytest.mark.parametrize("seen_by", ["flow", "listener"])
async def test_a_card_asks_again_before_it_uses_a_newer_address(
    hass: HomeAssistant, switch: RestSwitchEmulator, seen_by: str, confirming: Responder
) -> None:
    flow = await start(hass, SOURCE_ZEROCONF, mdns(switch))
    await switch.move(port=0, old="closed")
    if seen_by == "flow":
        again = await start(hass, SOURCE_ZEROCONF, mdns(switch))
        assert aborted(again) == "already_in_progress"
    else:
        route(hass, mdns_sighting(mdns(switch)))
    confirming.services = (relay("relay-1", switch.host, switch.port),)
    flow = await go_on(hass, flow)
    assert flow["errors"] == {"base": "moved"}
    assert words(flow)["address"] == f"127.0.0.1:{switch.port}"
    entry = created(await go_on(hass, flow))
    assert entry.data["port"] == switch.port


@pytest.mark.parametrize("pairs", [False, True])
async def test_a_device_that_is_seen_elsewhere_while_it_is_asked_is_asked_there(
    hass: HomeAssistant,
    switch: RestSwitchEmulator,
    pairs: bool,
    monkeypatch: pytest.MonkeyPatch,
    mdns_port: int,
) -> None:
    """Who answered may be another one, which has its address by now."""

    async def pair(_self: object, _ask: object) -> None:
        """Ask for nothing."""

    if pairs:
        monkeypatch.setattr(RestSwitch, "pair", pair, raising=False)
    flow = await start(hass, SOURCE_ZEROCONF, mdns(switch))
    async with (
        responding(switch.host, mdns_port) as silent,
        RestSwitchEmulator("127.0.0.9", switch.port, id="relay-1") as moved,
        responding("127.0.0.9", mdns_port, relay("relay-1", "127.0.0.9", switch.port)),
    ):
        going = asyncio.create_task(go_on(hass, flow))
        await eventually(lambda: silent.asked)
        route(hass, mdns_sighting(mdns(moved)))
        flow = await waited(hass, await going)
        if pairs:
            assert (flow["step_id"], flow["errors"]) == ("pair_failed", {"base": "not_confirmed"})
            flow = await go_on(hass, flow)
        assert flow["errors"] == {"base": "moved"}
        assert words(flow)["address"] == f"127.0.0.9:{moved.port}"
        entry = created(await waited(hass, await go_on(hass, flow)))
        assert entry.data["host"] == "127.0.0.9"


# an announcement that is not true


@pytest.mark.parametrize("pairs", [False, True])
async def test_another_device_is_not_added_as_the_announced_one(
    hass: HomeAssistant,
    switch: RestSwitchEmulator,
    pairs: bool,
    monkeypatch: pytest.MonkeyPatch,
    confirming: Responder,
) -> None:
    """It cannot say by itself who it is, but discovery can ask it."""
    asked: list[str] = []

    async def pair(_self: object, _ask: object) -> None:
        asked.append("for a password")

    if pairs:
        monkeypatch.setattr(RestSwitch, "pair", pair, raising=False)
    flow = await start(hass, SOURCE_ZEROCONF, mdns(switch, id="evil"))
    flow = await waited(hass, await go_on(hass, flow))
    step = "pair_failed" if pairs else "confirm"
    assert (flow["step_id"], flow["errors"]) == (step, {"base": "identity"})
    assert words(flow)["reason"] == f"127.0.0.1:{switch.port} is relay-1, not evil"
    again = await waited(hass, await go_on(hass, flow))
    assert again["errors"] == {"base": "identity"}
    assert not asked
    assert not hass.config_entries.async_entries(DOMAIN)


async def test_a_device_that_does_not_confirm_who_it_is_is_added_if_the_user_is_sure(
    hass: HomeAssistant, switch: RestSwitchEmulator, mdns_port: int
) -> None:
    flow = await go_on(hass, await start(hass, SOURCE_ZEROCONF, mdns(switch)))
    assert (flow["step_id"], flow["errors"]) == ("confirm", {"base": "not_confirmed"})
    assert words(flow)["reason"] == f"127.0.0.1:{switch.port} was announced as relay-1"
    assert created(await go_on(hass, flow)).unique_id == "relay-1"


@pytest.mark.usefixtures("confirming")
async def test_a_forged_announcement_before_the_answer_changes_nothing(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    """It names the device that the user was shown, and the address of another one."""
    flow = await start(hass, SOURCE_ZEROCONF, mdns(switch))
    async with RestSwitchEmulator("127.0.0.6", switch.port, id="relay-1", name="Evil") as forger:
        route(hass, mdns_sighting(mdns(forger)))
        entry = created(await go_on(hass, flow))
        assert forger.connections == (0, 0)
    assert (entry.data["host"], entry.title) == ("127.0.0.1", "Fountain")


async def test_an_announcement_without_name_takes_no_name_away(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    flow = await start(hass, SOURCE_SSDP, ssdp(bulb))
    sighting = ssdp_sighting(ssdp(bulb, friendlyName=""))
    assert sighting is not None
    route(hass, sighting)
    bulb.faults.refuse = True
    flow = await go_on(hass, flow)
    placeholders = flow["description_placeholders"]
    assert placeholders is not None
    assert placeholders["name"] == "Desk lamp (LAN Edge JB-1)"


async def test_sightings_that_are_remembered_are_bounded(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    await async_load_domain_data(hass)
    for n in range(MAX_LATEST + 5):
        route(hass, mdns_sighting(mdns(switch, id=f"id-{n}")))
    latest = domain_data(hass).latest
    assert len(latest) == MAX_LATEST
    assert "id-0" not in latest


async def test_sightings_that_are_remembered_are_bounded_in_bytes(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    data = await async_load_domain_data(hass)
    tracemalloc.start()
    try:
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for n in range(2 * MAX_LATEST):
            wide = "\U0001f4a1" * 250
            route(hass, mdns_sighting(mdns(switch, id=f"{n}-{wide}", model=f"RS-1 {n}{wide}")))
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 1.5 * MAX_LATEST_SIZE
    finally:
        tracemalloc.stop()
    assert len(data.latest) > 30
    for candidate in list(data.latest.values()):
        forget(hass, candidate)
    assert data.latest_size == 0


async def test_a_configured_device_is_told_its_new_address(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    coordinator = entry.runtime_data
    await switch.move(port=0, old="closed")
    assert aborted(await start(hass, SOURCE_ZEROCONF, mdns(switch))) == "already_configured"
    await eventually(lambda: entry.data["port"] == switch.port)
    assert entry.runtime_data is coordinator


async def test_a_configured_device_that_is_not_loaded_is_left_alone(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    entry = new_entry(hass, "rest_switch", "relay-1", switch)
    before = dict(entry.data)
    await switch.move(port=0)
    assert aborted(await start(hass, SOURCE_ZEROCONF, mdns(switch))) == "already_configured"
    assert dict(entry.data) == before


# a driver whose matcher does not say who it is


@pytest.fixture
def unnamed(drivers: None) -> type[Driver[Any]]:
    """Return a driver whose devices must be asked who they are."""
    driver = lab()
    driver.discovery = (Mdns("_relay._tcp.local."),)
    return driver


@pytest.fixture
def only_unnamed(unnamed: type[Driver[Any]]) -> Generator[None]:
    """Have only that driver match."""
    match = Registry.match

    def only(registry: Registry, sighting: Sighting) -> list[Candidate]:
        return [c for c in match(registry, sighting) if c.driver is unnamed]

    with patch.object(Registry, "match", only):
        yield


@pytest.mark.usefixtures("only_unnamed")
async def test_a_device_is_asked_who_it_is(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    flow = await start(hass, SOURCE_ZEROCONF, mdns(bulb, a="b"))
    assert flow["step_id"] == "confirm"
    assert [each.command for each in bulb.log] == ["info"]  # nothing else before a person says so
    entry = created(await go_on(hass, flow))
    assert entry.unique_id == BULB_ID
    # and when it is seen again
    assert aborted(await start(hass, SOURCE_ZEROCONF, mdns(bulb, a="b"))) == "already_configured"


@pytest.mark.usefixtures("only_unnamed")
async def test_a_device_that_cannot_be_asked(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    await bulb.down()
    assert aborted(await start(hass, SOURCE_ZEROCONF, mdns(bulb, a="b"))) == "cannot_connect"


@pytest.mark.usefixtures("only_unnamed")
async def test_a_device_that_does_not_know(
    hass: HomeAssistant, bulb: JsonBulbEmulator, unnamed: type[Driver[Any]]
) -> None:
    async def identify(self: Driver[Any]) -> str:
        return ""

    with patch.object(unnamed, "identify", identify):
        result = await start(hass, SOURCE_ZEROCONF, mdns(bulb, a="b"))
    assert aborted(result) == "cannot_identify"
