"""The interface through which a driver uses its device."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Protocol

from ..capabilities.definition import Attribute, Capability
from ..capabilities.profile import MAIN, Profile
from ..timing.timers import Work
from ..transports import Transport
from .identity import Identity


class AttributeValues(Protocol):
    """The values of a device's attributes."""

    def get[T](self, attribute: Attribute[T], component: str) -> T | None:
        """Return the last value, or None if no value is known."""
        ...

    def emit[T](self, attribute: Attribute[T], value: T | None, component: str) -> None:
        """Set a value that the device reported, None if it is unknown; never raises."""

    def reject(self, attribute: Attribute[Any], reason: str, component: str = MAIN) -> None:
        """Count a value that cannot be used; it is unknown."""

    def keep(self, attribute: Attribute[Any], component: str) -> None:
        """Keep the last value, though the read that is under way does not tell it."""


class DriverContext(Protocol):
    """A device, as its driver sees it."""

    @property
    def identity(self) -> Identity:
        """The identity of the device."""
        ...

    @property
    def profile(self) -> Profile:
        """The current profile of the device."""
        ...

    @property
    def declared(self) -> Profile:
        """The profile with all that the device may lack."""
        ...

    @property
    def state(self) -> AttributeValues:
        """The values of the device's attributes."""
        ...

    @property
    def settings(self) -> Any:
        """The user's settings, as the driver's dataclass."""
        ...

    @property
    def memory(self) -> Any:
        """The driver's memory, as its dataclass."""
        ...

    @property
    def secrets(self) -> Mapping[str, str]:
        """The stored tokens and passwords, by key."""
        ...

    @property
    def io(self) -> Transport:
        """The connection to the device."""
        ...

    @property
    def speaking(self) -> str:
        """The name of the way on which the message that is handled now came; empty: `io`."""
        ...

    @property
    def is_told_beside(self) -> bool:
        """Whether the device reports changes on a way beside `io`, open now."""
        ...

    def beside(self, name: str) -> Transport:
        """Return a way beside `io` by its name."""
        ...

    async def optional[T](
        self,
        read: Callable[[], Awaitable[T]],
        of: tuple[Attribute[Any] | type[Capability], ...],
        component: str,
    ) -> T | None:
        """Run a reading that decides nothing else; return None if it fails."""
        ...

    def describe(self, **details: str | None) -> None:
        """Add details to the identity, once it is proven."""

    def set_profile(self, profile: Profile) -> None:
        """Change the profile of the device."""

    def remove_components(self, components: Collection[str]) -> None:
        """Remove components."""

    def set_available(self, component: str, available: bool) -> None:
        """Report whether a component is available."""

    def set_secret(self, key: str, value: str) -> None:
        """Store a token or password."""

    def refresh_soon(self, *, retry: bool) -> None:
        """Read everything again soon, in the device's command queue; `retry`: what failed, too."""

    def every(self, seconds: float, work: Work) -> Callable[[], None]:
        """Run `work` every `seconds` in the device's command queue; return how to end it."""
        ...

    def after(self, seconds: float, work: Work) -> Callable[[], None]:
        """Run `work` once in `seconds`, in the device's command queue; return how to cancel it."""
        ...

    async def callback_url(self) -> str:
        """Return the URL at which the device reaches the hub; raise UnreachableError."""
        ...

    async def callback_send(self, message: str | bytes) -> None:
        """Send a message on the WebSocket that the device opened; raise OfflineError."""
