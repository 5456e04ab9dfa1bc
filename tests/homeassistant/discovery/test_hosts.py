"""Where sightings lead: not to Home Assistant itself, and by SSDP only to their sender."""

from typing import Any

from async_upnp_client.utils import CaseInsensitiveDict
from homeassistant.config_entries import SOURCE_DHCP, SOURCE_SSDP, SOURCE_ZEROCONF
from homeassistant.core import HomeAssistant
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
import pytest

from custom_components.lan_edge.discovery.routing import handle_known_mac, route
from custom_components.lan_edge.discovery.sightings import announcement_sighting, ssdp_sighting
from custom_components.lan_edge.runtime import (
    DEVICES_BESIDE_HUB,
    async_load_domain_data,
    async_update_hosts,
)
from lan_edge import Address, Sighting, mac_address
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.wemo import WemoEmulator

from ..announcements import mdns, ssdp
from ..entries import device_of, new_entry, set_up
from ..flow_steps import aborted, go_on, menu, start

OWN = "192.168.77.2"
ADAPTERS = "homeassistant.components.network.async_get_adapters"


@pytest.fixture(autouse=True)
def not_beside_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what tests are allowed, and give Home Assistant an address."""

    async def adapters(_hass: HomeAssistant) -> list[dict[str, Any]]:
        six = {"address": "2001:db8::2", "network_prefix": 64, "flowinfo": 0, "scope_id": 0}
        four = {"address": OWN, "network_prefix": 24}
        return [{"ipv4": [four], "ipv6": [six], "enabled": False}]

    monkeypatch.delenv(DEVICES_BESIDE_HUB)
    monkeypatch.setattr(ADAPTERS, adapters)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "169.254.7.7", OWN, "2001:db8::2", "192.168.77.255", "192.168.77.0"]
)
async def test_no_sighting_leads_to_home_assistant(hass: HomeAssistant, host: str) -> None:
    await async_load_domain_data(hass)
    txt = {"id": "relay-1", "model": "RS-1"}
    lie = Sighting("mdns", "_relay._tcp.local.", Address(host, 80), "Lie", {"txt": txt})
    assert not route(hass, lie)


@pytest.mark.parametrize("port", [1705, 0])
async def test_a_device_beside_home_assistant_leads_to_no_other_program_there(
    hass: HomeAssistant, port: int
) -> None:
    new_entry(hass, "snapcast", "music", host="127.0.0.1", port=port)
    registry = (await async_load_domain_data(hass)).registry

    def claim(kind: str, port: int) -> Sighting:
        return Sighting("mdns", kind, Address("127.0.0.1", port), "x", {"txt": {"id": "evil"}})

    assert registry.match(claim("_snapcast-jsonrpc._tcp.local.", 1705))
    assert not registry.match(claim("_snapcast-jsonrpc._tcp.local.", 6379))
    assert not registry.match(claim("_relay._tcp.local.", 1705))


async def test_no_card_is_made_of_home_assistant(
    hass: HomeAssistant, switch: RestSwitchEmulator, bulb: JsonBulbEmulator
) -> None:
    assert aborted(await start(hass, SOURCE_ZEROCONF, mdns(switch))) == "not_supported"
    assert aborted(await start(hass, SOURCE_SSDP, ssdp(bulb))) == "not_supported"
    asked = DhcpServiceInfo(ip=OWN, hostname="wiz_010203", macaddress="a8bb50010203")
    assert aborted(await start(hass, SOURCE_DHCP, asked)) == "not_supported"
    assert not switch.log
    assert not bulb.log


async def test_dhcp_does_not_lead_a_known_device_to_home_assistant(hass: HomeAssistant) -> None:
    async with WemoEmulator(name="Coffee") as wemo:
        device = device_of(await set_up(hass, "wemo", wemo.udn, wemo))
        mac = mac_address(device.identity.mac)
        known = device.connection.addresses
        for host in (OWN, "169.254.7.7", "127.0.0.9"):
            assert handle_known_mac(hass, mac, host)
        assert device.connection.sightings.unproven == ()
        assert device.connection.addresses == known
        # the address where it was proven is one of the exceptions
        assert handle_known_mac(hass, mac, wemo.host)


async def test_public_addresses_are_those_of_its_networks_only(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def adapters(_hass: HomeAssistant) -> list[dict[str, Any]]:
        four = {"address": "131.159.7.2", "network_prefix": 24}
        six = {"address": "2a02:810d:1:2::2", "network_prefix": 64, "scope_id": 0}
        return [{"ipv4": [four], "ipv6": [six], "enabled": True}]

    monkeypatch.setattr(ADAPTERS, adapters)
    await async_load_domain_data(hass)
    txt = {"id": "relay-1", "model": "RS-1"}
    for host in ("131.159.7.5", "131.159.8.5", "2a02:810d:1:2::5", "2a02:810d:1:3::5", "8.8.8.8"):
        sighting = Sighting("mdns", "_relay._tcp.local.", Address(host, 80), "It", {"txt": txt})
        assert bool(route(hass, sighting)) is (host in {"131.159.7.5", "2a02:810d:1:2::5"})


async def test_its_addresses_are_followed(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = (await async_load_domain_data(hass)).registry
    assert set(registry.hosts.own) == {OWN, "2001:db8::2"}

    async def adapters(_hass: HomeAssistant) -> list[dict[str, Any]]:
        return [{"ipv4": [{"address": "10.0.0.2", "network_prefix": 8}], "ipv6": []}]

    monkeypatch.setattr(ADAPTERS, adapters)
    await async_update_hosts(hass, registry)
    assert set(registry.hosts.own) == {"10.0.0.2"}


@pytest.mark.parametrize(
    ("sender", "trusted"), [("192.168.77.9", True), ("192.168.77.8", False), ("fe80::9%2", False)]
)
async def test_an_ssdp_location_is_at_its_sender(
    hass: HomeAssistant, bulb: JsonBulbEmulator, sender: str, trusted: bool
) -> None:
    location = "http://192.168.77.9:80/setup.xml"
    headers = CaseInsensitiveDict(nt="x", usn="uuid:1", location=location, _host=sender)
    assert bool(announcement_sighting(headers, [OWN])) is trusted
    info = ssdp(bulb)
    info.ssdp_location = location
    info.ssdp_headers = {**info.ssdp_headers, "_host": sender}
    assert bool(ssdp_sighting(info, [OWN])) is trusted


async def test_where_home_assistant_itself_answers_is_no_device(hass: HomeAssistant) -> None:
    """Some of its integrations answer like a device, as core's for WeMo does, at its own address.

    Other programs on its machine are none of these: a Snapcast server may be one.
    """
    await async_load_domain_data(hass)
    async with WemoEmulator() as virtual:  # in this process
        given = {"driver": "wemo", "host": virtual.host}
        for port, error in ((virtual.port, {"host": "own_address"}), (9, {"base": "unreachable"})):
            flow = await go_on(hass, await menu(hass, "manual"), **given, port=port)
            assert flow["errors"] == error
        entry = new_entry(hass, "wemo", virtual.udn)
        flow = await entry.start_reconfigure_flow(hass)
        flow = await go_on(hass, flow, host=virtual.host, port=virtual.port)
        assert flow["errors"] == {"host": "own_address"}
