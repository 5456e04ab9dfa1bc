"""Where a sighting may lead: to devices of the network, not to the hub itself."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest

from lan_edge import Address, Match, Mdns, Registry, Sighting, location_address
from lan_edge.discovery.hosts import SightedHosts
from lan_edge.network.hosts import canonical_host

from ..driver.lamps import family

OWN = ("192.168.1.2", "2001:db8::2")
NETWORKS = tuple(map(ip_network, ("192.168.1.0/24", "131.159.7.0/24", "2a02:810d:1:2::/64")))


@pytest.fixture
def registry() -> Registry:
    registry = Registry()
    registry.hosts.own = OWN
    registry.hosts.networks = NETWORKS
    registry.add(family(discovery=(Mdns("_lamp._tcp.local.", unique_id="{txt[id]}"),)))
    return registry


def led_to(registry: Registry, *hosts: str) -> Iterator[str]:
    """Yield the hosts that remain of a sighting."""
    first, *others = (Address(host, 80) for host in hosts)
    sighting = Sighting("mdns", "_lamp._tcp.local.", first, "", {}, tuple(others))
    for candidate in registry.match(sighting):
        yield from (each.host for each in (candidate.match.address, *candidate.match.others))


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("192.168.1.5", True),
        ("10.1.2.3", True),
        ("2001:db8::5", True),
        ("fd00::5", True),
        ("::ffff:192.168.1.5", True),
        ("127.0.0.1", False),
        ("127.8.9.1", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("169.254.1.1", False),
        ("169.254.169.254", False),
        ("::ffff:169.254.1.1", False),
        ("fe80::1", False),
        ("224.0.0.251", False),
        ("::ffff:224.0.0.251", False),
        ("ff02::fb", False),
        ("0.0.0.0", False),
        ("::", False),
        ("::ffff:0.0.0.0", False),
        ("255.255.255.255", False),
        ("192.168.1.2", False),
        ("::ffff:192.168.1.2", False),
        ("2001:db8::2", False),
        ("2001:0db8:0:0::0002", False),
        ("localhost", False),
        # not of a home's network, unless the hub is in the same one
        ("8.8.8.8", False),
        ("::ffff:8.8.8.8", False),
        ("100.64.1.2", True),
        ("131.159.7.5", True),
        ("131.159.8.5", False),
        ("2a02:810d:1:2::5", True),
        ("2a02:810d:1:3::5", False),
    ],
)
def test_hosts_that_a_sighting_may_name(registry: Registry, host: str, allowed: bool) -> None:
    assert list(led_to(registry, host)) == ([canonical_host(host)] if allowed else [])


def test_only_the_allowed_addresses_of_a_sighting_are_kept(registry: Registry) -> None:
    hosts = ("169.254.1.1", "192.168.1.5", "192.168.1.2", "127.0.0.1", "192.168.1.6")
    assert list(led_to(registry, *hosts)) == ["192.168.1.5", "192.168.1.6"]


def test_where_a_device_was_proven_it_can_be_sighted(registry: Registry) -> None:
    hosts = ("169.254.1.1", "127.0.0.1", "192.168.1.2", "8.8.8.8")
    [lamp] = registry.drivers
    proven = {(lamp, Address(host, 80)) for host in hosts}
    registry.hosts.is_proven = lambda driver_id, address: (driver_id, address) in proven
    for host in hosts:
        assert list(led_to(registry, host)) == [host]
    assert not list(led_to(registry, "169.254.1.2"))
    proven = {("another", Address(host, 80)) for host in hosts}
    proven |= {(lamp, Address(host, 81)) for host in hosts}
    for host in hosts:
        assert not list(led_to(registry, host))


def test_in_tests_and_demonstrations_devices_run_beside_the_hub() -> None:
    hosts = SightedHosts(own=OWN, beside_hub=True)
    assert hosts.allow("lamp", Address("127.0.0.5", 80))
    assert hosts.allow("lamp", Address("192.168.1.2", 80))
    assert not hosts.allow("lamp", Address("169.254.1.1", 80))
    assert not hosts.allow("lamp", Address("0.0.0.0", 80))  # nobody listens there


@pytest.mark.parametrize(
    ("location", "sender", "trusted"),
    [
        ("http://192.168.1.5:80/x", "192.168.1.5", True),
        ("http://192.168.1.5:80/x", "", True),
        ("http://192.168.1.6:80/x", "192.168.1.5", False),
        ("http://192.168.1.5:80/x", "fe80::5%eth0", False),
        ("http://[2001:db8::5]:80/x", "2001:db8:0::5", True),
        ("http://127.0.0.1:80/x", "192.168.1.5", False),
        ("http://192.168.1.5:80/x", "nobody", False),
        # this machine has several addresses
        ("http://192.168.1.7:80/x", "192.168.1.2", True),
        ("http://192.168.2.7:80/x", "192.168.1.2", False),
    ],
)
def test_a_location_is_at_its_sender(location: str, sender: str, trusted: bool) -> None:
    assert bool(location_address(location, sender, OWN)) is trusted


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("::ffff:10.0.0.5", "10.0.0.5"),
        ("2001:DB8:0:0::5", "2001:db8::5"),
        ("10.0.0.5", "10.0.0.5"),
    ],
)
def test_an_address_has_one_spelling(told: str, meant: str) -> None:
    """A device that announces itself by IPv4 and IPv6 sockets is not sighted at two addresses."""
    match = Match("x", Address(told, 80), "", (Address(told, 80), Address("10.0.0.6", 80)))
    allowed = SightedHosts().restrict("", match)
    assert allowed is not None
    assert allowed.address == Address(meant, 80)
    assert allowed.others == (Address(meant, 80), Address("10.0.0.6", 80))
    assert location_address(f"http://{Address(told, 80)}/x", meant) == Address(meant, 80)
    assert location_address(f"http://{Address(meant, 80)}/x", told) == Address(meant, 80)


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("127.0.0.1", "127.0.0.1 is this machine's own address"),
        ("10.99.0.1", "10.99.0.1 is this machine's own address"),
        ("10.99.0.255", "10.99.0.255 is the broadcast address of a network"),
        ("169.254.1.2", "169.254.1.2 is a link-local address"),
        ("8.8.8.8", "8.8.8.8 is a public address outside of this machine's networks"),
        ("224.0.0.1", "no device can have the address 224.0.0.1"),
        ("10.99.0.11", ""),
    ],
)
def test_why_a_device_cannot_be_sighted_at_an_address(host: str, why: str) -> None:
    hosts = SightedHosts(own={"10.99.0.1"}, everybody={"10.99.0.255"})
    assert hosts.why_not("lamp", Address(host)) == why
