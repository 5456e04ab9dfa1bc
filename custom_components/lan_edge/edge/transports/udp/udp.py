"""Datagrams over UDP: requests that are sent again until they are answered, and notifications.

Replies are identified by a key that they share with their request (`key`) or by the driver
(`ask(..., match=...)`); late and repeated replies are dropped if they have a key. UDP has no
connection: only the heartbeat notices that a device is gone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, override

from ...errors import ArgumentError, DeviceError, EdgeError, ReplyError, UnreachableError
from ...network.address import Address
from ...network.hosts import any_local_host, is_group, resolve, source_towards
from ..base import Link, MessageTest, Options, ReplyKey, Transport, any_message
from ..hiding import Secret
from ..login import log_in
from ..messages.codec import Codec, PlainCodec, decoded, traced
from ..messages.correlation import Correlator
from .datagrams import UdpSocket
from .multicast import Membership
from .resending import Resending


@dataclass(frozen=True, slots=True, kw_only=True)
class UdpOptions(Options):
    """Options of Udp."""

    codec: Callable[[], Codec] = PlainCodec
    """Creates the codec of a new connection; the driver sees what it decodes."""
    key: ReplyKey | None = None
    """Returns what a request and its reply have in common; None for a message that is no reply."""
    is_reply: MessageTest = any_message
    """Which messages can be replies without `key` or `match`; the others are notifications."""
    resend: float = 0.25
    """Seconds until a request is sent again, then twice as long, up to 1 s or twice this; 0: never.

    Each time it is encoded anew, for a codec that numbers what it sends.
    """
    greeting: object = None
    """A message that is sent before each request that is sent again.

    For a device that may have restarted, and answers nothing before that one.
    """
    local_port: int = 0
    """The hub's port that devices send to, where the protocol fixes one."""
    local_port_needed: bool = True
    """Whether it must be that port; otherwise another is used when a program has it already."""
    local_host: str = ""
    """The hub's IP address to use; empty: any."""
    group: str = ""
    """The multicast group (IPv4) that devices send notifications to, at `local_port`."""
    any_port: bool = False
    """Whether the device also sends from other ports than the one it listens on."""
    login: Callable[[Udp], Awaitable[None]] | None = None
    """Runs on each new connection before anything else."""

    @override
    def __post_init__(self) -> None:
        """Raise ArgumentError for a group that cannot be joined."""
        Options.__post_init__(self)
        if self.group and not (is_group(self.group) and self.local_port):
            raise ArgumentError(
                f"group {self.group!r}: an IPv4 multicast group, with its local_port"
            )


