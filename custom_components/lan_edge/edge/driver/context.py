"""What a driver may use of its device; the device implements it."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ..capabilities.definition import Attribute
from ..capabilities.profile import Profile
from ..timing.timers import Work
from ..transports import Transport
from .identity import Identity


class AttributeValues(Protocol):
    """The values of a device's attributes."""

    def get[T](self, attribute: Attribute[T], component: str) -> T | None:
        """Return the last value, or None if none is known."""
        ...

    def emit[T](self, attribute: Attribute[T], value: T, component: str) -> None:
        """Take a value of the device's; never raises."""

    def reject(self, attribute: Attribute[Any], reason: str) -> None:
        """Count a value that cannot be taken."""


class DriverContext(Protocol):
    """A device, as its driver sees it."""

    @property
    def identity(self) -> Identity:
        """Who and what the device is."""
        ...

    @property
    def profile(self) -> Profile:
        """What the device can do at the moment."""
        ...

    @property
    def state(self) -> AttributeValues:
        """The values of its attributes."""
        ...

    @property
    def settings(self) -> Any:
        """What the user set: the driver's settings dataclass."""
        ...

    @property
    def memory(self) -> Any:
        """What the driver remembers: its memory dataclass."""
        ...

    @property
    def secrets(self) -> Mapping[str, str]:
        """The tokens and passwords that were kept."""
        ...

    @property
    def io(self) -> Transport:
        """The connection to the device."""
        ...

    def describe(self, **details: str) -> None:
        """Add details to the identity, once it is proven."""

    def set_profile(self, profile: Profile) -> None:
        """Change what the device can do."""

    def set_available(self, component: str, available: bool) -> None:
        """Report that a component is there or away."""

    def set_secret(self, key: str, value: str) -> None:
        """Keep a token or password."""

    def refresh_soon(self) -> None:
        """Have everything read again in the device's turn."""

    def every(self, seconds: float, work: Work) -> Callable[[], None]:
        """Run `work` in the device's turn again and again."""
        ...

    def after(self, seconds: float, work: Work) -> Callable[[], None]:
        """Run `work` in the device's turn once."""
        ...

    async def callback_url(self) -> str:
        """Return the URL at which the device reaches the hub; raise UnreachableError."""
        ...

    async def callback_send(self, message: str | bytes) -> None:
        """Send on the WebSocket that the device opened; raise OfflineError."""
