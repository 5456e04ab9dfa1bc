"""UDP sockets: one for each device, or one for all that need the same port of the hub.

Some protocols fix the port that devices send to. The process has one socket on such a port,
made by the first that joins, closed with the last that leaves; a datagram goes to whoever
joined for its sender's address.
"""

import asyncio
from asyncio.trsock import TransportSocket
from contextlib import suppress
import errno
import socket
import sys
from typing import NamedTuple, Protocol, override

from ...errors import EdgeError, UnreachableError
from ...network.address import Address
from ...network.os_errors import network_errors

AT_ONCE = 64
"""Datagrams that are read in one go, so that nobody else waits for long."""
_RECEIVED = memoryview(bytearray(64 * 1024))
"""Where all sockets receive what they read at once, one datagram at a time."""
ROOM = 1024 * 1024
"""Bytes that the system may keep for us: all devices answer at once where one call is for all."""
_MULTICAST_ALL = 49
"""IP_MULTICAST_ALL of Linux, for which the socket module has no name."""


class Receiver(Protocol):
    """Who joined a socket; none of these may raise or block."""

    def datagram(self, data: bytes, sender: Address) -> None:
        """Take a datagram of the address joined for."""

    def stranger(self, data: bytes, sender: Address) -> None:
        """Learn of a datagram from an address that nobody joined for."""

    def ended(self, reason: EdgeError) -> None:
        """Learn that the socket is gone."""


class Member(NamedTuple):
    """A multicast group (IPv4), joined on the adapter that has an address."""

    group: str
    adapter: str

    def request(self) -> bytes:
        """Return it as the system wants it; OSError where it is no IPv4."""
        return socket.inet_aton(self.group) + socket.inet_aton(self.adapter)


type _Place = tuple[asyncio.AbstractEventLoop, Address]

_shared: dict[_Place, Datagrams] = {}


