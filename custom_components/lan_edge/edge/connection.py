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
from collections.abc import Iterator
from contextlib import suppress
from enum import StrEnum
import random
from typing import Protocol

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
from .gate import Gate, Place
from .heart import Heart, Living

ATTEMPT_TIMEOUT = 20.0
"""Seconds for opening, proving and reading, in all."""
GUESS_TIMEOUT = 5.0
"""The same at an address that is neither the one seen last nor the one proven."""
GRACE = 2.0
"""Seconds in which a drop may heal unseen."""
PROBE_TIMEOUT = 3.0
"""Seconds a doubtful device has to give a sign of life."""
FIRST_MINUTE = 60.0
SHORTEST_PAUSE = 0.1
"""Seconds from one attempt to the next at least, whatever is sighted meanwhile."""
LONGEST_PAUSE = 60.0
LASTING = 10.0
"""Seconds online after which a loss is the first one, not one of a row."""
HANGING = 1.0
"""Seconds of silence after which a new sighting of the same address ends an attempt."""
HURRY_PAUSE = 5.0
"""Seconds in which sightings end one attempt at most: a flood of them must not end all."""
MAX_ADDRESSES = 4
"""Addresses that are kept as possible."""
PATIENT = (CredentialsError, IdentityError, CertificateError)
"""What trying again soon does not mend."""


class Status(StrEnum):
    """Where a connection is."""

    IDLE = "idle"
    CONNECTING = "connecting"
    WAITING = "waiting"
    ONLINE = "online"


