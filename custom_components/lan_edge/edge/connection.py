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

ATTEMPT_TIMEOUT = 20.0
"""Seconds for opening, proving and reading, in all."""
GRACE = 2.0
"""Seconds in which a drop may heal unseen."""
HEARTBEAT_TIMEOUT = 10.0
PROBE_TIMEOUT = 3.0
"""Seconds a doubtful device has to give a sign of life."""
FIRST_MINUTE = 60.0
LONGEST_PAUSE = 60.0
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


class Session(Protocol):
    """What a connection drives: the device, as the connection sees it."""

    @property
    def heard_at(self) -> float:
        """When the device was last heard, in the loop's seconds."""
        ...

    @property
    def heartbeat(self) -> float | None:
        """Seconds of silence before the device is asked; None: never asked."""
        ...

    async def establish(self, address: Address) -> None:
        """Open, prove identity and read everything; raise EdgeError."""

    async def ping(self) -> None:
        """Get a sign of life; raise EdgeError."""

    async def hang_up(self) -> None:
        """Close the transport; never raises."""

    def status_changed(self, status: Status, reason: EdgeError | None) -> None:
        """Learn of each step."""

    def available_changed(self, available: bool, reason: EdgeError | None) -> None:
        """Learn what is worth showing: a drop that heals soon is not."""


class Connection:
    """Keeps one device connected."""

    def __init__(self, session: Session, addresses: tuple[Address, ...]) -> None:
        """Connect to one of `addresses`, the most likely first, once started."""
        self._session = session
        self._addresses = list(addresses)
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._lost: asyncio.Future[EdgeError] | None = None
        self._attempt: tuple[asyncio.Task[None], Address, float] | None = None
        self._probe: asyncio.Task[None] | None = None
        self._grace: asyncio.TimerHandle | None = None
        self._settled = asyncio.Event()
        self._settled.set()
        self._hints: list[Address] = []
        self.status = Status.IDLE
        self.available = False
        self.reason: EdgeError | None = None
        self.attempts = 0

    @property
    def address(self) -> Address | None:
        """Where the device is, or was last."""
        return self._addresses[0] if self._addresses else None

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Where the device may be, the most likely first."""
        return tuple(self._addresses)

    def start(self) -> None:
        """Begin; the first attempt is under way when this returns."""
        self._task = asyncio.Task(self._run(), eager_start=True)

    async def stop(self) -> None:
        """End for good: no task, timer or socket is left."""
        for task in (self._task, self._probe):
            if task is not None and task is not asyncio.current_task():
                task.cancel()
                await asyncio.wait([task])
        self._task = self._probe = None
        self._cancel_grace()
        await self._session.hang_up()
        self.status = Status.IDLE
        self.available = False

    def sighted(self, *addresses: Address) -> None:
        """Take the hint that the device may be at these addresses.

        Offline: they are tried at once. Online: they are remembered, and if none of them is
        the one in use, the device is asked whether it is still there.
        """
        known = self.address
        if self.status is Status.ONLINE:
            if known not in addresses:
                self._hints = list(addresses)
                self.doubt()
            return
        for address in reversed(addresses):
            self._remember(address)
        self._wake.set()
        if self._attempt is not None:
            task, address, since = self._attempt
            stale = asyncio.get_running_loop().time() - since > 1
            if address not in addresses or stale:
                task.cancel()  # a dial that hangs must not keep a device waiting that is there

    def lost(self, reason: EdgeError) -> None:
        """Learn that the connection broke."""
        if self._lost is not None and not self._lost.done():
            self._lost.set_result(reason)

    def doubt(self) -> None:
        """Ask the device for a sign of life now; without one it is offline at once."""
        if self.status is Status.ONLINE and self._probe is None:
            self._probe = asyncio.create_task(self._doubt())
            self._probe.add_done_callback(self._probed)

    def retry(self) -> None:
        """Try again now, because something was changed for the better."""
        self._wake.set()

    async def settled(self) -> None:
        """Wait while a drop may still heal: until online again, or offline for all to see."""
        await self._settled.wait()

    # the one task

    async def _run(self) -> None:
        while True:
            pauses = _pauses()
            while not await self._connected():
                await self._pause(next(pauses))
            self._lost = asyncio.get_running_loop().create_future()
            self._online()
            reason = await self._until_lost(self._lost)
            self._lost = None
            self._offline(reason)
            await self._session.hang_up()

    async def _connected(self) -> bool:
        self._wake.clear()
        self._status(Status.CONNECTING)
        failure: EdgeError | None = None
        for address in list(self._addresses):
            failure = await self._try(address)
            if failure is None:
                self._remember(address)
                return True
        self._status(Status.WAITING, failure or UnreachableError("no address is known"))
        if self._grace is None:
            self._show(available=False)
        return False

    async def _try(self, address: Address) -> EdgeError | None:
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
        if task.cancelled():
            await self._session.hang_up()
            return UnreachableError(f"{address}: seen elsewhere meanwhile")
        failure = task.exception()
        if failure is None:
            return None
        await self._session.hang_up()
        if isinstance(failure, EdgeError):
            return failure
        raise failure

    async def _establish(self, address: Address) -> None:
        try:
            async with asyncio.timeout(ATTEMPT_TIMEOUT):
                await self._session.establish(address)
        except TimeoutError as err:
            msg = f"{address}: not ready within {ATTEMPT_TIMEOUT:g} s"
            raise TimedOutError(msg) from err

    async def _pause(self, seconds: float) -> None:
        if isinstance(self.reason, PATIENT):
            seconds = LONGEST_PAUSE
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds * random.uniform(0.7, 1.3)):  # noqa: S311
                await self._wake.wait()

    async def _until_lost(self, lost: asyncio.Future[EdgeError]) -> EdgeError:
        while not lost.done():
            interval = self._session.heartbeat
            if interval is None:
                return await lost
            loop = asyncio.get_running_loop()
            idle = loop.time() - self._session.heard_at
            await asyncio.wait([lost], timeout=max(interval - idle, 0.05))
            if not lost.done() and loop.time() - self._session.heard_at >= interval:
                await self._ping(HEARTBEAT_TIMEOUT)
        return lost.result()

    async def _ping(self, timeout: float) -> None:
        try:
            async with asyncio.timeout(timeout):
                await self._session.ping()
        except TimeoutError:
            self.lost(TimedOutError("no sign of life"))
        except EdgeError as err:
            self.lost(err)

    async def _doubt(self) -> None:
        await self._ping(PROBE_TIMEOUT)

    def _probed(self, task: asyncio.Task[None]) -> None:
        self._probe = None
        if not task.cancelled() and (err := task.exception()) is not None:
            self.lost(UnreachableError(f"the sign of life failed: {err!r}"))

    # what the others see

    def _online(self) -> None:
        self._cancel_grace()
        self._hints = []
        self._status(Status.ONLINE)
        self._show(available=True)

    def _offline(self, reason: EdgeError) -> None:
        self._settled.clear()
        for address in reversed(self._hints):
            self._remember(address)
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

    def _remember(self, address: Address) -> None:
        if address in self._addresses:
            self._addresses.remove(address)
        self._addresses.insert(0, address)
        del self._addresses[MAX_ADDRESSES:]


def _pauses() -> Iterator[float]:
    """Yield 0.25 s, doubling to 2 s for the first minute, then times 1.8 up to 60 s."""
    pause, spent = 0.25, 0.0
    while True:
        yield pause
        spent += pause
        pause = min(pause * 2, 2.0) if spent < FIRST_MINUTE else min(pause * 1.8, LONGEST_PAUSE)
