"""Puts together what is asked of several components in the same turn of the event loop.

Home Assistant calls the entities of one action one after the other, in one turn. A driver that has
one message for all of them gets them in one call.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from ..capabilities.intents.base import BoundCommand, Intent
from ..driver.confirm import Confirm
from ..driver.handlers import Handler
from ..driver.many import many_handler_for
from ..errors import EdgeError, OfflineError, RefusedError, ReplyError
from .command_queue import CommandQueue
from .confirmation import Confirmation
from .invocation import HandlerCall, Invocation, InvocationContext

type Result = Confirmation | None


@dataclass(slots=True, eq=False)
class _Member:
    """What is to be done for one component, and who waits for it."""

    component: str
    handler: Handler
    operation: BoundCommand | Intent
    invocation: Invocation
    callers: list[asyncio.Future[Result]] = field(default_factory=list[asyncio.Future[Result]])

    def resolve(self, result: Result) -> None:
        for caller in self.callers:
            if not caller.done():
                caller.set_result(result)

    def fail(self, error: Exception) -> None:
        for caller in self.callers:
            if not caller.done():
                caller.set_exception(error)


class Batch:
    """A request for several components, to be run in the device's command queue."""

    key: Hashable | None = None
    only_if_last = False

    def __init__(self, context: InvocationContext) -> None:
        """Start without a component."""
        self._context = context
        self._members: list[_Member] = []
        self.is_open = True
        """Whether more may join: it has not begun."""

    def join(self, new: _Member) -> bool:
        """Do this as well; return whether that is possible, as the order does not matter."""
        for old in self._members:
            if old.component == new.component:
                if new.invocation.key is None or old.invocation.key != new.invocation.key:
                    return False
                new.callers += old.callers
                self._members[self._members.index(old)] = new
                return True
        self._members.append(new)
        return True

    async def run(self) -> None:
        """Wait for all that is asked in this turn, and carry it out."""
        await asyncio.sleep(0)
        self.is_open = False
        for group in _equal(self._members):
            if len(group) > 1 and self._can_do_together(group):
                await self._together(group)
            else:
                for member in group:
                    await self._alone(member)

    def _can_do_together(self, group: list[_Member]) -> bool:
        """Return whether the driver that there is now does that in one call, and use its handler.

        Another one may have taken over while this waited.
        """
        driver = type(self._context.core.driver)
        for member in group:
            if (found := many_handler_for(driver, member.invocation.operation)) is None:
                return False
            member.handler, member.operation = found
        return True

    def fail(self, error: Exception) -> None:
        """Report an error to all who still wait."""
        self.is_open = False
        for member in self._members:
            member.fail(error)

    async def _alone(self, member: _Member) -> None:
        try:
            member.resolve(await member.invocation.run())
        except EdgeError as err:
            member.fail(err)

    async def _together(self, group: list[_Member]) -> None:
        try:
            if not self._context.session.is_online:
                await self._context.session.ready()
            calls = self._possible(group)
            if calls:
                await self._call(calls)
        except EdgeError as err:
            for member in group:
                member.fail(err)

    def _possible(self, group: list[_Member]) -> dict[_Member, HandlerCall]:
        """Return the calls that are possible at present; the others fail by themselves."""
        calls: dict[_Member, HandlerCall] = {}
        for member in group:
            try:
                calls[member] = self._context.call_of(
                    member.handler, member.operation, member.component
                )
            except EdgeError as err:
                member.fail(err)
        return calls

    async def _call(self, calls: dict[_Member, HandlerCall]) -> None:
        context, members = self._context, list(calls)
        core = context.core
        confirmations = {m: context.expect([call], m.component) for m, call in calls.items()}
        components = tuple(member.component for member in members)
        core.driver.component = components[0]
        try:
            await core.guard.run(calls[members[0]].method(core.driver, components))
            if core.pacing.is_active:
                await core.pacing.sent()
            was_read = await self._update_state(calls)
        except RefusedError, ReplyError:
            context.read_after_failure(calls.values())
            raise
        for member, confirmation in confirmations.items():
            confirmation.was_read = was_read
            member.resolve(context.kept(confirmation))

    async def _update_state(self, calls: dict[_Member, HandlerCall]) -> bool:
        for member, call in calls.items():
            if call.confirm is Confirm.ECHO:
                for attribute, value in chain(*call.effects):
                    self._context.core.state.emit(attribute, value, member.component)
        if all(call.confirm is not Confirm.READ for call in calls.values()):
            return False
        await self._context.session.reading.refresh()
        return True


def _equal(members: Iterable[_Member]) -> list[list[_Member]]:
    """Return the members in groups that want the same, in the order of the first of each."""
    groups: list[list[_Member]] = []
    for member in members:
        for group in groups:
            if (group[0].handler, group[0].operation) == (member.handler, member.operation):
                group.append(member)
                break
        else:
            groups.append([member])
    return groups


class Batches:
    """The batches of one device."""

    __slots__ = ("_context", "_last", "_queue", "_tasks")

    def __init__(self, context: InvocationContext, queue: CommandQueue) -> None:
        """Start without one."""
        self._context = context
        self._queue = queue
        self._last: Batch | None = None
        self._tasks = set[asyncio.Task[None]]()

    def taker_of(self, invocation: Invocation) -> Callable[[float], Awaitable[Result]] | None:
        """Return what runs an invocation together with others; None if the driver cannot."""
        driver = type(self._context.core.driver)
        if (found := many_handler_for(driver, invocation.operation)) is None:
            return None
        return partial(self._run, _Member(invocation.component, *found, invocation))

    async def _run(self, member: _Member, deadline: float) -> Result:
        caller: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        member.callers.append(caller)
        self._place(member, deadline)
        return await caller  # the queue has a deadline

    def _place(self, member: _Member, deadline: float) -> None:
        """Put it into the last batch if nothing else was asked for since, else into a new one."""
        last = self._last
        if last is not None and last.is_open and self._queue.is_last(last) and last.join(member):
            return
        self._last = batch = Batch(self._context)
        batch.join(member)
        task = asyncio.Task(self._run_batch(batch, deadline), eager_start=True)
        if not task.done():
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run_batch(self, batch: Batch, deadline: float) -> None:
        try:
            await self._queue.run(batch, deadline)
        except asyncio.CancelledError:
            batch.fail(OfflineError(t"it has been disconnected"))
            raise
        except Exception as err:  # noqa: BLE001  # for those who wait to handle
            batch.fail(err)
