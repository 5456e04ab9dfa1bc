"""The addresses at which a device is, was or may be: a few, the most likely first."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain

from ..network.address import Address
from ..network.hosts import canonical_host

MAX_ADDRESSES = 4
"""The most addresses kept for a device."""
MAX_FOUND = 2
"""The most of them that are kept because the device answered a search there."""
LOGIN_PATIENCE = 60.0
"""Seconds for which every attempt at the proven address must have failed before a device that could
be robbed of its login is tried elsewhere: a sighting is only a claim."""


class KnownAddresses:
    """The addresses of one device, proven or only claimed.

    No claim can push out the address that was proven last, or one where it answered a search.
    """

    __slots__ = (
        "_addresses",
        "_chosen",
        "_claimed",
        "_failing_since",
        "_found",
        "_hints",
        "_is_login_at_stake",
        "_usual_port",
        "is_identified",
        "is_just_lost",
        "is_left",
        "proven",
    )

    def __init__(
        self,
        addresses: tuple[Address, ...],
        is_login_at_stake: Callable[[], bool] = lambda: False,
        usual_port: Callable[[], int] = lambda: 0,
    ) -> None:
        """Start with `addresses`, the most likely first.

        `is_login_at_stake` returns whether whoever answers could get a login of the device;
        `usual_port` returns which port is meant by port 0.
        """
        self._usual_port = usual_port
        self._addresses = list(addresses)
        self._is_login_at_stake = is_login_at_stake
        self._failing_since: float | None = None
        """Since when all attempts at the proven address have failed, in loop time."""
        self._claimed: list[Address] = []
        """Where it was sighted since it was connected last, or while that was in doubt."""
        self._found: tuple[Address, ...] = ()
        """Where it answered a search since it was connected last."""
        self._chosen: Address | None = None
        """Where it is to be connected next, as was decided; it has not been proven there yet."""
        self._hints: list[tuple[Address, ...]] = []
        """The sightings while connected, the last one first: another one may have been false."""
        self.proven = self.latest
        """The address at which the device's identity was proven last."""
        self.is_identified = False
        """Whether the device reported an id of its own when it was connected last."""
        self.is_just_lost = False
        """Whether the connection at the proven address was just lost, and may be back at once."""
        self.is_left = False
        """Whether the device has been unreachable at the proven address for a while."""

    @property
    def latest(self) -> Address | None:
        """The current address of the device, or the last one."""
        return self._addresses[0] if self._addresses else None

    @property
    def all(self) -> tuple[Address, ...]:
        """Every known address, the most likely first."""
        return tuple(self._addresses)

    def known(self, *addresses: Address) -> tuple[Address, ...]:
        """Return addresses as they are kept here, if they are: written in another way.

        The path that is kept stays, too: where it is no longer right, the device is asked for it.
        """
        return _distinct(map(self._known, addresses))

    def _known(self, address: Address) -> Address:
        for each in self._addresses:
            if self._is_same(each, address):
                return replace(each, path=each.path or address.path)
        return address

    def _is_same(self, one: Address, other: Address) -> bool:
        """Return whether two addresses are the same; port 0 is the usual port, if that is known."""
        ports, hosts = {*map(self._port, (one, other))}, {*map(_written_host, (one, other))}
        return len(hosts) == 1 and (len(ports) == 1 or 0 in ports)

    def _port(self, address: Address) -> int:
        return address.port or self._usual_port()

    @property
    def unproven(self) -> tuple[Address, ...]:
        """The addresses of the last sightings, the most likely first; none once one is proven."""
        sighted = _few(*chain(*self._hints)) if self._hints else self.all
        return sighted if sighted[:1] != (self.proven,) else ()

    @property
    def hints(self) -> tuple[Address, ...]:
        """The addresses of the last sighting while connected, until followed or refuted."""
        return self._hints[0] if self._hints else ()

    @property
    def claimed_by_hints(self) -> tuple[Address, ...]:
        """Other addresses at which the device was sighted while connected, the last one last."""
        return tuple(s[0] for s in reversed(self._hints) if self.latest not in s)

    @property
    def is_claimed_elsewhere(self) -> bool:
        """Whether it was sighted at another address than the proven one since it was connected."""
        return any(address != self.proven for address in self._claimed)

    def is_claimed(self, address: Address) -> bool:
        """Return whether it was sighted at `address` since it was connected."""
        return address in self._claimed

    def claimed_beside(self, address: Address) -> Address | None:
        """Return where else than at `address` it was sighted last since it was connected."""
        return next((each for each in self._claimed if each != address), None)

    def to_try(self) -> tuple[Address, ...]:
        """Return the addresses to try: the chosen one, the last sighting, the proven one, others.

        The proven one is first if the device was sighted there, too, or was just lost there: an id
        can be copied. It is the only one until the device has left it, if another device could be
        taken for this one. Where a login is at stake it is always first, and the only one until it
        has failed for LOGIN_PATIENCE.
        """
        chosen = () if self._chosen is None else (self._chosen,)
        return _distinct((*chosen, *self._likely()))

    def one_round(self) -> tuple[Address, ...]:
        """Return `to_try`, with the proven one again after each that is behind it.

        However many other addresses are claimed where nobody answers, it is tried most of the time.
        """
        order = self.to_try()
        if self.proven not in order:
            return order
        behind = order.index(self.proven) + 1
        again = ((each, self.proven) for each in order[behind:])
        return (*order[:behind], *chain.from_iterable(again))

    def _likely(self) -> tuple[Address, ...]:
        proven = () if self.proven is None else (self.proven,)
        if proven and self._is_login_at_stake():
            return _distinct((*proven, *self._addresses)) if self._is_lost() else proven
        if proven and not (self.is_identified or self.is_left):
            return proven
        if self.is_just_lost or self.proven in self._claimed:
            return _distinct((*proven, *self._addresses))
        return _distinct((*self._addresses[:1], *proven, *self._addresses))

    def is_likely(self, address: Address) -> bool:
        """Return whether the last sighting or the last proof was at `address`."""
        return address in {self.latest, self.proven, self._chosen}

    def is_proven(self, address: Address) -> bool:
        """Return whether the device was proven last at `address`, or nowhere yet."""
        return self.proven in {None, address}

    def is_expected(self, address: Address) -> bool:
        """Return whether the device was sighted last at `address`, or is to be connected there."""
        return address in {self.latest, self._chosen}

    def failed_where_proven(self) -> None:
        """Record a failed attempt at the proven address."""
        if self._failing_since is None:
            self._failing_since = asyncio.get_running_loop().time()

    def _is_lost(self) -> bool:
        """Return whether the proven address has failed for LOGIN_PATIENCE."""
        since, now = self._failing_since, asyncio.get_running_loop().time()
        return since is not None and now - since >= LOGIN_PATIENCE

    def accepts(self, address: Address) -> bool:
        """Return whether the device that answers at `address` may be taken for this one.

        If it has no id, it may where this one was sighted, and where it was proven, unless it has
        left that address and was sighted elsewhere: there may be another device by now.
        """
        if self.is_identified or address in (*self._claimed, self._chosen):
            return True
        if address == self.proven and self._is_login_at_stake():
            return True  # the login is accepted only by this one
        return address == self.proven and not (self.is_left and self._claimed)

    def choose(self, address: Address) -> None:
        """Have it connected at `address` next; whoever answers there must prove to be it."""
        self._chosen = address
        self._put_first((address,))

    def prove(self, address: Address) -> None:
        """Record that the device is at `address`."""
        self.proven, self._chosen = address, None
        self._failing_since = None
        self.is_just_lost = self.is_left = False
        self._hints, self._claimed, self._found = [], [], ()
        self._put_first((address,))

    def add(self, *addresses: Address) -> bool:
        """Put the addresses of a sighting before the others; return whether all could be kept."""
        are_kept = self._put_first(addresses)
        claimed = _distinct((*addresses[:1], *self._claimed))
        self._claimed = [each for each in claimed if each in self._addresses]
        return are_kept

    def find(self, *addresses: Address) -> None:
        """Put the addresses at which it answered a search before all claims."""
        self._found = addresses[:MAX_FOUND]
        self.add(*self._found)

    def _put_first(self, addresses: Iterable[Address]) -> bool:
        known = _distinct((*self._found, *addresses, *self._addresses))
        kept = list(known[:MAX_ADDRESSES])
        if self.proven is not None and self.proven not in kept:
            kept[-1] = self.proven
        self._addresses = kept
        return len(known) == len(kept)

    def hint(self, *addresses: Address) -> bool:
        """Record a sighting while the device is connected; return whether it is new.

        It is new if its first address is, or if the current address is missing from it. A cache may
        report it once more together with the old address: that takes no doubt away.
        """
        is_new = addresses[0] not in (self.latest, *self.hints)
        if addresses[0] not in self.claimed_by_hints or self.latest not in addresses:
            kept = (s for s in self._hints if self.latest not in s and s[0] != addresses[0])
            self._hints = [addresses[:MAX_ADDRESSES], *kept][:MAX_ADDRESSES]
        return is_new or self.latest not in addresses

    def refute(self, hints: tuple[Address, ...]) -> None:
        """Put all hints behind the current address, where the device has just answered.

        `hints` are those of the last sighting before it was asked: there may be a newer one.
        """
        if hints and self.hints == hints:
            current = self._addresses[:1]
            self._addresses = list(_few(*current, *chain(*self._hints), *self._addresses))
            self._hints = []

    def follow_hints(self) -> bool:
        """Put the hints first, after the connection is lost; return whether there were any."""
        hints, self._hints = self._hints, []
        for addresses in reversed(hints):
            self.add(*addresses)
        return bool(hints)


def _written_host(address: Address) -> str:
    return canonical_host(address.host) or address.host


def _distinct(addresses: Iterable[Address]) -> tuple[Address, ...]:
    return tuple(dict.fromkeys(addresses))


def _few(*addresses: Address) -> tuple[Address, ...]:
    return _distinct(addresses)[:MAX_ADDRESSES]
