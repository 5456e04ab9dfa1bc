"""The contract of every transport: open a connection to an address, close it, report messages."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ..callbacks.registration import CallbackRegistration
from ..diagnostics.trace import Trace
from ..errors import ArgumentError, EdgeError, UnreachableError
from ..network.address import Address
from ..network.tls import Pin, Tls
from ..timing.backlog import Backlog
from .challenge import KnownChallenge
from .hiding import HIDDEN, Secret, bytes_without, part_of, text_without
from .pace import Pace
from .pacing import Pacing
from .read_answers import ReadAnswers
from .turns import Turns

MIN_ANSWERS_WITHIN = 2.0
"""Seconds in which a lost packet is sent again; with less, every loss would look like a failure."""
CONNECT_TIMEOUT = 5.0
"""Seconds to connect, a TLS or WebSocket handshake included."""
CLOSE_TIMEOUT = 1.0
"""Seconds for unsent data, or a closing handshake, when a connection is closed."""

type ReplyKey = Callable[[Any], Hashable | None]
"""Returns what a request and its reply have in common, or None for a message that is no reply."""
type MessageTest = Callable[[Any], bool]


def any_message(_message: Any) -> bool:
    """Return True: the default of options that select messages."""
    return True


@dataclass(slots=True)
class Link:
    """What a transport reports to; none of these functions may raise or block."""

    on_message: Callable[[Any], None]
    """A message from the device, replies included, in the order of arrival."""
    on_lost: Callable[[EdgeError], None]
    """The connection broke, and why; not called after `close()`."""
    trace: Trace = field(default_factory=Trace)
    on_missed: Callable[[], None] = lambda: None
    """A message may have been lost, so everything has to be read again."""
    pin: Pin = field(default_factory=Pin)
    """The certificate that the device had when it was added."""
    challenge: KnownChallenge = field(default_factory=KnownChallenge)
    """How the device asks for a Digest login."""
    callback: CallbackRegistration | None = None
    """Where the device can call the hub, if it can."""
    calls: CallbackRegistration | None = None
    """Where the connections that the device opens arrive, even before it is proven."""
    unique_id: str = ""
    """The id of the device, as far as it is known: others may be at the same host."""
    oddities: dict[str, int] = field(default_factory=dict[str, int])
    """How often something was ignored because the protocol does not allow it, by what it was."""

    pacing: Pacing = field(default_factory=Pacing)
    """Holds back what is sent, where the device takes only so much."""
    read_answers: ReadAnswers = field(default_factory=ReadAnswers)
    """Which messages answer what a read has asked."""
    is_optional: bool = False
    """Whether the device is still there when this connection has ended."""
    backlog: Backlog = field(default_factory=Backlog)
    """What is still to be done about the messages so far, before the next one where it can wait."""

    def count_oddity(self, what: str) -> None:
        """Count something that was ignored."""
        self.oddities[what] = self.oddities.get(what, 0) + 1

    def fail_held(self, reason: EdgeError) -> None:
        """Send nothing of what is held back: the connection has ended.

        After the end of an optional one, what waits may be for another: it fails by itself if not.
        """
        if not self.is_optional:
            self.pacing.fail(reason)

    def shown(self, message: str | bytes, secret: Secret) -> str | bytes:
        """Return a message as the trace and errors show it.

        The part that is `secret` is not shown in answers and errors that repeat it, either.
        """
        if part := part_of(secret):
            self.trace.privacy.keep(part)
        if secret is True:
            return HIDDEN
        if isinstance(message, bytes):
            return bytes_without(secret, message)
        return text_without(secret, message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a driver can set for its transport; each transport has more of its own."""

    port: int = 0
    """The device's port, unless discovery or the user gives another."""
    timeout: float = 3.0
    """Seconds that one request may take."""
    limit: int = 64 * 1024
    """The largest message accepted from the device, in bytes."""
    tls: Tls | None = None
    """Use TLS, and how to check the certificate."""
    answers_within: float = 3.4
    """Seconds of silence after which a waiting command fails and the device is offline."""
    pace: Pace | None = None
    """How often the device may be asked, where it takes only so much."""

    def __post_init__(self) -> None:
        """Raise ArgumentError if `answers_within` is too short for any network."""
        if self.answers_within < MIN_ANSWERS_WITHIN:
            raise ArgumentError(
                f"answers_within is {self.answers_within:g}, less than {MIN_ANSWERS_WITHIN:g} s"
            )


