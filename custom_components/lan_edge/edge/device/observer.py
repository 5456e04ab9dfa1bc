"""The callbacks through which a device reports what is not in its state."""

from collections.abc import Callable
from dataclasses import dataclass

from ..errors import CertificateError, IdentityError
from ..network.address import Address


@dataclass(slots=True)
class Observer:
    """Callbacks of the user of a device; they must not raise."""

    on_online: Callable[[], None] = lambda: None
    """It is connected, identified and read, perhaps after a loss too short to be reported."""
    on_available: Callable[[], None] = lambda: None
    """The device or one of its components became available or unavailable."""
    on_listening: Callable[[str], None] = lambda _host: None
    """It is connected at this IP address, and its driver is told from now on what it announces."""
    on_reading: Callable[[str], None] = lambda _host: None
    """It is read again at this IP address, and its driver is told what it announces."""
    on_record: Callable[[], None] = lambda: None
    """The record changed and must be stored."""
    on_profile: Callable[[], None] = lambda: None
    """The profile changed."""
    on_secrets: Callable[[], None] = lambda: None
    """A secret changed and must be stored at once."""
    on_credentials: Callable[[], None] = lambda: None
    """The device rejected the login."""
    on_credentials_accepted: Callable[[], None] = lambda: None
    """The device accepts again the login that it has rejected."""
    on_certificate: Callable[[CertificateError], None] = lambda _error: None
    """Its certificate is not the pinned one; called once for each unexpected certificate."""
    on_impostor: Callable[[IdentityError], None] = lambda _error: None
    """Another device keeps answering at the address where this one was proven last."""
    on_sighted_elsewhere: Callable[[Address, Address], None] = lambda _here, _elsewhere: None
    """It has no id to report. A device answers for it at one address; it was sighted at another."""
