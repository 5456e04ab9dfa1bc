"""Every way into the config flow, every error in it, and out of each to success."""

import asyncio
from collections.abc import Generator
from ipaddress import ip_address
import socket
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_SSDP,
    SOURCE_USER,
    SOURCE_ZEROCONF,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.discovery.new_devices import MAX_LATEST
from custom_components.lan_edge.discovery.routing import route
from custom_components.lan_edge.discovery.sightings import mdns_sighting, ssdp_sighting
from custom_components.lan_edge.flows import add
from custom_components.lan_edge.runtime import async_domain_data, domain_data
from lan_edge import Candidate, Driver, Mdns, Registry, Sighting
from lan_edge.connection.connection import Connection
from lan_edge.drivers.rest_switch import RestSwitch
from tests.emulators.device import EmulatedDevice
from tests.emulators.json_bulb import TARGET, JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.wemo import WemoEmulator

from .common import (
    BULB_ID,
    comes_online,
    device_of,
    eventually,
    new_entry,
    set_up,
)
from .flows import aborted, created, go_on, start, waited, words
from .lab import lab

NO_SUCH_HOST = "no-such-host.invalid"


@pytest.fixture
def names() -> Generator[None]:
    """Resolve names without asking anybody: there is only localhost."""
    real = socket.getaddrinfo

    def resolve(host: str, *args: Any, **kwargs: Any) -> Any:
        host.encode("idna")  # as the real one does
        if host == NO_SUCH_HOST:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *args, **kwargs)

    with patch("socket.getaddrinfo", resolve):
        yield


def mdns(device: EmulatedDevice[Any], **properties: str) -> ZeroconfServiceInfo:
    address = ip_address(device.host)
    return ZeroconfServiceInfo(
        ip_address=address,
        ip_addresses=[address],
        port=device.port,
        hostname="relay.local.",
        type="_relay._tcp.local.",
        name=f"{device.name}._relay._tcp.local.",
        properties=properties or {"id": device.id, "model": "RS-1"},
    )


def ssdp(bulb: JsonBulbEmulator, **upnp: str) -> SsdpServiceInfo:
    usn = f"uuid:{bulb.id}::{TARGET}"
    return SsdpServiceInfo(
        ssdp_usn=usn,
        ssdp_st=TARGET,
        ssdp_location=bulb.location,
        ssdp_headers={"X-Port": str(bulb.port), "USN": usn},
        upnp={"friendlyName": bulb.name, "manufacturer": "LAN Edge", "modelName": "JB-1", **upnp},
    )


# found


async def test_zeroconf(hass: HomeAssistant, switch: RestSwitchEmulator) -> None:
    flow = await start(hass, SOURCE_ZEROCONF, mdns(switch))
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "confirm")
    placeholders = flow["description_placeholders"]
    assert placeholders is not None
    assert placeholders["name"] == "Fountain"
    assert placeholders["driver"] == "REST switch"
    assert placeholders["address"] == f"127.0.0.1:{switch.port}"
    [card] = hass.config_entries.flow.async_progress()
    assert card["context"]["title_placeholders"] == {"name": "Fountain", "driver": "REST switch"}
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
    assert entry.unique_id == wemo.udn
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


