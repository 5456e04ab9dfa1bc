"""Discovery by DHCP and UDP probes, and devices of other integrations."""

from collections.abc import AsyncGenerator, Generator
from dataclasses import replace
from ipaddress import ip_address
import socket
from typing import Any
from unittest.mock import AsyncMock, Mock, patch

from homeassistant.config_entries import (
    SOURCE_DHCP,
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_USER,
    SOURCE_ZEROCONF,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.discovery import routing, search as discovery
from custom_components.lan_edge.discovery.new_devices import start_discovery_flow
from custom_components.lan_edge.discovery.sightings import mdns_sighting
from custom_components.lan_edge.runtime import async_load_domain_data
from lan_edge import Candidate, udp_probe
from lan_edge.drivers.wiz import PORT, Wiz
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.wemo import WemoEmulator
from tests.emulators.wiz import WizEmulator

from ..announcements import mdns
from ..entries import device_of, new_entry, set_up
from ..flow_steps import aborted, created, go_on, start, words
from ..waiting import eventually

HERE = "127.0.0.5"
NETWORK, ZEROCONF = (f"homeassistant.components.{n}" for n in ("network", "zeroconf"))


@pytest.fixture
async def wiz(
    hass: HomeAssistant, start_discovery: AsyncMock, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[WizEmulator]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("", 0))
        port = free.getsockname()[1]
    monkeypatch.setattr(Wiz, "options", replace(Wiz.options, timeout=0.3, local_port=port))
    monkeypatch.setattr(Wiz, "poll", None)
    async with WizEmulator(host=HERE, port=PORT) as light:
        yield light


@pytest.fixture
def probing() -> Generator[None]:
    """Have probes ask only where the tests' devices are."""

    async def ask(matchers: Any, adapters: Any, *, on_sighting: Any) -> Any:
        return await udp_probe(matchers, hosts=[HERE], on_sighting=on_sighting, timeout=0.95)

    with (
        patch.object(discovery, "udp_probe", ask),
        patch(f"{NETWORK}.async_get_adapters", return_value=[]),
        patch(f"{NETWORK}.async_get_enabled_source_ips", return_value=[]),
    ):
        yield


def asked(mac: str, ip: str, hostname: str = "thing") -> DhcpServiceInfo:
    return DhcpServiceInfo(ip=ip, hostname=hostname, macaddress=mac)


async def test_dhcp_of_a_known_device_at_another_address(
    hass: HomeAssistant, start_discovery: AsyncMock
) -> None:
    async with WemoEmulator(name="Coffee") as wemo:
        entry = await set_up(hass, "wemo", wemo.udn, wemo)
        mac = device_of(entry).identity.mac
        assert mac
        await wemo.move("127.0.0.2", old="closed")
        told = asked(mac.lower().replace(":", ""), "127.0.0.2")
        assert aborted(await start(hass, SOURCE_DHCP, told)) == "already_configured"
        await eventually(lambda: entry.data["host"] == "127.0.0.2")
        await eventually(lambda: device_of(entry).available)
        # the MAC is no proof: a stranger there changes nothing
        told = asked(mac.lower().replace(":", ""), "127.0.0.3")
        assert aborted(await start(hass, SOURCE_DHCP, told)) == "already_configured"
        await hass.async_block_till_done()
        assert entry.data["host"] == "127.0.0.2"


async def test_dhcp_of_an_unknown_device(hass: HomeAssistant) -> None:
    await set_up(hass, "rest_switch", "relay-1")  # which has no MAC
    told = asked("0a0000000001", "127.0.0.2")
    assert aborted(await start(hass, SOURCE_DHCP, told)) == "not_supported"


async def test_dhcp_of_a_new_device(hass: HomeAssistant, wiz: WizEmulator) -> None:
    flow = await start(hass, SOURCE_DHCP, asked(wiz.id, HERE, "wiz_010203"))
    assert flow["step_id"] == "confirm"
    entry = created(await go_on(hass, flow))
    assert (entry.unique_id, entry.data["host"], entry.data["port"]) == (wiz.id, HERE, 0)
    assert entry.data["driver"] == "wiz"


@pytest.mark.usefixtures("probing")
async def test_a_probe_makes_one_card_with_what_it_told(
    hass: HomeAssistant, wiz: WizEmulator
) -> None:
    await async_load_domain_data(hass)
    with patch.object(routing, "start_discovery_flow", wraps=start_discovery_flow) as made:
        await discovery.async_search(hass)
        await hass.async_block_till_done()
    assert made.called
    [flow] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    context = flow["context"]
    assert (context["source"], context["unique_id"]) == (SOURCE_INTEGRATION_DISCOVERY, wiz.id)
    shown = await hass.config_entries.flow.async_configure(flow["flow_id"])
    assert words(shown)["address"].startswith(HERE)
    entry = created(await go_on(hass, shown))
    assert entry.data["identity"]["manufacturer"] == "WiZ"
    await discovery.async_search(hass)
    await hass.async_block_till_done()
    assert not hass.config_entries.flow.async_progress()


async def test_the_list_of_a_search_is_bounded(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    told = [mdns(switch) for _ in range(discovery.MAX_CANDIDATES + 1)]
    for number, info in enumerate(told):
        info.properties["id"] = f"relay-{number}"
    found = dict[str, Candidate]()

    async def flood(_hass: HomeAssistant, sighted: discovery.OnSighting) -> None:
        for info in told:
            sighted(mdns_sighting(info))
        told[0].ip_address = ip_address("127.0.0.9")  # one that is listed may move
        sighted(mdns_sighting(told[0]))

    parts = ("_async_report_cached_ssdp", "_async_search_ssdp", "async_probe")
    nothing = {part: AsyncMock() for part in parts}
    with patch.multiple(discovery, _async_search_mdns=flood, **nothing):
        await discovery.async_find_candidates(hass, found)
    assert list(found) == [f"relay-{number}" for number in range(discovery.MAX_CANDIDATES)]
    assert found["relay-0"].match.address.host == "127.0.0.9"


@pytest.mark.usefixtures("confirming")
async def test_the_data_of_a_discovery_flow_reach_the_driver(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    told = {
        "driver": "rest_switch",
        "unique_id": "relay-1",
        "host": switch.host,
        "port": switch.port,
        "name": "",
        "manufacturer": "Acme",
        "model": "M1",
        "fields": {"support": "a b"},
    }
    entry = created(await go_on(hass, await start(hass, SOURCE_INTEGRATION_DISCOVERY, told)))
    identity = entry.data["identity"]
    assert (identity["manufacturer"], identity["model"]) == ("Acme", "M1")
    assert entry.data["record"]["fields"] == {"support": "a b"}


OTHERS: dict[str, dict[str, Any]] = {
    "identifier": {"identifiers": {("other", "a8bb50010203")}},
    "mac": {"connections": {("mac", "a8:bb:50:01:02:03")}},
    "serial": {"identifiers": {("other", "x")}, "serial_number": "A8BB50010203"},
    "udn": {"connections": {("upnp", "uuid:A8BB50010203")}},
    "long identifier": {"identifiers": {("other", "room", "a8-bb-50-01-02-03")}},
}


@pytest.mark.parametrize("known_by", OTHERS)
async def test_devices_of_other_integrations_are_not_offered(
    hass: HomeAssistant, wiz: WizEmulator, known_by: str
) -> None:
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    registry = dr.async_get(hass)
    registry.async_get_or_create(config_entry_id=other.entry_id, **OTHERS[known_by])
    told = asked(wiz.id, HERE, "wiz_010203")
    assert aborted(await start(hass, SOURCE_DHCP, told)) == "other_integration"
    # it can be added all the same, by hand
    flow = await start(hass, SOURCE_USER)
    flow = await go_on(hass, flow, next_step_id="manual")
    entry = created(await go_on(hass, flow, driver="wiz", host=HERE))
    assert entry.unique_id == wiz.id


async def test_a_udn_that_another_integration_has(
    hass: HomeAssistant, start_discovery: AsyncMock
) -> None:
    async with WemoEmulator(name="Coffee") as wemo:
        other = MockConfigEntry(domain="wemo")
        other.add_to_hass(hass)
        dr.async_get(hass).async_get_or_create(
            config_entry_id=other.entry_id,
            identifiers={("wemo", "its serial")},
            connections={("upnp", f"uuid:{wemo.udn}")},
        )
        told = {"driver": "wemo", "unique_id": wemo.udn, "host": wemo.host, "port": wemo.port}
        told |= {"name": "", "manufacturer": "", "model": "", "fields": {}}
        flow = await start(hass, SOURCE_INTEGRATION_DISCOVERY, told)
        assert aborted(flow) == "other_integration"


async def test_our_own_and_other_devices_do_not_matter(
    hass: HomeAssistant, wiz: WizEmulator
) -> None:
    await set_up(hass, "rest_switch", "another")
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id,
        identifiers={("other", "x")},
        connections={("mac", "a8:bb:50:01:02:04")},
    )
    flow = await start(hass, SOURCE_DHCP, asked(wiz.id, HERE, "wiz_010203"))
    assert flow["step_id"] == "confirm"


async def test_the_first_sighting_starts_our_own_discovery(
    hass: HomeAssistant, start_discovery: AsyncMock, switch: RestSwitchEmulator
) -> None:
    assert not start_discovery.called
    await start(hass, SOURCE_ZEROCONF, mdns(switch))
    assert start_discovery.called


async def test_an_unsupported_device_does_not_start_discovery(
    hass: HomeAssistant, start_discovery: AsyncMock, switch: RestSwitchEmulator
) -> None:
    info = mdns(switch)
    info.type = "_other._tcp.local."
    assert aborted(await start(hass, SOURCE_ZEROCONF, info)) == "not_supported"
    assert not start_discovery.called


async def test_own_discovery_starts_once(hass: HomeAssistant, switch: RestSwitchEmulator) -> None:
    shared = Mock()
    with (
        patch(f"{ZEROCONF}.async_get_async_instance", return_value=shared) as got,
        patch.object(discovery, "async_listen_ssdp", return_value=[]) as listened,
        patch.object(discovery, "async_search"),
    ):
        for _ in range(3):
            await discovery.async_start_discovery(hass)
        await hass.async_block_till_done()
    assert got.call_count == listened.call_count == 1


async def test_an_unloaded_entry_is_left_alone(hass: HomeAssistant, wiz: WizEmulator) -> None:
    new_entry(hass, "wiz", wiz.id)
    told = asked(wiz.id, HERE, "wiz_010203")
    assert aborted(await start(hass, SOURCE_DHCP, told)) == "already_configured"
