"""A device's connection: made, proven, watched, and made again for as long as it is wanted.

            ┌────────────── sighting, or the pause is over ─────────────┐
            ▼                                                           │
    CONNECTING ── opened, identity proven, everything read ──► ONLINE   │
            │                                                    │      │
            └──── failed ────► WAITING ◄──── lost, or silent ────┘──────┘

One task does all of it. CREDENTIALS and IDENTITY failures wait for somebody to act: new
credentials, or a sighting elsewhere; until then they are tried at the longest pause only.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import StrEnum
import random
from typing import Protocol

from .attempts import Attempts, Reached
from .availability import Availability
from .discovery import Address
from .errors import (
    CertificateError,
    CredentialsError,
    EdgeError,
    IdentityError,
    TimedOutError,
    UnreachableError,
)
from .flag import Flag
from .gate import Gate
from .heart import Heart, Living
from .pauses import LONGEST_PAUSE, SHORTEST_PAUSE, pauses
from .whereabouts import Whereabouts

ATTEMPT_TIMEOUT = 20.0
"""Seconds for opening, proving and reading, in all."""
GUESS_TIMEOUT = 5.0
"""The same at an address that is neither the one seen last nor the one proven."""
PROBE_TIMEOUT = 3.0
"""Seconds a doubtful device has to give a sign of life."""
LASTING = 10.0
"""Seconds online after which a loss is the first one, not one of a row."""
PATIENT = (CredentialsError, IdentityError, CertificateError)
"""What trying again soon does not mend."""


class Status(StrEnum):
    """Where a connection is."""

    IDLE = "idle"
    CONNECTING = "connecting"
    WAITING = "waiting"
    ONLINE = "online"


class Session(Living, Reached, Protocol):
    """What a connection drives: the device, as the connection sees it."""

    async def ping(self) -> None:
        """Get a sign of life; raise EdgeError."""

    async def knock(self) -> None:
        """Get any answer from where the device is; raise EdgeError."""

    def announced(self) -> None:
        """Learn that the device says where it is: it may have started anew."""

    async def hang_up(self) -> None:
        """Close the transport; never raises."""

    def status_changed(self, status: Status, reason: EdgeError | None) -> None:
        """Learn of each step."""

    def available_changed(self, available: bool, reason: EdgeError | None) -> None:
        """Learn what is worth showing: a drop that heals soon is not."""


class Connection:
    """Keeps one device connected."""

    def __init__(
        self, session: Session, addresses: tuple[Address, ...], gate: Gate | None = None
    ) -> None:
        """Connect to one of `addresses`, the most likely first, once started.

        `gate` is where all connections of a process wait for each other; else this one waits
        for none.
        """
        self._session = session
        self._where = Whereabouts(addresses)
        self._attempts = Attempts(session, gate or Gate())
        self._task: asyncio.Task[None] | None = None
        self._wake = Flag()
        self._lost: asyncio.Future[EdgeError] | None = None
        self._tried_at = -LONGEST_PAUSE
        self._heart = Heart(session, self.lost)
        self._availability = Availability(self._available_changed)
        self._patient = False
        self.status = Status.IDLE
        self.reason: EdgeError | None = None
        self.where_proven: EdgeError | None = None
        """What the last attempts met at the address where the device was proven last."""

    @property
    def address(self) -> Address | None:
        """Where the device is, or was last."""
        return self._where.latest

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Where the device may be, the most likely first."""
        return self._where.all

    @property
    def unproven(self) -> tuple[Address, ...]:
        """Where the device was seen, the most likely first, if it was not found there yet."""
        return self._where.unproven

    @property
    def seen_elsewhere(self) -> bool:
        """Whether the device was last seen, first of all, where it is not connected."""
        return self._where.seen_elsewhere

    @property
    def available(self) -> bool:
        """Whether the device is there, short drops aside."""
        return self._availability.shown

    @property
    def attempts(self) -> int:
        """How often it was tried."""
        return self._attempts.count

    def start(self) -> None:
        """Begin; the first attempt is under way when this returns."""
        self._task = asyncio.Task(self._run(), eager_start=True)

    async def stop(self) -> None:
        """End for good: no task, timer or socket is left."""
        self.status = Status.IDLE
        self._availability.end()
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._heart.close()
        self._task = None
        await self._session.hang_up()

    def sighted(self, *addresses: Address) -> None:
        """Take the hint that the device may be at these addresses.

        The most likely comes first. Offline: they are tried at once. Online: they are
        remembered, and if the one in use is missing, or the first is news, the device is asked
        whether it is still there: a device that moved may be listed at its old address too.
        """
        if self.status is not Status.ONLINE:
            self._where.remember(*addresses)
            self.retry()
            self._attempts.hurry(addresses)
        elif addresses == (self.address,):
            self._session.announced()
        elif addresses and self._where.hint(*addresses):
            self.doubt()

    def announced(self) -> None:
        """Learn that the device says that it is there, wherever that is."""
        if self.status is Status.ONLINE:
            self._session.announced()
        else:
            self.retry()

    def lost(self, reason: EdgeError) -> None:
        """Learn that the connection broke."""
        if self._lost is not None and not self._lost.done():
            self._lost.set_result(reason)

    def doubt(
        self, why: EdgeError | None = None, *, within: float | None = None, busy: bool = False
    ) -> None:
        """Ask the device for a sign of life now; without one `within` seconds it is offline.

        After a silence (`why` is a TimedOutError) that shows at once, else when it lasts. One
        that is `busy` and does but one thing at a time need not say it itself.
        """
        if self.status is Status.ONLINE:
            ask = self._session.knock if busy else self._session.ping
            silent = isinstance(why, TimedOutError)
            self._heart.ask(ask, within or PROBE_TIMEOUT, silent=silent)

    def retry(self) -> None:
        """Try again now, because something was changed for the better."""
        self._wake.set()
        self._attempts.go_ahead()

    async def settled(self) -> None:
        """Wait while a drop may still heal: until online again, or offline for all to see."""
        await self._availability.settled()

    # the one task

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        waits: Iterator[float] | None = None  # made when something fails: most devices have none
        while True:
            if (lost := await self._connected()) is not None:
                since = loop.time()
                self._online()
                self._offline(await lost)
                await self._session.hang_up()
                if loop.time() - since >= LASTING:
                    waits = None
                    continue
            waits = waits or pauses()
            pause = next(waits)
            if lost is None and self._patient:
                pause = LONGEST_PAUSE
            if await self._pause(pause):
                waits = None

    async def _connected(self) -> asyncio.Future[EdgeError] | None:
        """Try each address; return what will tell that the connection is lost, or None."""
        loop = asyncio.get_running_loop()
        if (early := self._tried_at + SHORTEST_PAUSE - loop.time()) > 0:
            await asyncio.sleep(early)
        self._tried_at = loop.time()
        self._attempts.seen = self._wake.is_set()
        self._wake.clear()
        self._status(Status.CONNECTING)
        failures: dict[Address, EdgeError] = {}
        for address in self._where.in_turn():
            self._lost = loop.create_future()
            failure = await self._try(address, self._lost)
            if failure is None:
                self._where.found(address)
                self.where_proven = None
                return self._lost
            failures[address] = failure
            if self._where.proven in failures and self.address not in failures:
                break  # seen elsewhere meanwhile
        self._judge(failures)
        return None

    async def _try(self, address: Address, lost: asyncio.Future[EdgeError]) -> EdgeError | None:
        seconds = ATTEMPT_TIMEOUT if self._where.is_likely(address) else GUESS_TIMEOUT
        failure = await self._attempts.at(address, seconds)
        if failure is None and lost.done():
            failure = lost.result()
        if failure is not None:
            await self._session.hang_up()
        return failure

    def _judge(self, failures: Mapping[Address, EdgeError]) -> None:
        """Learn from what was met at each address."""
        reasons = (*failures.values(), UnreachableError("no address is known"))
        proven = self._where.proven
        self.where_proven = failures.get(proven, reasons[0]) if proven else reasons[0]
        # a stranger where it was seen, or was once, must not slow down the tries at the other
        self._patient = all(isinstance(e, PATIENT) for e in (self.where_proven, reasons[0]))
        self._status(Status.WAITING, reasons[0])
        self._availability.failed()

    async def _pause(self, seconds: float) -> bool:
        """Wait for the next attempt; return whether something woke us."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds * random.uniform(0.7, 1.3)):  # noqa: S311
                await self._wake.wait()
                return True
        return False

    # what the others see

    def _online(self) -> None:
        self._wake.clear()
        self._status(Status.ONLINE)
        self._availability.up()
        self._heart.start()

    def _offline(self, reason: EdgeError) -> None:
        self._heart.stop()
        if self._where.follow_hints():
            self._wake.set()
        self._status(Status.WAITING, reason)
        # after a silence there is nothing to wait for: it has lasted for long enough
        self._availability.down(at_once=isinstance(reason, TimedOutError))

    def _available_changed(self, available: bool) -> None:  # a callback
        self._session.available_changed(available, self.reason)

    def _status(self, status: Status, reason: EdgeError | None = None) -> None:
        self.status = status
        if status is not Status.CONNECTING:
            self.reason = reason
        self._session.status_changed(status, reason)
