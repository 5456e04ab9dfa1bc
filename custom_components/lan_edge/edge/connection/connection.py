"""A device's connection: established, watched, and established again until it is stopped.

            ┌──────────── sighted, or the delay is over ────────────────┐
            ▼                                                           │
    CONNECTING ── opened, identity proven, everything read ──► ONLINE   │
            │                                                    │      │
            └──── failed ────► WAITING ◄──── lost, or silent ────┘──────┘

A single task does all of it. A refused login, a changed certificate or another device at the
address needs action by the user: until then, or until the device is sighted elsewhere, each attempt
comes after the longest delay.
"""

import asyncio
from collections.abc import Mapping

from ..errors import CredentialsError, EdgeError, TimedOutError, UnreachableError
from ..network.address import Address
from .addresses import KnownAddresses
from .attempts import Attempts
from .availability import Availability
from .backoff import LONGEST_DELAY, Backoff
from .connectable import Connectable
from .failures import Failures, may_be_back
from .heartbeat import Heartbeat
from .limiter import ConnectLimiter
from .sightings import Sightings
from .status import Status

ATTEMPT_TIMEOUT = 20.0
"""Seconds to open the transport, prove the identity and read everything."""
GUESS_TIMEOUT = 5.0
"""The same, at an address where the device was neither sighted nor proven last."""
DOUBT_TIMEOUT = 3.0
"""Seconds for which a device that may be lost may be silent, unless its driver allows more."""
SLEEPER_DELAY = 10.0
"""Seconds between two attempts at most if the device may sleep: it may be awake for as long."""
STABLE_AFTER = 10.0
"""Seconds online after which a loss begins a new series of delays."""


