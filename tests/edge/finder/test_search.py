"""One search by all ways, on loopback."""

import asyncio
from ipaddress import IPv4Interface
import os
import sys
from typing import Any, override

import pytest

from lan_edge import Driver, Http, Mdns, Profile, Registry, Sighting, Switch, UdpProbe, handles
from lan_edge.finder.search import has_mdns, search
from lan_edge.finder.surroundings import Surroundings, surroundings
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator

from .bulbs import LOOPBACK, TARGET, Bulb

AROUND = surroundings((LOOPBACK,))
PUMP = f"Pump {os.getpid()}"
"""A name that nobody else on loopback has."""


class Relay(Driver[Http]):
    id = "relay"
    discovery = (Mdns("_relay._tcp.local.", unique_id="{txt[id]}"),)
    profile = Profile(Switch)

    @override
    async def refresh(self) -> None:
        self.emit(Switch.switch, Switch.switch.parse(await self.io.get_text("/switch")))

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.post("/switch", "on", again=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.post("/switch", "off", again=True)


def registry(*drivers: type[Driver[Any]]) -> Registry:
    made = Registry()
    for driver in drivers:
        made.add(driver)
    return made


async def sightings(drivers: Registry, **how: Any) -> list[Sighting]:
    seen: list[Sighting] = []
    await search(drivers, AROUND, seen.append, **how)
    return seen


@pytest.mark.real_time
async def test_by_mdns() -> None:
    async with RestSwitchEmulator(id="relay-1", name=PUMP, announce=True) as relay:
        drivers = registry(Relay)
        [found] = [s for s in await sightings(drivers) if s.name == PUMP]
        [candidate] = drivers.match(found)
        assert candidate.match.unique_id == "relay-1"
        assert candidate.match.address.port == relay.port


@pytest.mark.real_time
async def test_services_of_which_no_driver_is_known() -> None:
    async with RestSwitchEmulator(id="relay-1", name=PUMP, announce=True):
        seen = await sightings(registry(), is_for_all=True)
        assert [s.kind for s in seen if s.name == PUMP] == ["_relay._tcp.local."]


async def test_by_ssdp() -> None:
    async with JsonBulbEmulator(id="bulb-1", announce=True):
        [found] = await sightings(registry(Bulb))
        assert found.values["headers"]["usn"].startswith("uuid:bulb-1")
        all_of_it = await sightings(registry(Bulb), is_for_all=True)
        assert any(s.kind == TARGET for s in all_of_it)


class Answering(asyncio.DatagramProtocol):
    """Answers whatever it is asked."""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self.transport = transport

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.transport.sendto(b'{"mac": "a8bb50010203"}', addr)


async def test_by_a_probe() -> None:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Answering, local_addr=("0.0.0.0", 0))
    port = transport.get_extra_info("sockname")[1]

    class Probed(Bulb):
        discovery = (UdpProbe(port, b"who?", unique_id="{reply[mac]}"),)

    try:
        drivers = registry(Probed)
        [found] = await sightings(drivers)
        [candidate] = drivers.match(found)
        assert candidate.match.unique_id == "a8bb50010203"
    finally:
        transport.close()


async def test_without_zeroconf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zeroconf", None)
    assert not has_mdns()
    assert await sightings(registry(Relay)) == []


def test_the_networks_around() -> None:
    around = Surroundings(
        (IPv4Interface("10.99.0.1/24"), IPv4Interface("10.99.1.1/31")),
        (IPv4Interface("10.99.0.1/24"), IPv4Interface("10.99.1.1/31")),
    )
    assert around.hosts == ["10.99.0.1", "10.99.1.1"]
    assert around.broadcasts == [("10.99.0.1", "10.99.0.255")]
    hosts = registry().hosts
    around.describe_to(hosts)
    assert not hosts.beside_hub
    assert hosts.own == {"10.99.0.1", "10.99.1.1"}
    assert hosts.everybody == {"10.99.0.255"}


def test_loopback_is_not_searched_unless_it_is_named() -> None:
    assert LOOPBACK not in surroundings().hosts
    assert AROUND.hosts == [LOOPBACK]
    hosts = registry().hosts
    AROUND.describe_to(hosts)
    assert hosts.beside_hub


def test_devices_beside_the_hub() -> None:
    around = surroundings(beside_hub=True)
    assert LOOPBACK in around.hosts
    one = Surroundings((IPv4Interface("10.99.0.1/24"),), around.all, beside_hub=True)
    hosts = registry().hosts
    one.describe_to(hosts)
    assert hosts.beside_hub
