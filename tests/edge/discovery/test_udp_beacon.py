"""Beacons: what devices on loopback send unasked, and what everybody else sends."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from functools import partial
import json
import logging
import socket
from typing import Any, cast, override

import pytest

from lan_edge import (
    Address,
    Beacons,
    Driver,
    DriverError,
    Http,
    Profile,
    Registry,
    Sighting,
    Switch,
    Udp,
    UdpBeacon,
    UdpOptions,
    handles,
)
from lan_edge.discovery import udp_beacon
from lan_edge.discovery.udp_probe import MAX_ANSWER
from tests.clock import now
from tests.ports import free_port

from ..bench import new_device, online
from ..peers import LOOPBACK, sockets, until

ELSEWHERE, GROUP = "127.0.0.2", "239.255.77.77"
ADAPTERS = [LOOPBACK]
EVERYBODY = "127.255.255.255"


PORT = free_port()


class Heard:
    """The beacons of a test, and what comes of them."""

    def __init__(self) -> None:
        self.sightings: list[Sighting] = []
        self.beacons = Beacons(self.sightings.append)

    async def listen(self, *matchers: UdpBeacon) -> None:
        await self.beacons.listen(matchers, ADAPTERS)

    async def all(self) -> list[dict[str, str]]:
        """Return what has been heard once a last beacon has arrived."""
        counts = self.beacons.counts
        await until(lambda: counts.total() >= 1)
        before = -1
        while counts.total() != before:
            before = counts.total()
            await asyncio.sleep(0.05)
        return [dict(s.values["beacon"]) for s in self.sightings]


@pytest.fixture
async def heard() -> AsyncGenerator[Heard]:
    made = Heard()
    yield made
    await made.beacons.close()


def say(data: object, to: str = LOOPBACK, source: str = ELSEWHERE, port: int = PORT) -> None:
    """Send a beacon as a device does: to one host, to everybody or to a group."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        adapter = socket.inet_aton(LOOPBACK)
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, adapter)
        sender.bind((source, 0))
        sender.sendto(data if isinstance(data, bytes) else json.dumps(data).encode(), (to, port))


def reversed_json(data: bytes) -> Any:
    return json.loads(data[::-1])


# heard


@pytest.mark.parametrize("to", [LOOPBACK, EVERYBODY])
async def test_it_is_heard_unasked(heard: Heard, to: str) -> None:
    by = UdpBeacon(PORT, unique_id="{beacon[gwId].upper}", port="{beacon[port]}")
    await heard.listen(by)
    say({"gwId": "bf01", "port": 6668, "deep": {"er": True}}, to)
    assert await heard.all() == [{"gwId": "bf01", "port": "6668", "deep.er": "true"}]
    [sighting] = heard.sightings
    assert (sighting.source, sighting.address) == ("beacon", Address(ELSEWHERE))
    match = by.match(sighting)
    assert match is not None
    assert (match.unique_id, match.address) == ("bf01", Address(ELSEWHERE, 6668))


async def test_a_group_is_joined_on_each_adapter_and_left(heard: Heard) -> None:
    await heard.listen(UdpBeacon(PORT, group=GROUP), UdpBeacon(PORT, read=reversed_json))
    say({"id": 1}, GROUP, LOOPBACK)
    assert await heard.all() == [{"id": "1"}]
    await heard.listen(UdpBeacon(PORT))
    say({"id": 2}, GROUP, LOOPBACK)
    say({"id": 3})
    assert await heard.all() == [{"id": "1"}, {"id": "3"}]
    await heard.listen(UdpBeacon(PORT, group=GROUP))
    say({"id": 4}, GROUP, LOOPBACK)
    assert (await heard.all())[-1] == {"id": "4"}


async def test_two_drivers_share_a_port_and_read_it_in_their_own_way(heard: Heard) -> None:
    before = len(sockets())
    plain, same = UdpBeacon(PORT, unique_id="{beacon[a]}"), UdpBeacon(PORT, name="{beacon[a]}")
    backwards = UdpBeacon(PORT, read=reversed_json)
    await heard.listen(plain, same, backwards)
    assert len(sockets()) == before + 1
    say({"a": 1})
    say(b'{"b": 2}'[::-1])
    assert await heard.all() == [{"a": "1"}, {"b": "2"}]
    one, two = heard.sightings
    assert plain.match(one)
    assert same.match(one)
    assert not backwards.match(one)
    assert backwards.match(two)
    assert not plain.match(two)


