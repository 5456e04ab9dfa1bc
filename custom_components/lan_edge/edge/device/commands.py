"""A device as it is told what to do: commands and intents, until their results show."""

from collections.abc import Mapping
from typing import Any

from ..capabilities.definition import Command
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
from .builtin_invocation import BuiltinInvocation
from .command_queue import CommandQueue, Task
from .confirmation import Confirmation
from .core import DeviceCore
from .invocation import Invocation, Workbench
from .response_watchdog import SUSPICIOUS, ResponseWatchdog
from .session import Session

LOOKS = (0.125, 0.25, 0.625)
"""When it is looked whether a command's result shows, as parts of the time that it has."""


class CommandRunner:
    """Runs the commands of one device."""

    __slots__ = ("_bench", "_core", "_queue", "_session", "_watchdog")

    def __init__(self, core: DeviceCore, session: Session, queue: CommandQueue) -> None:
        """Run nothing yet."""
        self._core = core
        self._session = session
        self._queue = queue
        self._bench = Workbench(core, session, queue)
        self._watchdog = ResponseWatchdog(session.liveness, self._look)

    async def execute(
        self, command: Command[...], arguments: Mapping[str, Any], component: str = MAIN
    ) -> None:
        """Carry out a command in the device's turn; return when it is done, and shows.

        Raises UnsupportedError, ArgumentError, OfflineError, BusyError, UnconfirmedError, or
        what the driver and its transport raise. Absolute values that still wait give way to newer
        ones.
        """
        bound = (command, command.bind(arguments))
        self._core.trace.add("command", f"{component} {command.id} {bound[1] or ''}")
        if command.builtin is not None and not self._core.handles(command):
            self._bench.require(command, component)
            await self._run(BuiltinInvocation(self._session, command.builtin), component)
            return
        key = (component, command.id) if command.absolute else None
        await self._run(Invocation(self._bench, bound, component, key), component)

    async def perform(self, intent: Intent, component: str = MAIN) -> None:
        """Carry out an intent in one turn: in one call of the driver, else command by command.

        Raises as `execute` does. One that still waits gives way to a newer one for the same
        things, unless something else was asked for in between.
        """
        key = (component, intent.id, *intent.coalescing_key())
        self._core.trace.add("command", f"{component} {intent.id} {intent.requested()}")
        await self._run(Invocation(self._bench, intent, component, key, only_last=True), component)

    async def refresh(self) -> None:
        """Read everything again, in the device's turn; raise EdgeError."""
        self._session.fail_if_offline()
        with self._watchdog:
            await self._queue.run(Task(self._read, key="refresh"), self._session.io.deadline)

    def close(self) -> None:
        """Leave no timer."""
        self._watchdog.close()

    async def _read(self) -> None:
        await self._session.ready()
        await self._session.reading.refresh()

    async def _run(self, invocation: Invocation | BuiltinInvocation, component: str) -> None:
        core, session = self._core, self._session
        is_ready = self._queue.is_free and session.is_online
        if not is_ready:
            invocation.calls()  # what cannot be done is told before anything waits
        try:
            if component in core.away:
                self._fail_as_away(component)
            if not is_ready:
                session.fail_if_offline()
            with self._watchdog:
                confirmation = await self._queue.run(invocation, session.io.deadline)
            if confirmation is not None:
                await self._confirm(confirmation)
        except BaseException as err:
            core.history.failed += 1
            self._learn_from(err)
            raise
        core.history.succeeded += 1

    async def _confirm(self, confirmation: Confirmation) -> None:
        """Wait until the result shows, reading it if it is not reported; else raise."""
        confirmation.callers += 1
        driver = self._core.driver
        try:
            for part in LOOKS:
                if await confirmation.wait(part * driver.confirm_within):
                    return
                await self.refresh()
            if not await confirmation.wait(0):
                raise UnconfirmedError(f"{self._core.label} said yes, but {confirmation}")
        except EdgeError as err:
            confirmation.fail(err)
            raise
        finally:
            confirmation.callers -= 1
            if not confirmation.callers:
                confirmation.close()

    def _learn_from(self, failure: BaseException) -> None:
        """Have the connection look into what a command met."""
        session = self._session
        if isinstance(failure, TimedOutError | UnreachableError | UnconfirmedError):
            session.reading.again_later()  # the device may do it yet
        if isinstance(failure, TimedOutError | UnreachableError):
            session.connection.doubt(failure)
        elif isinstance(failure, CredentialsError | CertificateError):
            session.lost(failure)

    def _look(self, silence: float) -> float:
        """Check a device that is silent while a command waits: it may wait in vain.

        A device without pushes may do one thing at a time: its system has to answer now, its
        program within the time that it has for the command.
        """
        session = self._session
        patience = session.io.answers_within
        error, left = TimedOutError(f"no answer within {patience:g} s"), patience - silence
        if session.io.pushes:
            session.connection.doubt(error, timeout=patience - SUSPICIOUS)
        elif left > 0:
            session.connection.doubt(error, timeout=left, may_be_busy=True)
            return left
        elif session.is_online:
            session.lost(error)
        return patience - SUSPICIOUS

    def _fail_as_away(self, component: str) -> None:
        name = self._core.profile.components[component].name or component
        raise OfflineError(f"{self._core.label}: {name} is away")
