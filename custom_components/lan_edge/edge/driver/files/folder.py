"""A folder of driver files: loads what lies in it, and again what changes."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
import logging
import os
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

from ...capabilities.definition import Capability
from ..driver import AnyDriver
from ..loader import LoadFailure
from ..registry import DriverFile, Registry
from .jobs import LOADING_LIMIT, MAX_STUCK, STOP_LIMIT, TOO_MANY, TOO_MANY_REMEDY, Job
from .kinds import PYTHON, FileKind
from .loaded import Loaded
from .modules import forget_module
from .source import Found, Signature

_LOGGER = logging.getLogger(__name__)

LOOK_PATIENCE = 0.5
"""Seconds for which a look waits for what it loads; the next looks wait for the rest."""
MAX_LOADING = 4
"""Files that are loaded at the same time."""
SAME_ID = "give one of them another id, or delete one of the files"
"""What to do about two files with the same id."""

type _IsSettled = Callable[[str, Signature | LoadFailure | None], bool]


@dataclass(frozen=True, slots=True)
class FileStatus:
    """A file or package in a folder of drivers: what is used of it, and what is wrong with it."""

    path: str
    """Where it is."""
    file: DriverFile | None = None
    """What is used; with a `failure`, the last version that could be."""
    failure: LoadFailure | None = None
    """Why the file as it is now cannot be used."""
    claims: frozenset[str] = frozenset()
    """The ids of drivers that it seems to have though it cannot be used."""
    is_loading: bool = False
    """Whether it takes long, which is the `failure`; it is used once it has loaded."""


@dataclass(slots=True)
class _Entry:
    """What is known of a file."""

    handled: Signature | LoadFailure | None = None
    """How it was when it was last loaded."""
    used: str = ""
    """The hash of the text that is used."""
    failed: str = ""
    """The hash of the text that could not be used."""
    module: str = ""
    """The module that is used."""
    waiting: Loaded | None = None
    """What has been loaded, but has an id that another file has."""
    failure: LoadFailure | None = None
    is_loading: bool = False
    """Whether the failure is that it takes long to load."""
    claims: frozenset[str] = frozenset()
    """The ids of drivers in the text that could not be used."""
    stopped: Job | None = None
    """The loading of the text that took too long."""


class DriverFolder:
    """The driver files in a folder, which a registry uses as they are now.

    Each is loaded by itself, in a thread of its own, whenever its content has changed: a broken one
    leaves its last good version in use, and concerns no other. Its drivers precede bundled ones of
    the same id. If two files have a driver of the same id, the first one is used.

        folder = DriverFolder(registry, "drivers")
        await folder.reload()
    """

    _kind: ClassVar[FileKind] = PYTHON

    def __init__(self, registry: Registry, path: str | Path, *, only: str = "") -> None:
        """Load nothing yet; `only` is the name of a file or package if the others do not count."""
        self._registry = registry
        self._path = str(path)
        self._only = only
        self._level = logging.DEBUG if only else logging.ERROR
        """Of failures in the log: whoever names one file sees to its `failures`."""
        self._entries: dict[str, _Entry] = {}
        self._seen: Found = {}
        """What the last look saw."""
        self._jobs: dict[str, Job] = {}
        self._abandoned: list[Job] = []
        """What nobody waits for any more, but may still run."""
        self._retired: list[str] = []
        """The modules that are no longer used, but may be running until the next look."""
        self._slots = asyncio.Semaphore(MAX_LOADING)
        self._lock = asyncio.Lock()

    @property
    def path(self) -> str:
        """Where the folder is, or would be."""
        return self._path

    @property
    def files(self) -> Mapping[str, FileStatus]:
        """The files and packages by path, also those that cannot be used."""
        used = self._registry.files
        statuses = {
            path: FileStatus(path, used.get(path), e.failure, e.claims, e.is_loading)
            for path, e in sorted(self._entries.items())
        }
        return MappingProxyType(statuses)

    @property
    def failures(self) -> list[LoadFailure]:
        """Why files cannot be used as they are now."""
        return [each.failure for each in self.files.values() if each.failure is not None]

    @property
    def stuck(self) -> list[LoadFailure]:
        """What still runs of files that were given up: only a restart of the program can stop it.

        Nothing of it is used.
        """
        return [job.failure for job in self._abandoned if job.is_stuck]

    async def exists(self) -> bool:
        """Return whether there is such a folder now."""
        return await asyncio.to_thread(os.path.exists, self._path)

    async def look(self) -> frozenset[str]:
        """Load what has changed; return the ids of the drivers that are others now, or gone.

        A file counts once it is the same in two looks: it may be written in several steps. If
        nothing has changed, no file is read. Never raises.
        """
        async with self._lock:
            return await self._look(lambda path, now: self._seen.get(path) == now, LOOK_PATIENCE)

    async def reload(self) -> frozenset[str]:
        """Load at once whatever has another content than before, or could not be loaded.

        Otherwise as `look`; it waits for files that take long, too.
        """
        async with self._lock:
            for entry in self._entries.values():
                if entry.stopped is None or not entry.stopped.is_alive:
                    entry.handled, entry.failed = None, ""
            return await self._look(lambda *_: True, LOADING_LIMIT)

    async def close(self) -> None:
        """Wait for nothing any more; the drivers remain in use."""
        for job in self._jobs.values():
            job.abandon()
        self._jobs.clear()

    async def _look(self, is_settled: _IsSettled, patience: float) -> frozenset[str]:
        for module in self._retired:
            forget_module(module)
        self._retired.clear()
        sources = await asyncio.to_thread(self._kind.find, self._path, self._only)
        paths = {*sources, *self._entries}
        if sources.keys() == {self._path}:  # nothing can be said of what is in it
            sources, paths = self._seen | sources, {self._path}
        changed = set[str]()
        for path in sorted(paths):
            now = sources.get(path)
            if is_settled(path, now):
                changed |= self._handle(path, now)
        self._seen = sources
        await self._finish_jobs(patience)
        return frozenset(changed | self._use_waiting())

    def _handle(self, path: str, now: Signature | LoadFailure | None) -> frozenset[str]:
        """Begin what a new state of a file requires; return the ids that are gone with it."""
        if (job := self._jobs.get(path)) is not None:
            if job.signature == now:
                return frozenset()
            self._abandon(job, is_outdated=True)
        if now is None:
            return self._drop(path)
        entry = self._entries.setdefault(path, _Entry())
        if isinstance(now, LoadFailure):
            entry.handled, entry.failed = now, ""
            self._fail(entry, now)
        elif entry.handled != now:
            self._begin(path, entry, now)
        return frozenset()

    def _begin(self, path: str, entry: _Entry, now: Signature) -> None:
        """Begin to load a file, unless too much that was loaded before cannot be stopped."""
        entry.stopped = None
        self._abandoned = [job for job in self._abandoned if job.is_alive]
        if len(self._abandoned) >= MAX_STUCK:
            self._fail(entry, LoadFailure(path, 0, TOO_MANY, TOO_MANY_REMEDY))
        else:
            self._jobs[path] = Job(
                path, now, {entry.used, entry.failed}, self._slots, self._kind.load
            )

    def _abandon(self, job: Job, *, is_outdated: bool = False) -> None:
        """Stop what is being loaded, as it takes too long or the file has changed."""
        del self._jobs[job.path]
        job.abandon(is_outdated=is_outdated)
        self._abandoned.append(job)

    async def _finish_jobs(self, patience: float) -> None:
        """Take what has been loaded."""
        if self._jobs:
            await asyncio.wait({job.task for job in self._jobs.values()}, timeout=patience)
        for entry in self._entries.values():
            if entry.stopped is not None:
                self._fail(entry, entry.stopped.failure)
        for path, job in sorted(self._jobs.items()):
            entry = self._entries[path]
            if job.task.done():
                del self._jobs[path]
                entry.handled = job.signature
                self._take(entry, job.task.result())
            elif job.seconds >= STOP_LIMIT:
                self._abandon(job)
                entry.handled, entry.failed, entry.stopped = job.signature, "", job
                entry.claims = job.claims
            elif job.seconds >= LOADING_LIMIT:
                entry.claims = job.claims
                self._fail(entry, job.failure, is_loading=True)

    def _take(self, entry: _Entry, loaded: Loaded) -> None:
        """Let what was loaded wait for its use, if it is good."""
        if loaded.file is None and loaded.failure is None:  # it is as it was
            if loaded.digest == entry.used:
                self._forget_waiting(entry)
                entry.failed, entry.failure, entry.is_loading = "", None, False
            return
        self._forget_waiting(entry)
        entry.failed, entry.claims = loaded.digest, loaded.claims
        if loaded.failure is not None:
            self._fail(entry, loaded.failure)
        else:
            entry.waiting = loaded

    def _use_waiting(self) -> frozenset[str]:
        """Use what waits, unless another file has one of its ids; return the ids concerned.

        All at once: files may have exchanged their ids.
        """
        files = {p: e.waiting.file for p, e in sorted(self._entries.items()) if e.waiting}
        usable = {path: file for path, file in files.items() if file is not None}
        while conflict := self._registry.conflict(usable.values()):
            file, reason = conflict
            del usable[file.path]
            failure = LoadFailure(file.path, _line_of(file, reason), reason, SAME_ID)
            self._fail(self._entries[file.path], failure)
        before = self._registry.files
        old = [before[path] for path in usable if path in before]
        if usable:
            self._registry.use_files(usable.values())
        for path in usable:
            self._used(path, self._entries[path])
        return frozenset().union(*(file.ids for file in (*usable.values(), *old)))

    def _used(self, path: str, entry: _Entry) -> None:
        """Take note that what was waiting is used."""
        if entry.module:
            self._retired.append(entry.module)
        if (loaded := entry.waiting) is not None:
            entry.module, entry.used, entry.failed = loaded.module, loaded.digest, ""
        entry.waiting, entry.failure, entry.is_loading = None, None, False
        _LOGGER.info("Loaded the drivers of %s", path)

    def _drop(self, path: str) -> frozenset[str]:
        """Stop using a file that is gone; return the ids that it concerns."""
        entry, file = self._entries.pop(path), self._registry.files.get(path)
        self._forget_waiting(entry)
        if file is None:
            return frozenset()
        self._retired.append(entry.module)
        self._registry.drop_file(path)
        _LOGGER.info("%s is gone: its drivers are no longer used", path)
        return file.ids

    @staticmethod
    def _forget_waiting(entry: _Entry) -> None:
        if entry.waiting is not None:
            forget_module(entry.waiting.module)
            entry.waiting = None

    def _fail(self, entry: _Entry, failure: LoadFailure, *, is_loading: bool = False) -> None:
        if entry.failure != failure:
            entry.failure, entry.is_loading = failure, is_loading
            said = "The drivers of %s are not loaded%s: %s"
            _LOGGER.log(self._level, said, failure.file, " yet" if is_loading else "", failure)


def _line_of(file: DriverFile, reason: str) -> int:
    """Return the line of the class that a conflict is about."""
    classes: list[AnyDriver | type[Capability]] = [*file.drivers, *file.capabilities]
    named = (each for each in classes if repr(each.id) in reason)
    return next((vars(each).get("__firstlineno__", 0) for each in named), 0)