class Session(Living, Protocol):
    """What a connection drives: the device, as the connection sees it."""

    async def establish(self, address: Address) -> None:
        """Open, prove identity and read everything; raise EdgeError."""

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
        self._gate = gate or Gate()
        self._place: Place | None = None
        self._seen = False
        """Whether there is a reason to try now, not but the time that has passed."""
        self._addresses = list(addresses)
        self._proven = self.address
        self._task: asyncio.Task[None] | None = None
        self._wake = Flag()
        self._lost: asyncio.Future[EdgeError] | None = None
        self._attempt: tuple[asyncio.Task[None], Address, float] | None = None
        self._tried_at = self._hurried_at = -LONGEST_PAUSE
        self._heart = Heart(session, self.lost)
        self._grace: asyncio.TimerHandle | None = None
        self._settled = Flag(is_set=True)
        self._hints: list[Address] = []
        self._patient = False
        self.status = Status.IDLE
        self.available = False
        self.reason: EdgeError | None = None
        self.where_proven: EdgeError | None = None
        """What the last attempts met at the address where the device was proven last."""
        self.attempts = 0

    @property
    def address(self) -> Address | None:
        """Where the device is, or was last."""
        return self._addresses[0] if self._addresses else None

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Where the device may be, the most likely first."""
        return tuple(self._addresses)

    @property
    def unproven(self) -> tuple[Address, ...]:
        """Where the device was seen, the most likely first, if it was not found there yet."""
        seen = self._hints or self._addresses
        return tuple(seen) if seen[:1] != [self._proven] else ()

    @property
    def seen_elsewhere(self) -> bool:
        """Whether the device was last seen, first of all, where it is not connected."""
        return bool(self._hints) and self._hints[0] != self.address

    def start(self) -> None:
        """Begin; the first attempt is under way when this returns."""
        self._task = asyncio.Task(self._run(), eager_start=True)

    async def stop(self) -> None:
        """End for good: no task, timer or socket is left."""
        self.status = Status.IDLE
        self.available = False
        self._cancel_grace()
        self._settled.set()
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
            self._remember(*addresses)
            self.retry()
            self._hurry(addresses)
        elif addresses == (self.address,):
            self._session.announced()
        elif addresses:
            news = addresses[0] not in (self.address, *self._hints)
            self._hints = list(addresses)
            if news or self.address not in addresses:
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
        if self._place is not None and not self._seen:
            self._seen = True
            self._place.give_up()

    async def settled(self) -> None:
        """Wait while a drop may still heal: until online again, or offline for all to see."""
        await self._settled.wait()

    # the one task

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        pauses: Iterator[float] | None = None  # made when something fails: most devices have none
        while True:
            if (lost := await self._connected()) is not None:
                since = loop.time()
                self._online()
                self._offline(await lost)
                await self._session.hang_up()
                if loop.time() - since >= LASTING:
                    pauses = None
                    continue
            pauses = pauses or _pauses()
            pause = next(pauses)
            if lost is None and self._patient:
                pause = LONGEST_PAUSE
            if await self._pause(pause):
                pauses = None

    async def _connected(self) -> asyncio.Future[EdgeError] | None:
        """Try each address; return what will tell that the connection is lost, or None."""
        loop = asyncio.get_running_loop()
        if (early := self._tried_at + SHORTEST_PAUSE - loop.time()) > 0:
            await asyncio.sleep(early)
        self._tried_at = loop.time()
        self._seen = self._wake.is_set()
        self._wake.clear()
        self._status(Status.CONNECTING)
        failures: dict[Address, EdgeError] = {}
        for address in self._round():
            self._lost = loop.create_future()
            failure = await self._try(address)
            if failure is None:
                self._proven, self.where_proven = address, None
                self._remember(address)
                return self._lost
            failures[address] = failure
            if self._proven in failures and self._addresses[0] not in failures:
                break  # seen elsewhere meanwhile
        reasons = (*failures.values(), UnreachableError("no address is known"))
        self.where_proven = failures.get(self._proven, reasons[0]) if self._proven else reasons[0]
        # a stranger where it was seen, or was once, must not slow down the tries at the other
        self._patient = all(isinstance(e, PATIENT) for e in (self.where_proven, reasons[0]))
        self._status(Status.WAITING, reasons[0])
        if self._grace is None:
            self._show(available=False)
        return None

    def _round(self) -> tuple[Address, ...]:
        """Return what to try: where it was seen last, where it was proven, and the rest."""
        proven = () if self._proven is None else (self._proven,)
        return tuple(dict.fromkeys((*self._addresses[:1], *proven, *self._addresses)))

    async def _try(self, address: Address) -> EdgeError | None:
        place = await self._enter()
        try:
            return await self._attempt_at(address)
        finally:
            self._place = None
            place.leave()

    async def _enter(self) -> Place:
        """Wait until it may be tried; one that is seen while it waits goes on elsewhere."""
        while True:
            lane = self._gate.seen if self._seen else self._gate.usual
            place = self._place = lane.enter(self._overdue)
            try:
                if await place.wait():
                    return place
            except asyncio.CancelledError:
                place.leave()
                raise

    async def _attempt_at(self, address: Address) -> EdgeError | None:
        self.attempts += 1
        loop = asyncio.get_running_loop()
        task = asyncio.Task(self._establish(address), eager_start=True)
        self._attempt = (task, address, loop.time())
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait([task])
            raise
        finally:
            self._attempt = None
        failure: BaseException | None
        if task.cancelled():
            failure = UnreachableError(f"{address}: silent, and given up early")
        elif (failure := task.exception()) is None and self._lost is not None and self._lost.done():
            failure = self._lost.result()
        if failure is None:
            return None
        await self._session.hang_up()
        return failure if isinstance(failure, EdgeError) else UnreachableError(repr(failure))

    async def _establish(self, address: Address) -> None:
        likely = address in {self._addresses[0], self._proven}
        seconds = ATTEMPT_TIMEOUT if likely else GUESS_TIMEOUT
        try:
            async with asyncio.timeout(seconds):
                await self._session.establish(address)
        except TimeoutError as err:
            msg = f"{address}: not ready within {seconds:g} s"
            raise TimedOutError(msg) from err

    def _hurry(self, addresses: tuple[Address, ...]) -> None:
        """End an attempt that hangs: it must not keep a device waiting that is there."""
        if self._attempt is None:
            return
        task, address, since = self._attempt
        now = asyncio.get_running_loop().time()
        hangs = self._session.heard_at < since and (
            address != addresses[0] or now - since > HANGING
        )
        if hangs and now - self._hurried_at >= HURRY_PAUSE:
            self._hurried_at = now
            task.cancel()

    def _overdue(self) -> None:
        """End an attempt that hangs while others wait to be tried."""
        if self._attempt is not None:
            task, _, since = self._attempt
            if self._session.heard_at < since:
                task.cancel()

    async def _pause(self, seconds: float) -> bool:
        """Wait for the next attempt; return whether something woke us."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds * random.uniform(0.7, 1.3)):  # noqa: S311
                await self._wake.wait()
                return True
        return False

    # what the others see

    def _online(self) -> None:
        self._cancel_grace()
        self._hints = []
        self._wake.clear()
        self._status(Status.ONLINE)
        self._show(available=True)
        self._heart.start()

    def _offline(self, reason: EdgeError) -> None:
        self._settled.clear()
        self._heart.stop()
        if self._hints:
            self._remember(*self._hints)
            self._wake.set()
        self._status(Status.WAITING, reason)
        if isinstance(reason, TimedOutError):  # it was silent for long enough already
            self._show(available=False)
        else:
            loop = asyncio.get_running_loop()
            self._grace = loop.call_later(GRACE, self._grace_over)

    def _grace_over(self) -> None:
        self._grace = None
        self._show(available=False)

    def _cancel_grace(self) -> None:
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None

    def _status(self, status: Status, reason: EdgeError | None = None) -> None:
        self.status = status
        if status is not Status.CONNECTING:
            self.reason = reason
        self._session.status_changed(status, reason)

    def _show(self, *, available: bool) -> None:
        self._settled.set()
        if available is not self.available:
            self.available = available
            self._session.available_changed(available, self.reason)

    def _remember(self, *addresses: Address) -> None:
        known = list(dict.fromkeys((*addresses, *self._addresses)))[:MAX_ADDRESSES]
        if self._proven is not None and self._proven not in known:
            known[-1] = self._proven  # whatever is claimed, this one was it
        self._addresses = known


def _pauses() -> Iterator[float]:
    """Yield 0.25 s, doubling to 1.5 s for the first minute, then times 1.8 up to 60 s.

    With the jitter of a pause, a device that was away for less is back within 2 s.
    """
    pause, spent = 0.25, 0.0
    while True:
        yield pause
        spent += pause
        pause = min(pause * 2, 1.5) if spent < FIRST_MINUTE else min(pause * 1.8, LONGEST_PAUSE)
