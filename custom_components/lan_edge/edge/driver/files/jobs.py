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
WAITS = "what a driver file does when it is imported must not wait for anything, nor run for ever"
STUCK = f"it was still loading after {STOP_LIMIT:g} s, and cannot be stopped"
RESTART = f"{WAITS}; correct the file, and restart the program to get rid of what still runs"
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
        self._began = inf
        self._is_abandoned = False
        self._place = (path, 0)
        self.claims = frozenset[str]()
        """The ids of drivers that the file seems to have, once it has been read."""
        self.task = asyncio.create_task(self._load(known, slots, load))
        """Returns what came of it."""

    @property
    def seconds(self) -> float:
        """For how long it has been loading."""
        return asyncio.get_running_loop().time() - self._began

    @property
    def is_alive(self) -> bool:
        """Whether anything of the file still runs."""
        return self._thread.is_alive

    async def _load(self, known: set[str], slots: asyncio.Semaphore, load: Load) -> Loaded:
        loading: asyncio.Task[Loaded] | None = None
        try:
            async with slots:
                self._began = asyncio.get_running_loop().time()
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

    def abandon(self) -> None:
        """Stop it if that is possible; nothing of it is used any more."""
        self._is_abandoned = True
        self.task.cancel()
        self._thread.abandon(_forget)

    @property
    def failure(self) -> LoadFailure:
        """Why the file cannot be used, as loading it takes too long."""
        if not self._is_abandoned:
            self._place = self._thread.line_in(self.path)
            return LoadFailure(*self._place, HANGS, WAITS)
        if self.is_alive:
            return LoadFailure(*self._place, STUCK, RESTART)
        return LoadFailure(*self._place, STOPPED, WAITS)

    @override
    def __repr__(self) -> str:
        return f"<Job {self.path}>"


def _forget(loaded: Loaded) -> None:
    if loaded.module:
        forget_module(loaded.module)
