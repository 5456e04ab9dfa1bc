"""The addresses at which a device is, was or may be: a few, the most likely first."""

from ..network.address import Address

MAX_ADDRESSES = 4
"""The most addresses kept for a device."""


class KnownAddresses:
    """The addresses of one device, proven or only claimed.

    No claim can push out the address that was proven last.
    """

    __slots__ = ("_addresses", "_hints", "proven")

    def __init__(self, addresses: tuple[Address, ...]) -> None:
        """Start with `addresses`, the most likely first."""
        self._addresses = list(addresses)
        self._hints: list[Address] = []
        """Addresses at which the device was sighted while connected."""
        self.proven = self.latest
        """The address at which the device's identity was proven last."""

    @property
    def latest(self) -> Address | None:
        """The current address of the device, or the last one."""
        return self._addresses[0] if self._addresses else None

    @property
    def all(self) -> tuple[Address, ...]:
        """Every known address, the most likely first."""
        return tuple(self._addresses)

    @property
    def unproven(self) -> tuple[Address, ...]:
        """The addresses of the last sighting, the most likely first; none once one is proven."""
        sighted = self._hints or self._addresses
        return tuple(sighted) if sighted[:1] != [self.proven] else ()

    @property
    def is_sighted_elsewhere(self) -> bool:
        """Whether the last sighting puts another address before the current one."""
        return bool(self._hints) and self._hints[0] != self.latest

    def to_try(self) -> tuple[Address, ...]:
        """Return the addresses to try: the one sighted last, the proven one, then the rest."""
        proven = () if self.proven is None else (self.proven,)
        return tuple(dict.fromkeys((*self._addresses[:1], *proven, *self._addresses)))

    def is_likely(self, address: Address) -> bool:
        """Return whether the last sighting or the last proof was at `address`."""
        return address in {self.latest, self.proven}

    def prove(self, address: Address) -> None:
        """Record that the device is at `address`."""
        self.proven = address
        self.add(address)
        self._hints = []

    def add(self, *addresses: Address) -> None:
        """Put `addresses` before the others."""
        kept = list(dict.fromkeys((*addresses, *self._addresses)))[:MAX_ADDRESSES]
        if self.proven is not None and self.proven not in kept:
            kept[-1] = self.proven
        self._addresses = kept

    def hint(self, *addresses: Address) -> bool:
        """Record a sighting while the device is connected; return whether it is new.

        It is new if its first address is, or if the current address is missing from it.
        """
        is_new = addresses[0] not in (self.latest, *self._hints)
        self._hints = list(addresses[:MAX_ADDRESSES])
        return is_new or self.latest not in addresses

    def follow_hints(self) -> bool:
        """Put the hints first, after the connection is lost; return whether there were any."""
        hints, self._hints = self._hints, []
        if hints:
            self.add(*hints)
        return bool(hints)
