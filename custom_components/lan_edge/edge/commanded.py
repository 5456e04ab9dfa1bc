"""A device as it is told: commands and intents, in its turn, until what they do shows."""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from functools import partial
from itertools import chain
from typing import Any

from .call import Call, single, whole
from .capabilities import HealthCheck, Refresh, Switch
from .capability import Command
from .confirm import Confirm
from .connection import Status
from .errors import (
    CertificateError,
    CredentialsError,
    EdgeError,
    OfflineError,
    RefusedError,
    ReplyError,
    TimedOutError,
    UnconfirmedError,
    UnreachableError,
    UnsupportedError,
)
from .expectation import Expectation
from .hub import Hub
from .intents import Intent, Step
from .pilot import Pilot
from .profile import MAIN
from .record import Record
from .session import Session
from .silence import SUSPICIOUS, Silence
from .turn import Work

LOOKS = (0.125, 0.25, 0.625)
"""When it is looked again whether a command's result shows, as parts of the time it has."""


class Commanded(Session):
    """A device as it carries out what it is told."""

    def __init__(
        self,
        family: type[Pilot],
        record: Record,
        settings: Mapping[str, Any] | None,
        secrets: Mapping[str, str] | None,
        hub: Hub | None,
    ) -> None:
        """Carry out nothing yet."""
        super().__init__(family, record, settings, secrets, hub)
        self._expected: list[Expectation] = []
        """What does not show yet of what was done."""
        self._silence = Silence(lambda: self.heard_at, self._suspect)

    async def execute(
        self, command: Command[...], arguments: Mapping[str, Any], component: str = MAIN
    ) -> None:
        """Carry out a command in the device's turn; return when it is done, and shows.

        Raises UnsupportedError, ArgumentError, OfflineError, BusyError, UnconfirmedError, or
        what the driver and its transport raise. Absolute values that still wait give way to
        newer ones.
        """
        step = (command, command.bind(arguments))
        key = (component, command.id) if command.absolute else None
        self.trace.add("command", f"{component} {command.id} {step[1] or ''}")
        if command in OWN and not self.handles(command):
            self._require(command, component)
            await self._in_turn(partial(OWN[command], self), component)
            return
        find = partial(self._single, step, component)
        await self._in_turn(
            partial(self._carry_out, find, component, key), component, key, find=find
        )

    async def perform(self, intent: Intent, component: str = MAIN) -> None:
        """Carry out an intent in one turn: in one call of the driver, else step by step.

        Raises as `execute` does. One that still waits gives way to a newer one for the same
        things, unless something else was asked for in between.
        """
        find = partial(self._calls, intent, component)
        key = (component, intent.id, *intent.overtakes())
        self.trace.add("command", f"{component} {intent.id} {intent.asked()}")
        work = partial(self._carry_out, find, component, key)
        await self._in_turn(work, component, key, find=find, last=True)

    async def refresh(self) -> None:
        """Read everything again, in the device's turn."""
        self._fail_if_offline()
        with self._silence:
            await self._turn.run(self.read, deadline=self.io.deadline, key="refresh")

    async def _in_turn(
        self,
        work: Work,
        component: str,
        key: Hashable | None = None,
        *,
        find: Callable[[], object] = lambda: None,
        last: bool = False,
    ) -> None:
        turn = self._turn
        ready = turn.free and self.connection.status is Status.ONLINE
        if not ready:
            find()  # what cannot be done is told before anything waits
        try:
            if component in self._away:
                self._fail_as_away(component)
            if not ready:
                self._fail_if_offline()
            with self._silence:
                if ready:
                    with turn.taken(self.io.deadline):
                        expected = await work()
                else:
                    expected = await turn.run(work, deadline=self.io.deadline, key=key, last=last)
            if expected is not None:
                await self._show(expected)
        except BaseException as err:
            self.history.failed += 1
            self._learn_from(err)
            raise
        self.history.done += 1

    def _learn_from(self, failure: BaseException) -> None:
        """Have the connection look into what a command met."""
        if isinstance(failure, TimedOutError | UnreachableError | UnconfirmedError):
            self._read_soon(self._refresh)  # it may do it yet
        if isinstance(failure, TimedOutError | UnreachableError):
            self.connection.doubt(failure)
        elif isinstance(failure, CredentialsError | CertificateError):
            self.connection.lost(failure)

    # who is called

    def _require(self, command: Command[...], component: str) -> None:
        part = self.profile.components.get(component)
        if part is None or command.capability not in part.capabilities:
            msg = f"{self.label} has no {command.capability.id} on {component}"
            raise UnsupportedError(msg)

    def _single(self, step: Step, component: str) -> list[Call]:
        self._require(step[0], component)
        found = single(self.dispatcher, self.driver, step)
        if found is None:
            msg = f"{self.label} does not handle {step[0].id}"
            raise UnsupportedError(msg)
        return [found]

    def _calls(self, intent: Intent, component: str) -> list[Call]:
        asked = _bound(intent.single_steps())
        for command, _ in asked:
            self._require(command, component)
        found = whole(self.dispatcher, self.driver, intent, asked)
        if found is not None:
            return [found]
        read = partial(self.state.get, component=component)
        steps = _bound(intent.steps(read, on_first=self.driver.on_first))
        return [call for step in steps for call in self._single(step, component)]

    def _is_done(self, call: Call, component: str) -> bool:
        """Whether a call is but to turn on what surely is on, maybe by the call before it."""
        is_on = call.steps == [(Switch.on, {})] and self.state.get(Switch.switch, component)
        return bool(is_on) and not any(
            e.waits_for({Switch.switch}, component) for e in self._expected
        )

    # what is done in the turn

    async def _carry_out(
        self, find: Callable[[], list[Call]], component: str, key: Hashable | None
    ) -> Expectation | None:
        if self.connection.status is not Status.ONLINE:
            await self._ready()
        calls = find()  # only now: the driver or its parts may be others than when it was asked
        expected = self._expect(calls, component)
        self.driver.component = component
        try:
            for call in calls:
                if len(calls) == 1 or not self._is_done(call, component):
                    await self._guard.run(call.of(self.driver))
            if [call for call in calls if call.confirm is not Confirm.PUSH]:
                await self._take_in(calls, component, key)
        except RefusedError, ReplyError:
            self._read_later(calls)
            raise
        if expected.met:
            return None
        self._expected.append(expected)
        return expected

    def _suspect(self, silent: float) -> float:
        """Ask for a sign of life while a command is not answered: it may wait in vain.

        One that is asked by HTTP and the like may do but one thing at a time: its system has to
        answer a knock, and its program what it was asked.
        """
        patience = self.io.answers_within
        why, left = TimedOutError(f"no answer within {patience:g} s"), patience - silent
        if self.io.pushes:
            self.connection.doubt(why, within=patience - SUSPICIOUS)
        elif left > 0:
            self.connection.doubt(why, within=left, busy=True)
            return left
        elif self.connection.status is Status.ONLINE:
            self.connection.lost(why)
        return patience - SUSPICIOUS

    def _expect(self, calls: list[Call], component: str) -> Expectation:
        if self._expected:
            newer = {attribute for call in calls for each in call.effects for attribute, _ in each}
            for older in self._expected:
                if older.waits_for(newer, component):
                    older.close()
            self._expected = [e for e in self._expected if not e.met]
        shown = calls[0].shown if len(calls) == 1 else [e for c in calls for e in c.shown]
        return Expectation(self.state, component, shown)

    async def _take_in(self, calls: list[Call], component: str, key: Hashable | None) -> None:
        for call in calls:
            if call.confirm is Confirm.ECHO:
                for attribute, value in chain(*call.effects):
                    self.state.emit(attribute, value, component)
        reads = any(call.confirm is Confirm.READ for call in calls)
        if reads and not (key and self._turn.has(key)):  # else the newer value is read
            await self._refresh()

    def _read_later(self, calls: list[Call]) -> None:
        """Read back after a command that failed: who knows what it did."""
        if any(call.confirm is Confirm.READ for call in calls):
            self.timers.after(0, self._refresh)

    async def _show(self, expected: Expectation) -> None:
        """Wait until what was done shows, reading it where it is not told; else raise."""
        expected.callers += 1
        try:
            for part in LOOKS:
                if await expected.wait(part * self.driver.confirm_within):
                    return
                await self.refresh()
            if not await expected.wait(0):
                msg = f"{self.label} said yes, but {expected}"
                raise UnconfirmedError(msg)
        except EdgeError as err:
            expected.fail(err)
            raise
        finally:
            expected.callers -= 1
            if not expected.callers:
                expected.close()

    async def answer(self) -> None:
        """Get a sign of life; in the device's turn."""
        await self._ready()
        await self.ping()

    async def read(self) -> None:
        """Read everything; in the device's turn."""
        await self._ready()
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

    def _fail_as_away(self, component: str) -> None:
        msg = f"{self.label}: {self.profile.components[component].name or component} is away"
        raise OfflineError(msg)


def _bound(steps: Iterable[Step]) -> list[Step]:
    """Return the steps with all their arguments; raise ArgumentError."""
    return [(command, command.bind(arguments)) for command, arguments in steps]


OWN: Mapping[Command[...], Callable[[Commanded], Awaitable[None]]] = {
    Refresh.refresh: Commanded.read,
    HealthCheck.ping: Commanded.answer,
}
"""What the framework does for commands that the driver does not handle."""
