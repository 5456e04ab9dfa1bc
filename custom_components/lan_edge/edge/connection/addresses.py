"""The addresses at which a device is, was, or may be: a few, the most likely first."""

from ..network.address import Address

MAX_ADDRESSES = 4
"""Addresses kept for a device."""


class KnownAddresses:
    """The addresses of one device, proven or claimed.

    Whatever is claimed, the one that was proven last stays among them.
    """

    __slots__ = ("_addresses", "_hints", "proven")

    def __init__(self, addresses: tuple[Address, ...]) -> None:
        """Start with `addresses`, the most likely first."""
        self._addresses = list(addresses)
        self._hints: list[Address] = []
        """Where the device was sighted while it was connected."""
        self.proven = self.latest
        """Where its identity was proven last."""

    @property
    def latest(self) -> Address | None:
        """Where the device is, or was last."""
        return self._addresses[0] if self._addresses else None

    @property
    def all(self) -> tuple[Address, ...]:
        """Every known address, the most likely first."""
        return tuple(self._addresses)

    @property
    def unproven(self) -> tuple[Address, ...]:
        """Where the device was sighted, the most likely first, if it was not found there yet."""
        sighted = self._hints or self._addresses
        return tuple(sighted) if sighted[:1] != [self.proven] else ()

    @property
    def is_sighted_elsewhere(self) -> bool:
        """Whether the last sighting names another address first than the one in use."""
        return bool(self._hints) and self._hints[0] != self.latest

    def to_try(self) -> tuple[Address, ...]:
        """Return what to try: where it was sighted last, where it was proven, then the rest."""
        proven = () if self.proven is None else (self.proven,)
        return tuple(dict.fromkeys((*self._addresses[:1], *proven, *self._addresses)))

    def is_likely(self, address: Address) -> bool:
        """Return whether the device was sighted or proven there last."""
        return address in {self.latest, self.proven}

    def prove(self, address: Address) -> None:
        """Keep that the device is at `address`."""
        self.proven = address
        self.add(address)
        self._hints = []

    def add(self, *addresses: Address) -> None:
        """Put `addresses` first."""
        kept = list(dict.fromkeys((*addresses, *self._addresses)))[:MAX_ADDRESSES]
        if self.proven is not None and self.proven not in kept:
            kept[-1] = self.proven
        self._addresses = kept

    def hint(self, *addresses: Address) -> bool:
        """Keep where the device is sighted while it is connected; return whether that is news.

        It is where the first address is new, or the one in use is missing.
        """
        is_new = addresses[0] not in (self.latest, *self._hints)
        self._hints = list(addresses)
        return is_new or self.latest not in addresses

    def follow_hints(self) -> bool:
        """Put the hints first, now that the connection is lost; return whether there are any."""
        hints, self._hints = self._hints, []
        if hints:
            self.add(*hints)
        return bool(hints)
