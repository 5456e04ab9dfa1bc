"""Work that is run once, when it is asked for: by what a device sends, for example.

However often it is asked for, the same work is run at most once in `SPACING` seconds: the first
time at once, then once for all who ask within these seconds.
"""

import asyncio
from collections.abc import Callable, Hashable
from functools import partial
from math import inf

SPACING = 1.0
"""Seconds between two runs of the same work."""
MAX_RUNS = 16
"""The most runs of the same work that are due later; if there are more, the last is put off."""


class OneTimeWork:
    """The times at which one work is to be run."""

    __slots__ = ("_due_at", "_is_waiting", "_runs", "_start")

    def __init__(self, start: Callable[[Callable[[], None]], object]) -> None:
        """Call `start` when it is due, with what is to be called when it begins."""
        self._start = start
        self._due_at = -inf
        """When it was due last."""
        self._is_waiting = False
        """Whether it is due, and waits for its turn."""
        self._runs: dict[float, _Run] = {}
        """The runs that are due later, by their time."""

    @property
    def is_over(self) -> bool:
        """Whether it is not asked for, and was not just now."""
        is_recent = asyncio.get_running_loop().time() < self._due_at + SPACING
        return not (self._runs or self._is_waiting or is_recent)

    def after(self, seconds: float) -> Callable[[], None]:
        """Run it in `seconds`, or at most SPACING later; return what cancels that."""
        due = self._spaced(asyncio.get_running_loop().time() + seconds)
        return (self._runs.get(due) or self._added(due)).ask()

    def _spaced(self, due: float) -> float:
        """Return a time, not before `due`, at which it is run anyway or may be run."""
        for at in sorted((self._due_at, *self._runs)):
            if due <= at < due + SPACING and at in self._runs:
                return at
            if at <= due < at + SPACING:
                due = at + SPACING
        return due

    def _added(self, due: float) -> _Run:
        if len(self._runs) < MAX_RUNS:
            run = _Run(self._is_due, self._forget)
        else:
            run = self._runs.pop(last := max(self._runs))
            due = max(due, last)
        run.set(due)
        self._runs[due] = run
        return run

    def _is_due(self, run: _Run) -> None:
        self._forget(run)
        self._due_at = asyncio.get_running_loop().time()
        if not self._is_waiting:
            self._is_waiting = True
            self._start(self._begun)

    def _begun(self) -> None:
        self._is_waiting = False

    def _forget(self, run: _Run) -> None:
        self._runs.pop(run.due, None)

    def close(self) -> None:
        """Cancel all of it."""
        for run in self._runs.values():
            run.end()


class _Run:
    """One run that is due later, for all who have asked for it."""

    __slots__ = ("_askers", "_call", "_forget", "_timer", "due")

    def __init__(self, call: Callable[[_Run], None], forget: Callable[[_Run], None]) -> None:
        self._call = call
        self._forget = forget
        self._askers = 0
        self._timer: asyncio.TimerHandle | None = None
        self.due = 0.0

    def set(self, due: float) -> None:
        """Be due at a time, and no longer at another."""
        self.end()
        self.due = due
        self._timer = asyncio.get_running_loop().call_at(due, self._call, self)

    def end(self) -> None:
        """Not be due any more."""
        if self._timer is not None:
            self._timer.cancel()

    def ask(self) -> Callable[[], None]:
        """Count somebody who asks for it; return what takes that back."""
        self._askers += 1
        is_asking = True

        def cancel() -> None:
            nonlocal is_asking
            self._askers -= is_asking
            if is_asking and not self._askers:
                self.end()
                self._forget(self)
            is_asking = False

        return cancel


def same_work(work: Callable[[], object]) -> Hashable:
    """Return what is the same of works that do the same, even if they are lambdas or partials."""
    key: Hashable = work
    if isinstance(work, partial):
        key = (work.func, work.args, *sorted(work.keywords.items()))
    elif closure := getattr(work, "__closure__", None):
        cells = tuple(cell.cell_contents for cell in closure)
        key = (getattr(work, "__code__", None), getattr(work, "__defaults__", None), cells)
    try:
        hash(key)
    except TypeError:
        return work
    return key
