"""Where a device is, was, and may be: a few addresses, the most likely first."""

from .discovery import Address

MAX_ADDRESSES = 4
"""Addresses that are kept as possible."""


class Whereabouts:
    """The addresses of one device, as they were proven or claimed.

    Whatever is claimed, the one that was proven last stays among them.
    """

    __slots__ = ("_addresses", "_hints", "proven")

    def __init__(self, addresses: tuple[Address, ...]) -> None:
        """Begin with what is known, the most likely first."""
        self._addresses = list(addresses)
        self._hints: list[Address] = []
        """Where it was seen while it was connected."""
        self.proven = self.latest

    @property
    def latest(self) -> Address | None:
        """Where the device is, or was last."""
        return self._addresses[0] if self._addresses else None

    @property
    def all(self) -> tuple[Address, ...]:
        """Where the device may be, the most likely first."""
        return tuple(self._addresses)

    @property
    def unproven(self) -> tuple[Address, ...]:
        """Where the device was seen, the most likely first, if it was not found there yet."""
        seen = self._hints or self._addresses
        return tuple(seen) if seen[:1] != [self.proven] else ()

    @property
    def seen_elsewhere(self) -> bool:
        """Whether the device was last seen, first of all, where it is not connected."""
        return bool(self._hints) and self._hints[0] != self.latest

    def in_turn(self) -> tuple[Address, ...]:
        """Return what to try: where it was seen last, where it was proven, and the rest."""
        proven = () if self.proven is None else (self.proven,)
        return tuple(dict.fromkeys((*self._addresses[:1], *proven, *self._addresses)))

    def is_likely(self, address: Address) -> bool:
        """Return whether it was seen or proven there last."""
        return address in {self.latest, self.proven}

    def found(self, address: Address) -> None:
        """Learn that it was proven there."""
        self.proven = address
        self.remember(address)
        self._hints = []

    def remember(self, *addresses: Address) -> None:
        """Learn that it may be at these, first of all."""
        known = list(dict.fromkeys((*addresses, *self._addresses)))[:MAX_ADDRESSES]
        if self.proven is not None and self.proven not in known:
            known[-1] = self.proven  # whatever is claimed, this one was it
        self._addresses = known

    def hint(self, *addresses: Address) -> bool:
        """Learn where it is seen while it is connected; return whether that casts a doubt."""
        news = addresses[0] not in (self.latest, *self._hints)
        self._hints = list(addresses)
        return news or self.latest not in addresses

    def follow_hints(self) -> bool:
        """Have the hints be what is most likely, now that it is lost; return whether any are."""
        hints, self._hints = self._hints, []
        if hints:
            self.remember(*hints)
        return bool(hints)
