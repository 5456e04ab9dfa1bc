"""Calls that wait until the event loop has time for them, in order.

One message can change hundreds of values, each of which is told to its subscribers. Once that has
taken a slice, the rest waits for its turn; the device's next message should wait for that in turn.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextvars import copy_context
from functools import partial
from math import inf

from .slices import SlicedWork

type _Call = Callable[[], None]


class Backlog:
    """Calls that are made later, in slices, in the context in which they were added."""

    __slots__ = ("_moved", "_work", "begins_at", "waiting")

    def __init__(self) -> None:
        """Start without calls."""
        self.waiting: OrderedDict[Hashable, _Call] = OrderedDict()
        """The calls that have not been made yet, by their keys, in order."""
        self.begins_at = inf
        """From when on what is to be called must wait, by `perf_counter`; inf: it need not."""
        self._moved: set[Hashable] = set()
        """The keys of those that have been moved to the end once."""
        self._work: SlicedWork | None = None

    def add(self, key: Hashable, call: _Call) -> None:
        """Make a call after all that wait, instead of one with the same key.

        It is moved to the end only once, so that it is made however often it is added again.
        """
        if key not in self.waiting:
            self.waiting[key] = partial(copy_context().run, call)
        elif key not in self._moved:
            self._moved.add(key)
            self.waiting.move_to_end(key)
        if self._work is None:
            self._work = SlicedWork(self.steps(), self._end)
            self._work.start_later()

    def steps(self) -> Iterator[object]:
        """Make the calls, one a step, until none waits."""
        while self.waiting:
            key, call = self.waiting.popitem(last=False)
            self._moved.discard(key)
            call()
            yield None

    async def made(self) -> None:
        """Wait until all calls that wait now have been made."""
        if self.waiting:
            reached = asyncio.get_running_loop().create_future()
            self.add(reached, partial(_reach, reached))
            await reached

    def _end(self) -> None:
        self._work = None


def _reach(point: asyncio.Future[None]) -> None:
    if not point.done():  # done: its task was cancelled
        point.set_result(None)
