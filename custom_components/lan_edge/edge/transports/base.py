"""What every transport is: opened to an address, closed, and told to report what comes in."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
import os
from typing import Any, ClassVar

from ..discovery import Address
from ..errors import ArgumentError, EdgeError, ReplyError, TimedOutError, UnreachableError
from ..listener import Callback
from ..tls import Pin, Tls
from ..trace import Trace

LEAST_PATIENCE = 2.0
"""Seconds in which what is lost on its way is sent again; who has less is dead at each loss."""


@dataclass(slots=True)
class Link:
    """Whom a transport reports to; none of these may raise or block."""

    message: Callable[[Any], None]
    """One message of the device, replies too, in the order of arrival."""
    lost: Callable[[EdgeError], None]
    """The connection broke, and why; not called for a `close()` of ours."""
    trace: Trace = field(default_factory=Trace)
    missed: Callable[[], None] = lambda: None
    """The device may have said something that did not arrive: everything is read again."""
    pin: Pin = field(default_factory=Pin)
    """The certificate that the device showed when it was added."""
    callback: Callback | None = None
    """Where the device reaches the hub, if it can."""
    oddities: dict[str, int] = field(default_factory=dict[str, int])
    """How often something came that the protocol does not know, by what it was."""

    def odd(self, what: str) -> None:
        """Count something that was ignored."""
        self.oddities[what] = self.oddities.get(what, 0) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a driver can say about its transport; each transport adds its own."""

    port: int = 0
    """The device's port where discovery does not tell."""
    timeout: float = 3.0
    """How long one request may take, in seconds."""
    limit: int = 64 * 1024
    """The largest message taken from the device, in bytes."""
    tls: Tls | None = None
    """TLS where the device speaks it, and whom to trust."""
    answers_within: float = 3.4
    """Seconds of silence that a command waits through; then it fails, the device is offline."""

    def __post_init__(self) -> None:
        """Refuse a patience that no network allows."""
        if self.answers_within < LEAST_PATIENCE:
            msg = f"answers_within {self.answers_within:g}: at least {LEAST_PATIENCE:g} s"
            raise ArgumentError(msg)


class Transport(ABC):
    """One way to talk. Opened and closed any number of times; one connection at a time.

    `open` raises UnreachableError, TimedOutError, CertificateError or CredentialsError. After
    a loss or a `close()` every request under way fails, and `close()` leaves nothing behind.
    """

    options_type: ClassVar[type[Options]] = Options
    pushes: ClassVar[bool]
    """Whether devices can report a change on it by themselves."""
    secure: ClassVar[bool] = True
    """Whether it can speak TLS."""
    poll: ClassVar[float]
    """Seconds between two refreshes where the driver does not say."""
    deadline: ClassVar[float] = 10.0
    """Seconds a command may take in all, its wait in the queue included."""
    heartbeat: ClassVar[float | None] = 20.0
    """Seconds of silence after which the device is asked for a sign of life."""
    patience: ClassVar[float] = 9.0
    """Seconds that it has then to give one."""

    def __init__(self, link: Link, options: Options) -> None:
        """Keep who listens and what the driver wants; connect nothing."""
        self._link = link
        self._options = options

    def configure(self, options: Options) -> None:
        """Take other options, such as a new login, from the next `open` on."""
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
        """Have what the device has not taken yet never reach it: it counts as not done."""

    def announced(self) -> None:  # noqa: B027  # most learn of a new start by a loss
        """Learn that the device says where it is: it may have started anew, and forgotten us."""

    @property
    def reconcile(self) -> float:
        """Seconds after a refresh in which the poll is left out: the device reports by itself."""
        return 0

    async def knock(self) -> bool | None:
        """Return whether the device's system lets us in; None: it does not, or has no such door.

        It shows that the device has power and a network, not that its program runs.
        """
        return None

    @property
    @abstractmethod
    def heard_at(self) -> float:
        """When the device was last heard, in the event loop's seconds; 0: never."""


@contextmanager
def network_errors(what: str) -> Generator[None]:
    """Turn the system's errors during `what` into the library's."""
    try:
        yield
    except TimeoutError as err:
        msg = f"{what}: no answer in time"
        raise TimedOutError(msg) from err
    except OSError as err:
        words = os.strerror(err.errno) if err.errno and err.errno > 0 else err.strerror or err
        msg = f"{what}: {str(words) or 'the connection was cut'}"
        raise UnreachableError(msg) from err
    except UnicodeError as err:
        msg = f"{what}: not a valid text or host name"
        raise ReplyError(msg) from err
