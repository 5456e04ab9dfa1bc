"""A device's signs of life, from the cheapest to a reply of its firmware."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from ..callbacks.registration import CallbackRegistration
from ..connection.addresses import KnownAddresses
from ..driver.driver import Driver
from ..errors import RefusedError, TimedOutError
from ..timing.lazy_event import LazyEvent
from ..timing.silence import silence_timeout
from ..transports.base import Transport
from ..transports.pace import HeldTime
from .core import DeviceCore
from .reading import Reading

FIRMWARE_MAY_HANG = 14.0
"""Seconds of silence after which the firmware must answer, not only the network stack."""
LOSSY_AFTER = 0.5
"""If the network stack takes longer to answer, packets were lost, and perhaps messages too."""
DOUBTFUL_PATIENCE = 2.4
"""Seconds for a sign of life if the network stack did not answer."""


class DeviceLiveness:
    """The signs of life of one device; implements `Liveness`."""

    __slots__ = (
        "_addresses",
        "_answers",
        "_asked_at",
        "_callback",
        "_core",
        "_reading",
        "io",
        "message",
    )

    def __init__(
        self,
        core: DeviceCore,
        io: Transport,
        callback: CallbackRegistration | None,
        reading: Reading,
        addresses: KnownAddresses,
    ) -> None:
        """Watch the transport, and the requests that the device sends to the hub."""
        self._core = core
        self.io = io
        """The transport that is watched."""
        self._callback = callback
        self._reading = reading
        self._addresses = addresses
        self._answers = False
        self._asked_at = 0.0
        """When it was last asked for a sign of life, in loop time."""
        self.message = LazyEvent()
        """Set with each message of the device."""

    @property
    def heard_at(self) -> float:
        """When something was last received from the device, in loop time."""
        return max(self.io.heard_at, self._callback.heard_at if self._callback else 0)

    @property
    def watched_at(self) -> float:
        """When something was last received on the way whose silence is watched, in loop time."""
        return max(self.io.watched_at, self._callback.heard_at if self._callback else 0)

    @property
    def acknowledged_at(self) -> float | None:
        """When the held connection last received anything, in loop time; None: none, or unknown."""
        return self.io.acknowledged_at

    @property
    def silent_since(self) -> float:
        """As `heard_at`; later while and after the hub held back what it has to send."""
        return max(self.heard_at, self._core.pacing.held.ended_at)

    @property
    def held(self) -> HeldTime:
        """The time in which the hub held that back."""
        return self._core.pacing.held

    @property
    def answers(self) -> bool:
        """Whether the device is known to send something; some only receive."""
        self._answers = self._answers or self.heard_at > 0
        return self._answers

    @asynccontextmanager
    async def answered(self) -> AsyncGenerator[None]:
        """Wait in the end until something was received, if the block has sent something.

        A driver that waits for replies has received it already; another one may have sent it to
        nobody. The caller limits the time. A device that never answers is not waited for.
        """
        began, sent = asyncio.get_running_loop().time(), set[str]()
        unsubscribe = self._core.trace.subscribe(lambda entry: sent.add(entry.kind))
        try:
            yield
        finally:
            unsubscribe()
        if "sent" in sent and self.answers and self.heard_at < began:
            self.message.clear()
            await self.message.wait()

    @property
    def heartbeat(self) -> float | None:
        """Seconds of silence before the device is checked; None: never."""
        return self.io.heartbeat

    @property
    def patience(self) -> float:
        """Seconds of silence that it may take to give a sign of life."""
        io = self.io
        return max(io.patience, io.answers_within, io.options.timeout)

    @property
    def answers_within(self) -> float:
        """Seconds of silence after which a command fails."""
        return self.io.answers_within

    async def check(self) -> None:
        """Get a sign of life after a silence; at first, the network stack may give it."""
        patience, loop = self.patience, asyncio.get_running_loop()
        if (began := loop.time()) - self.watched_at < FIRMWARE_MAY_HANG:
            if is_reachable := await self.io.is_reachable():
                if loop.time() - began > LOSSY_AFTER:
                    self._reading.refresh_later()
                return
            if is_reachable is not None:
                patience = DOUBTFUL_PATIENCE
        await self._ping_within(patience)

    async def check_claim(self) -> None:
        """Find out whether the device is still there, as a stranger makes that doubtful.

        It has the time that it has after a silence, and must not be another one. All else than
        silence shows that it is there: a refusal, or something that arrives meanwhile.
        """
        began = asyncio.get_running_loop().time()
        is_unreachable = await self.io.is_reachable() is False
        try:
            await self._ping_within(DOUBTFUL_PATIENCE if is_unreachable else self.patience)
        except RefusedError:
            pass
        except TimedOutError, TimeoutError:
            if self.heard_at <= began:
                raise

    async def _ping_within(self, patience: float) -> None:
        async with silence_timeout(patience, lambda: self.silent_since):
            await self.ping()

    async def check_reachability(self) -> None:
        """Get any answer from the device's network stack; raise TimedOutError."""
        if await self.io.is_reachable() is False:
            raise TimedOutError(t"the device does not answer")

    async def ping(self) -> None:
        """Get a sign of life from the right device; raise EdgeError.

        The caller limits the time.
        """
        core, addresses = self._core, self._addresses
        self._asked_at = asyncio.get_running_loop().time()
        hints, claimed = addresses.hints, addresses.claimed_by_hints
        try:
            async with self.answered():
                with core.state.reading():
                    unique_id = await core.guard.run(core.driver.ping)
                unique_id = core.guard.returned(core.driver.ping, unique_id, str)
        except RefusedError:
            if not core.pacing.pause:
                raise
            return  # it answers: it has asked for a pause
        if unique_id or self._ping_identifies:
            core.fail_if_other(unique_id, addresses.latest)
        addresses.refute(hints)
        for elsewhere in claimed if not unique_id else ():
            # another device of the same kind may have answered
            core.guard.call(core.observer.on_sighted_elsewhere, addresses.latest, elsewhere)

    async def identify_again(self) -> None:
        """Ask a device that talks all the time who it is: it may be another one by now.

        The silent ones are asked anyway, and nothing is asked that is read as often. Raises
        EdgeError.
        """
        often = self.io.identify_every or 0
        if self._core.driver.reads_identity and self._reading.interval <= often:
            return
        since = asyncio.get_running_loop().time() - self._asked_at
        if since >= (self.heartbeat or 0):
            await self.ping()

    @property
    def _ping_identifies(self) -> bool:
        """Whether the driver's `ping` is the default one, which asks for the id."""
        return type(self._core.driver).ping is Driver.ping

    def announced(self) -> None:
        """Handle an announcement of the device: it may have restarted."""
        self.io.announced()
