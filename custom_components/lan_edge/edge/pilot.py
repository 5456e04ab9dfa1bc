"""A driver as its device sees it: what the device calls, and when."""

from typing import Any, ClassVar, Protocol

from .confirm import Confirm
from .dispatcher import Family
from .listener import CallbackRequest
from .pairing import Ask
from .profile import Profile
from .transports import Options, Transport


class Pilot(Family, Protocol):
    """A driver class; a device has one instance of it, or of a sub-driver."""

    transport: ClassVar[type[Transport]]
    profile: ClassVar[Profile]
    callback_by_address: ClassVar[bool]
    """Whether what comes from the device's address is its own, without a token."""
    confirm_within: ClassVar[float]
    """Seconds in which a command's result must show."""
    on_first: ClassVar[bool]
    """Whether its devices take nothing but "on" while they are off."""
    component: str
    """The component that the command under way is for."""
    settings: Any
    """What the user set."""
    Settings: ClassVar[type[Any] | None]
    """The dataclass of what the user may set."""

    def __init__(self, device: Any) -> None:
        """Drive that device."""

    @property
    def poll_interval(self) -> float | None:
        """Seconds between two refreshes; None: none."""
        ...

    @property
    def confirm_by(self) -> Confirm:
        """How a command's result gets into the state."""
        ...

    def dial(self) -> Options:
        """Return the transport's options for this device."""
        ...

    def on_message(self, message: Any) -> None:
        """Take a message, a reply too; in the order of arrival."""

    def on_callback(self, request: CallbackRequest) -> str | None:
        """Take what the device sent the hub on its own; return a text to answer with."""
        ...

    async def identify(self) -> str:
        """Ask the device for its id; empty where it cannot tell."""
        ...

    async def ping(self) -> str:
        """Get a sign of life; return the device's id, or empty text."""
        ...

    async def refresh(self) -> None:
        """Read everything, and emit it."""

    async def pair(self, ask: Ask) -> None:
        """Ask the user for what it takes to be let in."""

    async def added(self) -> None:
        """Run once in a device's life, at its first connection."""

    async def connected(self) -> None:
        """Run at each connection, before the first refresh."""

    async def disconnected(self) -> None:
        """Run once for each `connected`, when that connection is gone."""

    async def settings_changed(self, old: Any) -> None:
        """Run when the user changed the settings."""

    async def goodbye(self) -> None:
        """Run before the hub closes the connection."""

    async def removed(self) -> None:
        """Run once, before the hub forgets the device, if it is there."""
