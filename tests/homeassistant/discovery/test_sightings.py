"""Discovery by DHCP and UDP probes, and devices of other integrations."""

from collections.abc import AsyncGenerator, Generator
from dataclasses import replace
from typing import Any
from unittest.mock import AsyncMock, Mock, patch

from homeassistant.config_entries import (
    SOURCE_DHCP,
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_ZEROCONF,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
import pytest

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.discovery import routing, search as discovery
from custom_components.lan_edge.discovery.new_devices import start_discovery_flow
from lan_edge import load_drivers, udp_probe
from lan_edge.drivers.wiz import PORT, Wiz
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.wemo import WemoEmulator
from tests.emulators.wiz import WizEmulator
from tests.ports import free_port

from ..announcements import mdns
from ..entries import add_service, device_of, new_entry, set_up
from ..flow_steps import aborted, created, go_on, start, words
from ..waiting import eventually

HERE = "127.0.0.5"
NETWORK, ZEROCONF = (f"homeassistant.components.{n}" for n in ("network", "zeroconf"))


@pytest.fixture
async def wiz(
    hass: HomeAssistant, start_discovery: AsyncMock, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[WizEmulator]:
    port = free_port()
    monkeypatch.setattr(Wiz, "options", replace(Wiz.options, timeout=2, local_port=port))
    monkeypatch.setattr(Wiz, "poll", None)
    async with WizEmulator(host=HERE, port=PORT) as light:
        yield light


@pytest.fixture
def probing() -> Generator[None]:
    """Have probes ask only where the tests' devices are."""

    async def ask(matchers: Any, adapters: Any, *, on_sighting: Any) -> Any:
        return await udp_probe(matchers, hosts=[HERE], on_sighting=on_sighting, timeout=2)

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
    assert flow["step_id"] == "confirm_core"
    entry = created(await go_on(hass, flow))
    assert (entry.unique_id, entry.data["host"], entry.data["port"]) == (wiz.id, HERE, 0)
    assert entry.data["driver"] == "wiz"


@pytest.mark.usefixtures("probing")
async def test_a_probe_makes_one_card_with_what_it_told(
    hass: HomeAssistant, wiz: WizEmulator
) -> None:
    await add_service(hass)
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


async def test_own_discovery_starts_once(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.lan_edge.runtime.load_drivers", load_drivers)
    shared = Mock()
    with (
        patch(f"{ZEROCONF}.async_get_async_instance", return_value=shared) as got,
        patch.object(discovery, "async_listen_ssdp", return_value=[]) as listened,
        patch.object(discovery, "async_search"),
        patch.object(discovery, "async_follow_listener") as followed,
    ):
        for _ in range(3):
            await discovery.async_start_discovery(hass)
        await hass.async_block_till_done()
    assert got.call_count == listened.call_count == followed.call_count == 1


async def test_an_unloaded_entry_is_left_alone(hass: HomeAssistant, wiz: WizEmulator) -> None:
    new_entry(hass, "wiz", wiz.id)
    told = asked(wiz.id, HERE, "wiz_010203")
    assert aborted(await start(hass, SOURCE_DHCP, told)) == "already_configured"
