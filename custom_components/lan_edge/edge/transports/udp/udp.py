"""Datagrams over UDP: requests that are sent again until answered, and notifications.

Replies are matched by what they have in common with their request (`key`) or by what the driver
says (`ask(..., match=...)`); a reply that comes twice or too late is dropped where it has a key.
UDP has no connection: that a device is gone is learnt from the heartbeat alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, override

from ...errors import ArgumentError, EdgeError, ReplyError, UnreachableError
from ...network.address import Address
from ...network.hosts import any_local_host, is_group, resolve, source_towards
from ...timing.deadline import Deadline
from ..base import Link, Options, Transport
from ..login import log_in
from ..messages.codec import Codec, PlainCodec, decoded
from ..messages.correlation import Correlator, MessageTest, ReplyKey, any_message
from .datagrams import Datagrams, Member, Receiver


@dataclass(frozen=True, slots=True, kw_only=True)
class UdpOptions(Options):
    """Options of Udp."""

    codec: Callable[[], Codec] = PlainCodec
    """Makes the codec of a new connection; what it decodes is what the driver sees."""
    key: ReplyKey | None = None
    """Returns what a request and its reply have in common; None for a message that is no reply."""
    is_reply: MessageTest = any_message
    """Which messages can be replies where nothing else tells; the others are notifications."""
    resend: float = 0.25
    """Seconds until a request is sent again, twice as long each time; 0: never."""
    local_port: int = 0
    """The port of the hub that devices send to, where the protocol fixes one."""
    local_port_needed: bool = True
    """Whether it cannot do without that port, which another program may have; else it takes any."""
    local_host: str = ""
    """The address of the hub to use; any, unless given."""
    group: str = ""
    """The multicast group (IPv4) that devices send their news to, at `local_port`."""
    any_port: bool = False
    """Whether the device also sends from other ports than the one it listens on."""
    login: Callable[[Udp], Awaitable[None]] | None = None
    """Runs on each new connection before anything else."""

    @override
    def __post_init__(self) -> None:
        """Refuse a group that could not be heard."""
        Options.__post_init__(self)
        if self.group and not (is_group(self.group) and self.local_port):
            msg = f"group {self.group!r}: an IPv4 multicast group, with its local_port"
            raise ArgumentError(msg)


@dataclass(slots=True)
class _Sent:
    """What is sent again until it is answered."""

    message: Any
    data: bytes
    pause: float
    due: float


class Udp(Transport, Receiver):
    """Datagrams to and from one device."""

    options_type = UdpOptions
    pushes = True
    secure = False
    poll = 60.0  # a push may be lost on its way
    heartbeat = 6.0  # nothing else tells that it is gone
    patience = 3.4
    _options: UdpOptions
    codec: Codec
    """The codec of this connection; a driver may put another here, with the agreed key."""
    _datagrams: Datagrams | None = None
    _peer = Address("")
    _heard_at = 0.0

    def __init__(self, link: Link, options: Options) -> None:
        """Start without a request."""
        super().__init__(link, options)
        self._correlator = Correlator(link, in_order=False)
        self._unanswered: dict[asyncio.Future[Any], _Sent] = {}
        self._again = Deadline(self._send_again)
        self.codec = self._options.codec()

    @override
    async def open(self, address: Address) -> None:
        await self.close()
        self.codec = self._options.codec()
        self._correlator.match_by(self._options.key, self._options.is_reply)
        peer = await resolve(Address(address.host, address.port or self._options.port))
        sender = Address(peer.host, 0) if self._options.any_port else peer
        local = Address(self._options.local_host or any_local_host(peer), self._options.local_port)
        member: Member | None = None
        if group := self._options.group:
            member = Member(group, self._adapter(peer))
            local = Address(
                any_local_host(peer), local.port
            )  # a socket of one address hears no group
        datagrams = Datagrams.at(local)
        try:
            await datagrams.join(self, sender, member)
        except UnreachableError:
            if self._options.local_port_needed:
                raise
            datagrams = Datagrams.at(Address(local.host))
            await datagrams.join(self, sender)
        self._datagrams, self._peer, self._heard_at = datagrams, peer, 0.0
        await log_in(self, self._options.login)

    @override
    async def close(self) -> None:
        datagrams, self._datagrams = self._datagrams, None
        self._fail_all(UnreachableError("closed"))
        if datagrams is not None:
            await datagrams.leave(self)

    @property
    @override
    def heard_at(self) -> float:
        return self._heard_at if self._datagrams else 0.0

    @property
    def hub_host(self) -> str:
        """The hub's address on the way to the device; raises UnreachableError."""
        return self._adapter(self._peer)

    def _adapter(self, peer: Address) -> str:
        return self._options.local_host or source_towards(peer.host)

    def number(self) -> int:
        """Return a number that no earlier request had, for protocols that number them."""
        return self._correlator.number()

    def send(self, message: Any) -> None:
        """Send a message, once; raise UnreachableError where there is no socket."""
        self._send(message, self.codec.encode(message))

    def send_to_group(self, message: Any, *, port: int = 0) -> None:
        """Send a message, once, to the `group`, on the adapter that leads to the device.

        `port` is the device's unless given. Raises UnreachableError.
        """
        if not self._options.group:
            msg = "no group to send to"
            raise ArgumentError(msg)
        data = self.codec.encode(message)
        if self._datagrams is None:
            msg = "not connected"
            raise UnreachableError(msg)
        to = Address(self._options.group, port or self._peer.port)
        self._datagrams.send_on(self.hub_host, data, to)
        self._link.trace.add("sent", message)

    async def ask(
        self,
        message: Any,
        *,
        key: Hashable | None = None,
        match: MessageTest | None = None,
        again: bool = True,
    ) -> Any:
        """Send a message until its reply comes, and return that: by `key`, else by `match`.

        Raises TimedOutError or UnreachableError. `again=False`: for a message that does
        something else the second time, such as a toggle.
        """
        data = self.codec.encode(message)
        pause = self._options.resend if again else 0
        timeout = self._options.timeout
        with self._correlator.expect_reply_to(message, timeout, key=key, match=match) as reply:
            self._send(message, data)
            if pause:
                due = asyncio.get_running_loop().time() + pause
                self._unanswered[reply] = _Sent(message, data, pause, due)
                self._again.within(pause)
            try:
                return await reply
            finally:
                self._unanswered.pop(reply, None)

    def _send_again(self) -> None:
        now = asyncio.get_running_loop().time()
        for reply, sent in self._unanswered.items():
            if sent.due <= now and not reply.done():  # who asked has not had its turn yet
                with suppress(UnreachableError):  # whoever waits learns of it by itself
                    self._send(sent.message, sent.data)
                sent.pause *= 2
                sent.due = now + sent.pause
        if left := [sent.due for reply, sent in self._unanswered.items() if not reply.done()]:
            self._again.within(min(left) - now)

    def _fail_all(self, reason: EdgeError) -> None:
        self._again.close()
        self._correlator.fail_all(reason)

    def _send(self, message: Any, data: bytes) -> None:
        if self._datagrams is None:
            msg = "not connected"
            raise UnreachableError(msg)
        self._datagrams.send(data, self._peer)
        self._link.trace.add("sent", message)

    # called by the socket

    @override
    def datagram(self, data: bytes, sender: Address) -> None:
        if self._datagrams is None:  # joined, but not open yet
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
        self._link.trace.add("received", message)
        self._correlator.deliver(message)

    @override
    def stranger(self, data: bytes, sender: Address) -> None:
        self._link.count_oddity("a datagram from another address")

    @override
    def ended(self, reason: EdgeError) -> None:
        if self._datagrams is not None:
            self._datagrams = None
            self._fail_all(reason)
            self._link.on_lost(reason)