class Transport(ABC):
    """One connection to one device. It can be opened and closed any number of times.

    `open` raises UnreachableError, TimedOutError, CertificateError, CredentialsError, or
    RefusedError if the device asks for a pause. After a loss or a `close()` all pending requests
    fail, and `close()` leaves nothing behind.
    """

    options_type: ClassVar[type[Options]] = Options
    """The class of its options."""
    pushes: ClassVar[bool]
    """Whether devices can send notifications."""
    secure: ClassVar[bool] = True
    """Whether it can use TLS."""
    poll: ClassVar[float]
    """Seconds between two refreshes, unless the driver sets its own."""
    deadline: ClassVar[float] = 10.0
    """Seconds that a command may take in all, including its wait in the queue."""
    heartbeat: ClassVar[float | None] = 20.0
    """Seconds of silence after which the device is asked for a sign of life."""
    patience: ClassVar[float] = 9.0
    """Seconds that it then has to answer."""
    identify_every: ClassVar[float | None] = None
    """Seconds after which a device that keeps talking is asked again who it is; None: never.

    For transports without a connection whose loss would show that another one may be there.
    """
    holds_connection: ClassVar[bool] = True
    """Whether a connection is held from `open` to `close`; otherwise requests make their own."""
    turns: Turns | None = None
    """What gives the driver's work its turn, where there can be only one conversation at a time."""
    _options: Options
    """A subclass narrows the type to its own `options_type`."""

    def __init__(self, link: Link, options: Options) -> None:
        """Connect nothing yet; `options` must be of the class's `options_type`."""
        self._link = link
        self._options = options
        link.pacing.use(options.pace)

    @property
    def options(self) -> Options:
        """The options given last."""
        return self._options

    def configure(self, options: Options) -> None:
        """Use other options, such as a new login, from the next `open` on."""
        self._options = options
        self._link.pacing.use(options.pace)

    @property
    def answers_within(self) -> float:
        """Seconds of silence after which a waiting command fails."""
        return self._options.answers_within

    @abstractmethod
    async def open(self, address: Address) -> None:
        """Connect to the device at `address`; where there is no connection, get ready to ask."""

    async def open_to_ask(self, address: Address) -> None:
        """Connect only as far as the device has to be asked who it is.

        A stream or socket beside is left out: it would do more than ask, and the device may refuse
        it without a login.
        """
        await self.open(address)

    async def open_to_pair(self, address: Address) -> None:
        """Connect only as far as pairing needs; the device need not accept a login yet."""
        await self.open_to_ask(address)

    @abstractmethod
    async def close(self) -> None:
        """Close the connection, if there is one, and wait until it is closed."""

    @property
    def first(self) -> Transport:
        """The transport that the driver uses as `io`; the others are `beside` it."""
        return self

    @property
    def speaking(self) -> str:
        """The name of the way on which the message that is handled now came; empty: the first."""
        return ""

    @property
    def is_told_beside(self) -> bool:
        """Whether the device reports changes on another way than the first, open now."""
        return False

    def beside(self, name: str) -> Transport:
        """Return another way to the device by its name; raise UnreachableError if there is none."""
        raise UnreachableError(t"{name} is not open")

    async def open_beside(self, address: Address, *, is_doubtful: bool) -> None:  # noqa: B027
        """Open the other ways to the device, which is proven at `address`.

        `is_doubtful`: it was not proven there last, so another one could get a secret.
        """

    def abandon(self) -> None:  # noqa: B027  # datagrams cannot be called back
        """Discard what the device has not received yet: those commands count as failed."""

    def gave_up(self) -> bool:
        """Take note that nobody waits any more for a reply that may come late, or never.

        Returns whether the connection had to be closed, since later replies could be taken for
        that one.
        """
        return False

    def announced(self) -> None:  # noqa: B027  # most transports notice a restart by a loss
        """Take note that the device announced itself: it may have restarted and forgotten us."""

    @property
    def reconcile(self) -> float:
        """Seconds between refreshes while the device sends notifications; 0: poll as usual."""
        return 0

    async def is_reachable(self) -> bool | None:
        """Return whether the device accepts a connection; None if it refuses or it is unknown.

        A connection shows that the device has power and network, not that its program runs.
        """
        return None

    @property
    def acknowledged_at(self) -> float | None:
        """When the held connection last received anything, in loop time; None: none, or unknown.

        Acknowledgements count: they show that the device has power and network, not that its
        program runs.
        """
        return None

    @property
    def watched_at(self) -> float:
        """When that was heard whose silence the heartbeat watches: the first way, if several."""
        return self.heard_at

    @property
    @abstractmethod
    def heard_at(self) -> float:
        """When the device was last heard, in loop time; 0: never."""
