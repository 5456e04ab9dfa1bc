"""The active probe and its matcher; devices on loopback."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
import json
import logging
import socket
import sys
from typing import Any, override

from hypothesis import given, strategies as st
import pytest

from lan_edge import (
    Address,
    Driver,
    DriverError,
    Http,
    Mdns,
    Profile,
    Registry,
    Sighting,
    Udp,
    UdpOptions,
    UdpProbe,
    udp_probe,
)
from lan_edge.discovery.udp_probe import MAX_ANSWER, MAX_ANSWERS_PER_HOST, read_answer
from lan_edge.network.text import MAX_FIELD, MAX_VALUE
from tests.ports import free_port

from ..bench import new_device, online
from ..peers import sockets, until

MODULE = sys.modules[read_answer.__module__]  # the package's `udp_probe` is the function
LOOPBACK, ELSEWHERE = "127.0.0.1", "127.0.0.2"
ADAPTERS = [(LOOPBACK, "127.255.255.255")]
GROUP, ANSWER_PORT = "239.255.77.78", free_port()
WHO = b'{"method":"who"}'


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "PROBE_INTERVAL", 0.03)


class Thing(asyncio.DatagramProtocol):
    """Answers the request with what a test says."""

    def __init__(self, answers: list[bytes]) -> None:
        self.answers = answers
        self.asked = 0
        self.deaf_for = 0
        self.asker = ("", 0)

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        assert isinstance(self.transport, asyncio.DatagramTransport)
        self.asked += data == WHO
        self.asker = addr
        if data == WHO and self.asked > self.deaf_for:
            for answer in self.answers:
                self.transport.sendto(answer, addr)

    @property
    def port(self) -> int:
        port: int = self.transport.get_extra_info("sockname")[1]
        return port


@asynccontextmanager
async def thing(*answers: object, host: str = "0.0.0.0", port: int = 0) -> AsyncGenerator[Thing]:
    data = [a if isinstance(a, bytes) else json.dumps(a).encode() for a in answers]
    transport, made = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Thing(data), local_addr=(host, port)
    )
    try:
        yield made
    finally:
        transport.close()
        await asyncio.sleep(0)


def matcher(probe_port: int, /, **how: Any) -> UdpProbe:
    return UdpProbe(probe_port, WHO, **how)


def ids_by(sightings: list[Sighting], by: UdpProbe) -> list[str]:
    return [m.unique_id for s in sightings if (m := by.match(s)) is not None]


# asked


async def test_each_answer_to_a_broadcast_is_one_sighting() -> None:
    answer = {"result": {"mac": "a8", "state": True, "deep": {"er": 2}}, "list": [1], "x": None}
    async with thing(answer) as one:
        by = matcher(one.port, unique_id="{reply[result.mac]}", name="{reply[RESULT.deep.er]}")
        (sighting,) = await udp_probe([by], ADAPTERS, timeout=0.2)
    assert one.asked == 3
    assert (sighting.source, sighting.kind) == ("probe", by.kind)
    assert sighting.values == {
        "reply": {"result.mac": "a8", "result.state": "true", "result.deep.er": "2"}
    }
    match = by.match(sighting)
    assert match is not None
    assert (match.unique_id, match.name) == ("a8", "2")
    assert match.address == Address(LOOPBACK, one.port)


async def test_a_host_is_probed_by_its_address() -> None:
    async with thing({"id": "one"}, host=ELSEWHERE) as one:
        by = matcher(one.port, unique_id="{reply[id]}", port="80")
        (sighting,) = await udp_probe([by], hosts=[ELSEWHERE, "127.0.0.3"], timeout=0.2)
    match = by.match(sighting)
    assert match is not None
    assert match.address == Address(ELSEWHERE, 80)


async def test_only_a_hosts_own_answers_count() -> None:
    async with thing(host=ELSEWHERE) as asked, thing() as other:
        by = matcher(asked.port)
        probing = asyncio.ensure_future(udp_probe([by], hosts=[ELSEWHERE], timeout=0.2))
        await until(lambda: asked.asked)
        assert isinstance(other.transport, asyncio.DatagramTransport)
        other.transport.sendto(b'{"id":"stranger"}', (LOOPBACK, asked.asker[1]))
        assert await probing == []


async def test_a_lost_datagram_is_sent_again() -> None:
    async with thing({"id": "one"}) as one:
        one.deaf_for = 2
        by = matcher(one.port, unique_id="{reply[id]}")
        assert ids_by(await udp_probe([by], ADAPTERS, timeout=0.2), by) == ["one"]


async def test_each_is_reported_at_once() -> None:
    async with thing({"id": "one"}) as one:
        seen: list[Sighting] = []
        by = matcher(one.port)
        probing = asyncio.ensure_future(
            udp_probe([by], ADAPTERS, on_sighting=seen.append, timeout=5)
        )
        await until(lambda: seen, 1)
        probing.cancel()
        await asyncio.gather(probing, return_exceptions=True)


async def test_a_registrys_matchers_lead_to_its_drivers() -> None:
    async with thing({"id": "one"}) as one:
        by = matcher(one.port, unique_id="{reply[id]}")

        class Thingy(Driver[Http]):
            id = "test_thingy"
            profile = Profile()
            discovery = (Mdns("_thingy._tcp.local."), by)

        registry = Registry()
        registry.hosts.beside_hub = True
        assert await udp_probe(registry.matchers(UdpProbe), ADAPTERS, timeout=0.1) == []
        registry.add(Thingy)
        (sighting,) = await udp_probe(registry.matchers(UdpProbe), ADAPTERS, timeout=0.2)
        (candidate,) = registry.match(sighting)
        assert candidate.driver is Thingy
        assert candidate.match.unique_id == "one"


async def test_a_matcher_uses_only_answers_to_its_own_probe() -> None:
    async with thing({"id": "one"}) as one, thing({"id": "two"}) as two:
        both = [matcher(t.port, unique_id="{reply[id]}") for t in (one, two)]
        sightings = await udp_probe(both, ADAPTERS, timeout=0.2)
        assert sorted(s.values["reply"]["id"] for s in sightings) == ["one", "two"]
        assert [ids_by(sightings, by) for by in both] == [["one"], ["two"]]


@pytest.mark.parametrize(
    ("adapters", "hosts"),
    [
        ([("192.0.2.1", "192.0.2.255")], []),  # not an address of this machine
        ([("nonsense", "127.255.255.255")], []),
        ([(LOOPBACK, "nonsense")], []),
        ([(LOOPBACK, "")], []),
        ([], ["device.local"]),
        ([], ["224.0.0.1", "0.0.0.0", ""]),
        ([], []),
    ],
)
async def test_without_a_network_nothing_is_found(
    adapters: list[tuple[str, str]], hosts: list[str]
) -> None:
    async with thing({"id": "one"}) as one:
        by = matcher(one.port)
        assert await udp_probe([by], adapters, hosts, timeout=0.1) == []
        sightings = await udp_probe([by], [*adapters, *ADAPTERS], hosts, timeout=0.1)
        assert len(sightings) == 1


# answered


@pytest.mark.parametrize(
    "answer",
    [b"", b"garbage", b"\xff\xfe", b"[1]", b'"x"', b"1", b"null", b"{}", b"[" * 5000],
)
async def test_other_datagrams_are_ignored(answer: bytes) -> None:
    async with thing(answer, {"id": "one"}) as one:
        by = matcher(one.port, unique_id="{reply[id]}")
        assert ids_by(await udp_probe([by], ADAPTERS, timeout=0.1), by) == ["one"]


async def test_odd_text_in_an_answer() -> None:
    async with thing(b'{"id": "one", "name": "K\xfcche"}\0') as one:
        (sighting,) = await udp_probe([matcher(one.port)], ADAPTERS, timeout=0.1)
    assert sighting.values["reply"] == {"id": "one", "name": "K\ufffdche"}


async def test_repeated_answers_are_dropped_and_their_number_is_bounded() -> None:
    answers = [{"n": n} for n in range(10) for _ in range(2)]
    async with thing(*answers) as one:
        sightings = await udp_probe([matcher(one.port)], ADAPTERS, timeout=0.1)
    assert [s.values["reply"]["n"] for s in sightings] == [
        str(n) for n in range(MAX_ANSWERS_PER_HOST)
    ]


async def test_the_number_of_hosts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "MAX_HOSTS", 1)
    async with (
        thing({"id": "one"}, host=LOOPBACK) as one,
        thing({"id": "two"}, host=ELSEWHERE, port=one.port),
    ):
        by = matcher(one.port)
        sightings = await udp_probe([by], hosts=[LOOPBACK, ELSEWHERE], timeout=0.1)
    assert len(sightings) == 1


async def test_the_bytes_of_all_answers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "MAX_ANSWERS_SIZE", 5000)
    async with thing(*({"n": str(n) * 2000} for n in range(4))) as one:
        sightings = await udp_probe([matcher(one.port)], ADAPTERS, timeout=0.1)
    assert [s.values["reply"]["n"][0] for s in sightings] == ["0", "1"]


def test_an_answer_that_is_too_long_is_ignored() -> None:
    by = matcher(1)
    fits = json.dumps({"a": "x" * (MAX_ANSWER - 10)}).encode()
    assert read_answer(by, fits) == {"a": "x" * MAX_VALUE}
    assert read_answer(by, fits + b"   ") == {}


def test_read_of_a_matcher_may_fail(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "lan_edge")
    backwards: Callable[[bytes], Any] = lambda data: json.loads(data[::-1])  # noqa: E731
    by = matcher(1, read=backwards)
    assert read_answer(by, b'{"a": 1}'[::-1]) == {"a": "1"}
    assert read_answer(by, b'{"a": 1}') == {}

    def fail(data: bytes) -> Any:
        raise OSError(data.decode())

    assert read_answer(matcher(1, read=fail), b"no\r\nERROR \x1b[2J") == {}
    assert all(record.getMessage().isprintable() for record in caplog.records)
    assert "ERROR" not in caplog.records[-1].getMessage()


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=80,
    ).map(lambda value: json.dumps(value).encode())
)
def test_values_are_bounded_text(data: bytes) -> None:
    by = matcher(1, unique_id="{reply[a]}")
    values = read_answer(by, data)
    assert len(values) <= 64
    assert all(
        type(v) is str and len(k) <= MAX_FIELD and len(v) <= MAX_VALUE for k, v in values.items()
    )
    by.match(Sighting("probe", by.kind, Address("10.0.0.1"), "", {"reply": values}))


def test_probes_of_the_same_port_and_request_are_equal() -> None:
    one = matcher(1)
    assert one.kind == matcher(1, unique_id="{reply[x]}").kind
    assert one.kind != matcher(2).kind
    assert one.kind != replace(one, request=b"other").kind


def test_a_wrong_template_raises_at_once() -> None:
    with pytest.raises(DriverError, match="cannot be filled"):
        matcher(1, unique_id="{replies[a]}")


# asked by group, answered to a fixed port


class Lamp(Thing):
    """Answers to a fixed port of the asker, whatever port it asks from."""

    answer_port = 0
    answers_group = False

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        host = GROUP if self.answers_group else addr[0]
        super().datagram_received(data, (host, self.answer_port or addr[1]))


@asynccontextmanager
async def in_group(answer_port: int, *answers: object, joined: bool = True) -> AsyncGenerator[Lamp]:
    """Yield a device on loopback that hears what is sent to the group."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    sock.bind(("0.0.0.0", 0))
    if joined:
        membership = socket.inet_aton(GROUP) + socket.inet_aton(LOOPBACK)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(LOOPBACK))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    transport, made = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Lamp([json.dumps(a).encode() for a in answers]), sock=sock
    )
    made.answer_port = answer_port
    try:
        yield made
    finally:
        transport.close()
        await asyncio.sleep(0)


