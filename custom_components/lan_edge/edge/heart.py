"""Whether a device that is connected is alive: it is asked when it was silent for long enough."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from .errors import EdgeError, TimedOutError, UnreachableError

BEAT_TIMEOUT = 10.0
"""Seconds for a sign of life at most; most devices have less."""

type Ask = Callable[[], Awaitable[None]]
"""Gets a sign of life; raises EdgeError, or TimeoutError."""


class Living(Protocol):
    """What is watched: the device, as its heart sees it."""

    @property
    def heard_at(self) -> float:
        """When the device was last heard, in the loop's seconds."""
        ...

    @property
    def heartbeat(self) -> float | None:
        """Seconds of silence before the device is asked; None: never asked."""
        ...

    async def beat(self) -> None:
        """Get a sign of life, the cheapest that will do; raise EdgeError or TimeoutError."""


class Heart:
    """Watches a device from `start` to `stop`; tells once it is dead."""

    def __init__(self, living: Living, dead: Callable[[EdgeError], None]) -> None:
        """Call `dead` with what was met instead of a sign of life."""
        self._living = living
        self._dead = dead
        self._timer: asyncio.TimerHandle | None = None
        self._asked_at = 0.0
        """When it was last asked because it was silent."""
        self._asking: asyncio.Task[None] | None = None

    @property
    def asking(self) -> bool:
        """Whether a sign of life is waited for."""
        return self._asking is not None

    def start(self) -> None:
        """Watch from now on."""
        self._asked_at = asyncio.get_running_loop().time()
        self._watch()

    def stop(self) -> None:
        """Watch no more; what was asked is nobody's any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._asking is not None:
            self._asking.cancel()

    async def close(self) -> None:
        """Stop, and leave no task."""
        self.stop()
        if self._asking is not None and self._asking is not asyncio.current_task():
            await asyncio.wait([self._asking])

    def ask(self, ask: Ask, within: float, *, silent: bool) -> None:
        """Ask for a sign of life now, unless one is waited for; without it, it is dead.

        `silent`: it was silent before, so that what fails is silence too.
        """
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask(ask, within, silent=silent))
            self._asking.add_done_callback(self._asked)

    def _watch(self) -> None:
        """Ask when it was silent for long enough; look again after that."""
        if (interval := self._living.heartbeat) is None:
            return
        loop = asyncio.get_running_loop()
        silent = loop.time() - max(self._living.heard_at, self._asked_at)
        if silent >= interval:
            self._asked_at, silent = loop.time(), 0.0
            self.ask(self._living.beat, BEAT_TIMEOUT, silent=True)
        self._timer = loop.call_later(interval - silent, self._watch)

    async def _ask(self, ask: Ask, within: float, *, silent: bool) -> None:
        try:
            async with asyncio.timeout(within):
                await ask()
        except TimeoutError:
            self._dead(TimedOutError("no sign of life"))
        except UnreachableError as err:
            self._dead(TimedOutError(f"no sign of life: {err}") if silent else err)
        except EdgeError as err:
            self._dead(err)

    def _asked(self, task: asyncio.Task[None]) -> None:
        self._asking = None
        if not task.cancelled() and (err := task.exception()) is not None:
            self._dead(UnreachableError(f"the sign of life failed: {err!r}"))
