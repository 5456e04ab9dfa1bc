"""A device as its driver sees it; implements `DriverContext`."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from ..callbacks.registration import CallbackRegistration
from ..capabilities.definition import Attribute, Capability
from ..capabilities.profile import Profile
from ..driver.identity import Identity
from ..errors import UnreachableError
from ..network.address import Address
from ..timing.timers import Timers, Work
from ..transports import Transport
from .call_secret import secret_of
from .core import DeviceCore
from .state import State


class DeviceContext:
    """Forwards the calls of a driver to the objects of its device."""

    __slots__ = ("_callback", "_core", "_refresh_soon", "_timers", "io", "state", "transport")

    def __init__(
        self,
        core: DeviceCore,
        io: Transport,
        timers: Timers,
        callback: CallbackRegistration | None,
        refresh_soon: Callable[[], None],
    ) -> None:
        """Represent the device of `core`."""
        self._core = core
        self.transport = io
        """All ways to the device."""
        self.io = io.first
        self._timers = timers
        self._callback = callback
        self._refresh_soon = refresh_soon
        self.state: State = core.state

    def with_transport(self, io: Transport) -> DeviceContext:
        """Return the same device with another transport."""
        return DeviceContext(self._core, io, self._timers, self._callback, self._refresh_soon)

    @property
    def identity(self) -> Identity:
        """The identity of the device."""
        return self._core.identity

    @property
    def profile(self) -> Profile:
        """The current profile of the device."""
        return self._core.profile

    @property
    def declared(self) -> Profile:
        """The profile with all that the device may lack."""
        return self._core.declared

    @property
    def settings(self) -> Any:
        """The user's settings, as the driver's dataclass."""
        return self._core.settings

    @property
    def memory(self) -> Any:
        """The driver's memory, as its dataclass."""
        return self._core.memory

    @property
    def secrets(self) -> Mapping[str, str]:
        """The stored tokens and passwords, by key."""
        return self._core.secrets

    @property
    def speaking(self) -> str:
        """The name of the way on which the message that is handled now came."""
        return self.transport.speaking

    @property
    def is_told_beside(self) -> bool:
        """Whether the device reports changes on a way beside `io`, open now."""
        return self.transport.is_told_beside

    def beside(self, name: str) -> Transport:
        """Return a way beside `io` by its name."""
        return self.transport.beside(name)

    async def optional[T](
        self,
        read: Callable[[], Awaitable[T]],
        of: tuple[Attribute[Any] | type[Capability], ...],
        component: str,
    ) -> T | None:
        """Run a reading that decides nothing else; return None if it fails."""
        return await self._core.optional_readings.run(read, self.transport, of, component)

    def describe(self, **details: str | None) -> None:
        """Add details to the identity, once it is proven."""
        self._core.describe(**details)

    def set_profile(self, profile: Profile) -> None:
        """Change the profile of the device; raise ReplyError if it is too large."""
        self._core.components.follow(profile)

    def remove_components(self, components: Collection[str]) -> None:
        """Remove components, once the identity is proven."""
        if self._core.state.is_proven:
            self._core.components.remove(components)

    def set_available(self, component: str, available: bool) -> None:
        """Report whether a component is available; ask about one that is not known."""
        self._core.components.set_available(component, available)
        if self._core.state.is_proven:
            self._core.state.check_component(component)

    def set_secret(self, key: str, value: str) -> None:
        """Store a token or password."""
        self._core.set_secret(key, value)

    def refresh_soon(self, *, retry: bool) -> None:
        """Read everything again soon, in the device's command queue.

        Not because of an answer to what a read has asked: it would be read for ever.
        """
        if self._core.read_answers.has_one:
            return
        if retry:
            self._core.optional_readings.make_due()
        self._refresh_soon()

    def every(self, seconds: float, work: Work) -> Callable[[], None]:
        """Run `work` every `seconds` in the device's command queue; return how to end it."""
        return self._timers.every(seconds, work)

    def after(self, seconds: float, work: Work) -> Callable[[], None]:
        """Run `work` once in `seconds`, in the device's command queue; return how to cancel it."""
        return self._timers.after(seconds, work)

    async def attach_callback(self, address: Address) -> None:
        """Let the device at an address send requests to the hub, if the hub accepts any."""
        callback, driver = self._callback, self._core.driver
        if callback is None:
            return
        if driver.keeps_callback_url:
            await callback.keep_secret(secret_of(self._core))
        await callback.attach(
            address.host,
            by_address=driver.callback_by_address,
            at_once=driver.keeps_callback_url,
        )

    async def callback_url(self) -> str:
        """Return the URL at which the device reaches the hub; raise UnreachableError."""
        registration = self._registration()
        url = await registration.url()
        self._core.privacy.renew("callback", [registration.token])  # the driver may send or log it
        return url

    async def callback_send(self, message: str | bytes) -> None:
        """Send a message on the WebSocket that the device opened; raise OfflineError."""
        await self._registration().send(message)

    def _registration(self) -> CallbackRegistration:
        if self._callback is None:
            raise UnreachableError(t"there is no listener that the device could call")
        return self._callback
