"""UDP sockets: one for each device, or one for all devices that send to the same port of the hub.

Some protocols fix the port that devices send to. The process opens one socket on such a port; it
is created for the first receiver, closed after the last, and gives each datagram to the receivers
that joined for its sender's address. A device that says far too much there would leave no room in
the system's buffer for the others' answers: what is too much is dropped as soon as it is read.
Listeners that overhear a port get every datagram; the first one lets other programs share the port,
as they do where devices send to everybody.
"""

import asyncio
from asyncio.trsock import TransportSocket
import socket
from time import perf_counter
from typing import Protocol, override

from ...errors import EdgeError, UnreachableError
from ...network.address import Address
from ...network.os_errors import network_errors, reason_of
from ...network.sockets import share_port
from ...sentences import said
from ...timing.slices import end_of_slice, note_work
from ...timing.token_bucket import TokenBucket
from .multicast import Membership, Memberships, send_by_adapter

MAX_BATCH = 64
"""Datagrams that are read without a pause, if that takes less than a slice."""
RECEIVE_BUFFER = 1024 * 1024
"""Bytes that the system buffers for us: after a broadcast all devices answer at once."""
HOST_RATE = 500.0
"""Datagrams a second from one host that are handled, and as many at once, on a shared socket."""
_BUFFER = memoryview(bytearray(64 * 1024))
"""Shared by all sockets, which read one datagram at a time."""


class Receiver(Protocol):
    """Receives from a socket that it joined; none of these methods may raise or block."""

    def datagram(self, data: bytes, sender: Address) -> None:
        """Handle a datagram from the address that was joined for, or one that is overheard."""

    def unclaimed(self, data: bytes, sender: Address) -> None:
        """Handle a datagram from an address that no receiver joined for."""

    def too_many(self) -> None:
        """Note that a datagram was dropped, as there were too many from the same host."""

    def ended(self, reason: EdgeError) -> None:
        """Handle the loss of the socket."""


_shared: dict[tuple[asyncio.AbstractEventLoop, Address], UdpSocket] = {}
"""The sockets on fixed ports, by local address."""


