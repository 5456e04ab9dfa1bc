"""Which other integration controls a device: not everyone who knows of it."""

from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_DHCP, SOURCE_IGNORE, ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.loader import async_get_integrations
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.discovery.controllers import controller_of
from custom_components.lan_edge.runtime import async_load_domain_data
from lan_edge import Address, Candidate, Match
from tests.bundled import driver_for
from tests.emulators.json_bulb import JsonBulbEmulator

from ..entries import BULB_ID, set_up
from ..flow_steps import aborted, created, go_on, menu, start, words

HERE = "192.0.2.7"
MAC = "a8bb50010203"
WIZ = Candidate(driver_for("wiz"), Match(MAC, Address(HERE), ""))


@pytest.fixture(autouse=True)
async def integrations(hass: HomeAssistant) -> None:
    """Have those integrations loaded whose entries are told of here."""
    await async_load_domain_data(hass)
    domains = ("wiz", "tplink", "snapcast", "mpd", "ping", "fritz", "esphome", "wemo")
    found = await async_get_integrations(hass, domains)
    assert all(not isinstance(each, Exception) for each in found.values())


def other(
    hass: HomeAssistant, domain: str, unique_id: str | None = None, **more: Any
) -> MockConfigEntry:
    """Add an entry of another integration."""
    entry = MockConfigEntry(domain=domain, unique_id=unique_id, **more)
    entry.add_to_hass(hass)
    return entry


def candidate(driver: str, unique_id: str = "", port: int = 0, host: str = HERE) -> Candidate:
    return Candidate(driver_for(driver), Match(unique_id, Address(host, port), ""))


REGISTERED: dict[str, dict[str, Any]] = {
    "identifier": {"identifiers": {("other", MAC)}},
    "mac": {"identifiers": {("other", "x")}, "connections": {("mac", "a8:bb:50:01:02:03")}},
    "serial": {"identifiers": {("other", "x")}, "serial_number": MAC.upper()},
    "udn": {"connections": {("upnp", f"uuid:{MAC.upper()}")}},
    "long identifier": {"identifiers": {("other", "room", "a8-bb-50-01-02-03")}},
}


@pytest.mark.parametrize("known_by", REGISTERED)
def test_a_registered_device(hass: HomeAssistant, known_by: str) -> None:
    entry = other(hass, "other")
    assert controller_of(hass, WIZ) is None
    dr.async_get(hass).async_get_or_create(config_entry_id=entry.entry_id, **REGISTERED[known_by])
    assert controller_of(hass, WIZ) == "other"


@pytest.mark.parametrize(
    ("driver", "domain", "name"),
    [
        ("wiz", "wiz", "WiZ"),
        ("kasa", "tplink", "TP-Link Smart Home"),
        ("snapcast", "snapcast", "Snapcast"),
    ],
)
def test_the_host_of_an_entry_for_the_same_devices(
    hass: HomeAssistant, driver: str, domain: str, name: str
) -> None:
    other(hass, domain, data={"host": HERE})
    assert controller_of(hass, candidate(driver)) == name
    assert controller_of(hass, candidate(driver, host="192.0.2.8")) is None


def test_the_host_and_port_of_any_device(hass: HomeAssistant) -> None:
    other(hass, "mpd", data={"host": HERE, "port": 8080})
    assert controller_of(hass, candidate("rest_switch", port=8080)) == "Music Player Daemon (MPD)"
    assert controller_of(hass, candidate("rest_switch", port=8081)) is None
    assert controller_of(hass, candidate("snapcast")) is None  # another program on one machine


def test_the_url_of_a_device(hass: HomeAssistant) -> None:
    other(hass, "esphome", data={"url": f"http://{HERE}:49152/description.xml"})
    assert controller_of(hass, candidate("rest_switch")) == "ESPHome"
    other(hass, "esphome", data={"url": "http://[broken", "host": 7})


@pytest.mark.parametrize("unique_id", [MAC, "A8:BB:50:01:02:03", f"uuid:{MAC}"])
def test_the_id_of_an_entry(hass: HomeAssistant, unique_id: str) -> None:
    other(hass, "esphome", unique_id)
    assert controller_of(hass, WIZ) == "ESPHome"


def test_who_only_watches_controls_nothing(hass: HomeAssistant) -> None:
    other(hass, "ping", data={"host": HERE})
    router = other(hass, "fritz", data={"host": "192.0.2.1"})
    registry = dr.async_get(hass)
    connections = {("mac", "a8:bb:50:01:02:03")}
    registry.async_get_or_create(config_entry_id=router.entry_id, connections=connections)
    assert controller_of(hass, WIZ) is None


async def test_who_does_not_use_it_controls_nothing(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    other(hass, "wiz", MAC, source=SOURCE_IGNORE)
    other(hass, "wiz", data={"host": HERE}, disabled_by=ConfigEntryDisabler.USER)
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    own = candidate("json_bulb", BULB_ID, bulb.port, bulb.host)
    assert controller_of(hass, own) is None
    assert controller_of(hass, WIZ) is None


async def test_it_is_not_offered(hass: HomeAssistant) -> None:
    other(hass, "wiz", data={"host": HERE})
    told = DhcpServiceInfo(ip=HERE, hostname="wiz_010203", macaddress=MAC)
    flow = await start(hass, SOURCE_DHCP, told)
    assert aborted(flow) == "other_integration"
    assert words(flow) == {"integration": "WiZ"}


async def test_by_hand_it_is_added_after_a_warning(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    other(hass, "mpd", data={"host": bulb.host, "port": bulb.port})
    given = {"driver": "json_bulb", "host": bulb.host, "port": bulb.port}
    flow = await go_on(hass, await menu(hass, "manual"), **given)
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "shared")
    assert words(flow)["name"] == "JSON bulb 2201"
    assert words(flow)["integration"].startswith("Music Player Daemon")
    with patch("custom_components.lan_edge.async_setup_entry", return_value=True):
        assert created(await go_on(hass, flow)).unique_id == BULB_ID
