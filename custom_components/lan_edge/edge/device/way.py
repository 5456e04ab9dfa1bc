"""One way beside the first: opened when the device is proven, identified there, and watched."""

from collections.abc import Callable
from functools import partial
import time
from typing import Any, override

from ..connection.heartbeat import Heartbeat
from ..diagnostics.trace import MAX_ENTRY, Trace
from ..driver.beside import Beside
from ..errors import CertificateError, EdgeError, UnreachableError
from ..network.address import Address
from ..network.tls import proves_device
from ..transports import Options, Transport
from ..transports.base import Link
from ..transports.pace import HeldTime
from .core import DeviceCore
from .credentials import checked_id

MAX_UNIDENTIFIED = 64
"""Messages that are kept until the device has identified itself on the way."""


class _NamedTrace(Trace):
    """The device's trace, where the entries of one way begin with its name."""

    __slots__ = ("_name", "_whole")

    def __init__(self, whole: Trace, name: str) -> None:
        super().__init__(whole.privacy)
        self._whole, self._name = whole, name

    @override
    def add(self, kind: str, content: str | bytes) -> None:
        content, name = content[:MAX_ENTRY], f"{self._name}: "
        self._whole.add(
            kind, name + content if isinstance(content, str) else name.encode() + content
        )


class Way:
    """A second way to one device; implements `Liveness` for its own heartbeat."""

    def __init__(
        self,
        core: DeviceCore,
        declared: Beside[Any],
        whole: Link,
        speak: Callable[[str, Any], None],
    ) -> None:
        """Open nothing yet; report to `whole`, and messages to `speak`."""
        self._core = core
        self._whole = whole
        self._speak = speak
        self.declared = declared
        self.name = declared.name
        trace = _NamedTrace(core.trace, self.name)
        self.link = Link(self._on_message, self._failed, trace, whole.on_missed)
        self.link.backlog, self.link.oddities = whole.backlog, whole.oddities
        self.link.pacing, self.link.is_optional = whole.pacing, declared.optional
        self.link.read_answers = whole.read_answers
        self._own_pin, self._own_challenge = self.link.pin, self.link.challenge
        self.io: Transport = declared.transport(self.link, declared.transport.options_type())
        self.is_open = False
        """Whether it is open, and whoever is there has said to be the device."""
        self.reason: EdgeError | None = None
        """Why it is not open."""
        self.since = time.time()
        """When it was opened or lost, in seconds since the epoch."""
        self.attempts = 0
        self._early: list[Any] | None = None
        """Messages that came before the device was identified on this way."""
        self._heartbeat = Heartbeat(self, self._failed)
        self.on_away: Callable[[], None] = lambda: None
        """Called when it is lost although the device is not."""
        self._address = Address("")
        """Where the device was proven when it was opened last."""

    # opening and closing

    async def open(self, address: Address, first: Options) -> None:
        """Open it once, beside `io` at `address` with the options `first`; raise EdgeError."""
        self.attempts += 1
        try:
            await self._core.guard.run(partial(self._open, address, first))
        except EdgeError as err:
            self._name_in(err)
            raise
        finally:
            self._early = None
        self.is_open, self.reason, self.since = True, None, time.time()
        self._heartbeat.start()

    async def _open(self, address: Address, first: Options) -> None:
        driver, declared = self._core.driver, self.declared
        options = declared.options_for(driver)
        self._prepare_trust(options, first)
        self.io.configure(options)
        self._early = []
        try:
            await self.io.open(self._beside(address, first))
            await self._identify(address)
            self._address = address
            self._deliver_early()
            if declared.opened is not None:
                await declared.opened(driver)
        except BaseException:
            await self.io.close()
            raise
        self._keep_trust()

    def _beside(self, address: Address, first: Options) -> Address:
        """Return where the way leads: to the port of `io`, if it has the same one by default."""
        is_same = self.io.options.port == first.port
        return Address(address.host, address.port if is_same else 0)

    async def close(self) -> None:
        """Close it; it may be opened again."""
        self.is_open = False
        await self._heartbeat.close()
        await self.io.close()

    # what it reports

    def _on_message(self, message: Any) -> None:
        if self._early is None:
            self._speak(self.name, message)
        elif len(self._early) < MAX_UNIDENTIFIED:
            self._early.append(message)
        else:
            self.link.count_oddity("a message before the device was identified")

    def _deliver_early(self) -> None:
        early, self._early = self._early or [], None
        for message in early:
            self._speak(self.name, message)

    def _failed(self, reason: EdgeError) -> None:
        """Report that it is lost: the device is, too, unless the way is optional."""
        self._name_in(reason)
        self.lost(reason)
        if self.declared.optional:
            self.on_away()
        else:
            self._whole.on_lost(reason)

    def lost(self, reason: EdgeError) -> None:
        """Take note that it is not open any more, or could not be opened."""
        self._core.privacy.clean(reason)
        self.is_open, self.reason, self.since = False, reason, time.time()

    def _name_in(self, err: EdgeError) -> None:
        if not str(err).startswith(f"{self.name}: "):
            err.args = (f"{self.name}: {err}", *err.args[1:])
        if isinstance(err, CertificateError) and self.link.pin is self._own_pin:
            err.way = self.name

    # who is there

    async def ask(self, address: Address, first: Options) -> str:
        """Ask who is there, and close it; return the id, empty if there is none. Raises EdgeError.

        The driver is one without secrets.
        """
        options = self.declared.options_for(self._core.driver)
        self._prepare_trust(options, first)
        self.io.configure(options)
        try:
            await self.io.open_to_ask(self._beside(address, first))
            return await self._identify(address)
        finally:
            await self.io.close()

    async def _identify(self, address: Address) -> str:
        """Return the id that is reported on this way; raise IdentityError for another device's."""
        core, identify = self._core, self.declared.identify
        if identify is None:
            return ""
        unique_id = checked_id(core, await core.guard.run(partial(identify, core.driver)), identify)
        core.fail_if_other(unique_id, address)
        return unique_id

    def _prepare_trust(self, options: Options, first: Options) -> None:
        """Expect the certificate and the login of `io` at its port, those of the way elsewhere."""
        link, whole = self.link, self._whole
        link.unique_id, link.callback = whole.unique_id, whole.callback
        is_same = options.port == first.port
        link.pin = whole.pin if is_same else self._own_pin
        link.challenge = whole.challenge if is_same else self._own_challenge
        link.pin.value = (
            whole.pin.value if is_same else self._core.record.way_pins.get(self.name, "")
        )
        self._own_challenge.may_learn = whole.challenge.may_learn

    @property
    def is_pinned(self) -> bool:
        """Whether TLS proves the device itself on this way, by its own certificate."""
        driver, record = self._core.driver, self._core.record
        options = self.declared.options_for(driver)
        is_same = options.port == driver.io.options.port
        pin = record.pin if is_same else record.way_pins.get(self.name, "")
        return proves_device(options.tls, pin)

    def _keep_trust(self) -> None:
        if self.link.pin is self._own_pin:
            self._core.pin_way(self.name, self._own_pin.value)

    # its signs of life

    @property
    def heard_at(self) -> float:
        """When something was last received on it, in loop time."""
        return self.io.heard_at

    watched_at = heard_at

    @property
    def acknowledged_at(self) -> float | None:
        """When its connection last received anything, in loop time; None: none, or unknown."""
        return self.io.acknowledged_at

    @property
    def silent_since(self) -> float:
        """As `heard_at`; later while and after the hub held back what it has to send."""
        return max(self.heard_at, self.held.ended_at)

    @property
    def held(self) -> HeldTime:
        """The time in which the hub held that back."""
        return self._core.pacing.held

    @property
    def heartbeat(self) -> float | None:
        """Seconds of silence before it is checked; None: never."""
        return self.io.heartbeat

    @property
    def patience(self) -> float:
        """Seconds of silence that it may take to give a sign of life."""
        return max(self.io.patience, self.io.answers_within, self.io.options.timeout)

    @property
    def answers_within(self) -> float:
        """Seconds of silence after which a command fails."""
        return self.io.answers_within

    async def check(self) -> None:
        """Get a sign of life after a silence: the device's id, or an answer of its system."""
        if self.declared.identify is not None:
            await self._identify(self._address)
        elif await self.io.is_reachable() is False:
            raise UnreachableError(t"the device does not answer")

    def announced(self) -> None:
        """Take note that the device announced itself: it may have restarted."""
        self.io.announced()

    check_claim = ping = check_reachability = check
