"""A device: who it is, what it can do, its state, its turn and its connection in one handle."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
import logging
from typing import Any, cast

from .capabilities import HealthCheck, Refresh
from .capability import Command
from .connection import MAX_ADDRESSES, Connection, Status
from .discovery import Address
from .dispatcher import Dispatcher, Handler
from .errors import (
    CertificateError,
    CredentialsError,
    EdgeError,
    IdentityError,
    OfflineError,
    RefusedError,
    ReplyError,
    TimedOutError,
    UnreachableError,
    UnsupportedError,
)
from .guard import Guard
from .hub import Hub
from .listener import Callback, CallbackRequest, Guest
from .pairing import Ask
from .pilot import Confirm, Pilot
from .profile import MAIN, Profile
from .record import Identity, Record
from .state import State
from .timers import Tick, Timers
from .trace import Trace
from .transports import Link
from .turn import Turn

_LOGGER = logging.getLogger(__name__)

PROBE_TIMEOUT = 10.0
FAREWELL_TIMEOUT = 5.0
"""Seconds a device has to be told goodbye, or that it is removed."""


@dataclass(slots=True)
class Observer:
    """Whom a device tells what its state does not; none of these may raise."""

    available: Callable[[], None] = lambda: None
    """The device, or a component of it, came or went."""
    record: Callable[[], None] = lambda: None
    """What is to be kept changed."""
    profile: Callable[[], None] = lambda: None
    secrets: Callable[[], None] = lambda: None
    """A secret is to be kept, at once."""
    credentials: Callable[[], None] = lambda: None
    """The device does not take the login any more."""
    certificate: Callable[[CertificateError], None] = lambda _changed: None
    """Its certificate is not the pinned one; told once for each other one that is found."""


class Device:
    """The handle on one device."""

    def __init__(
        self,
        family: type[Pilot],
        record: Record,
        *,
        settings: Any = None,
        secrets: Mapping[str, str] | None = None,
        hub: Hub | None = None,
    ) -> None:
        """Make a handle from what is known; nothing is connected until `start`.

        Without a hub, the device cannot call: it is polled.
        """
        self.record = record
        self.settings = settings
        self.secrets = dict(secrets or {})
        self.observer = Observer()
        self.trace = Trace()
        self.dispatcher = Dispatcher(family)
        self._guard = Guard(lambda: self.label)
        self.link = Link(self._message, self._lost, self.trace, self._missed)
        self.fields: dict[str, Any] = {}
        """What the driver remembers until the end of this run."""
        self._away: set[str] = set()
        self._foreign = ""
        """The certificate that was found instead of the pinned one."""
        self._turn = Turn()
        self.timers = Timers(self._tick)
        guest = Guest(self._called, self._knocked, self._moved)
        self.callback: Callback | None = hub.listener.callback(guest) if hub else None
        self._linked = False
        self._read_at = 0.0
        self._use(cast("type[Pilot]", self.dispatcher.choose(record.identity)))
        self.state = State(self.label, self.profile, self.trace)
        self.connection = Connection(self, record.addresses)

    def _use(self, driver: type[Pilot]) -> None:
        self.driver = driver(self)
        self.io = driver.transport(self.link, self.driver.dial())

    # what it is

    @property
    def identity(self) -> Identity:
        """Who and what the device is."""
        return self.record.identity

    @property
    def profile(self) -> Profile:
        """What it can do: as stored or set at run time, else as its driver declares."""
        return self.record.profile or self.driver.profile

    @property
    def available(self) -> bool:
        """Whether it is there, short drops aside."""
        return self.connection.available

    def component_available(self, component: str) -> bool:
        """Whether a component is there: the device is, has it, and did not say otherwise."""
        known = component in self.profile.components
        return self.available and known and component not in self._away

    @property
    def errors(self) -> dict[str, int]:
        """How often driver code failed, by what failed."""
        return self._guard.errors

    @property
    def label(self) -> str:
        """The device and its driver, for the log."""
        identity = self.record.identity
        return f"{identity.name or identity.unique_id or 'new device'} ({self.driver.id})"

    def explain(self, command: Command[...]) -> list[str]:
        """Say, line by line, who handles the command, and why."""
        return self.dispatcher.explain(self.identity, command)

    def handles(self, command: Command[...]) -> bool:
        """Whether the driver carries the command out."""
        return self.dispatcher.find(type(self.driver), command) is not None

    def describe(self, **what: str) -> None:
        """Learn more about the device: any of Identity's fields; empty ones say nothing."""
        known = replace(self.identity, **{k: v for k, v in what.items() if v})
        if known != self.identity:
            self.record.identity = known
            self._guard.call(self.observer.record)

    def set_profile(self, profile: Profile) -> None:
        """Have other components or capabilities from now on; not before identity is proven."""
        if self.state.proven and profile != self.profile:
            self.record.profile = profile
            self._away &= profile.components.keys()
            self.state.forget(profile)
            self._guard.call(self.observer.record)
            self._guard.call(self.observer.profile)

    def set_available(self, component: str, available: bool) -> None:
        """Take it from the driver that a component is there, or away, while the device is."""
        if self.state.proven and available is (component in self._away):
            self._away ^= {component}
            self._guard.call(self.observer.available)

    def accept_certificate(self, fingerprint: str) -> None:
        """Expect that certificate from now on, and try again at once."""
        self.record.pin, self._foreign = fingerprint, ""
        self._guard.call(self.observer.record)
        self.connection.retry()

    def set_field(self, key: str, value: Any, *, persist: bool = False) -> None:
        """Remember a value for the driver, until the end of this run or for good."""
        self.fields.pop(key, None)
        kept = self.record.fields.pop(key, None)
        (self.record.fields if persist else self.fields)[key] = value
        if persist or kept is not None:
            self._guard.call(self.observer.record)

    def set_secret(self, key: str, value: str) -> None:
        """Keep what lets us in: a token, a password; it never shows anywhere."""
        if self.secrets.get(key) != value:
            self.secrets[key] = value
            self._guard.call(self.observer.secrets)

    # from start to end

    def start(self) -> None:
        """Begin to connect, and stay connected until `stop`."""
        self.connection.start()

    async def stop(self) -> None:
        """Say goodbye and end: no task, timer or socket is left."""
        await self._farewell(self.driver.goodbye)
        await self._end()

    async def remove(self) -> None:
        """End for good: the device is told that it is removed, if it is there."""
        await self._farewell(self.driver.removed)
        await self._end()

    async def _farewell(self, say: Tick) -> None:
        if self.connection.status is Status.ONLINE:
            with suppress(EdgeError, TimeoutError):
                async with asyncio.timeout(FAREWELL_TIMEOUT):
                    await self._guard.run(say)

    async def _end(self) -> None:
        await self.connection.stop()
        await self._close_callback()
        await self._turn.close(OfflineError("no longer in use"))

    async def change_settings(self, settings: Any) -> None:
        """Take new settings and tell the driver, in the device's turn, with the old ones."""
        old, self.settings = self.settings, settings
        work = partial(self._guard.run, partial(self.driver.settings_changed, old))
        await self._turn.run(work, deadline=self.io.deadline)

    # commands go down

    async def execute(
        self, command: Command[...], arguments: Mapping[str, Any], component: str = MAIN
    ) -> None:
        """Carry out a command in the device's turn; return when it is done.

        Raises UnsupportedError, ArgumentError, OfflineError, BusyError, or what the driver and
        its transport raise. Absolute values that still wait give way to newer ones.
        """
        bound = command.bind(arguments)
        self._handler(command, component)
        self._fail_if_offline()
        self._fail_if_away(component)
        self.trace.add("command", (component, command.id, bound))
        key = _key(command, component)
        work = partial(self._carry_out, command, component, bound)
        try:
            await self._turn.run(work, deadline=self.io.deadline, key=key)
        except (TimedOutError, UnreachableError) as err:
            self.connection.doubt(err)
            raise
        except (CredentialsError, CertificateError) as err:
            self.connection.lost(err)
            raise

    async def refresh(self) -> None:
        """Read everything again, in the device's turn."""
        self._fail_if_offline()
        await self._turn.run(self._read, deadline=self.io.deadline, key="refresh")

    def _handler(self, command: Command[...], component: str) -> Handler | None:
        """Return the driver's handler, None if it is the framework's; raise UnsupportedError."""
        part = self.profile.components.get(component)
        if part is None or not part.has(command):
            msg = f"{self.label} has no {command.capability.id} on {component}"
            raise UnsupportedError(msg)
        handler = self.dispatcher.find(type(self.driver), command)
        if handler is None and command not in {Refresh.refresh, HealthCheck.ping}:
            msg = f"{self.label} does not handle {command.id}"
            raise UnsupportedError(msg)
        return handler

    async def _carry_out(
        self, command: Command[...], component: str, bound: dict[str, Any]
    ) -> None:
        await self._ready()
        handler = self._handler(command, component)  # the driver may be another one by now
        if handler is None:
            await (self._refresh() if command is Refresh.refresh else self.ping())
            return
        self.driver.component = component
        try:
            await self._guard.run(partial(getattr(self.driver, handler.name), **bound))
        except RefusedError, ReplyError:
            self._read_later()
            raise
        await self._confirm(command, component, bound)

    async def _confirm(self, command: Command[...], component: str, bound: dict[str, Any]) -> None:
        if self.driver.confirm_by is Confirm.READ:
            if not self._turn.has(_key(command, component)):  # else the newer value is read
                await self._refresh()
        elif self.driver.confirm_by is Confirm.ECHO:
            for attribute, value in command.effects(bound):
                self.state.emit(attribute, value, component)

    def _read_later(self) -> None:
        """Read back after a command that failed: who knows what it did."""
        if self.driver.confirm_by is Confirm.READ:
            self.timers.after(0, self._refresh)

    async def _read(self) -> None:
        await self._ready()
        await self._refresh()

    async def _refresh(self) -> None:
        with self.state.asking():
            await self._guard.run(self.driver.refresh)
        self._read_at = asyncio.get_running_loop().time()

    async def _poll(self) -> None:
        if asyncio.get_running_loop().time() - self._read_at >= self.io.reconcile:
            await self._refresh()

    async def _ready(self) -> None:
        """Wait while a drop may heal; raise OfflineError if the device is not there."""
        while self.connection.status is not Status.ONLINE and self.available:
            await self.connection.settled()
        self._fail_if_offline()

    def _fail_if_offline(self) -> None:
        if self.connection.status is not Status.ONLINE and not self.available:
            reason = self.connection.reason or "not connected yet"
            msg = f"{self.label} is offline: {reason}"
            raise OfflineError(msg)

    def _fail_if_away(self, component: str) -> None:
        if component in self._away:
            msg = f"{self.label}: {self.profile.components[component].name or component} is away"
            raise OfflineError(msg)

    async def _tick(self, tick: Tick) -> None:
        """Run a timer's work in the device's turn."""
        try:
            await self._turn.run(partial(self._guard.run, tick), deadline=self.io.deadline)
        except (CredentialsError, CertificateError) as err:
            self.connection.lost(err)
        except EdgeError as err:
            _LOGGER.debug("%s: %s", self.label, err)
            self.connection.doubt(err)

    # messages come up

    def _message(self, message: Any) -> None:
        self._guard.call(self.driver.on_message, message)

    def _lost(self, reason: EdgeError) -> None:
        self.connection.lost(reason)

    def _missed(self) -> None:
        self.timers.after(0, self._refresh)

    def _called(self, request: CallbackRequest) -> str | None:
        self.trace.add("received", f"{request.method} {request.path} {request.body!r}")
        return self._guard.call(self.driver.on_callback, request)

    def _knocked(self) -> None:
        self.connection.retry()

    def _moved(self) -> None:
        self.connection.lost(UnreachableError("the hub has another address"))

    async def _close_callback(self) -> None:
        if self.callback is not None:
            await self.callback.close()

    # what the connection drives

    @property
    def heard_at(self) -> float:
        """When the device was last heard."""
        return max(self.io.heard_at, self.callback.heard_at if self.callback else 0)

    @property
    def heartbeat(self) -> float | None:
        """Seconds of silence before it is asked for a sign of life."""
        return self.io.heartbeat

    async def establish(self, address: Address) -> None:
        """Open, prove identity, read everything; then it may be used."""
        try:
            await self._establish(address)
        except CertificateError as err:
            self._refuse(err)
            raise

    def _refuse(self, changed: CertificateError) -> None:
        if changed.found not in {"", self._foreign, self.record.pin}:
            self._foreign = changed.found
            self._guard.call(self.observer.certificate, changed)

    async def _establish(self, address: Address) -> None:
        await self._open(address)
        self.timers.open()
        self.link.callback = self.callback
        if not self.record.added:
            await self._guard.run(self.driver.added)
            self.record.added = True
            self._guard.call(self.observer.record)
        await self._greet()
        self._keep(address)

    async def _open(self, address: Address) -> None:
        self.io.configure(self.driver.dial())
        self.link.pin.value = self.record.pin
        await self._guard.run(partial(self.io.open, address))
        await self._prove(address)
        self.state.proven = True
        self._keep_pin()
        if self.callback is not None:
            by_address = self.driver.callback_by_address
            await self.callback.attach(address.host, by_address=by_address)

    async def _greet(self) -> None:
        self._linked = True
        await self._guard.run(self.driver.connected)
        await self._refresh()
        self._keep_pin()  # it is only now that it came, where nothing was asked to prove identity

    def _keep_pin(self) -> None:
        self._foreign = ""
        if self.record.pin != self.link.pin.value:
            self.record.pin = self.link.pin.value
            self._guard.call(self.observer.record)

    async def probe(self, address: Address) -> Identity:
        """Connect once, read everything, hang up; return who it is. Raises EdgeError.

        What else there is to keep is in `record`: the profile, and the pinned certificate.
        """
        try:
            async with asyncio.timeout(PROBE_TIMEOUT):
                await self._open(address)
                await self._greet()
        except TimeoutError as err:
            raise TimedOutError(f"{address}: no answer within {PROBE_TIMEOUT:g} s") from err
        finally:
            await self.hang_up()
            await self._close_callback()
        return self.identity

    async def pair(self, address: Address, ask: Ask) -> None:
        """Connect once and let the driver ask for what it needs to be let in.

        What it was given is in `secrets` then. Raises EdgeError.
        """
        self.link.pin.value = self.record.pin
        try:
            with suppress(CredentialsError):  # that it wants a login is why it is asked for
                await self._guard.run(partial(self.io.open, address))
            await self._guard.run(partial(self.driver.pair, ask))
            self._keep_pin()  # who was told the login is who gets it from now on
        finally:
            await self.hang_up()

    def _keep(self, address: Address) -> None:
        if (poll := self.driver.poll_interval) is not None:
            self.timers.every(poll, self._poll)
        if self.record.addresses[:1] != (address,):
            others = tuple(a for a in self.record.addresses if a != address)
            self.record.addresses = (address, *others)[:MAX_ADDRESSES]
            self._guard.call(self.observer.record)

    async def _prove(self, address: Address) -> None:
        found = await self._guard.run(self.driver.identify)
        wanted = self.identity.unique_id
        if found and wanted and found != wanted:
            raise IdentityError(wanted, found, address)
        if found:
            self.describe(unique_id=found)
        chosen = self.dispatcher.choose(self.identity)
        if chosen is not type(self.driver):
            self.driver = cast("type[Pilot]", chosen)(self)
            self.state.forget(self.profile)
            self._guard.call(self.observer.profile)

    async def ping(self) -> None:
        """Get a sign of life, and of the right device."""
        with self.state.asking():
            found = await self._guard.run(self.driver.ping)
        if found and found != self.identity.unique_id:
            raise IdentityError(self.identity.unique_id, found, self.connection.address)
        if not found and self.connection.seen_elsewhere:
            # who answers here may be another one of its kind: only discovery can tell
            raise UnreachableError(f"{self.label} was seen elsewhere, and cannot tell who it is")

    async def hang_up(self) -> None:
        """Close the connection; what waits for it fails."""
        was_linked, self._linked = self._linked, False
        self.state.proven = False
        await self.timers.close()
        with suppress(EdgeError):
            await self._guard.run(self.io.close)
        self.link.callback = None
        if self.callback is not None:
            await self.callback.detach()
        if was_linked:
            with suppress(EdgeError, TimeoutError):
                async with asyncio.timeout(FAREWELL_TIMEOUT):
                    await self._guard.run(self.driver.disconnected)

    def status_changed(self, status: Status, reason: EdgeError | None) -> None:
        """Record each step."""
        self.trace.add("connection", f"{status} {reason or ''}")
        if isinstance(reason, CredentialsError):
            self._guard.call(self.observer.credentials)

    def available_changed(self, available: bool, reason: EdgeError | None) -> None:
        """Tell who wants to know; one line in the log each way."""
        if available:
            _LOGGER.info("%s: online at %s", self.label, self.connection.address)
        else:
            _LOGGER.info("%s: offline: %s", self.label, reason)
            self._turn.fail_waiting(OfflineError(f"{self.label} is offline: {reason}"))
        self._guard.call(self.observer.available)


def _key(command: Command[...], component: str) -> tuple[str, str] | None:
    """Return what makes a newer command take an older one's place; None: nothing does."""
    return (component, command.id) if command.absolute else None