class Udp(Transport):
    """Datagrams to and from one device."""

    options_type = UdpOptions
    pushes = True
    secure = False
    poll = 60.0  # a push may be lost
    heartbeat = 6.0  # nothing else notices that the device is gone
    patience = 3.4
    identify_every = 12.0  # the heartbeat asks the silent ones, and no other
    _options: UdpOptions
    codec: Codec
    """The codec of this connection; a driver may replace it, for instance by one with a key."""
    _socket: UdpSocket | None = None
    _peer = Address("")
    _heard_at = 0.0

    def __init__(self, link: Link, options: Options) -> None:
        """Start without a request."""
        super().__init__(link, options)
        self._correlator = Correlator(link, in_order=False)
        self._resending = Resending(self._may_resend)
        self.codec = self._options.codec()

    @override
    async def open(self, address: Address) -> None:
        await self._join_device(address)
        try:
            await log_in(self, self._options.login)
        except BaseException:
            await self.close()
            raise

    @override
    async def open_to_pair(self, address: Address) -> None:
        await self._join_device(address)
        with suppress(DeviceError):
            await log_in(self, self._options.login)

    async def _join_device(self, address: Address) -> None:
        await self.close()
        options = self._options
        self.codec = options.codec()
        self._correlator.match_by(options.key, options.is_reply)
        peer = await resolve(Address(address.host, address.port or options.port))
        self._socket = await self._join(peer)
        self._peer, self._heard_at = peer, 0.0

    async def _join(self, peer: Address) -> UdpSocket:
        """Return a socket that receives from `peer`; raise UnreachableError."""
        options = self._options
        sender = Address(peer.host, 0) if options.any_port else peer
        local = Address(options.local_host or any_local_host(peer), options.local_port)
        membership: Membership | None = None
        if options.group:
            membership = Membership(options.group, self._adapter(peer))
            # a socket that is bound to one address receives no multicast
            local = Address(any_local_host(peer), local.port)
        socket = UdpSocket.at(local)
        try:
            await socket.join(self, sender, membership)
        except UnreachableError:
            if options.local_port_needed:
                raise
            socket = UdpSocket.at(Address(local.host))
            await socket.join(self, sender)
        return socket

    @override
    async def close(self) -> None:
        socket, self._socket = self._socket, None
        self._fail_all(UnreachableError(t"the connection was closed"))
        if socket is not None:
            await socket.leave(self)

    @property
    @override
    def heard_at(self) -> float:
        return self._heard_at if self._socket else 0.0

    @property
    def hub_host(self) -> str:
        """The hub's IP address on the route to the device; raises UnreachableError."""
        return self._adapter(self._peer)

    def _adapter(self, peer: Address) -> str:
        return self._options.local_host or source_towards(peer.host)

    def _connected(self) -> UdpSocket:
        if self._socket is None:
            raise UnreachableError(t"not connected")
        return self._socket

    def number(self) -> int:
        """Return a number that no earlier request had, for protocols that number them."""
        return self._correlator.number()

    def send(self, message: Any, *, port: int = 0, secret: Secret = False) -> None:
        """Send a message once; raise UnreachableError if there is no socket.

        `port`: another one of the device; with `any_port`, replies from there arrive, too.
        `secret`: the trace does not show it, or the part of it that is given.
        """
        data = self.codec.encode(message)
        self._send(self._shown(message, data, secret), data, port)

    def send_to_group(self, message: Any, *, port: int = 0, secret: Secret = False) -> None:
        """Send a message once to the `group`, on the adapter that leads to the device.

        `port` defaults to the device's; `secret` is as in `send`. Raises UnreachableError.
        """
        if not self._options.group:
            raise ArgumentError("no group to send to")
        data = self.codec.encode(message)
        to = Address(self._options.group, port or self._peer.port)
        self._connected()
        shown = self._shown(message, data, secret)
        self._paced(partial(self._send_now, shown, data, to))

    async def ask(
        self,
        message: Any,
        *,
        key: Hashable | None = None,
        match: MessageTest | None = None,
        again: bool = True,
        port: int = 0,
        secret: Secret = False,
    ) -> Any:
        """Send a message until its reply comes and return that: by `key`, else by `match`.

        Raises TimedOutError or UnreachableError. `port` is as in `send`. `again=False` sends it
        once, for a message that must not arrive twice, such as a toggle. `secret`: neither the
        trace nor an error shows it, or the part of it that is given.
        """
        if self._link.pacing.is_active:
            self._connected()
            await self._link.pacing.ready("a request")
        self._connected()  # raises before a timer is set
        data = self.codec.encode(message)
        delay = self._options.resend if again else 0
        shown = self._shown(message, data, secret)
        pending = self._correlator.expect_reply_to(
            message, self._options.timeout, key=key, match=match, secret=bool(secret)
        )
        again_now = partial(self._send_again, message, shown, port)
        with pending as reply:
            self._send(shown, data, port)
            with self._resending.until_answered(reply, delay, again_now):
                return await reply

    def _send_again(self, message: Any, shown: str | bytes, port: int) -> None:
        if self._options.greeting is not None:
            self.send(self._options.greeting, port=port)
        self._send(shown, self.codec.encode(message), port)

    def _shown(self, message: Any, data: bytes, secret: Secret) -> str | bytes:
        return self._link.shown(traced(self.codec, message, data), secret)

    def _may_resend(self) -> bool:
        """Return whether the pace allows one more message now: what is sent again need not wait."""
        pacing = self._link.pacing
        return not pacing.is_active or pacing.reserve_now()

    def _fail_all(self, reason: EdgeError) -> None:
        self._link.fail_held(reason)
        self._resending.close()
        self._correlator.fail_all(reason)

    def _send(self, shown: str | bytes, data: bytes, port: int) -> None:
        """Send a datagram as soon as the pace allows it; the trace has `shown`."""
        self._connected()
        to = Address(self._peer.host, port or self._peer.port)
        self._paced(partial(self._send_now, shown, data, to))

    def _paced(self, send: Callable[[], None]) -> None:
        if self._link.pacing.is_active:
            self._link.pacing.send(send)
        else:
            send()

    def _send_now(self, shown: str | bytes, data: bytes, to: Address) -> None:
        if to.host == self._options.group:
            self._connected().send_to_group(data, to, self.hub_host)
        else:
            self._connected().send(data, to)
        self._link.trace.add("sent", shown)

    # called by the socket

    def datagram(self, data: bytes, sender: Address) -> None:
        """Deliver a datagram of the device to the request that it answers, or to the driver."""
        if self._socket is None:  # joined, but not open yet
            return
        self._heard_at = asyncio.get_running_loop().time()
        if len(data) > self._options.limit:
            self._link.count_oddity("a datagram that is too large")
            return
        try:
            message = decoded(self.codec, data)
        except ReplyError:
            self._link.count_oddity("a datagram that cannot be decoded")
            return
        self._link.trace.add("received", traced(self.codec, message, data))
        self._correlator.deliver(message)

    def unclaimed(self, data: bytes, sender: Address) -> None:
        """Count a datagram from another address."""
        self._link.count_oddity("a datagram from another address")

    def too_many(self) -> None:
        """Count a datagram that was dropped, as it would have been at the cost of others."""
        self._link.count_oddity("a datagram too many")

    def ended(self, reason: EdgeError) -> None:
        """Report the loss of the socket."""
        if self._socket is not None:
            self._socket = None
            self._fail_all(reason)
            self._link.on_lost(reason)
