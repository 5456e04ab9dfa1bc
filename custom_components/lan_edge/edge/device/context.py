"""A device as its driver sees it: the implementation of `DriverContext`."""

from collections.abc import Callable, Mapping
from typing import Any

from ..callbacks.registration import CallbackRegistration
from ..capabilities.profile import Profile
from ..driver.identity import Identity
from ..errors import UnreachableError
from ..timing.timers import Timers, Work
from ..transports import Transport
from .core import DeviceCore
from .state import State


class DeviceContext:
    """Hands on what a driver uses to the parts of its device."""

    __slots__ = ("_callback", "_core", "_read_again", "_timers", "io", "state")

    def __init__(
        self,
        core: DeviceCore,
        io: Transport,
        timers: Timers,
        callback: CallbackRegistration | None,
        read_again: Callable[[], None],
    ) -> None:
        """Stand for the device with that core."""
        self._core = core
        self.io = io
        self._timers = timers
        self._callback = callback
        self._read_again = read_again
        self.state: State = core.state

    @property
    def identity(self) -> Identity:
        """Who and what the device is."""
        return self._core.identity

    @property
    def profile(self) -> Profile:
        """What the device can do at the moment."""
        return self._core.profile

    @property
    def settings(self) -> Any:
        """What the user set."""
        return self._core.settings

    @property
    def memory(self) -> Any:
        """What the driver remembers."""
        return self._core.memory

    @property
    def secrets(self) -> Mapping[str, str]:
        """The tokens and passwords that were kept."""
        return self._core.secrets

    def describe(self, **details: str) -> None:
        """Add details to the identity, once it is proven."""
        self._core.describe(**details)

    def set_profile(self, profile: Profile) -> None:
        """Change what the device can do; raise ReplyError if it is too much."""
        self._core.set_profile(profile)

    def set_available(self, component: str, available: bool) -> None:
        """Report that a component is there or away."""
        self._core.set_available(component, available)

    def set_secret(self, key: str, value: str) -> None:
        """Keep a token or password."""
        self._core.set_secret(key, value)

    def refresh_soon(self) -> None:
        """Have everything read again in the device's turn."""
        self._read_again()

    def every(self, seconds: float, work: Work) -> Callable[[], None]:
        """Run `work` in the device's turn again and again."""
        return self._timers.every(seconds, work)

    def after(self, seconds: float, work: Work) -> Callable[[], None]:
        """Run `work` in the device's turn once."""
        return self._timers.after(seconds, work)

    async def callback_url(self) -> str:
        """Return the URL at which the device reaches the hub; raise UnreachableError."""
        return await self._registration().url()

    async def callback_send(self, message: str | bytes) -> None:
        """Send on the WebSocket that the device opened; raise OfflineError."""
        await self._registration().send(message)

    def _registration(self) -> CallbackRegistration:
        if self._callback is None:
            raise UnreachableError("this hub takes no callbacks")
        return self._callback