class Connection:
    """Keeps one device connected."""

    def __init__(
        self,
        target: Connectable,
        addresses: KnownAddresses,
        limiter: ConnectLimiter | None = None,
    ) -> None:
        """Connect `target` at one of `addresses` once started.

        All connections of a process share a `limiter`; without one, attempts are not limited.
        """
        self._target = target
        self._addresses = addresses
        self._attempts = Attempts(target, limiter or ConnectLimiter())
        self._task: asyncio.Task[None] | None = None
        self._backoff = Backoff()
        self._lost: asyncio.Future[EdgeError] | None = None
        self._heartbeat = Heartbeat(target.liveness, self.lost)
        self._availability = Availability(self._available_changed)
        self._needs_action = False
        self._hurried = set[Address]()
        """Where the last attempt was short, as the device was sighted elsewhere."""
        self.sightings = Sightings(addresses, self._check_sighting, target.liveness.announced)
        """What strangers say about the device."""
        self.status = Status.IDLE
        self.reason: EdgeError | None = None
        """Why the device is not online."""
        self.failure_where_proven: EdgeError | None = None
        """Why the last attempt failed at the address where the device was proven last."""
        self.is_untried = False
        """Whether it was sighted where the last round of attempts did not try it."""

    @property
    def address(self) -> Address | None:
        """The current address of the device, or the last one."""
        return self._addresses.latest

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The known addresses of the device, the most likely first."""
        return self._addresses.all

    @property
    def available(self) -> bool:
        """Whether the device is available; a short loss of the connection does not count."""
        return self._availability.is_available

    @property
    def sleeps(self) -> float:
        """Seconds for which the device may sleep, without contact; 0: it does not."""
        return self._availability.sleeps

    @sleeps.setter
    def sleeps(self, seconds: float) -> None:
        self._availability.sleeps = seconds
        self._backoff.longest = SLEEPER_DELAY if seconds else LONGEST_DELAY

    @property
    def attempts(self) -> int:
        """The number of attempts made."""
        return self._attempts.count

    def start(self) -> None:
        """Start connecting; the first attempt is under way when this returns."""
        self._task = asyncio.Task(self._run(), eager_start=True)

    async def stop(self) -> None:
        """Stop permanently; no task, timer or socket remains."""
        self.status = Status.IDLE
        self._target.status_changed(Status.IDLE, None)
        self._availability.end()
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._heartbeat.close()
        self.sightings.end()
        self._task = None
        await self._target.disconnect()

    def sighted(self, *addresses: Address) -> None:
        """Handle a sighting of the device at these addresses, the most likely first.

        Offline, they are tried at once. Online, they are kept as hints, and the connection is
        checked if the first one is new or the current one is missing: a device that moved may still
        be listed at its old address. They are tried only if that check fails.
        """
        self.sightings.sighted(*addresses)

    def announced(self) -> None:
        """Handle an announcement of the device that does not give its address."""
        self.sightings.announced()

    def follow(self, address: Address) -> None:
        """Connect the device at `address` next, where it is believed to be now.

        Whoever answers there is not trusted more than at any other address.
        """
        self._addresses.choose(address)
        self.lost(UnreachableError(t"it may have moved to {address}"))
        self.retry()

    def moved(self, address: Address) -> None:
        """Connect the device at `address`: it has just proven to be there."""
        self._addresses.prove(address)
        self.lost(UnreachableError(t"it has moved to {address}"))
        self.retry()

    def lost(self, reason: EdgeError) -> None:
        """Report that the connection was lost."""
        if self._lost is not None and not self._lost.done():
            self._lost.set_result(reason)

    def interrupt(self, reason: EdgeError) -> None:
        """End the connection or the attempt that is under way."""
        if self.status is Status.ONLINE:
            self.lost(reason)
        else:
            self._attempts.end()

    def watch_anew(self) -> None:
        """End a check that is under way; the next one comes after a silence, as at first."""
        if self.status is Status.ONLINE:
            self._heartbeat.stop()
            self._heartbeat.start()

    def doubt(
        self,
        reason: EdgeError | None = None,
        *,
        timeout: float | None = None,
        may_be_busy: bool = False,
    ) -> None:
        """Check now whether the device is alive; without an answer it goes offline.

        It may be silent for `timeout` seconds, by default DOUBT_TIMEOUT or what its driver allows.
        If the `reason` is a TimedOutError, it becomes unavailable at once, otherwise after the
        grace period. With `may_be_busy`, an answer of its network stack is enough.
        """
        if self.status is Status.ONLINE:
            liveness = self._target.liveness
            check = liveness.check_reachability if may_be_busy else liveness.ping
            was_silent = isinstance(reason, TimedOutError)
            allowed = max(DOUBT_TIMEOUT, liveness.answers_within)
            self._heartbeat.check(check, timeout or allowed, was_silent=was_silent)

    def retry(self) -> None:
        """Try again now: the attempt has a better chance than the last one."""
        self._backoff.wake()
        self._attempts.prioritize()

    async def settled(self) -> None:
        """Wait until a lost connection has either recovered or become unavailable."""
        await self._availability.settled()

    def _check_sighting(self) -> None:
        """Check the connection, or try again now, as the device was sighted."""
        if self.status is Status.ONLINE:
            self._heartbeat.check_with_patience(self._target.liveness.check_claim)
        else:
            self._backoff.hint()
            self._attempts.prioritize()
            self._attempts.end_hanging(self._addresses.to_try())

    # the task

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            if (lost := await self._connect()) is not None:
                online_since = loop.time()
                self._online()
                self._offline(await lost)
                await self._target.disconnect()
                if loop.time() - online_since >= STABLE_AFTER:
                    self._backoff.reset()
                    continue
            await self._backoff.wait(longest=lost is None and self._needs_action)

    async def _connect(self) -> asyncio.Future[EdgeError] | None:
        """Try each address; return a future of the reason of the loss, or None on failure."""
        loop = asyncio.get_running_loop()
        self._attempts.is_urgent = await self._backoff.begin()
        self._set_status(Status.CONNECTING)
        failures: dict[Address, EdgeError] = {}
        failure: EdgeError | None = None
        likeliest = self.address
        for address in self._addresses.one_round():
            is_again = address in failures
            if is_again and not (
                isinstance(failure, TimedOutError) and may_be_back(failures[address])
            ):
                continue  # it was tried a moment ago
            self._lost = loop.create_future()
            failure = await self._attempt(address, self._lost, is_again=is_again)
            if failure is None:
                self._addresses.prove(address)
                self.failure_where_proven, self.is_untried = None, False
                return self._lost
            failures[address] = failure
            if self._addresses.proven in failures and self.address not in (likeliest, *failures):
                break  # the device was sighted elsewhere meanwhile
        self._set_failed(failures)
        return None

    async def _attempt(
        self, address: Address, lost: asyncio.Future[EdgeError], *, is_again: bool
    ) -> EdgeError | None:
        addresses = self._addresses
        timeout = ATTEMPT_TIMEOUT if addresses.is_likely(address) else GUESS_TIMEOUT
        is_doubtful = addresses.is_claimed_elsewhere and not addresses.is_expected(address)
        is_hurried = is_again or (is_doubtful and address not in self._hurried)
        # it has its whole time the next time: it may be slow, and the sighting false
        if not is_again:
            self._hurried = self._hurried & {*addresses.all} ^ ({address} if is_doubtful else set())
        silence = self._target.liveness.answers_within if is_hurried else timeout
        failure = await self._attempts.attempt(address, timeout, silence=silence)
        if failure is None and lost.done():
            failure = lost.result()
        if failure is not None:
            await self._target.disconnect()
        return failure

    def _set_failed(self, failures: Mapping[Address, EdgeError]) -> None:
        """Wait for the next attempt, after this one failed at each of the addresses."""
        found = Failures(failures, self._addresses.proven)
        self.failure_where_proven = found.where_proven
        self.is_untried = bool(failures) and self.address not in failures
        self._needs_action = found.need_action and not (found.mean_absence and self.is_untried)
        self._addresses.failed_where_proven()
        self.sightings.failed(
            is_absent=found.mean_absence,
            is_untried=self.is_untried,
            is_refused=isinstance(found.where_proven, CredentialsError),
        )
        self._set_status(Status.WAITING, found.likeliest)
        self._availability.failed(needs_action=self._needs_action)
        if not self.available:
            self.sightings.left()

    # status and availability

    def _online(self) -> None:
        self.sightings.online()
        self._backoff.succeeded()
        self._set_status(Status.ONLINE)
        self._availability.up()
        self._heartbeat.start()

    def _offline(self, reason: EdgeError) -> None:
        self._heartbeat.stop()
        if self.sightings.offline(reason):
            self._backoff.wake()
        self._set_status(Status.WAITING, reason)
        # a silent device has had its grace period already
        self._availability.down(at_once=isinstance(reason, TimedOutError))

    def _available_changed(self, is_available: bool) -> None:
        if not is_available:
            self.sightings.left()
        self._target.available_changed(is_available, self.reason)

    def _set_status(self, status: Status, reason: EdgeError | None = None) -> None:
        self.status = status
        if status is not Status.CONNECTING:
            self.reason = reason
        self._target.status_changed(status, reason)
