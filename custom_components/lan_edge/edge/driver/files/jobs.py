"""The files that are being loaded: at most so many at once, and none is waited for for ever."""

import asyncio
from functools import partial
from math import inf
from typing import override

from ..loader import LoadFailure
from .kinds import Load
from .loaded import Loaded
from .modules import forget_module
from .source import Signature
from .threads import OwnThread

LOADING_LIMIT = 10.0
"""Seconds after which a file that is still loading is a failure, until it has loaded."""
STOP_LIMIT = 20.0
"""Seconds after which its loading is stopped."""
MAX_STUCK = 4
"""Threads that could not be stopped; then nothing is loaded until one ends."""
HANGS = f"it has been loading for more than {LOADING_LIMIT:g} s"
STOPPED = f"it was still loading after {STOP_LIMIT:g} s, and was stopped"
WAITS = "code that runs when a driver file is imported must not wait for anything, or run for long"
LATER = f"it is used once it has loaded, if that takes no more than {STOP_LIMIT:g} s; {WAITS}"
STUCK = f"it was still loading after {STOP_LIMIT:g} s, and cannot be stopped"
RESTART = f"{WAITS}; correct the file, and restart the program to end what still runs"
OUTDATED = "an earlier version of it is still loading, and cannot be stopped"
STUCK_AFTER = 1.0
"""Seconds after which what was given up should have ended, if it can be stopped."""
TOO_MANY = f"it is not loaded, as {MAX_STUCK} driver files are still loading that cannot be stopped"
TOO_MANY_REMEDY = "restart the program to get rid of them"


class Job:
    """A version of a file that is being loaded."""

    def __init__(
        self,
        path: str,
        signature: Signature,
        known: set[str],
        slots: asyncio.Semaphore,
        load: Load,
    ) -> None:
        """Load the file once there is a slot, unless the hash of its text is `known`."""
        self.path = path
        self.signature = signature
        self._thread = OwnThread[Loaded]()
        self._asked = self._now()
        self._began = inf
        self._abandoned_at = inf
        self._is_outdated = False
        self._place = (path, 0)
        self.claims = frozenset[str]()
        """The ids of drivers that the file seems to have, once it has been read."""
        self.task = asyncio.create_task(self._load(known, slots, load))
        """Returns what came of it."""

    @property
    def seconds(self) -> float:
        """For how long it has been loading."""
        return self._now() - self._began

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    @property
    def is_alive(self) -> bool:
        """Whether anything of the file still runs."""
        return self._thread.is_alive

    @property
    def is_stuck(self) -> bool:
        """Whether it was given up, but still runs: nothing can stop it."""
        return self.is_alive and self._now() - self._abandoned_at >= STUCK_AFTER

    async def _load(self, known: set[str], slots: asyncio.Semaphore, load: Load) -> Loaded:
        loading: asyncio.Task[Loaded] | None = None
        try:
            has_to_wait = slots.locked()
            async with slots:
                # not now: who waits for it has done so since it asked
                self._began = self._now() if has_to_wait else self._asked
                call = partial(load, self.path, known, self._set_claims)
                loading = asyncio.create_task(self._thread.run(call))
                # one that hangs is in the way of no other
                await asyncio.wait({loading}, timeout=LOADING_LIMIT)
            return await loading
        finally:
            if loading is not None:
                loading.cancel()

    def _set_claims(self, claims: frozenset[str]) -> None:
        self.claims = claims

    def abandon(self, *, is_outdated: bool = False) -> None:
        """Stop it if that is possible; nothing of it is used any more.

        It is outdated if the file has changed meanwhile.
        """
        self._is_outdated = is_outdated
        self._abandoned_at = self._now()
        self._place = self._thread.line_in(self.path)
        self.task.cancel()
        self._thread.abandon(_forget)

    @property
    def failure(self) -> LoadFailure:
        """Why the file cannot be used, as loading it takes too long."""
        if self._abandoned_at == inf:
            self._place = self._thread.line_in(self.path)
            return LoadFailure(*self._place, HANGS, LATER)
        if self.is_alive:
            return LoadFailure(*self._place, OUTDATED if self._is_outdated else STUCK, RESTART)
        return LoadFailure(*self._place, STOPPED, WAITS)

    @override
    def __repr__(self) -> str:
        return f"<Job {self.path}>"


def _forget(loaded: Loaded) -> None:
    if loaded.module:
        forget_module(loaded.module)
