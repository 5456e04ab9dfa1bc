"""Matchers that would take devices of all kinds for those of one driver."""

import pytest

from lan_edge import Dhcp, Driver, DriverError, Http, Matcher, Mdns, Profile, Ssdp, Switch, UdpProbe
from lan_edge.discovery.generality import check_generality
from tests.bundled import REGISTRY

GENERAL = (
    (Dhcp(), "Dhcp: it matches every device: write a `hostname` or `mac`: wiz_*, a8bb50*"),
    (Dhcp(mac="*", hostname="**"), "every device"),
    (Dhcp(where={"dhcp[hostname]": "*"}), "every device"),
    (Mdns("_http._tcp.local."), "_http._tcp.local. is announced by devices of all kinds"),
    (Mdns("_HTTP._tcp.local.", unique_id="{txt[id]}"), "devices of all kinds"),
    (Ssdp("*"), "all devices announce *"),
    (Ssdp("ssdp:all"), "write its own"),
    (Ssdp("upnp:rootdevice", where={"upnp[modelName]": "?*"}), "upnp:rootdevice"),
    (UdpProbe(38899, b""), "the request is empty"),
)
OWN = (
    Dhcp(hostname="wiz_*"),
    Dhcp(mac="a8bb50*"),
    Dhcp(where={"dhcp[hostname]": "lamp*"}),
    Mdns("_relay._tcp.local."),
    Mdns("_http._tcp.local.", where={"txt[model]": "lamp*"}),
    Mdns("_http._tcp.local.", unique_id=lambda sighting: sighting.values["txt"]["id"]),
    Ssdp("urn:acme:device:*"),
    Ssdp("upnp:rootdevice", where={"upnp[manufacturer]": "acme*"}),
    UdpProbe(38899, b"hello"),
)


@pytest.mark.parametrize(("matcher", "reason"), GENERAL)
def test_what_is_too_general_is_said_with_the_remedy(matcher: Matcher, reason: str) -> None:
    with pytest.raises(DriverError) as raised:
        check_generality(matcher)
    assert reason in f"{raised.value.reason}: {raised.value.remedy}"
    assert raised.value.remedy


@pytest.mark.parametrize("matcher", OWN)
def test_what_only_own_devices_have_is_right(matcher: Matcher) -> None:
    check_generality(matcher)


def test_bundled_drivers_are_for_their_own_devices() -> None:
    matchers = [m for driver in REGISTRY.drivers.values() for m in driver.discovery]
    assert matchers
    for matcher in matchers:
        check_generality(matcher)


def test_a_driver_for_all_devices_is_a_mistake() -> None:
    with pytest.raises(DriverError, match="Dhcp: it matches every device"):

        class Greedy(Driver[Http]):
            id = "greedy"
            discovery = (Dhcp(),)
            profile = Profile(Switch)