async def test_ports_are_open_only_while_a_matcher_needs_them(heard: Heard) -> None:
    before, other = sockets(), free_port()
    await heard.listen(UdpBeacon(PORT), UdpBeacon(other))
    assert len(sockets() - before) == 2
    await heard.listen(UdpBeacon(other))
    assert len(sockets() - before) == 1
    say({"id": 1}, port=other)
    assert await heard.all() == [{"id": "1"}]
    await heard.listen()
    await until(lambda: not sockets() - before)


async def test_a_registrys_matchers_lead_to_its_drivers(heard: Heard) -> None:
    class Beaconing(Driver[Http]):
        id = "test_beaconing"
        profile = Profile()
        discovery = (UdpBeacon(PORT, unique_id="{beacon[id]}"),)

    registry = Registry()
    registry.hosts.beside_hub = True
    registry.add(Beaconing)
    await heard.listen(*registry.matchers(UdpBeacon))
    say({"id": "B1"})
    await heard.all()
    [candidate] = registry.match(heard.sightings[0])
    assert (candidate.driver, candidate.match.unique_id) == (Beaconing, "b1")


class Pushing(Driver[Udp]):
    """A device that is connected by the port to which it sends its beacons."""

    id = "test_pushing"
    profile = Profile(Switch)
    poll = None

    @override
    async def refresh(self) -> None:
        self.io.send(b"get")

    @override
    def on_message(self, message: bytes) -> None:
        self.emit_field(Switch.switch, json.loads(message), "on")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        self.io.send(b"on")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        self.io.send(b"off")


async def test_a_port_is_shared_with_connected_devices(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pushing, "options", UdpOptions(local_port=PORT, port=7777, any_port=True))
    await heard.listen(UdpBeacon(PORT))
    async with online(new_device(Pushing, Address(ELSEWHERE))) as device:
        say({"on": True})
        await until(lambda: device.state.get(Switch.switch) is True)
        assert await heard.all() == [{"on": "true"}]
        await heard.beacons.close()
        say({"on": False})
        await until(lambda: device.state.get(Switch.switch) is False)
        assert len(heard.sightings) == 1


async def test_a_port_is_shared_with_other_programs(heard: Heard) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.setblocking(False)
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("0.0.0.0", PORT))
        await heard.listen(UdpBeacon(PORT))
        assert not heard.beacons.failures
        say({"id": 1}, EVERYBODY)
        assert await heard.all() == [{"id": "1"}]
        assert other.recv(100) == b'{"id": 1}'


async def test_a_port_that_a_program_has_alone_is_said_once_and_tried_again(
    heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    second = free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("0.0.0.0", PORT))
        for _ in range(3):
            await heard.listen(UdpBeacon(PORT), UdpBeacon(second))
        assert list(heard.beacons.failures) == [PORT]
        [record] = caplog.records
        assert f"Beacons on UDP port {PORT} cannot be received" in record.getMessage()
        say({"id": "one"}, port=second)
        assert await heard.all() == [{"id": "one"}]
    await heard.listen(UdpBeacon(PORT), UdpBeacon(second))
    assert not heard.beacons.failures
    say({"id": "two"})
    assert (await heard.all())[-1] == {"id": "two"}


async def test_an_adapter_without_the_group_is_noted_and_the_others_serve(heard: Heard) -> None:
    by = UdpBeacon(PORT, group=GROUP)
    await heard.beacons.listen([by], ["192.0.2.1", LOOPBACK])
    assert "192.0.2.1" in heard.beacons.failures[PORT]
    say({"id": 1}, GROUP, LOOPBACK)
    assert await heard.all() == [{"id": "1"}]
    await heard.listen(by)
    assert not heard.beacons.failures


# hostile


@pytest.mark.parametrize(
    "data", [b"", b"garbage", b"\xff\xfe", b"[1]", b"null", b"{}", b"[" * 5000, b"{" * 8000]
)
async def test_what_is_no_beacon_is_counted(heard: Heard, data: bytes) -> None:
    await heard.listen(UdpBeacon(PORT))
    say(data)
    assert await heard.all() == []
    assert heard.beacons.counts == {"of no use": 1}


