"""What a device reports beside its state."""

from collections.abc import Callable
from dataclasses import dataclass

from ..errors import CertificateError, IdentityError


@dataclass(slots=True)
class Observer:
    """Callbacks of whoever uses a device; none of these may raise."""

    on_online: Callable[[], None] = lambda: None
    """It is connected, proven and read, perhaps after a drop that nobody saw."""
    on_available: Callable[[], None] = lambda: None
    """The device, or a component of it, came or went."""
    on_record: Callable[[], None] = lambda: None
    """The record changed, and is to be kept."""
    on_profile: Callable[[], None] = lambda: None
    """The profile changed."""
    on_secrets: Callable[[], None] = lambda: None
    """A secret changed, and is to be kept at once."""
    on_credentials: Callable[[], None] = lambda: None
    """The device no longer accepts the login."""
    on_certificate: Callable[[CertificateError], None] = lambda _error: None
    """Its certificate is not the pinned one; reported once for each other one."""
    on_impostor: Callable[[IdentityError], None] = lambda _error: None
    """Another device keeps answering where this one was proven last."""