async def test_a_group_is_asked_on_each_adapter() -> None:
    async with in_group(0, {"id": "one"}) as one:
        by = matcher(one.port, group=GROUP, unique_id="{reply[id]}")
        assert ids_by(await udp_probe([by], ADAPTERS, timeout=0.2), by) == ["one"]
        assert one.asked == 3


async def test_a_host_is_asked_itself_though_there_is_a_group() -> None:
    async with in_group(0, {"id": "one"}, joined=False) as one:
        by = matcher(one.port, group=GROUP, unique_id="{reply[id]}")
        assert ids_by(await udp_probe([by], hosts=[LOOPBACK], timeout=0.2), by) == ["one"]
        assert ids_by(await udp_probe([by], ADAPTERS, timeout=0.2), by) == []


@pytest.mark.parametrize("adapters", [ADAPTERS, [*ADAPTERS, (ELSEWHERE, "127.255.255.255")]])
async def test_answers_to_a_fixed_port(adapters: list[tuple[str, str]]) -> None:
    before = sockets()
    async with in_group(ANSWER_PORT, {"id": "one"}) as one:
        by = matcher(one.port, group=GROUP, answer_port=ANSWER_PORT, unique_id="{reply[id]}")
        assert ids_by(await udp_probe([by], adapters, timeout=0.2), by) == ["one"]
        assert ids_by(await udp_probe([by], hosts=[LOOPBACK], timeout=0.2), by) == ["one"]
        assert ids_by(await udp_probe([by], hosts=["127.0.0.9"], timeout=0.2), by) == []
    await until(lambda: not sockets() - before)


