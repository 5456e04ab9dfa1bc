"""Listens for what devices send without being asked, for the drivers' `UdpBeacon` matchers.

There is one socket for each port, and only while a matcher needs it. Anybody can send anything
there: what is read is bounded in size and rate, counted, and never makes it raise.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
import logging
from time import perf_counter
from typing import override

from ..errors import EdgeError, UnreachableError
from ..network.address import Address
from ..network.hosts import any_local_host
from ..timing.token_bucket import TokenBucket
from ..transports.udp.datagrams import Receiver, UdpSocket
from ..transports.udp.multicast import Membership
from .matchers import UdpBeacon
from .sighting import Sighting
from .udp_probe import MAX_ANSWER, read_answer

_LOGGER = logging.getLogger(__name__)

SOURCE_RATE = 20.0
"""Beacons a second that are read of one IP address."""
STRANGERS_RATE = 100.0
"""Beacons a second that are read of all IP addresses together at which no device is known."""
MAX_SOURCES = 256
"""IP addresses whose rate is known; the one that was heard longest ago is forgotten."""
KNOWN_FOR = 1.0
"""Seconds until the addresses of the devices are asked for again."""
BLOCKING = 0.2
"""Seconds for which a matcher may take to read one beacon before that is logged."""
_ANY_HOST = any_local_host(Address(""))


class Beacons:
    """Listens for the beacons of any number of matchers."""

    def __init__(
        self,
        on_sighting: Callable[[Sighting], None] = lambda _: None,
        devices: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """Report each beacon that is read to `on_sighting`, which must not raise.

        `devices` returns the IP addresses of known devices, whose beacons are read however many
        others there are.
        """
        self.on_sighting = on_sighting
        self.devices = devices
        self.counts = Counter[str]()
        """How many were `read`, came `too often`, were `too long`, or of no use to any matcher."""
        self.failures: dict[int, str] = {}
        """Why nothing can be received on a port, or from a group on it."""
        self._limit = _SourceLimit(self._device_hosts)
        self._ports: dict[int, _Port] = {}
        self._changing = asyncio.Lock()

    async def listen(self, matchers: Iterable[UdpBeacon], adapters: Iterable[str] = ()) -> None:
        """Listen for exactly these matchers from now on; groups on all `adapters`.

        An adapter is given as the hub's own IPv4 address on it. A port that cannot be opened is
        logged, and tried again by the next call.
        """
        by_port: dict[int, list[UdpBeacon]] = {}
        for matcher in matchers:
            by_port.setdefault(matcher.beacon_port, []).append(matcher)
        own = tuple(adapters)
        async with self._changing:
            for port in self._ports.keys() - by_port.keys():
                await self._ports.pop(port).close()
                self.failures.pop(port, None)
            for port, wanted in by_port.items():
                await self._listen(port, wanted, own)

    async def close(self) -> None:
        """Listen no more; no socket remains."""
        await self.listen(())

    def _device_hosts(self) -> Collection[str]:
        return self.devices()

    async def _listen(
        self, number: int, wanted: list[UdpBeacon], adapters: tuple[str, ...]
    ) -> None:
        port = self._ports.setdefault(number, _Port(number, self._heard))
        port.matchers = {(matcher.kind, matcher.read): matcher for matcher in wanted}
        try:
            await port.open()
            await port.follow({Membership(m.group, a) for m in wanted if m.group for a in adapters})
        except UnreachableError as err:
            if self.failures.get(number) != str(err):
                _LOGGER.warning("Beacons on UDP port %s cannot be received: %s", number, err)
            self.failures[number] = str(err)
        else:
            self.failures.pop(number, None)

    def _heard(self, port: _Port, data: bytes, sender: Address) -> None:
        if len(data) > MAX_ANSWER:
            self.counts["too long"] += 1
        elif not self._limit.admit(sender.host):
            self.counts["too often"] += 1
        else:
            sightings = [s for m in port.matchers.values() if (s := _sighting(m, data, sender))]
            self.counts["read" if sightings else "of no use"] += 1
            for sighting in sightings:
                self.on_sighting(sighting)


def _sighting(matcher: UdpBeacon, data: bytes, sender: Address) -> Sighting | None:
    began = perf_counter()
    values: Mapping[str, str] = read_answer(matcher, data)
    if (seconds := perf_counter() - began) > BLOCKING:
        _LOGGER.warning(
            "Reading a beacon (%s) blocked everything for %.1f s", matcher.kind, seconds
        )
    if not values:
        return None
    return Sighting("beacon", matcher.kind, Address(sender.host), "", {"beacon": values})


class _Port(Receiver):
    """One port, and the groups that are heard on it."""

    def __init__(self, number: int, heard: Callable[[_Port, bytes, Address], None]) -> None:
        self._local = Address(_ANY_HOST, number)
        self._heard = heard
        self.matchers: Mapping[object, UdpBeacon] = {}
        """Those that read a datagram in different ways."""
        self._socket: UdpSocket | None = None
        self._groups: dict[Membership, object] = {}
        """What each group was joined for."""

    async def open(self) -> None:
        """Open the socket, if it is not open; raise UnreachableError."""
        if self._socket is None:
            socket = UdpSocket.at(self._local)
            await socket.overhear(self)
            self._socket = socket

    async def follow(self, wanted: Collection[Membership]) -> None:
        """Join and leave groups; raise UnreachableError if one of them cannot be joined."""
        if (socket := self._socket) is None:
            return
        failure: UnreachableError | None = None
        for membership in self._groups.keys() - wanted:
            await socket.leave(self._groups.pop(membership))
        for membership in wanted - self._groups.keys():
            owner = object()
            try:
                await socket.join_group(owner, membership)
            except UnreachableError as err:
                failure = err
            else:
                self._groups[membership] = owner
        if failure is not None:
            raise failure

    async def close(self) -> None:
        """Close the socket, unless devices are connected by it."""
        socket, self._socket = self._socket, None
        if socket is not None:
            for owner in self._groups.values():
                await socket.leave(owner)
            await socket.leave(self)
        self._groups.clear()

    @override
    def datagram(self, data: bytes, sender: Address) -> None:
        self._heard(self, data, sender)

    @override
    def unclaimed(self, data: bytes, sender: Address) -> None:
        """Do nothing: it was overheard."""

    @override
    def too_many(self) -> None:
        """Do nothing: what is overheard has a limit of its own."""

    @override
    def ended(self, reason: EdgeError) -> None:
        self._socket = None
        self._groups.clear()


class _SourceLimit:
    """Limits how many beacons are read: of each address, and of all strangers together."""

    def __init__(self, devices: Callable[[], Collection[str]]) -> None:
        self._devices = devices
        self._known: Collection[str] = ()
        self._known_until = 0.0
        self._sources: dict[str, TokenBucket] = {}
        self._strangers: TokenBucket | None = None

    def admit(self, host: str) -> bool:
        """Return whether a beacon of this IP address may be read now."""
        bucket = self._sources.pop(host, None) or TokenBucket(SOURCE_RATE)
        self._sources[host] = bucket
        if len(self._sources) > MAX_SOURCES:
            del self._sources[next(iter(self._sources))]
        self._strangers = self._strangers or TokenBucket(STRANGERS_RATE)
        return bucket.take() and (self._is_device(host) or self._strangers.take())

    def _is_device(self, host: str) -> bool:
        if (now := asyncio.get_running_loop().time()) >= self._known_until:
            self._known, self._known_until = frozenset(self._devices()), now + KNOWN_FOR
        return host in self._known
