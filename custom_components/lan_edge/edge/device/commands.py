"""Runs the commands and intents of a device, and waits until their results show."""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any

from ..capabilities.definition import Attribute, Command
from ..capabilities.intents import Intent
from ..capabilities.profile import MAIN
from ..errors import (
    CertificateError,
    CredentialsError,
    EdgeError,
    OfflineError,
    TimedOutError,
    UnconfirmedError,
    UnreachableError,
)
from .batch import Batches
from .builtin_invocation import BuiltinInvocation
from .command_queue import CommandQueue
from .confirmation import Confirmation
from .core import DeviceCore
from .invocation import Invocation, InvocationContext
from .queued_request import FunctionRequest
from .response_watchdog import SILENCE_LIMIT, ResponseWatchdog, SilenceWatch
from .session import Session
from .settling import Settling
from .sleep import FELL_ASLEEP, Asleep, can_wait

CONFIRM_WAITS = (0.125, 0.25, 0.625)
"""The waits for a command's result, with a read after each, as fractions of `confirm_within`."""


class CommandRunner:
    """Runs the commands of one device."""

    __slots__ = (
        "_asleep",
        "_batches",
        "_context",
        "_core",
        "_queue",
        "_session",
        "_settling",
        "_silence",
        "_watchdog",
    )

    def __init__(self, core: DeviceCore, session: Session, queue: CommandQueue) -> None:
        """Run nothing yet."""
        self._core = core
        self._session = session
        self._queue = queue
        self._settling = Settling(core.state, session.reading, session.timers)
        self._context = InvocationContext(core, session, queue, self._settling)
        self._watchdog = ResponseWatchdog(session.liveness, self._on_silence)
        self._batches = Batches(self._context, queue)
        self._silence = SilenceWatch(session.liveness, self._on_no_answer)
        session.on_unavailable = self._fail_all
        session.on_awake = self._wake
        self._asleep = Asleep(core, self._run_waiting, session.lost)

    async def execute(
        self, command: Command[...], arguments: Mapping[str, Any], component: str = MAIN
    ) -> None:
        """Carry out a command in the device's queue; return when its result shows.

        A command that sets an absolute value is replaced by a newer one while it waits. Raises
        UnsupportedError, ArgumentError, OfflineError, BusyError, UnconfirmedError, or what the
        driver and its transport raise.
        """
        bound = (command, command.bind(arguments))
        self._core.trace.add("command", f"{component} {command.id} {bound[1] or ''}")
        if command.builtin is not None and not self._core.handles(command):
            self._context.require(command, component)
            await self._run(BuiltinInvocation(self._session, command.builtin), component)
            return
        key = (component, command.id) if command.is_replaceable else None
        await self._run(Invocation(self._context, bound, component, key), component)

    async def perform(self, intent: Intent, component: str = MAIN) -> None:
        """Carry out an intent in the device's queue: in one call of the driver, or as commands.

        Nothing else runs in between. While it waits, it is replaced by a newer intent for the same
        fields, unless another request came in between. Raises the same errors as `execute`.
        """
        key = (component, intent.id, *intent.coalescing_key())
        self._core.trace.add("command", f"{component} {intent.id} {intent.asked()}")
        invocation = Invocation(self._context, intent, component, key, only_if_last=True)
        await self._run(invocation, component)

    async def refresh(self) -> None:
        """Read everything again, in the device's queue; raise EdgeError."""
        self._session.fail_if_offline()
        with self._watchdog:
            request = FunctionRequest(self._read, key="refresh")
            await self._queue.run(request, self._session.io.deadline)

    @property
    def asleep(self) -> list[tuple[str, float]]:
        """The commands that wait until the device wakes, and the time of each, since the epoch."""
        return [(each.name, each.since) for each in self._asleep.waiting]

    def close(self) -> None:
        """Cancel the timers of the watchdogs, and forget what waits for the device to wake."""
        self._asleep.give_up(OfflineError(t"it has been disconnected"))
        self._watchdog.close()
        self._silence.close()

    def _fail_all(self, error: EdgeError) -> None:
        """Fail the commands that wait for their turn or for their results."""
        self._asleep.give_up(error)
        self._queue.fail_waiting(error)
        for confirmation in self._context.unconfirmed:
            confirmation.fail(error)

    async def _read(self) -> None:
        await self._session.ready()
        await self._session.reading.refresh()

    def _wake(self) -> None:
        if self._asleep.waiting:
            asyncio.get_running_loop().call_soon(self._asleep.wake)

    async def _run_waiting(self, invocation: Invocation) -> None:
        await self._run_now(invocation, invocation.component)

    async def _run(self, invocation: Invocation | BuiltinInvocation, component: str) -> None:
        """Run an invocation; that for a device which sleeps is accepted, and waits."""
        if not self._core.driver.sleeps or isinstance(invocation, BuiltinInvocation):
            await self._run_now(invocation, component)
        elif self._session.is_asleep or self._asleep.waiting:
            invocation.validate()
            self._asleep.keep(invocation)
        else:
            await self._run_or_keep(invocation, component)

    async def _run_or_keep(self, invocation: Invocation, component: str) -> None:
        """Run an invocation; if the device turns out to sleep, it waits."""
        try:
            await self._run_now(invocation, component)
        except FELL_ASLEEP as err:
            if not (self._session.connection.available and can_wait(invocation)):
                raise
            self._asleep.keep(invocation, tries=1)
            self._session.lost(err)  # it is connected again once it wakes

    async def _run_now(self, invocation: Invocation | BuiltinInvocation, component: str) -> None:
        core, session = self._core, self._session
        is_ready = self._queue.is_free and session.is_online
        if not is_ready:
            invocation.validate()  # an impossible command fails before it waits
        try:
            if component in core.components.unavailable or component in core.components.absent:
                self._fail_as_unavailable(component)
            if not is_ready:
                session.fail_if_offline()
            with self._watchdog as begun_at:
                confirmation = await self._carry_out(invocation)
            self._silence.sent(begun_at)
            if confirmation is not None:
                await self._confirm(confirmation)
                self._follow(confirmation)
            if core.state.backlog.waiting:
                await core.state.backlog.made()
        except BaseException as err:
            core.history.failed += 1
            self._check_connection_after(err)
            raise
        core.history.succeeded += 1
        if isinstance(invocation, Invocation):
            session.reports.login.carried_out()

    def _follow(self, confirmation: Confirmation) -> None:
        """Read what still changes, until it has settled; a newer command has its own."""
        if confirmation.newer is not None:
            return
        component, on_the_way = confirmation.component, confirmation.on_the_way
        moving = self._moving(component) if confirmation.slow else ()
        if on_the_way or moving:
            self._settling.follow(on_the_way, component, confirmation.seconds, moving)

    def _moving(self, component: str) -> tuple[Attribute[Any], ...]:
        """Return what shows where a part is that moves."""
        part = self._core.profile.components.get(component)  # it may have gone meanwhile
        capabilities = part.capabilities if part is not None else ()
        commands = (command for each in capabilities for command in each.commands)
        sets = (command.sets for command in commands if command.slow)
        return tuple(dict.fromkeys(attribute for attribute in sets if attribute is not None))

    def _carry_out(
        self, invocation: Invocation | BuiltinInvocation
    ) -> Awaitable[Confirmation | None]:
        """Run an invocation, together with others where the driver can do that."""
        deadline, run = self._session.io.deadline, None
        if self._core.driver.has_many and isinstance(invocation, Invocation):
            run = self._batches.taker_of(invocation)
        return self._queue.run(invocation, deadline) if run is None else run(deadline)

    async def _confirm(self, confirmation: Confirmation) -> None:
        """Wait until the result shows, or that of the newer command which takes its place.

        It is read if it is not reported. Raises UnconfirmedError if neither shows in the end.
        """
        latest: Confirmation | None = confirmation
        try:
            while latest is not None:
                await self._wait_for(latest)
                latest = latest.newer
        except UnconfirmedError:
            if confirmation.newer is None or not confirmation.is_shown:
                raise

    async def _wait_for(self, confirmation: Confirmation) -> None:
        confirmation.callers += 1
        driver = self._core.driver
        try:
            for fraction in CONFIRM_WAITS:
                if await confirmation.wait(fraction * driver.confirm_within):
                    return
                await self.refresh()
                confirmation.was_read = True
            if not await confirmation.wait(0):
                raise self._unconfirmed(confirmation)
        except EdgeError as err:
            confirmation.fail(err)
            raise
        finally:
            confirmation.callers -= 1
            if not confirmation.callers:
                confirmation.close()

    def _unconfirmed(self, confirmation: Confirmation) -> EdgeError:
        """Return the error for a result that does not show: the device may be silent."""
        session, seconds = self._session, self._core.driver.confirm_within
        if session.liveness.heard_at < confirmation.sent_at and session.liveness.answers:
            return TimedOutError(t"nothing was received from it within {seconds:g} s")
        return UnconfirmedError(confirmation.words)

    def _check_connection_after(self, failure: BaseException) -> None:
        """Check the connection and read the state, as the failure of a command requires."""
        session = self._session
        if isinstance(failure, TimedOutError | UnreachableError | UnconfirmedError):
            session.reading.refresh_later()  # the device may still carry it out
        if isinstance(failure, TimedOutError | UnreachableError):
            session.connection.doubt(failure)
        elif isinstance(failure, CredentialsError | CertificateError):
            if isinstance(failure, CredentialsError) and not session.reading.is_refused:
                session.reports.login.command_refused()
            session.lost(failure)

    def _on_silence(self, silence: float) -> float:
        """Check a device that is silent while a command waits; return when to check again.

        A device without pushes may handle one request at a time: its network stack must answer now,
        its firmware within the time that it has for the command. If what it leaves unanswered is an
        optional reading, its firmware is asked for something else.
        """
        session = self._session
        may_be_busy = not self._core.optional_readings.are_running
        patience = session.io.answers_within
        error, left = TimedOutError(t"no answer within {patience:g} s"), patience - silence
        if session.io.pushes:
            session.connection.doubt(error, timeout=patience - SILENCE_LIMIT)
        elif left > 0:
            session.connection.doubt(error, timeout=left, may_be_busy=may_be_busy)
            return left
        elif session.is_online:
            session.lost(error)
        return patience - SILENCE_LIMIT

    def _on_no_answer(self) -> None:
        """Check a device that has sent nothing since a command that waits for no reply."""
        session = self._session
        if session.liveness.answers:
            patience = session.io.answers_within
            error = TimedOutError(t"no answer within {patience:g} s")
            session.connection.doubt(error, timeout=patience - SILENCE_LIMIT)

    def _fail_as_unavailable(self, component: str) -> None:
        name = self._core.profile.components[component].name or component
        raise OfflineError(t"the device reports that {name} is unavailable")
