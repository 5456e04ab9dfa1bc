"""When searches are sent: while something is missing or lost, ever more rarely."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from itertools import chain, repeat

SEARCH_PAUSES = (2.0, 5.0, 25.0, 90.0)
"""Seconds after each of the first searches of a series."""
LONGEST_SEARCH_PAUSE = 600.0
"""Seconds after the later ones."""
LEAST_PAUSE = 10.0
"""Seconds between a search and the first one of a new series, however often devices are lost."""
NEED_INTERVAL = 1.0
"""Seconds between two looks whether anything is lost; nothing is sent for that."""


class SearchSchedule:
    """Searches at the beginning, and while that is needed; each loss begins a new series."""

    def __init__(
        self, search: Callable[[], Awaitable[None]], needed: Callable[[], frozenset[str]]
    ) -> None:
        """Run `search` while `needed` returns anything; what it did not before, is a new loss."""
        self._search = search
        self._needed = needed
        self._pauses = _pauses()
        self._due = self._searched_at = 0.0
        self._task: asyncio.Task[None] | None = None
        self.searched = asyncio.Event()
        """Whether the first search has ended."""

    def start(self) -> None:
        """Begin with a search."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End it, a search that is under way as well."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def begin_series(self) -> None:
        """Search soon, and then as often as at first."""
        self._pauses = _pauses()
        self._due = self._searched_at + LEAST_PAUSE

    async def _run(self) -> None:
        sought = frozenset[str]()
        while True:
            needed = self._needed()
            if needed - sought and self.searched.is_set():
                self.begin_series()
            sought = needed
            if not self.searched.is_set() or (needed and self._is_due()):
                await self._search_now()
            await asyncio.sleep(NEED_INTERVAL)

    def _is_due(self) -> bool:
        return asyncio.get_running_loop().time() >= self._due

    async def _search_now(self) -> None:
        await self._search()
        self.searched.set()
        self._searched_at = asyncio.get_running_loop().time()
        self._due = self._searched_at + next(self._pauses)


def _pauses() -> Iterator[float]:
    return chain(SEARCH_PAUSES, repeat(LONGEST_SEARCH_PAUSE))
