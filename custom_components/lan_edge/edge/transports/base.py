"""What every transport is: it opens to an address, closes, and reports what comes in."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ..callbacks.registration import CallbackRegistration
from ..diagnostics.trace import Trace
from ..errors import ArgumentError, EdgeError
from ..network.address import Address
from ..network.tls import Pin, Tls

LEAST_ANSWERS_WITHIN = 2.0
"""Seconds in which a lost packet is sent again; with less, each loss would look like a failure."""


@dataclass(slots=True)
class Link:
    """What a transport reports to; none of these may raise or block."""

    on_message: Callable[[Any], None]
    """A message of the device, replies included, in the order of arrival."""
    on_lost: Callable[[EdgeError], None]
    """The connection broke, and why; not called after a `close()`."""
    trace: Trace = field(default_factory=Trace)
    on_missed: Callable[[], None] = lambda: None
    """A message may have been lost: everything is read again."""
    pin: Pin = field(default_factory=Pin)
    """The certificate that the device showed when it was added."""
    callback: CallbackRegistration | None = None
    """Where the device reaches the hub, if it can."""
    oddities: dict[str, int] = field(default_factory=dict[str, int])
    """How often something came that the protocol does not know, by what it was."""

    def count_oddity(self, what: str) -> None:
        """Count something that was ignored."""
        self.oddities[what] = self.oddities.get(what, 0) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a driver can set about its transport; each transport adds its own."""

    port: int = 0
    """The device's port if discovery does not tell it."""
    timeout: float = 3.0
    """Seconds that one request may take."""
    limit: int = 64 * 1024
    """The largest message taken from the device, in bytes."""
    tls: Tls | None = None
    """TLS if the device speaks it, and whom to trust."""
    answers_within: float = 3.4
    """Seconds of silence that a command waits through; then it fails, and the device is offline."""

    def __post_init__(self) -> None:
        """Refuse a wait that is too short for any network; raise ArgumentError."""
        if self.answers_within < LEAST_ANSWERS_WITHIN:
            raise ArgumentError(
                f"answers_within {self.answers_within:g}: at least {LEAST_ANSWERS_WITHIN:g} s"
            )


class Transport(ABC):
    """A way to talk. Opened and closed any number of times; one connection at a time.

    `open` raises UnreachableError, TimedOutError, CertificateError or CredentialsError. After a
    loss or a `close()` every request under way fails, and `close()` leaves nothing behind.
    """

    options_type: ClassVar[type[Options]] = Options
    pushes: ClassVar[bool]
    """Whether devices can report a change on it by themselves."""
    secure: ClassVar[bool] = True
    """Whether it can use TLS."""
    poll: ClassVar[float]
    """Seconds between two refreshes, unless the driver sets its own."""
    deadline: ClassVar[float] = 10.0
    """Seconds that a command may take in all, its wait in the queue included."""
    heartbeat: ClassVar[float | None] = 20.0
    """Seconds of silence after which the device is asked for a sign of life."""
    patience: ClassVar[float] = 9.0
    """Seconds that it then has to answer."""

    def __init__(self, link: Link, options: Options) -> None:
        """Keep what to report to and what the driver wants; connect nothing."""
        self._link = link
        self._options = options

    @property
    def options(self) -> Options:
        """The options of the connection, or of the next one."""
        return self._options

    def configure(self, options: Options) -> None:
        """Use other options, such as a new login, from the next `open` on."""
        self._options = options

    @property
    def answers_within(self) -> float:
        """Seconds of silence that a command waits through."""
        return self._options.answers_within

    @abstractmethod
    async def open(self, address: Address) -> None:
        """Get ready to talk to the device at `address`."""

    @abstractmethod
    async def close(self) -> None:
        """End the connection, if there is one, and wait until it is gone."""

    def abandon(self) -> None:  # noqa: B027  # datagrams cannot be called back
        """Withdraw what the device has not received yet: it counts as not done."""

    def announced(self) -> None:  # noqa: B027  # most transports notice a restart by a loss
        """Take note that the device announces itself: it may have restarted and forgotten us."""

    @property
    def reconcile(self) -> float:
        """Seconds after a refresh in which polling pauses, as the device reports by itself."""
        return 0

    async def is_reachable(self) -> bool | None:
        """Return whether the device's system lets us in; None if it refuses, or cannot be asked.

        It shows that the device has power and a network, not that its program runs.
        """
        return None

    @property
    @abstractmethod
    def heard_at(self) -> float:
        """When the device was last heard, in loop time; 0: never."""
