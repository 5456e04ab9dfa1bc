"""Holds back what is sent to one device until its pace allows it.

Whatever waits here is no fault of the device: neither its silence nor the time of a reading counts
meanwhile. What the device sends is not held back.
"""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
import math

from ..errors import EdgeError, RefusedError, UnreachableError
from ..timing.lazy_event import LazyEvent
from .pace import HeldTime, Limit, Pace, Turn, limit_of_host, refusal

MAX_HELD = 256
"""Messages that may wait for their turn; a driver that sends more in one go is wrong."""
UNHURRIED = 10.0
"""Seconds for which a message without a deadline waits if the device has asked for a pause."""
LEAST_REQUESTED, MOST_REQUESTED = 0.25, 300.0
"""Seconds of a pause, whatever the device asks for."""
FIRST_BACKOFF = 1.0
"""Seconds of the first pause of which the device does not tell the length; doubled each time."""
STALE = 0.05
"""Seconds after which a turn that was taken in advance is no longer one."""


class Pacing:
    """The pace of one device, for all that sends to it."""

    __slots__ = (
        "_backoff",
        "_has_sent",
        "_host",
        "_made_limit",
        "_ready_at",
        "_reserved",
        "_sends",
        "_turns",
        "_until",
        "held",
        "is_active",
        "is_urgent",
        "pace",
    )

    def __init__(self) -> None:
        """Hold nothing back."""
        self.pace: Pace | None = None
        self.is_active = False
        """Whether anything may have to wait."""
        self.is_urgent = True
        """Whether what is sent now cannot be overtaken; polls can."""
        self._until = math.inf
        """When the command that runs now must be done, in loop time."""
        self._made_limit: Limit | None = None
        self._host = ""
        self._ready_at: float | None = None
        """When a turn was taken that is not used yet, in loop time."""
        self._reserved: Turn | None = None
        """The turn for which the command queue waits."""
        self._turns: tuple[Turn, ...] = ()
        """Those for which messages wait."""
        self._sends = 0
        """How many of these messages have no caller that waits."""
        self._has_sent = LazyEvent()
        self.held = HeldTime()
        self._backoff = FIRST_BACKOFF

    def begin(self, host: str) -> None:
        """Begin a connection to a host; its pace is still to be set."""
        self.pace, self._host = None, host
        self._update()

    def use(self, pace: Pace | None) -> None:
        """Keep to a pace; None changes nothing, as another transport of the device may have one."""
        if pace is not None:
            self.pace, self.is_active = pace, True
            if pace.per_host and self._host:
                self._made_limit = limit_of_host(self._host)

    @property
    def _limit(self) -> Limit:
        self._made_limit = limit = self._made_limit or Limit()
        return limit

    def _update(self) -> None:
        self.is_active = self.pace is not None or self.pause > 0

    # sending

    async def ready(self, what: str) -> None:
        """Wait until a message may be sent at once, and take its turn; raise EdgeError."""
        if self._has_turn() or self.reserve_now():
            return
        granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        turn = self._wait(what, *self._callbacks(granted))
        try:
            await granted
        finally:
            self._end(turn)

    async def turn(self, what: str) -> None:
        """Wait until a request may be sent, which it is then; raise EdgeError."""
        await self.ready(what)
        self.use_turn()

    def use_turn(self) -> None:
        """Take note that a message is sent without `send`, in the turn that was taken for it."""
        self._ready_at = None

    def send(self, send: Callable[[], object]) -> None:
        """Call `send` as soon as its turn comes, in the order of the calls; raise EdgeError."""
        if self._has_turn() or (not self._sends and self.reserve_now()):
            self._ready_at = None
            send()
            return

        def begin(_at: float) -> None:
            with suppress(EdgeError):  # the connection has ended
                send()
            end()

        def end(_error: EdgeError | None = None) -> None:
            self._sends -= 1
            self._end(turn)
            if not self._sends:
                self._has_sent.set()

        turn = self._wait("a message", begin, end)
        self._sends += 1

    def send_last(self, send: Callable[[], bool]) -> Callable[[], None]:
        """Call `send` in the first turn that nothing else wants; return what cancels that.

        It returns whether it has sent anything; otherwise the turn is given back.
        """
        pace, limit = self.pace, self._limit

        def begin(at: float) -> None:
            if not send():
                limit.give_back(pace, at)

        turn = Turn(pace, begin, lambda _error: None, is_last=True)
        limit.wait(turn, is_urgent=False)
        return lambda: limit.leave(turn)

    async def sent(self) -> None:
        """Wait until nothing waits any more of what was given to `send`."""
        while self._sends:
            self._has_sent.clear()
            await self._has_sent.wait()

    def fail(self, error: EdgeError) -> None:
        """Send nothing of what waits: the connection has ended."""
        for turn in self._turns:
            turn.fail(error)

    def _callbacks(
        self, granted: asyncio.Future[None]
    ) -> tuple[Callable[[float], None], Callable[[EdgeError], None]]:
        def begin(at: float) -> None:
            self._ready_at = at
            if not granted.done():
                granted.set_result(None)

        def fail(error: EdgeError) -> None:
            if not granted.done():
                granted.set_exception(error)

        return begin, fail

    def _has_turn(self) -> bool:
        """Return whether a turn was taken that can be used now."""
        at = self._ready_at
        if at is not None and asyncio.get_running_loop().time() - at > STALE:
            self._ready_at = at = None
        return at is not None

    def _wait(
        self, what: str, begin: Callable[[float], None], fail: Callable[[EdgeError], None]
    ) -> Turn:
        if len(self._turns) >= MAX_HELD:
            raise UnreachableError(t"{what}: {MAX_HELD} messages are already waiting")
        if not self.can_wait:
            raise self.refusal(what)
        turn = Turn(self.pace, begin, fail, self._until)
        self._limit.wait(turn, is_urgent=self.is_urgent)
        self._turns = (*self._turns, turn)
        self.held.begin()
        return turn

    def _end(self, turn: Turn) -> None:
        if turn in self._turns:
            self._turns = tuple(each for each in self._turns if each is not turn)
            self._limit.leave(turn)
            self.held.end()

    # the command queue

    def reserve_now(self) -> bool:
        """Take a turn in advance if it has come; return whether it has."""
        at = self._limit.take(self.pace)
        if at is not None:
            self._ready_at = at
            self._update()
        return at is not None

    async def reserve(self, *, is_urgent: bool) -> None:
        """Wait for a turn, and take it in advance."""
        granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._reserved = turn = Turn(self.pace, *self._callbacks(granted))
        self._limit.wait(turn, is_urgent=is_urgent)
        self.held.begin()
        try:
            await granted
        finally:
            self._reserved = None
            self._limit.leave(turn)
            self.held.end()
            self._update()

    def hurry(self) -> None:
        """Let the command queue no longer be overtaken while it waits: for a command, now."""
        if self._reserved is not None:
            self._limit.hurry(self._reserved)

    def give_back(self) -> None:
        """Give back a turn that was taken in advance, and not used."""
        at, self._ready_at = self._ready_at, None
        if at is not None:
            self._limit.give_back(self.pace, at)

    @contextmanager
    def of(self, *, until: float, is_command: bool) -> Generator[None]:
        """Send what the block sends as that of a command, which can wait `until`, or of a poll."""
        self.is_urgent, self._until = is_command, until if is_command else math.inf
        try:
            yield
        finally:
            self.is_urgent, self._until = True, math.inf
            self.give_back()

    # pauses for which the device asks

    @property
    def pause(self) -> float:
        """The seconds that are left of the pause for which the device has asked."""
        if self._made_limit is None or not self._made_limit.paused_until:
            return 0
        return max(self._made_limit.paused_until - asyncio.get_running_loop().time(), 0)

    @property
    def can_wait(self) -> bool:
        """Whether a message can wait until the pause is over, in the time that it has."""
        now = asyncio.get_running_loop().time()
        return self.pause <= (self._until - now if math.isfinite(self._until) else UNHURRIED)

    def ask_for_pause(self, what: str, seconds: float | None) -> None:
        """Take note that the device takes nothing for some seconds; None: it does not say."""
        if seconds is None:
            seconds, self._backoff = self._backoff, min(2 * self._backoff, MOST_REQUESTED)
        seconds = min(max(seconds, LEAST_REQUESTED), MOST_REQUESTED)
        until = asyncio.get_running_loop().time() + seconds
        self.is_active = True
        self._limit.pause(until, refusal(what, seconds))

    def accepted(self) -> None:
        """Take note that the device takes requests."""
        self._backoff = FIRST_BACKOFF

    def refusal(self, what: str) -> RefusedError:
        """Return the error for what cannot wait for the end of the pause."""
        return refusal(what, self.pause)
