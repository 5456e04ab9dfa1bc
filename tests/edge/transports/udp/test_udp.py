"""Datagrams over UDP."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
import os
from pathlib import Path
import socket
import sys
from typing import Any, Self, override

from hypothesis import given, strategies as st
import orjson
import pytest

from lan_edge import (
    Address,
    ArgumentError,
    CredentialsError,
    JsonCodec,
    TimedOutError,
    Udp,
    UdpOptions,
    UnreachableError,
)
from lan_edge.transports.hiding import HIDDEN
from lan_edge.transports.udp import datagrams
from lan_edge.transports.udp.asking import Inquiry, ask_around
from tests.clock import advance, now
from tests.ports import free_port

from ...peers import LOOPBACK, loop_timers, sockets, until
from ...rounds import measure_by
from ..contract import Contract, Heard, Kit

type Reply = Callable[[bytes], list[bytes]]


class UdpPeer(asyncio.DatagramProtocol):
    """A UDP server for one test; `reply` plays a device as it should be."""

    def __init__(self, reply: Reply, host: str = LOOPBACK, port: int = 0) -> None:
        self.address = Address(host, port)
        self.silent = False
        self.instead: bytes | None = None
        self.split = 0
        self.ignore = 0
        """Lose so many datagrams."""
        self.received: list[tuple[float, bytes, Address]] = []
        self._reply = reply
        self._transport: asyncio.DatagramTransport | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        address = (self.address.host, self.address.port)
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=address)
        self.address = Address(*self._transport.get_extra_info("sockname")[:2])
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._transport
        self._transport.abort()
        await asyncio.sleep(0)

    @property
    def client(self) -> Address:
        return self.received[-1][2]

    def fileno(self) -> int:
        assert self._transport
        number: int = self._transport.get_extra_info("socket").fileno()
        return number

    def send(self, data: bytes, to: Address | None = None) -> None:
        assert self._transport
        to = to or self.client
        self._transport.sendto(data, (to.host, to.port))

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.received.append((now(), data, Address(*addr[:2])))
        if self.ignore:
            self.ignore -= 1
        elif not self.silent:
            for answer in [self.instead] if self.instead is not None else self._reply(data):
                self.send(answer)


def shout(data: bytes) -> list[bytes]:
    return [data.upper()]


def key(message: bytes) -> int | None:
    return message[0] or None


PORT = free_port()


class TestUdp(Contract):
    kit = Kit(
        make=lambda link: Udp(link, UdpOptions(timeout=0.4, resend=0.05, limit=1000)),
        serve=None,  # type: ignore[arg-type]  # not used
        use=lambda udp: udp.ask(b"power?"),
        answer=b"POWER?",
        garbage=b"\xff",
        oversize=b"x" * 1001,
        connects=False,
        stream=False,
        oversize_raises=(TimedOutError,),
    )

    @pytest.fixture
    @override
    async def peer(self) -> AsyncGenerator[Any]:
        async with UdpPeer(shout) as peer:
            yield peer

    @override
    @pytest.mark.parametrize("part", [0.5])
    async def test_cut(self, transport: Any, peer: Any, heard: Heard, part: float) -> None:
        """A datagram is not cut."""

    @override
    async def test_garbage(self, transport: Any, peer: Any) -> None:
        await transport.open(peer.address)
        peer.instead = b"{"
        transport.codec = JsonCodec()
        with pytest.raises(TimedOutError):
            await transport.ask({})
        assert transport._link.oddities["a datagram that cannot be decoded"] > 1
        peer.instead = None
        await self.works(transport, peer.address)


class TestUdpOnASharedPort(TestUdp):
    kit = Kit(
        make=lambda link: Udp(
            link,
            UdpOptions(timeout=0.4, resend=0.05, limit=1000, local_port=PORT, local_host=LOOPBACK),
        ),
        serve=None,  # type: ignore[arg-type]  # not used
        use=lambda udp: udp.ask(b"power?"),
        answer=b"POWER?",
        garbage=b"\xff",
        oversize=b"x" * 1001,
        connects=False,
        stream=False,
        oversize_raises=(TimedOutError,),
    )


@pytest.fixture
def heard() -> Heard:
    return Heard()


@asynccontextmanager
async def opened(peer: UdpPeer, heard: Heard, options: UdpOptions) -> AsyncGenerator[Udp]:
    udp = Udp(heard.link(), options)
    await udp.open(peer.address)
    try:
        yield udp
    finally:
        await udp.close()


# requests


async def test_sent_again_with_growing_delays_until_answered(heard: Heard) -> None:
    async with UdpPeer(shout) as peer, opened(peer, heard, UdpOptions(resend=0.04)) as udp:
        peer.ignore = 3
        assert await udp.ask(b"power?") == b"POWER?"
        at = [when for when, _, _ in peer.received]
        pauses = [b - a for a, b in pairwise(at)]
        assert len(pauses) == 3
        assert pauses == pytest.approx([0.04, 0.08, 0.16], abs=1e-3)
        await asyncio.sleep(0.4)
        assert len(peer.received) == 4


@pytest.mark.parametrize(("resend", "pauses"), [(0.4, [0.4, 0.8, 1, 1]), (1.5, [1.5, 3, 3, 3])])
async def test_delays_grow_to_a_second_or_once(
    heard: Heard, resend: float, pauses: list[float]
) -> None:
    options = UdpOptions(resend=resend, timeout=20)
    async with UdpPeer(shout) as peer, opened(peer, heard, options) as udp:
        peer.ignore = 4
        assert await udp.ask(b"power?") == b"POWER?"
        at = [when for when, _, _ in peer.received]
        assert [b - a for a, b in pairwise(at)] == pytest.approx(pauses, abs=1e-3)


class Numbering(JsonCodec):
    """Gives each datagram a number of its own."""

    def __init__(self) -> None:
        self.count = 0

    @override
    def encode(self, message: Any) -> bytes:
        self.count += 1
        return orjson.dumps([self.count, message])


async def test_what_is_sent_again_is_encoded_anew_and_after_a_greeting(heard: Heard) -> None:
    options = UdpOptions(resend=0.04, codec=Numbering, greeting="hello")
    async with UdpPeer(lambda data: [data]) as peer, opened(peer, heard, options) as udp:
        peer.ignore = 3
        answer = await udp.ask("power?", match=lambda message: message[1] == "power?")
        assert answer == [5, "power?"]
        sent = [orjson.loads(data) for _, data, _ in peer.received]
        assert sent == [[1, "power?"], [2, "hello"], [3, "power?"], [4, "hello"], [5, "power?"]]


async def test_resending_leaves_no_timer(heard: Heard) -> None:
    async with UdpPeer(shout) as peer, opened(peer, heard, UdpOptions(resend=5)) as udp:
        peer.silent = True
        asking = asyncio.Task(udp.ask(b"power?"), eager_start=True)
        assert loop_timers()
        await udp.close()
        assert not loop_timers()
        with pytest.raises(UnreachableError):
            await asking


@pytest.mark.parametrize(("resend", "again"), [(0, True), (0.02, False)])
async def test_sent_once_if_it_must_not_arrive_twice(
    heard: Heard, resend: float, again: bool
) -> None:
    options = UdpOptions(resend=resend, timeout=0.1)
    async with UdpPeer(shout) as peer, opened(peer, heard, options) as udp:
        peer.silent = True
        with pytest.raises(TimedOutError):
            await udp.ask(b"toggle", again=again)
        assert len(peer.received) == 1


async def test_other_options_match_in_another_way(heard: Heard) -> None:
    waiting: list[bytes] = []

    def backwards(data: bytes) -> list[bytes]:
        waiting.append(data)
        return waiting[::-1] if len(waiting) == 2 else []

    async with UdpPeer(shout) as plain, UdpPeer(backwards) as peer:
        udp = Udp(heard.link(), UdpOptions(resend=0))
        await udp.open(plain.address)
        assert await udp.ask(b"a") == b"A"
        udp.configure(UdpOptions(key=key, resend=0))
        await udp.open(peer.address)
        asked = udp.ask(b"\1a"), udp.ask(b"\2b")
        assert list(await asyncio.gather(*asked)) == [b"\1a", b"\2b"]
        await udp.close()


async def test_other_options_encode_in_another_way(heard: Heard) -> None:
    async with UdpPeer(lambda data: [data]) as peer, opened(peer, heard, UdpOptions()) as udp:
        assert await udp.ask(b"a") == b"a"
        udp.configure(UdpOptions(codec=JsonCodec))
        await udp.open(peer.address)
        assert await udp.ask({"a": 1}) == {"a": 1}


async def test_late_and_repeated_replies_are_dropped_and_counted(heard: Heard) -> None:
    async with (
        UdpPeer(lambda data: [data, data]) as peer,
        opened(peer, heard, UdpOptions(key=key, timeout=0.05, resend=0)) as udp,
    ):
        assert await udp.ask(b"\1a") == b"\1a"
        peer.silent = True
        with pytest.raises(TimedOutError):
            await udp.ask(b"\2late")
        peer.silent = False
        peer.send(b"\2late")
        peer.send(b"\0push")
        assert await udp.ask(b"\3b") == b"\3b"
        await until(lambda: udp._link.oddities == {"a reply nobody waits for": 3})
        assert heard.messages == [b"\1a", b"\0push", b"\3b"]


@given(st.permutations(range(1, 9)), st.lists(st.integers(0, 9), max_size=10))
async def test_any_order_any_repetition(order: list[int], repeated: list[int]) -> None:
    """Whatever the order, each request gets its own reply, and the driver each reply once."""
    heard = Heard()
    waiting: list[bytes] = []

    def collect(data: bytes) -> list[bytes]:
        waiting.append(data)
        if len(waiting) < 8:
            return []
        replies = [bytes([n]) + b"!" for n in order]
        for n in repeated:
            replies.insert(n, replies[n % 8])
        return replies

    async with (
        UdpPeer(collect) as peer,
        opened(peer, heard, UdpOptions(key=key, resend=0)) as udp,
    ):
        answers = await asyncio.gather(*(udp.ask(bytes([n])) for n in range(1, 9)))
    assert answers == [bytes([n]) + b"!" for n in range(1, 9)]
    assert sorted(heard.messages) == sorted(answers)


async def test_replies_by_predicate(heard: Heard) -> None:
    def reply(data: bytes) -> list[bytes]:
        return [b"push", data]

    async with UdpPeer(reply) as peer, opened(peer, heard, UdpOptions()) as udp:
        assert await udp.ask(b"a", match=lambda m: m == b"a") == b"a"
        assert heard.messages == [b"push", b"a"]


async def test_a_cancelled_request_leaves_nothing(heard: Heard) -> None:
    async with UdpPeer(shout) as peer, opened(peer, heard, UdpOptions(resend=0.02)) as udp:
        peer.silent = True
        task = asyncio.ensure_future(udp.ask(b"a"))
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.sleep(0.05)
        seen = len(peer.received)
        peer.silent = False
        assert await udp.ask(b"b") == b"B"
        assert len(peer.received) == seen + 1


async def test_a_login_that_fails(heard: Heard) -> None:
    async def refuse(udp: Udp) -> None:
        await udp.ask(b"login")
        raise CredentialsError

    before = sockets()
    async with UdpPeer(shout) as peer:
        with pytest.raises(CredentialsError):
            await Udp(heard.link(), UdpOptions(login=refuse)).open(peer.address)
    await asyncio.sleep(0)
    assert sockets() == before


# strangers


async def test_datagrams_from_elsewhere_are_ignored_and_counted(heard: Heard) -> None:
    async with (
        UdpPeer(shout) as peer,
        UdpPeer(shout) as other_port,
        UdpPeer(shout, "127.0.0.9", peer.address.port) as other_host,
        opened(peer, heard, UdpOptions()) as udp,
    ):
        assert await udp.ask(b"a") == b"A"
        peer.silent = True
        asking = asyncio.ensure_future(udp.ask(b"b"))
        for stranger in (other_port, other_host):
            stranger.send(b"B", peer.client)
        await until(lambda: udp._link.oddities == {"a datagram from another address": 2})
        assert not asking.done()
        peer.send(b"B")
        assert await asking == b"B"
        assert heard.messages == [b"A", b"B"]


async def test_any_port_of_the_device_with_the_option(heard: Heard) -> None:
    async with (
        UdpPeer(shout) as peer,
        UdpPeer(shout) as other_port,
        opened(peer, heard, UdpOptions(any_port=True)) as udp,
    ):
        assert await udp.ask(b"a") == b"A"
        other_port.send(b"push", peer.client)
        await until(lambda: heard.messages == [b"A", b"push"])


async def test_too_large(heard: Heard) -> None:
    async with UdpPeer(shout) as peer, opened(peer, heard, UdpOptions(limit=3)) as udp:
        assert await udp.ask(b"abc") == b"ABC"
        peer.send(b"abcd")
        await until(lambda: udp._link.oddities == {"a datagram that is too large": 1})


async def test_datagrams_are_received_while_the_hub_is_busy(heard: Heard) -> None:
    """One call for 200 devices: their answers and what they report come all at once."""
    async with UdpPeer(shout) as peer, opened(peer, heard, UdpOptions()) as udp:
        await udp.ask(b"a")
        with socket.fromfd(peer.fileno(), socket.AF_INET, socket.SOCK_DGRAM) as device:
            for _ in range(400):  # the loop reads none of it meanwhile
                device.sendto(b"report", (peer.client.host, peer.client.port))
        await until(lambda: heard.messages.count(b"report") == 400)


async def test_an_answer_during_a_busy_moment_stops_resending(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure_by(monkeypatch, lambda: 0.0)  # one slice is enough for all
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        device.bind((LOOPBACK, 0))
        udp = Udp(heard.link(), UdpOptions(resend=0.05))
        await udp.open(Address(*device.getsockname()))
        asking = asyncio.ensure_future(udp.ask(b"a", match=lambda message: message == b"A"))
        await asyncio.sleep(0)
        _, hub = device.recvfrom(100)
        for data in [b"news"] * 20 + [b"A"]:
            device.sendto(data, hub)
        advance(0.1)  # busy with others, past the time to ask again
        assert await asking == b"A"
        assert heard.messages == [b"news"] * 20 + [b"A"]
        device.setblocking(False)
        with pytest.raises(BlockingIOError):
            device.recvfrom(100)
        await udp.close()


# a port that all share


@asynccontextmanager
async def bulbs(count: int) -> AsyncGenerator[list[tuple[UdpPeer, Udp, Heard]]]:
    """Yield so many devices that all push to the same port of the hub."""
    options = UdpOptions(
        codec=JsonCodec,
        key=lambda m: None if m["method"] == "syncPilot" else m["method"],
        timeout=0.5,
        local_port=PORT,
        local_host=LOOPBACK,
    )
    made = list[tuple[UdpPeer, Udp, Heard]]()
    for number in range(count):
        heard = Heard()
        peer = UdpPeer(lambda data: [data], f"127.0.6.{number + 1}")
        made.append((await peer.__aenter__(), Udp(heard.link(), options), heard))
    await asyncio.gather(*(udp.open(peer.address) for peer, udp, _ in made))
    yield made
    for peer, udp, _ in made:
        await udp.close()
        await peer.__aexit__()


async def test_one_shared_socket_and_each_receives_its_own(heard: Heard) -> None:
    before = sockets()
    async with bulbs(30) as made:
        assert len(sockets() - before) == 31
        for number, (peer, _, _) in enumerate(made):
            push = orjson.dumps({"method": "syncPilot", "params": {"dimming": number}})
            peer.send(push, Address(LOOPBACK, PORT))
        await until(lambda: all(h.messages for _, _, h in made))
        assert [h.messages[0]["params"]["dimming"] for _, _, h in made] == list(range(30))
        asked = await asyncio.gather(*(udp.ask({"method": "getPilot"}) for _, udp, _ in made))
        assert asked == [{"method": "getPilot"}] * 30
        assert {peer.client for peer, _, _ in made} == {Address(LOOPBACK, PORT)}
        assert not any(udp._link.oddities for _, udp, _ in made)
        async with UdpPeer(shout) as stranger:
            stranger.send(b"{}", Address(LOOPBACK, PORT))
            await until(lambda: any(udp._link.oddities for _, udp, _ in made))
    await asyncio.sleep(0)
    assert sockets() == before
    assert not datagrams._shared


async def test_a_flood_of_one_device_leaves_room_for_the_others() -> None:
    push, most = b'{"method":"syncPilot"}', int(datagrams.HOST_RATE)
    async with bulbs(2) as [(flooding, udp, told), (other, _, told_by_other)]:
        [shared] = datagrams._shared.values()
        here = (flooding.address.host, flooding.address.port)
        for _ in range(3 * most):
            shared.datagram_received(push, here)
        assert len(told.messages) == most
        assert udp._link.oddities == {"a datagram too many": 2 * most}
        shared.datagram_received(push, (other.address.host, other.address.port))
        assert len(told_by_other.messages) == 1
        await asyncio.sleep(1)
        shared.datagram_received(push, here)
        assert len(told.messages) == most + 1


async def test_a_device_that_is_alone_on_its_port_may_say_a_lot() -> None:
    push, many = b'{"method":"syncPilot"}', int(2 * datagrams.HOST_RATE)
    async with bulbs(1) as [(device, _, told)]:
        [shared] = datagrams._shared.values()
        for _ in range(many):
            shared.datagram_received(push, (device.address.host, device.address.port))
        assert len(told.messages) == many


async def test_the_socket_is_closed_after_its_last_user() -> None:
    async with bulbs(3) as made:
        for peer, udp, heard in made[:2]:
            await udp.close()
            with pytest.raises(UnreachableError):
                udp.send({})
            peer.send(b'{"method":"syncPilot"}', Address(LOOPBACK, PORT))
            assert not heard.messages
        peer, udp, heard = made[2]
        assert await udp.ask({"method": "getPilot"})
        await asyncio.gather(udp.close(), *(u.open(p.address) for p, u, _ in made[:2]))
        assert await made[0][1].ask({"method": "getPilot"})
        await udp.open(peer.address)
        assert await udp.ask({"method": "getPilot"})


async def test_the_shared_port_is_taken_by_another_program(heard: Heard) -> None:
    options = UdpOptions(local_port=PORT, local_host=LOOPBACK)
    async with UdpPeer(shout) as peer:
        async with UdpPeer(shout, LOOPBACK, PORT):
            with pytest.raises(UnreachableError, match=str(PORT)):
                await Udp(heard.link(), options).open(peer.address)
            assert not datagrams._shared
        async with opened(peer, heard, options) as udp:
            assert await udp.ask(b"a") == b"A"


async def test_a_broken_socket_is_reported_once_to_each_user() -> None:
    async with bulbs(2) as made:
        peers = [peer for peer, _, _ in made]
        peers[0].silent = True
        asking = asyncio.ensure_future(made[0][1].ask({"method": "getPilot"}))
        await asyncio.sleep(0)
        shared = next(iter(datagrams._shared.values()))
        assert shared._transport
        shared._transport._fatal_error(OSError("gone"), "a test")  # type: ignore[attr-defined]
        with pytest.raises(UnreachableError, match="gone"):
            await asking
        assert [len(heard.lost) for _, _, heard in made] == [1, 1]
        assert not datagrams._shared
        peers[0].silent = False
        await made[0][1].open(peers[0].address)
        assert await made[0][1].ask({"method": "getPilot"})


async def test_an_icmp_refusal_of_one_device_does_not_affect_others() -> None:
    async with bulbs(2) as made:
        (peer, udp, _), (_, other, heard) = made
        await peer.__aexit__()
        with pytest.raises(TimedOutError):
            await udp.ask({"method": "getPilot"})
        assert await other.ask({"method": "getPilot"})
        assert not heard.lost
        await peer.__aenter__()


# addresses and probes


async def test_a_host_name(heard: Heard) -> None:
    async with UdpPeer(shout) as peer:
        udp = Udp(heard.link(), UdpOptions(port=peer.address.port))
        await udp.open(Address("localhost"))
        assert await udp.ask(b"a") == b"A"
        with pytest.raises(UnreachableError, match="nowhere"):
            await udp.open(Address("nowhere.invalid"))
        await udp.close()


async def test_ipv6(heard: Heard) -> None:
    async with UdpPeer(shout, "::1") as peer, opened(peer, heard, UdpOptions()) as udp:
        assert await udp.ask(b"a") == b"A"


# multicast, on the loopback adapter only

# of this process: the system's list of memberships has those of tests that run beside too
GROUP, OTHER_GROUP = (
    f"239.255.{first + os.getpid() % 100}.{os.getpid() // 100 % 256}" for first in (1, 101)
)


def of_group(host: str = LOOPBACK, port: int = 0, *groups: str) -> socket.socket:
    """Return a socket that sends to groups on loopback alone, and is in some there."""
    sock = socket.socket(type=socket.SOCK_DGRAM)
    sock.setblocking(False)
    sock.bind((host, port))
    loopback = socket.inet_aton(LOOPBACK)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, loopback)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 0)
    for group in groups:
        member = socket.inet_aton(group) + loopback
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    return sock


def memberships() -> list[str]:
    """Return our groups that are joined on the loopback adapter."""
    groups, adapter = list[str](), ""
    for line in Path("/proc/net/igmp").read_text().splitlines()[1:]:
        if not line.startswith("\t"):
            adapter = line.split()[1]
        elif adapter == "lo":
            groups.append(socket.inet_ntoa(int(line.split()[0], 16).to_bytes(4, sys.byteorder)))
    return [group for group in (GROUP, OTHER_GROUP) if group in groups]


@pytest.fixture
def multicast() -> None:
    """Skip where the loopback adapter carries no multicast."""
    try:
        with of_group("", 0, GROUP) as hears, of_group() as says:
            says.sendto(b"?", (GROUP, hears.getsockname()[1]))
            hears.settimeout(1)
            hears.recv(1)
    except OSError as error:
        pytest.skip(f"NO MULTICAST on the loopback adapter here: {error}")


class GroupPeer(UdpPeer):
    """A device that sends to groups, on loopback."""

    def __init__(self, host: str = LOOPBACK, groups: tuple[str, ...] = ()) -> None:
        super().__init__(shout, host)
        self.groups = groups

    @override
    async def __aenter__(self) -> Self:
        # a socket of one address hears no group
        sock = of_group("" if self.groups else self.address.host, 0, *self.groups)
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=sock)
        self.address = Address(self.address.host, sock.getsockname()[1])
        return self


def grouped(port: int, group: str = GROUP, **more: Any) -> UdpOptions:
    return UdpOptions(timeout=0.4, resend=0.05, local_port=port, group=group, **more)


@pytest.mark.usefixtures("multicast")
async def test_notifications_by_group_only_from_the_device(heard: Heard) -> None:
    port = free_port()
    to = Address(GROUP, port)
    async with GroupPeer() as peer, GroupPeer() as other_port, GroupPeer(host="127.0.0.9") as other:
        async with opened(peer, heard, grouped(port)) as udp:
            assert memberships() == [GROUP]
            other.send(b"not me", to)
            other_port.send(b"nor me", to)
            peer.send(b"news", to)
            await until(lambda: heard.messages == [b"news"])
            await until(lambda: udp._link.oddities == {"a datagram from another address": 2})
            assert await udp.ask(b"a") == b"A"  # by its own address, as ever
            peer.send(b"elsewhere", Address(OTHER_GROUP, port))
            peer.send(b"more")
            await until(lambda: heard.messages == [b"news", b"A", b"more"])
        assert not memberships()
        peer.send(b"late", to)
        async with opened(peer, heard, grouped(port, any_port=True, local_host=LOOPBACK)):
            other_port.send(b"mine", to)
            await until(lambda: heard.messages[3:] == [b"mine"])
    assert not memberships()


@pytest.mark.usefixtures("multicast")
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does not tell them apart")
async def test_a_group_of_another_program_is_not_received(heard: Heard) -> None:
    port = free_port()
    async with GroupPeer() as peer, opened(peer, heard, grouped(port)):
        with of_group("", 0, OTHER_GROUP):
            peer.send(b"theirs", Address(OTHER_GROUP, port))
            peer.send(b"ours", Address(GROUP, port))
            await until(lambda: heard.messages)
            assert heard.messages == [b"ours"]


@pytest.mark.usefixtures("multicast")
async def test_a_membership_lives_as_long_as_its_last_user() -> None:
    port = free_port()
    ears = [Heard() for _ in range(3)]
    async with (
        GroupPeer() as one,
        GroupPeer(host="127.0.0.8") as two,
        GroupPeer(host="127.0.0.9") as three,
    ):
        peers = (one, two, three)
        groups = (GROUP, GROUP, OTHER_GROUP)
        users = [Udp(h.link(), grouped(port, group)) for h, group in zip(ears, groups, strict=True)]
        before = len(sockets())
        for udp, peer in zip(users, peers, strict=True):
            await udp.open(peer.address)
        assert len(sockets()) == before + 1
        assert memberships() == [GROUP, OTHER_GROUP]
        for peer, group in zip(peers, groups, strict=True):
            peer.send(b"news", Address(group, port))
        await until(lambda: all(h.messages for h in ears))
        assert [h.messages for h in ears] == [[b"news"]] * 3
        await users[0].close()
        assert memberships() == [GROUP, OTHER_GROUP]
        await users[1].close()
        assert memberships() == [OTHER_GROUP]
        two.send(b"gone", Address(GROUP, port))
        three.send(b"more", Address(OTHER_GROUP, port))
        await until(lambda: ears[2].messages == [b"news", b"more"])
        await users[0].open(one.address)  # a new membership on the same socket
        one.send(b"again", Address(GROUP, port))
        await until(lambda: ears[0].messages == [b"news", b"again"])
        for udp in users:
            await udp.close()
        assert not memberships()
        assert not datagrams._shared


@pytest.mark.usefixtures("multicast")
async def test_opening_in_a_group_is_cancelled_at_every_step(heard: Heard) -> None:
    async def log_in(udp: Udp) -> None:
        await udp.ask(b"login")

    before = sockets()
    async with GroupPeer() as peer:
        udp = Udp(heard.link(), grouped(free_port(), login=log_in))
        for steps in range(50):
            task = asyncio.ensure_future(udp.open(peer.address))
            for _ in range(steps):
                await asyncio.sleep(0)
            if task.done():
                break
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert not memberships()
        else:
            pytest.fail("it never came to its end")
        await udp.close()
        assert not memberships()
    await asyncio.sleep(0)
    assert sockets() == before
    assert not heard.lost


@pytest.mark.usefixtures("multicast")
async def test_a_message_to_the_group_is_ignored_when_it_returns(heard: Heard) -> None:
    port = free_port()
    async with GroupPeer(groups=(GROUP,)) as peer:
        options = grouped(port, any_port=True)
        async with opened(peer, heard, options) as udp:
            with of_group("", 0, GROUP) as other:
                udp.send_to_group(b"who?")
                await until(lambda: heard.messages == [b"WHO?"])
                assert peer.client == Address(LOOPBACK, port)
                udp.send_to_group(b"here", port=other.getsockname()[1])
                loop = asyncio.get_running_loop()
                async with asyncio.timeout(5):
                    assert await loop.sock_recv(other, 10) == b"here"
            peer.silent = True
            udp.send_to_group(b"echo", port=port)
            udp.send_to_group(b"end", secret=True)
            assert udp._link.trace.entries()[-1].text == HIDDEN
            await until(lambda: len(peer.received) == 2)
            peer.send(b"end")
            await until(lambda: heard.messages == [b"WHO?", b"end"])
            assert not udp._link.oddities
        with pytest.raises(UnreachableError):
            udp.send_to_group(b"closed")


async def test_no_group_to_send_to(heard: Heard) -> None:
    async with UdpPeer(shout) as peer, opened(peer, heard, UdpOptions()) as udp:
        with pytest.raises(ArgumentError):
            udp.send_to_group(b"who?")


@pytest.mark.parametrize(
    "options", [{"group": GROUP}, *({"group": g, "local_port": 9} for g in ("10.0.0.1", "ff02::1"))]
)
def test_an_invalid_group(options: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError, match="IPv4 multicast group"):
        UdpOptions(**options)


@pytest.mark.parametrize(
    ("host", "more"),
    [("::1", {}), (LOOPBACK, {"local_host": "192.0.2.1"})],
    ids=["ipv6", "adapter"],
)
async def test_no_adapter_for_the_group(heard: Heard, host: str, more: dict[str, Any]) -> None:
    async with UdpPeer(shout, host) as peer:
        before = sockets()
        with pytest.raises(UnreachableError, match=f"joining {GROUP}"):
            await Udp(heard.link(), grouped(free_port(), **more)).open(peer.address)
        await asyncio.sleep(0)
        assert sockets() == before
    assert not datagrams._shared


@pytest.mark.usefixtures("multicast")
async def test_no_notifications_by_group_at_another_port(heard: Heard) -> None:
    port = free_port()
    options = grouped(port, local_port_needed=False)
    async with (
        GroupPeer() as peer,
        UdpPeer(shout, "0.0.0.0", port),
        opened(peer, heard, options) as udp,
    ):
        assert await udp.ask(b"a") == b"A"
        assert not memberships()


@pytest.mark.usefixtures("multicast")
async def test_asking_a_group() -> None:
    async with GroupPeer(groups=(GROUP,)) as peer:
        to = Address(GROUP, peer.address.port)
        inquiry, answers = Inquiry((b"who?",), to, LOOPBACK), list[tuple[bytes, Address]]()
        await ask_around([inquiry], lambda *it: answers.append(it), timeout=0.1, times=2)
        assert answers == [(b"WHO?", peer.address)] * 2
