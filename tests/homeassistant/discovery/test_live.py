"""Requests for an address by DHCP, which Home Assistant passes on to its own integrations only."""

import asyncio
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from homeassistant.components.dhcp.models import DATA_DHCP, DHCPData, DhcpMatchers
from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.discovery.listeners import MdnsListener
from custom_components.lan_edge.discovery.live import LiveMatchers
from custom_components.lan_edge.runtime import async_load_domain_data
from lan_edge import load_drivers

from ..driver_folder import RELAY, DriverFiles
from ..entries import add_service

BY_DHCP = RELAY.replace("Mdns,", "Dhcp,").replace(
    'Mdns("_own-relay._tcp.local.", unique_id="{txt[id]}")',
    'Dhcp(hostname="relay-*", unique_id="{dhcp[mac]}")',
)


@pytest.fixture
async def live(
    hass: HomeAssistant, driver_files: DriverFiles, monkeypatch: pytest.MonkeyPatch
) -> LiveMatchers:
    """Return what follows the matchers; neither mDNS nor SSDP is there, nor a demo device."""
    monkeypatch.setattr("custom_components.lan_edge.runtime.load_drivers", load_drivers)
    hass.config.components.add("dhcp")
    hass.data[DATA_DHCP] = DHCPData(DhcpMatchers(set(), {}, {}))
    await add_service(hass)
    nobody: Any = SimpleNamespace()
    return LiveMatchers(hass, MdnsListener(hass), nobody)


def request(hass: HomeAssistant, hostname: str) -> None:
    """Have a device request its address, as Home Assistant's `dhcp` reports it."""
    data = {"aabbccddeeff": {"ip": "192.168.1.20", "hostname": hostname}}
    hass.data[DATA_DHCP].address_data.update(data)  # type: ignore[arg-type]  # of the same form
    for each in tuple(hass.data[DATA_DHCP].callbacks):
        each(data)  # type: ignore[arg-type]


def cards(hass: HomeAssistant) -> list[str]:
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN, include_uninitialized=True)
    return [str(flow["context"].get("unique_id")) for flow in flows]


async def follow(live: LiveMatchers) -> None:
    with patch("custom_components.lan_edge.discovery.live.async_listen_for_beacons"):
        await live.follow()


async def test_a_device_of_a_file_is_offered_when_it_requests_its_address(
    hass: HomeAssistant, driver_files: DriverFiles, live: LiveMatchers
) -> None:
    await follow(live)
    assert not hass.data[DATA_DHCP].callbacks
    file = driver_files.write("relay.py", BY_DHCP)
    await driver_files.looked_at()
    await follow(live)
    with patch("custom_components.lan_edge.discovery.live.start_discovery_flow") as offer:
        request(hass, "lamp-1")
        request(hass, "relay-1")
    [candidate] = [call.args[1] for call in offer.call_args_list]
    assert candidate.driver.id == "own_relay"
    assert candidate.match.address.host == "192.168.1.20"
    file.unlink()
    await driver_files.looked_at()
    await follow(live)
    assert not hass.data[DATA_DHCP].callbacks


async def test_what_was_heard_before_the_file_came_counts(
    hass: HomeAssistant, driver_files: DriverFiles, live: LiveMatchers
) -> None:
    request(hass, "relay-1")
    driver_files.write("relay.py", BY_DHCP)
    await driver_files.looked_at()
    with patch("custom_components.lan_edge.discovery.live.start_discovery_flow") as offer:
        await follow(live)
    assert offer.call_count == 1
    await live.stop()
    assert not hass.data[DATA_DHCP].callbacks


async def test_what_was_heard_before_anything_could_be_offered_is_reported_again(
    hass: HomeAssistant, driver_files: DriverFiles, live: LiveMatchers
) -> None:
    driver_files.write("relay.py", BY_DHCP)
    await driver_files.looked_at()
    await follow(live)
    request(hass, "relay-1")
    is_done = asyncio.Event()
    with (
        patch("custom_components.lan_edge.discovery.live.start_discovery_flow") as offer,
        patch("custom_components.lan_edge.discovery.live.async_listen_for_beacons"),
    ):
        await follow(live)
        assert not offer.call_args_list
        live.renew(is_done.set)
        await is_done.wait()
    [candidate] = [call.args[1] for call in offer.call_args_list]
    assert candidate.driver.id == "own_relay"


async def test_many_changes_are_followed_once(hass: HomeAssistant, live: LiveMatchers) -> None:
    after = asyncio.Event()
    with patch.object(LiveMatchers, "follow") as follow:
        for _ in range(5):
            live.changed(after.set)
        await after.wait()
    assert follow.call_count == 1


async def test_bundled_drivers_need_nothing_beside_home_assistant(
    hass: HomeAssistant, live: LiveMatchers
) -> None:
    await async_load_domain_data(hass)
    await follow(live)
    assert (live._browsers, live._targets, live._end_dhcp) == ({}, [], None)