class UdpSocket(asyncio.DatagramProtocol):
    """A UDP socket, open from the first `join` to the last `leave`."""

    def __init__(self, local: Address) -> None:
        """Bind nothing yet. Port 0 of `local` is any free port."""
        self._local = local
        self._receivers: dict[str, list[tuple[int, Receiver]]] = {}
        """By the sender's host: its port (0: any) and the receiver."""
        self._buckets: dict[str, TokenBucket] = {}
        """By the sender's host, of those that were joined for."""
        self._overhearers: list[Receiver] = []
        self._memberships = Memberships()
        self._binding = asyncio.Lock()
        self._transport: asyncio.DatagramTransport | None = None
        self._closed = asyncio.Event()
        self._is_full = False

    @classmethod
    def at(cls, local: Address) -> UdpSocket:
        """Return the socket for a local address: the shared one if its port is fixed."""
        shared = _shared.get((asyncio.get_running_loop(), local)) if local.port else None
        return shared or cls(local)

    @property
    def port(self) -> int:
        """The local port; 0 if it is not open."""
        return self._transport.get_extra_info("sockname")[1] if self._transport else 0

    @property
    def has_unread(self) -> bool:
        """Whether datagrams have come that were not read yet."""
        try:
            self._sock.recv(1, socket.MSG_PEEK)
        except OSError:  # none, or it is closed
            return False
        return True

    async def join(
        self, receiver: Receiver, peer: Address, membership: Membership | None = None
    ) -> None:
        """Give datagrams from `peer` (port 0: any port) to `receiver`; raise UnreachableError.

        With `membership` also those that it sends to this group.
        """
        self._receivers.setdefault(peer.host, []).append((peer.port, receiver))
        await self._open(receiver)
        if membership is not None:
            await self.join_group(receiver, membership)

    async def overhear(self, receiver: Receiver) -> None:
        """Give every datagram to `receiver` as well; raise UnreachableError.

        If the socket is opened for that, the port is shared with other programs.
        """
        self._overhearers.append(receiver)
        await self._open(receiver, shared=True)

    async def join_group(self, owner: object, membership: Membership) -> None:
        """Receive what is sent to a group, too, until `owner` leaves; raise UnreachableError."""
        try:
            self._memberships.join(self._socket(), owner, membership)
        except BaseException:
            await self.leave(owner)
            raise

    async def _open(self, receiver: Receiver, *, shared: bool = False) -> None:
        if self._local.port:
            _shared[asyncio.get_running_loop(), self._local] = self
        try:
            async with self._binding:
                await self._bind(shared=shared)
        except BaseException:
            await self.leave(receiver)
            raise

    async def _bind(self, *, shared: bool) -> None:
        if self._transport is not None and self._transport.is_closing():
            await self._closed.wait()  # the last receiver has only just left
        if self._transport is None:
            self._closed.clear()
            port = self._local.port or said(t"any")
            with network_errors(said(t"listening on UDP port {port} of this hub")):
                self._sock = _bound(self._local, shared=shared)
                await asyncio.get_running_loop().create_datagram_endpoint(
                    lambda: self, sock=self._sock
                )

    def _open_transport(self) -> asyncio.DatagramTransport:
        if self._transport is None or self._transport.is_closing():
            raise UnreachableError(t"not connected")
        return self._transport

    def _socket(self) -> TransportSocket:
        sock: TransportSocket = self._open_transport().get_extra_info("socket")
        return sock

    async def leave(self, receiver: object) -> None:
        """Give nothing more to `receiver`; close the socket after the last one."""
        is_open = self._transport is not None and not self._transport.is_closing()
        self._memberships.leave(self._socket() if is_open else None, receiver)
        for host, entries in list(self._receivers.items()):
            if not (left := [entry for entry in entries if entry[1] is not receiver]):
                del self._receivers[host]
                self._buckets.pop(host, None)
            else:
                self._receivers[host] = left
        self._overhearers = [each for each in self._overhearers if each is not receiver]
        if self._is_used:
            return
        if self._transport is None:
            _forget(self)
            return
        self._transport.abort()
        await self._closed.wait()

    @property
    def _is_used(self) -> bool:
        return bool(self._receivers or self._overhearers)

    def send(self, data: bytes, to: Address) -> None:
        """Send a datagram; raise UnreachableError if that is impossible now."""
        transport = self._open_transport()
        if self._is_full:
            raise UnreachableError(t"the network accepts no more data")
        transport.sendto(data, (to.host, to.port))

    def send_to_group(self, data: bytes, to: Address, adapter: str, *, hops: int = 1) -> None:
        """Send to a multicast group, on the adapter that has the IP address `adapter`.

        It passes at most `hops` - 1 routers. Raises UnreachableError.
        """
        sock = self._socket()
        # asyncio has this method for datagrams too, but it is missing in its types
        if getattr(self._transport, "get_write_buffer_size", int)():
            # buffered datagrams may be for another adapter
            raise UnreachableError(t"the network accepts no more data")
        send_by_adapter(sock, adapter, hops)
        self.send(data, to)

    # called by asyncio

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)  # noqa: S101  # for the type checker
        self._transport = transport
        self._is_full = False

    @override
    def pause_writing(self) -> None:
        self._is_full = True

    @override
    def resume_writing(self) -> None:
        self._is_full = False

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        began, until = perf_counter(), end_of_slice()
        self._take(data, addr)
        # asyncio reads one datagram each time round its loop: too slow when many devices answer
        for _ in range(MAX_BATCH):
            if perf_counter() >= until:
                break
            try:
                size, addr = self._sock.recvfrom_into(_BUFFER)
            except OSError:  # no more, or an error as in `error_received`
                break
            self._take(bytes(_BUFFER[:size]), addr)
        note_work(began)

    def _take(self, data: bytes, addr: tuple[str, int]) -> None:
        sender = Address(*addr[:2])
        if self._is_own(sender):
            return
        entries = self._receivers.get(sender.host, ())
        takers = [receiver for port, receiver in entries if port in (0, sender.port)]
        if takers and self._is_too_much(sender.host):
            for receiver in takers:
                receiver.too_many()
            return
        for receiver in (*takers, *self._overhearers):
            receiver.datagram(data, sender)
        if not takers and self._receivers:
            # to one receiver only: a flood must not be multiplied by the number of devices
            next(iter(self._receivers.values()))[0][1].unclaimed(data, sender)

    def _is_too_much(self, host: str) -> bool:
        """Count a datagram; return whether handling it would be at the cost of other devices."""
        if host not in self._buckets:
            self._buckets[host] = TokenBucket(HOST_RATE)
        return not self._buckets[host].take() and len(self._receivers) > 1

    def _is_own(self, sender: Address) -> bool:
        """Return whether it is what we sent to a group that we have joined ourselves."""
        return sender.port == self._local.port and self._memberships.has_adapter(sender.host)

    @override
    def error_received(self, exc: Exception) -> None:
        """Ignore an error about a datagram: it does not identify the datagram."""

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._closed.set()
        if exc is None:  # all have left, though one may be waiting to join again
            if not self._is_used:
                _forget(self)
            return
        receivers = [receiver for e in self._receivers.values() for _, receiver in e]
        receivers += self._overhearers
        self._receivers.clear()
        self._buckets.clear()
        self._overhearers.clear()
        self._memberships.clear()
        _forget(self)
        for receiver in receivers:
            receiver.ended(UnreachableError(t"the UDP socket broke: {reason_of(exc)}"))


def _bound(local: Address, *, shared: bool) -> socket.socket:
    sock = socket.socket(
        socket.AF_INET6 if ":" in local.host else socket.AF_INET, socket.SOCK_DGRAM
    )
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        if shared:
            share_port(sock)
        sock.bind((local.host, local.port))
    except BaseException:
        sock.close()
        raise
    return sock


def _forget(udp_socket: UdpSocket) -> None:
    for key, shared in list(_shared.items()):
        if shared is udp_socket:
            del _shared[key]