class Datagrams(asyncio.DatagramProtocol):
    """A UDP socket, open from the first `join` to the last `leave`."""

    def __init__(self, local: Address) -> None:
        """Be for the local address `local`; port 0: any, of its own."""
        self._local = local
        self._place = (asyncio.get_running_loop(), local)
        self._receivers: dict[str, list[tuple[int, Receiver]]] = {}
        self._members: list[tuple[Receiver, Member]] = []
        self._binding = asyncio.Lock()
        self._transport: asyncio.DatagramTransport | None = None
        self._closed = asyncio.Event()
        self._full = False

    @classmethod
    def at(cls, local: Address) -> Datagrams:
        """Return the socket for a local address: a new one, or the one that all share."""
        if not local.port:
            return cls(local)
        found = _shared.get((asyncio.get_running_loop(), local))
        return found or cls(local)

    @property
    def port(self) -> int:
        """The local port, 0 where there is none."""
        return self._transport.get_extra_info("sockname")[1] if self._transport else 0

    async def join(self, receiver: Receiver, peer: Address, member: Member | None = None) -> None:
        """Have the datagrams of `peer` (port 0: any) given to `receiver`; UnreachableError.

        `member`: also what `peer` sends to that group.
        """
        self._receivers.setdefault(peer.host, []).append((peer.port, receiver))
        if self._local.port:
            _shared[self._place] = self
        try:
            async with self._binding:
                await self._bind()
            if member is not None:
                self._enter(receiver, member)
        except BaseException:
            await self.leave(receiver)
            raise

    async def _bind(self) -> None:
        if self._transport is not None and self._transport.is_closing():
            await self._closed.wait()  # the last that was here has only just left
        if self._transport is None:
            self._closed.clear()
            with network_errors(f"listening on UDP port {self._local.port or 'any'} of this hub"):
                self._sock = _bound(self._local)
                await asyncio.get_running_loop().create_datagram_endpoint(
                    lambda: self, sock=self._sock
                )

    def _enter(self, receiver: Receiver, member: Member) -> None:
        with network_errors(f"joining {member.group} on the adapter {member.adapter}"):
            sock = self._socket()
            if sys.platform == "linux":  # else what other programs joined comes here too
                sock.setsockopt(socket.IPPROTO_IP, _MULTICAST_ALL, 0)
            try:
                sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member.request())
            except OSError as err:
                if err.errno != errno.EADDRINUSE:  # another device of ours is in it already
                    raise
        self._members.append((receiver, member))

    def _exit(self, receiver: Receiver) -> None:
        """Leave the groups that only `receiver` needed."""
        mine = {member for owner, member in self._members if owner is receiver}
        self._members = [entry for entry in self._members if entry[0] is not receiver]
        for member in mine - {member for _, member in self._members}:
            with suppress(OSError, UnreachableError):  # gone with its adapter, or its socket
                self._socket().setsockopt(
                    socket.IPPROTO_IP, socket.IP_DROP_MEMBERSHIP, member.request()
                )

    def _socket(self) -> TransportSocket:
        if self._transport is None or self._transport.is_closing():
            msg = "not connected"
            raise UnreachableError(msg)
        found: TransportSocket = self._transport.get_extra_info("socket")
        return found

    async def leave(self, receiver: Receiver) -> None:
        """Have nothing more given to `receiver`; close with the last one."""
        self._exit(receiver)
        for host, entries in list(self._receivers.items()):
            if not (left := [entry for entry in entries if entry[1] is not receiver]):
                del self._receivers[host]
            else:
                self._receivers[host] = left
        if self._receivers:
            return
        if self._transport is None:
            _forget(self)
            return
        self._transport.abort()
        await self._closed.wait()

    def send(self, data: bytes, to: Address) -> None:
        """Send a datagram; raise UnreachableError where that cannot be."""
        if self._transport is None or self._transport.is_closing():
            msg = "not connected"
            raise UnreachableError(msg)
        if self._full:
            msg = "the network takes no more data"
            raise UnreachableError(msg)
        self._transport.sendto(data, (to.host, to.port))

    def send_on(self, adapter: str, data: bytes, to: Address, *, hops: int = 1) -> None:
        """Send to a multicast group, on the adapter that has the address `adapter`.

        It goes through at most `hops` - 1 routers.
        """
        sock = self._socket()
        # asyncio has this for datagrams too, its types do not say so
        if getattr(self._transport, "get_write_buffer_size", int)():
            msg = "the network takes no more data"  # what waits may be for another adapter
            raise UnreachableError(msg)
        with network_errors(f"sending to {to} on the adapter {adapter}"):
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(adapter))
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, hops)
        self.send(data, to)

    # called by asyncio

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)  # noqa: S101  # it is by contract
        self._transport = transport
        self._full = False

    @override
    def pause_writing(self) -> None:
        self._full = True

    @override
    def resume_writing(self) -> None:
        self._full = False

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._take(data, addr)
        # asyncio reads one at a time, then all else has its turn: what is asked again, too
        for _ in range(AT_ONCE):
            try:
                size, addr = self._sock.recvfrom_into(_RECEIVED)
            except OSError:  # no more, or an error as in `error_received`
                return
            self._take(bytes(_RECEIVED[:size]), addr)

    def _take(self, data: bytes, addr: tuple[str, int]) -> None:
        sender = Address(*addr[:2])
        if self._is_own(sender):
            return
        entries = self._receivers.get(sender.host, ())
        takers = [receiver for port, receiver in entries if port in (0, sender.port)]
        for receiver in takers:
            receiver.datagram(data, sender)
        if not takers and self._receivers:
            # one is enough to count it: a flood must not be multiplied by the devices
            next(iter(self._receivers.values()))[0][1].stranger(data, sender)

    def _is_own(self, sender: Address) -> bool:
        """Whether it is what we said to a group that we are in ourselves."""
        adapters = (member.adapter for _, member in self._members)
        return sender.port == self._local.port and sender.host in adapters

    @override
    def error_received(self, exc: Exception) -> None:
        """Ignore what a network says of one datagram: it does not say of whose."""

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._closed.set()
        if exc is None:  # all had left; somebody may be waiting to join again
            if not self._receivers:
                _forget(self)
            return
        receivers = [receiver for e in self._receivers.values() for _, receiver in e]
        self._receivers.clear()
        self._members.clear()
        _forget(self)
        for receiver in receivers:
            receiver.ended(UnreachableError(f"the UDP socket broke: {exc}"))


def _bound(local: Address) -> socket.socket:
    sock = socket.socket(
        socket.AF_INET6 if ":" in local.host else socket.AF_INET, socket.SOCK_DGRAM
    )
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
        sock.bind((local.host, local.port))
    except BaseException:
        sock.close()
        raise
    return sock


def _forget(datagrams: Datagrams) -> None:
    for place, found in list(_shared.items()):
        if found is datagrams:
            del _shared[place]
