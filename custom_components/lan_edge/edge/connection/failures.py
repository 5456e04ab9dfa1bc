"""What the failures of a round of attempts mean."""

from collections.abc import Mapping

from ..errors import (
    CertificateError,
    CredentialsError,
    EdgeError,
    IdentityError,
    TimedOutError,
    UnreachableError,
)
from ..network.address import Address

NEEDS_ACTION = (CredentialsError, IdentityError, CertificateError)
"""Failures that another attempt does not fix."""
ABSENT = (UnreachableError, TimedOutError, IdentityError)
"""Failures which mean that the device is not there."""


def may_be_back(failure: EdgeError) -> bool:
    """Return whether another attempt may soon succeed: nobody has answered."""
    return isinstance(failure, UnreachableError | TimedOutError)


class Failures:
    """The failures of a device's attempts, one at each of its addresses."""

    __slots__ = ("likeliest", "where_proven")

    def __init__(self, by_address: Mapping[Address, EdgeError], proven: Address | None) -> None:
        """Judge the failures, the likeliest address first; `proven` is the proven address."""
        self.likeliest = next(iter(by_address.values()), UnreachableError(t"no address is known"))
        """Why it failed at the address that was tried first."""
        self.where_proven = by_address.get(proven, self.likeliest) if proven else self.likeliest
        """Why it failed at the proven address."""

    @property
    def need_action(self) -> bool:
        """Whether the user has to act.

        Another device at a sighted or an old address must not slow down the next attempts.
        """
        return all(isinstance(f, NEEDS_ACTION) for f in (self.where_proven, self.likeliest))

    @property
    def mean_absence(self) -> bool:
        """Whether nothing answered for the device at the proven address."""
        return isinstance(self.where_proven, ABSENT)