async def test_who_announces_too_much_is_not_listened_to(
    hass: HomeAssistant, switch: RestSwitchEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(add, "MAX_FLOWS", 2)
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
    with patch("lan_edge.device.session.TRIAL_TIMEOUT", 0.1):
        flow = await go_on(hass, flow)
    assert flow["errors"] == {"base": "timed_out"}
    bulb.faults.clear()
    created(await go_on(hass, flow))


@pytest.mark.parametrize("seen_by", ["flow", "listener"])
async def test_a_card_knows_the_newest_address(
    hass: HomeAssistant, switch: RestSwitchEmulator, seen_by: str
) -> None:
    flow = await start(hass, SOURCE_ZEROCONF, mdns(switch))
    await switch.move(port=0, old="closed")
    if seen_by == "flow":
        again = await start(hass, SOURCE_ZEROCONF, mdns(switch))
        assert aborted(again) == "already_in_progress"
    else:
        route(hass, mdns_sighting(mdns(switch)))
    entry = created(await go_on(hass, flow))
    assert entry.data["port"] == switch.port


@pytest.mark.parametrize("pairs", [False, True])
async def test_a_device_that_is_seen_elsewhere_while_it_is_asked_is_asked_there(
    hass: HomeAssistant, switch: RestSwitchEmulator, pairs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who answered may be another one, which has its address by now."""

    async def pair(_self: object, _ask: object) -> None:
        """Ask for nothing."""

    if pairs:
        monkeypatch.setattr(RestSwitch, "pair", pair, raising=False)
    flow = await start(hass, SOURCE_ZEROCONF, mdns(switch))
    switch.faults.slow = 0.3
    going = asyncio.create_task(go_on(hass, flow))
    await asyncio.sleep(0.1)
    await switch.change(on=True)
    async with RestSwitchEmulator("127.0.0.9", switch.port, id="relay-1") as moved:
        route(hass, mdns_sighting(mdns(moved)))
        flow = await waited(hass, await going)
        assert flow["errors"] == {"base": "unreachable"}
        assert words(flow)["address"] == f"127.0.0.9:{moved.port}"
        entry = created(await waited(hass, await go_on(hass, flow)))
        assert entry.data["host"] == "127.0.0.9"


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
    assert placeholders["name"] == "Desk lamp"


async def test_sightings_that_are_remembered_are_bounded(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    await async_domain_data(hass)
    for n in range(MAX_LATEST + 5):
        route(hass, mdns_sighting(mdns(switch, id=f"id-{n}")))
    latest = domain_data(hass).latest
    assert len(latest) == MAX_LATEST
    assert "id-0" not in latest


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


# looked for


async def menu(hass: HomeAssistant, choice: str) -> ConfigFlowResult:
    flow = await start(hass, SOURCE_USER)
    assert flow["type"] is FlowResultType.MENU
    assert flow["menu_options"] == ["search", "manual"]
    return await go_on(hass, flow, next_step_id=choice)


@pytest.fixture
def network() -> Generator[dict[str, Any]]:
    """Be what a search finds: sightings, one each tenth of a second."""
    there: dict[str, Any] = {"sightings": []}

    async def search_all(hass: HomeAssistant, found: dict[str, Candidate]) -> None:
        await async_domain_data(hass)
        for sighting in there["sightings"]:
            await asyncio.sleep(0.02)
            found.update({c.match.unique_id: c for c in route(hass, sighting)})
        await there.get("blocked", asyncio.sleep)(0.02)

    with (
        patch("custom_components.lan_edge.flows.search.async_search_all", search_all),
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
        "Fountain (127.0.0.1)",
        "Fountain (127.0.0.1)  \nDesk lamp (127.0.0.1)",
    ]
    assert flow["step_id"] == "pick"
    entry = created(await go_on(hass, flow, device="relay-1"))
    assert entry.unique_id == "relay-1"

    # now only the other one is new
    flow, shown = await searched(hass, await menu(hass, "search"))
    assert shown[-1] == "Desk lamp (127.0.0.1)"
    created(await go_on(hass, flow, device=BULB_ID))


async def test_a_picked_device_that_fails_can_be_tried_again(
    hass: HomeAssistant, network: dict[str, Any], bulb: JsonBulbEmulator
) -> None:
    network["sightings"] = [ssdp_sighting(ssdp(bulb))]
    flow, _ = await searched(hass, await menu(hass, "search"))
    bulb.faults.refuse = True
    flow = await go_on(hass, flow, device=BULB_ID)
    assert (flow["step_id"], flow["errors"]) == ("confirm", {"base": "refused"})
    bulb.faults.clear()
    created(await go_on(hass, flow))


async def test_picking_what_was_added_meanwhile(
    hass: HomeAssistant, network: dict[str, Any], switch: RestSwitchEmulator
) -> None:
    network["sightings"] = [mdns_sighting(mdns(switch))]
    flow, _ = await searched(hass, await menu(hass, "search"))
    new_entry(hass, "rest_switch", "relay-1", switch)
    assert aborted(await go_on(hass, flow, device="relay-1")) == "already_configured"


async def test_picking_takes_the_card_away(
    hass: HomeAssistant, network: dict[str, Any], switch: RestSwitchEmulator
) -> None:
    await start(hass, SOURCE_ZEROCONF, mdns(switch))
    network["sightings"] = [mdns_sighting(mdns(switch))]
    flow, _ = await searched(hass, await menu(hass, "search"))
    created(await go_on(hass, flow, device="relay-1"))
    assert not hass.config_entries.flow.async_progress()


async def test_nothing_found_then_something(
    hass: HomeAssistant, network: dict[str, Any], switch: RestSwitchEmulator
) -> None:
    flow, _ = await searched(hass, await menu(hass, "search"))
    assert (flow["type"], flow["step_id"]) == (FlowResultType.MENU, "nothing")
    assert flow["menu_options"] == ["search", "manual"]
    network["sightings"] = [mdns_sighting(mdns(switch))]
    flow, _ = await searched(hass, await go_on(hass, flow, next_step_id="search"))
    created(await go_on(hass, flow, device="relay-1"))


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
    async with asyncio.timeout(1):
        await ended.wait()


# typed


async def typed(
    hass: HomeAssistant, driver: str, host: str, port: float | str = 0
) -> ConfigFlowResult:
    flow = await menu(hass, "manual")
    assert flow["step_id"] == "manual"
    return await go_on(hass, flow, driver=driver, host=host, **({"port": port} if port else {}))


async def test_manual(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    entry = created(await typed(hass, "json_bulb", " 127.0.0.1 ", bulb.port))
    assert (entry.unique_id, entry.title) == (BULB_ID, "JSON bulb")
    assert (entry.data["host"], entry.data["port"]) == ("127.0.0.1", bulb.port)
    assert entry.data["seen_as"] == BULB_ID


async def test_manual_host_name_is_resolved(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    entry = created(await typed(hass, "json_bulb", "localhost", bulb.port))
    assert entry.data["host"] == "127.0.0.1"


async def test_manual_usual_port(hass: HomeAssistant, start_discovery: None) -> None:
    async with WemoEmulator("127.0.0.2", 49153) as wemo:
        entry = created(await typed(hass, "wemo", "127.0.0.2"))
    assert entry.unique_id == wemo.udn
    assert entry.data["port"] == 0


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("host", [NO_SUCH_HOST, "a" * 70, "a." * 200, "224.0.0.1", "0.0.0.0"])
async def test_manual_unknown_host_and_recovery(
    hass: HomeAssistant, bulb: JsonBulbEmulator, host: str
) -> None:
    flow = await typed(hass, "json_bulb", host, bulb.port)
    assert flow["errors"] == {"host": "unknown_host"}
    placeholders, schema = flow["description_placeholders"], flow["data_schema"]
    assert placeholders is not None
    assert placeholders["reason"]
    assert schema is not None
    suggested = {str(k): (k.description or {}).get("suggested_value") for k in schema.schema}
    assert suggested == {"driver": "json_bulb", "host": host, "port": bulb.port}
    created(await go_on(hass, flow, driver="json_bulb", host="127.0.0.1", port=bulb.port))


@pytest.mark.parametrize("port", ["NaN", "0", "65536", "eighty"])
async def test_manual_port_that_is_none(hass: HomeAssistant, port: str) -> None:
    with pytest.raises(InvalidData):
        await typed(hass, "json_bulb", "127.0.0.1", port)


async def test_manual_wrong_driver_dead_host_and_recovery(
    hass: HomeAssistant, bulb: JsonBulbEmulator, switch: RestSwitchEmulator
) -> None:
    with patch("lan_edge.device.session.TRIAL_TIMEOUT", 0.5):
        flow = await typed(hass, "json_bulb", "127.0.0.1", switch.port)
    errors = flow["errors"]
    assert errors is not None
    assert errors["base"] in {"reply", "timed_out", "unreachable"}
    flow = await go_on(hass, flow, driver="json_bulb", host="127.0.0.1", port=9)
    assert flow["errors"] == {"base": "unreachable"}
    created(await go_on(hass, flow, driver="json_bulb", host="127.0.0.1", port=bulb.port))


async def test_manual_already_configured(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    new_entry(hass, "json_bulb", BULB_ID, port=1)
    assert aborted(await typed(hass, "json_bulb", "127.0.0.1", bulb.port)) == "already_configured"


async def test_manual_tells_a_configured_device_its_new_address(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    await bulb.move(port=0, old="closed")
    assert aborted(await typed(hass, "json_bulb", "127.0.0.1", bulb.port)) == "already_configured"
    await eventually(lambda: entry.data["port"] == bulb.port)


async def test_manual_does_not_disturb_a_connected_device(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    assert aborted(await typed(hass, "json_bulb", "127.0.0.1", bulb.port)) == "already_configured"
    assert bulb.connections == (1, 1)


async def test_manual_device_that_cannot_tell_who_it_is(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    entry = created(await typed(hass, "rest_switch", "127.0.0.1", switch.port))
    assert entry.unique_id not in {None, "", "relay-1"}
    assert entry.data["identity"]["unique_id"] == entry.unique_id
    again = await typed(hass, "rest_switch", "127.0.0.1", switch.port)
    assert aborted(again) == "already_configured"
    # discovery sees it there: no card, and it is known by that from now on
    assert aborted(await start(hass, SOURCE_ZEROCONF, mdns(switch))) == "already_configured"
    assert entry.data["seen_as"] == "relay-1"
    left = switch.port
    await switch.move(port=0, old="closed")
    assert aborted(await start(hass, SOURCE_ZEROCONF, mdns(switch))) == "already_configured"
    await eventually(lambda: entry.data["port"] == switch.port)
    async with RestSwitchEmulator(id="relay-2", port=left) as other:
        assert (await start(hass, SOURCE_ZEROCONF, mdns(other)))["step_id"] == "confirm"


async def test_manual_takes_the_id_that_discovery_saw(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    await start(hass, SOURCE_ZEROCONF, mdns(switch))
    entry = created(await typed(hass, "rest_switch", "127.0.0.1", switch.port))
    assert (entry.unique_id, entry.title) == ("relay-1", "Fountain")
    assert not hass.config_entries.flow.async_progress()  # the card is gone


async def test_manual_where_an_added_device_was_seen_first(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    entry = created(await go_on(hass, await start(hass, SOURCE_ZEROCONF, mdns(switch))))
    left = switch.port
    await switch.move(port=0, old="closed")
    await start(hass, SOURCE_ZEROCONF, mdns(switch))
    await eventually(lambda: entry.data["port"] == switch.port)
    async with RestSwitchEmulator(id="relay-2", port=left):
        other = created(await typed(hass, "rest_switch", "127.0.0.1", left))
    assert other.unique_id not in {"relay-1", entry.unique_id}


async def test_manual_searches_too(
    hass: HomeAssistant, network: dict[str, Any], switch: RestSwitchEmulator
) -> None:
    flow, _ = await searched(hass, await menu(hass, "search"))
    flow = await go_on(hass, flow, next_step_id="manual")
    given = {"driver": "rest_switch", "host": "127.0.0.1", "port": switch.port}
    created(await go_on(hass, flow, **given))


# changed


@pytest.mark.usefixtures("names")
async def test_reconfigure(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    entry = new_entry(hass, "json_bulb", BULB_ID, bulb)
    before = dict(entry.data)
    flow = await entry.start_reconfigure_flow(hass)
    assert flow["step_id"] == "reconfigure"
    async with JsonBulbEmulator("127.0.0.2", bulb.port, id="other"):
        flow = await go_on(hass, flow, host="127.0.0.2", port=bulb.port)
    assert flow["errors"] == {"base": "identity"}
    flow = await go_on(hass, flow, host="127.0.0.2", port=9)
    assert flow["errors"] == {"base": "unreachable"}
    flow = await go_on(hass, flow, host=NO_SUCH_HOST)
    assert flow["errors"] == {"host": "unknown_host"}
    assert dict(entry.data) == before
    await bulb.move(port=0)
    result = await go_on(hass, flow, host="localhost", port=bulb.port)
    assert aborted(result) == "reconfigure_successful"
    assert dict(entry.data) == {**before, "host": "127.0.0.1", "port": bulb.port}


async def test_reconfigured_is_used_even_if_the_old_address_answers(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    async with RestSwitchEmulator(id="relay-1") as moved:
        flow = await entry.start_reconfigure_flow(hass)
        result = await go_on(hass, flow, host="127.0.0.1", port=moved.port)
        assert aborted(result) == "reconfigure_successful"
        await comes_online(entry)
        assert device_of(entry).connection.address.port == moved.port  # type: ignore[union-attr]
        assert entry.data["port"] == moved.port


async def test_reconfigure_without_driver(hass: HomeAssistant) -> None:
    entry = new_entry(hass, "no_such_driver", "x")
    flow = await entry.start_reconfigure_flow(hass)
    flow = await go_on(hass, flow, host="127.0.0.1", port=9)
    assert flow["errors"] == {"base": "driver"}
