"""A device: who it is, what it can do, its state, its turn and its connection in one handle."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
import logging
from typing import Any, cast

from .capabilities import HealthCheck, Refresh
from .capability import Command
from .connection import Connection, Status
from .discovery import Address
from .dispatcher import Dispatcher
from .errors import (
    CredentialsError,
    DriverError,
    EdgeError,
    IdentityError,
    OfflineError,
    TimedOutError,
    UnreachableError,
    UnsupportedError,
)
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
    record: Callable[[], None] = lambda: None
    """What is to be kept changed."""
    profile: Callable[[], None] = lambda: None
    credentials: Callable[[], None] = lambda: None
    """The device does not take the login any more."""


class Device:
    """The handle on one device."""

    def __init__(
        self,
        family: type[Pilot],
        record: Record,
        *,
        settings: Any = None,
        secrets: Mapping[str, str] | None = None,
    ) -> None:
        """Make a handle from what is known; nothing is connected until `start`."""
        self.record = record
        self.settings = settings
        self.secrets = dict(secrets or {})
        self.observer = Observer()
        self.trace = Trace()
        self.dispatcher = Dispatcher(family)
        self.link = Link(self._message, self._lost, self.trace)
        self.fields: dict[str, Any] = {}
        """What the driver remembers until the end of this run."""
        self.errors: dict[str, int] = {}
        """How often driver code failed, by what failed."""
        self._turn = Turn()
        self.timers = Timers(self._tick)
        self._linked = False
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
            self.observer.record()

    def set_profile(self, profile: Profile) -> None:
        """Have other components or capabilities from now on."""
        if profile != self.profile:
            self.record.profile = profile
            self.state.forget(profile)
            self.observer.record()
            self.observer.profile()

    def set_field(self, key: str, value: Any, *, persist: bool = False) -> None:
        """Remember a value for the driver, until the end of this run or for good."""
        self.fields.pop(key, None)
        kept = self.record.fields.pop(key, None)
        (self.record.fields if persist else self.fields)[key] = value
        if persist or kept is not None:
            self.observer.record()

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
                    await self._guarded(say)

    async def _end(self) -> None:
        await self.connection.stop()
        await self._turn.close(OfflineError("no longer in use"))

    async def change_settings(self, settings: Any) -> None:
        """Take new settings and tell the driver, in the device's turn, with the old ones."""
        old, self.settings = self.settings, settings
        work = partial(self._guarded, partial(self.driver.settings_changed, old))
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
        work = self._work(command, component, bound)
        await self._ready()
        self.trace.add("command", (component, command.id, bound))
        key = (component, command.id) if command.absolute else None
        try:
            await self._turn.run(work, deadline=self.io.deadline, key=key)
        except TimedOutError, UnreachableError:
            self.connection.doubt()
            raise
        except CredentialsError as err:
            self.connection.lost(err)
            raise

    async def refresh(self) -> None:
        """Read everything again, in the device's turn."""
        await self._ready()
        await self._turn.run(self._refresh, deadline=self.io.deadline, key="refresh")

    def _work(self, command: Command[...], component: str, bound: dict[str, Any]) -> Tick:
        part = self.profile.components.get(component)
        if part is None or not part.has(command):
            msg = f"{self.label} has no {command.capability.id} on {component}"
            raise UnsupportedError(msg)
        handler = self.dispatcher.find(type(self.driver), command)
        if handler is not None:
            return partial(self._carry_out, command, component, handler.name, bound)
        if command is Refresh.refresh:
            return self._refresh
        if command is HealthCheck.ping:
            return self.ping
        msg = f"{self.label} does not handle {command.id}"
        raise UnsupportedError(msg)

    async def _carry_out(
        self, command: Command[...], component: str, name: str, bound: dict[str, Any]
    ) -> None:
        await self._ready()
        self.driver.component = component
        await self._guarded(partial(getattr(self.driver, name), **bound))
        if self.driver.confirm_by is Confirm.READ and not self._turn.waiting:
            await self._refresh()
        elif self.driver.confirm_by is Confirm.ECHO and command.sets is not None:
            value = command.sets_to if command.sets_to is not None else next(iter(bound.values()))
            self.state.emit(command.sets, value, component)

    async def _refresh(self) -> None:
        with self.state.asking():
            await self._guarded(self.driver.refresh)

    async def _ready(self) -> None:
        """Wait while a drop may heal; raise OfflineError if the device is not there."""
        if self.connection.status is not Status.ONLINE and self.available:
            await self.connection.settled()
        if self.connection.status is not Status.ONLINE:
            reason = self.connection.reason or "not connected yet"
            msg = f"{self.label} is offline: {reason}"
            raise OfflineError(msg)

    async def _guarded[T](self, call: Callable[[], Awaitable[T]]) -> T:
        """Run driver code; what it raises that is not the library's is its own bug."""
        try:
            return await call()
        except EdgeError, TimeoutError:
            raise
        except Exception as err:
            raise self._bug(call, err) from err

    def _bug(self, call: object, err: Exception) -> DriverError:
        function = call.func if isinstance(call, partial) else call
        name = getattr(function, "__qualname__", repr(function))
        self.errors[name] = self.errors.get(name, 0) + 1
        if self.errors[name] == 1:
            _LOGGER.error("%s: %s failed", self.label, name, exc_info=err)
        return DriverError(f"{self.label}: {name} failed: {err!r}")

    async def _tick(self, tick: Tick) -> None:
        """Run a timer's work in the device's turn."""
        try:
            await self._turn.run(partial(self._guarded, tick), deadline=self.io.deadline)
        except CredentialsError as err:
            self.connection.lost(err)
        except EdgeError as err:
            _LOGGER.debug("%s: %s", self.label, err)
            self.connection.doubt()

    # messages come up

    def _message(self, message: Any) -> None:
        try:
            self.driver.on_message(message)
        except Exception as err:  # noqa: BLE001  # a driver's bug must not end the reader
            self._bug(self.driver.on_message, err)

    def _lost(self, reason: EdgeError) -> None:
        self.connection.lost(reason)

    # what the connection drives

    @property
    def heard_at(self) -> float:
        """When the device was last heard."""
        return self.io.heard_at

    @property
    def heartbeat(self) -> float | None:
        """Seconds of silence before it is asked for a sign of life."""
        return self.io.heartbeat

    async def establish(self, address: Address) -> None:
        """Open, prove identity, read everything; then it may be used."""
        await self.io.open(address)
        await self._prove(address)
        self._linked = True
        if not self.record.added:
            await self._guarded(self.driver.added)
            self.record.added = True
            self.observer.record()
        await self._guarded(self.driver.connected)
        await self._refresh()
        self._keep(address)

    async def probe(self, address: Address) -> Identity:
        """Connect once, read everything, hang up; return who it is. Raises EdgeError."""
        try:
            async with asyncio.timeout(PROBE_TIMEOUT):
                await self.io.open(address)
                await self._prove(address)
                self._linked = True
                await self._guarded(self.driver.connected)
                await self._refresh()
        except TimeoutError as err:
            raise TimedOutError(f"{address}: no answer within {PROBE_TIMEOUT:g} s") from err
        finally:
            await self.hang_up()
        return self.identity

    def _keep(self, address: Address) -> None:
        if (poll := self.driver.poll_interval) is not None:
            self.timers.every(poll, self._refresh)
        if self.record.addresses[:1] != (address,):
            others = tuple(a for a in self.record.addresses if a != address)
            self.record.addresses = (address, *others)[:4]
            self.observer.record()

    async def _prove(self, address: Address) -> None:
        found = await self._guarded(self.driver.identify)
        wanted = self.identity.unique_id
        if found and wanted and found != wanted:
            raise IdentityError(wanted, found, address)
        if found:
            self.describe(unique_id=found)
        chosen = self.dispatcher.choose(self.identity)
        if chosen is not type(self.driver):
            self.driver = cast("type[Pilot]", chosen)(self)
            self.state.forget(self.profile)
            self.observer.profile()

    async def ping(self) -> None:
        """Get a sign of life, and of the right device."""
        with self.state.asking():
            found = await self._guarded(self.driver.ping)
        if found and found != self.identity.unique_id:
            raise IdentityError(self.identity.unique_id, found, self.connection.address)

    async def hang_up(self) -> None:
        """Close the connection; what waits for it fails."""
        was_linked, self._linked = self._linked, False
        await self.timers.close()
        await self.io.close()
        if was_linked:
            with suppress(EdgeError, TimeoutError):
                async with asyncio.timeout(FAREWELL_TIMEOUT):
                    await self._guarded(self.driver.disconnected)

    def status_changed(self, status: Status, reason: EdgeError | None) -> None:
        """Record each step."""
        self.trace.add("connection", f"{status} {reason or ''}")
        if isinstance(reason, CredentialsError):
            self.observer.credentials()

    def available_changed(self, available: bool, reason: EdgeError | None) -> None:
        """Tell who wants to know; one line in the log each way."""
        if available:
            _LOGGER.info("%s: online at %s", self.label, self.connection.address)
        else:
            _LOGGER.info("%s: offline: %s", self.label, reason)
            self._turn.fail_waiting(OfflineError(f"{self.label} is offline: {reason}"))
        self.observer.available()