async def test_one_that_is_too_long(heard: Heard) -> None:
    await heard.listen(UdpBeacon(PORT))
    say({"id": "x" * MAX_ANSWER})
    assert await heard.all() == []
    assert heard.beacons.counts == {"too long": 1}


async def test_read_may_fail(heard: Heard, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "lan_edge")

    def decrypt(data: bytes) -> Any:
        raise OSError(data.decode())

    await heard.listen(UdpBeacon(PORT, read=decrypt), UdpBeacon(PORT))
    say(b'{"id": "\\n\\u001b[2J"}')
    assert len(await heard.all()) == 1
    assert all(record.getMessage().isprintable() for record in caplog.records)
    assert not [r for r in caplog.records if "2J" in r.getMessage()]


async def test_a_flood_of_one_source_leaves_room_for_others(heard: Heard) -> None:
    await heard.listen(UdpBeacon(PORT))
    for n in range(300):
        say({"flood": n}, source="127.0.0.66")
    say({"id": "mine"})
    everything = await heard.all()
    assert {"id": "mine"} in everything
    assert len(everything) <= udp_beacon.SOURCE_RATE + 2
    assert heard.beacons.counts["too often"] >= 300 - udp_beacon.SOURCE_RATE - 1


async def test_a_flood_of_many_sources_leaves_room_for_known_devices(heard: Heard) -> None:
    heard.beacons.devices = lambda: {ELSEWHERE}
    await heard.listen(UdpBeacon(PORT))
    for n in range(400):
        say({"flood": n}, source=f"127.1.{n // 200}.{n % 200 + 1}")
    say({"id": "mine"})
    everything = await heard.all()
    assert everything[-1] == {"id": "mine"}
    assert len(everything) <= udp_beacon.STRANGERS_RATE + 3


async def test_the_rate_recovers(heard: Heard) -> None:
    await heard.listen(UdpBeacon(PORT))
    for n in range(100):
        say({"n": n})
    first = len(await heard.all())
    began = now()
    await asyncio.sleep(1)
    say({"id": "later"})
    assert (await heard.all())[-1] == {"id": "later"}
    assert first <= udp_beacon.SOURCE_RATE + udp_beacon.SOURCE_RATE * (now() - began)


async def test_the_number_of_sources_is_bounded(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(udp_beacon, "MAX_SOURCES", 10)
    await heard.listen(UdpBeacon(PORT))
    for n in range(50):
        say({"n": n}, source=f"127.0.1.{n + 1}")
    assert len(await heard.all()) == 50
    assert len(heard.beacons._limit._sources) == 10


# declared


@pytest.mark.parametrize(
    ("declare", "words"),
    [
        (partial(UdpBeacon, 0), "beacon_port is 0, not a number from 1 to 65535"),
        (partial(UdpBeacon, 70000), "beacon_port is 70000"),
        (partial(UdpBeacon, cast("Any", "6666")), "beacon_port is '6666'"),
        (partial(UdpBeacon, 6666, group="10.0.0.1"), "'10.0.0.1' is not an IPv4 multicast group"),
        (partial(UdpBeacon, 6666, group="ff02::1"), "is not an IPv4 multicast group"),
        (
            partial(UdpBeacon, 6666, read=cast("Any", "json")),
            "read is 'json', not a function of bytes",
        ),
        (partial(UdpBeacon, 6666, unique_id="{beacons[a]}"), "there is no field 'beacons'"),
    ],
)
def test_mistakes_are_errors_at_once(declare: Callable[[], object], words: str) -> None:
    with pytest.raises(DriverError, match=words):
        declare()


def test_the_kind_tells_ways_of_reading_apart() -> None:
    one, two = lambda data: json.loads(data), lambda data: data  # noqa: PLW0108
    kinds = {
        UdpBeacon(1).kind,
        UdpBeacon(2).kind,
        UdpBeacon(1, read=reversed_json).kind,
        UdpBeacon(1, read=partial(reversed_json)).kind,
        UdpBeacon(1, read=one).kind,
    }
    assert len(kinds) == 4
    assert UdpBeacon(1, unique_id="{name}").kind in kinds
    assert UdpBeacon(1, read=two).kind