async def test_answers_to_the_whole_group() -> None:
    """As a Govee lamp of 2026 does (lasswellt/govee-homeassistant, issue 57)."""
    before = sockets()
    async with in_group(ANSWER_PORT, {"id": "one"}) as one:
        one.answers_group = True
        by = matcher(one.port, group=GROUP, answer_port=ANSWER_PORT, unique_id="{reply[id]}")
        assert ids_by(await udp_probe([by], ADAPTERS, timeout=0.2), by) == ["one"]
    await until(lambda: not sockets() - before)


async def test_a_fixed_port_is_shared_with_connected_devices() -> None:
    """As Govee's: the lamp that is connected answers a scan of the same host, too."""
    async with in_group(ANSWER_PORT, {"id": "one"}) as one:
        options = UdpOptions(local_port=ANSWER_PORT, port=one.port)

        class Connected(Driver[Udp]):
            id = "test_connected"
            profile = Profile()

        Connected.options = options
        async with online(new_device(Connected, Address(LOOPBACK))):
            by = matcher(one.port, group=GROUP, answer_port=ANSWER_PORT, unique_id="{reply[id]}")
            assert ids_by(await udp_probe([by], ADAPTERS, timeout=0.2), by) == ["one"]


async def test_without_the_fixed_port_nothing_is_found() -> None:
    async with in_group(ANSWER_PORT, {"id": "one"}) as one:
        by = matcher(one.port, group=GROUP, answer_port=ANSWER_PORT)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("0.0.0.0", ANSWER_PORT))
            assert await udp_probe([by], ADAPTERS, timeout=0.1) == []
        assert len(await udp_probe([by], ADAPTERS, timeout=0.1)) == 1


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"group": "10.0.0.1"}, "'10.0.0.1' is not an IPv4 multicast group"),
        ({"answer_port": -1}, "answer_port is -1"),
        ({"answer_port": "4002"}, "answer_port is '4002'"),
    ],
)
def test_a_wrong_group_or_port_raises_at_once(how: dict[str, Any], words: str) -> None:
    with pytest.raises(DriverError, match=words):
        matcher(4001, **how)
