"""A device's session: how it is connected, kept, and left.

The connection drives it (`Connectable`); it drives the transport and the driver's hooks.
"""

import asyncio
from contextlib import suppress
from functools import partial
import logging
from typing import Any

from ..callbacks.registration import CallbackHandler
from ..callbacks.request import CallbackRequest
from ..connection.addresses import MAX_ADDRESSES, KnownAddresses
from ..connection.connection import Connection
from ..connection.status import Status
from ..driver.pairing import Ask
from ..errors import (
    CertificateError,
    CredentialsError,
    EdgeError,
    OfflineError,
    TimedOutError,
    UnreachableError,
)
from ..network.address import Address
from ..timing.timers import Timers, Work
from ..transports.base import Link
from .command_queue import CommandQueue, Task
from .context import DeviceContext
from .core import DeviceCore
from .handshake import Handshake
from .liveness import DeviceLiveness
from .reading import Reading
from .reports import ConnectionReports
from .runtime import Runtime

_LOGGER = logging.getLogger(__name__)

TRIAL_TIMEOUT = 10.0
"""Seconds to connect once, read everything and hang up."""
FAREWELL_TIMEOUT = 5.0
"""Seconds for what the driver tells the device at the end."""


class Session:
    """One device as its connection sees it."""

    __slots__ = (
        "_callback",
        "_core",
        "_handshake",
        "_is_linked",
        "_queue",
        "_reports",
        "connection",
        "io",
        "is_online",
        "link",
        "liveness",
        "reading",
        "timers",
    )

    def __init__(self, core: DeviceCore, queue: CommandQueue, runtime: Runtime | None) -> None:
        """Connect nothing yet. Without a runtime, the device cannot call: it is polled."""
        self._core = core
        self._queue = queue
        self.timers = Timers(self._run_timer)
        self.reading = Reading(core, self.timers)
        handler = CallbackHandler(self._called, self._called_early, self._hub_moved)
        self._callback = runtime.listener.register(handler) if runtime else None
        self.link = Link(
            self._received, self.lost, trace=core.trace, on_missed=self.reading.again_now
        )
        self.io = core.new_transport(self.link)
        context = DeviceContext(core, self.io, self.timers, self._callback, self.reading.again_now)
        core.use_driver(core.chosen_driver(), context)
        self._handshake = Handshake(core, context, self.link)
        addresses = KnownAddresses(core.record.addresses)
        self.liveness = DeviceLiveness(core, self.io, self._callback, self.reading, addresses)
        self.connection = Connection(self, addresses, runtime.limiter if runtime else None)
        self._reports = ConnectionReports(core)
        self.is_online = False
        """Whether it is connected, proven and read."""
        self._is_linked = False
        """Whether the driver was told that it is connected."""

    async def ready(self) -> None:
        """Wait while a drop may heal; raise OfflineError if the device is not there."""
        while not self.is_online and self.connection.available:
            await self.connection.settled()
        self.fail_if_offline()

    def fail_if_offline(self) -> None:
        """Raise OfflineError if the device is not there, short drops aside."""
        if not self.is_online and not self.connection.available:
            reason = self.connection.reason or "not connected yet"
            raise OfflineError(f"{self._core.label} is offline: {reason}")

    def accept_certificate(self, fingerprint: str) -> None:
        """Expect that certificate from now on, and try again at once."""
        self._handshake.pin(fingerprint)
        self.connection.retry()

    # one connection, made by hand

    async def check(self, address: Address) -> None:
        """Connect once, read everything and hang up; raise EdgeError."""
        try:
            async with asyncio.timeout(TRIAL_TIMEOUT):
                await self._open(address)
                await self._greet()
        except TimeoutError as err:
            raise TimedOutError(f"{address}: no answer within {TRIAL_TIMEOUT:g} s") from err
        finally:
            await self.hang_up()
            await self.close_callback()

    async def pair(self, address: Address, ask: Ask) -> None:
        """Connect once and let the driver ask for what it needs; raise EdgeError."""
        try:
            await self._handshake.pair(address, ask)
        finally:
            await self.hang_up()

    # driven by the connection

    async def establish(self, address: Address) -> None:
        """Open, prove identity and read everything; raise EdgeError."""
        try:
            await self._establish(address)
        except CertificateError as err:
            self._handshake.report(err)
            raise

    async def _establish(self, address: Address) -> None:
        core = self._core
        await self._open(address)
        if not self._handshake.is_identified and address != self.connection.address:
            # at an older address another device of its kind may be by now; or nobody: a driver
            # that asks for no id may not even have asked anything
            raise UnreachableError(
                f"{address}: {core.label} was seen elsewhere since, and cannot tell who it is"
            )
        self.timers.open()
        self.link.callback = self._callback
        if not core.record.added:
            await core.guard.run(core.driver.added)
            core.record.added = True
            core.guard.call(core.observer.on_record)
        await self._greet()
        self.reading.start(self.io)
        self._keep_address(address)

    async def _open(self, address: Address) -> None:
        """Open the transport and prove who answers; raise EdgeError."""
        await self._handshake.open(address)
        if self._callback is not None:
            by_address = self._core.driver.callback_by_address
            await self._callback.attach(address.host, by_address=by_address)

    async def _greet(self) -> None:
        self._is_linked = True
        await self._core.guard.run(self._core.driver.connected)
        await self.reading.refresh(is_first=True)
        self._handshake.keep_pin()  # it comes only now if nothing was asked to prove identity

    def _keep_address(self, address: Address) -> None:
        record = self._core.record
        if record.addresses[:1] != (address,):
            others = tuple(a for a in record.addresses if a != address)
            record.addresses = (address, *others)[:MAX_ADDRESSES]
            self._core.guard.call(self._core.observer.on_record)

    async def hang_up(self) -> None:
        """Close the transport; what waits for it fails. Never raises."""
        was_linked, self._is_linked = self._is_linked, False
        if self.connection.status is not Status.IDLE:  # it was lost: nothing may be done later
            self.io.abandon()
        self._core.state.is_proven = False
        await self.timers.close()
        with suppress(EdgeError):
            await self._core.guard.run(self.io.close)
        self.link.callback = None
        if self._callback is not None:
            await self._callback.detach()
        if was_linked:
            await self.farewell(self._core.driver.disconnected)

    async def farewell(self, hook: Work) -> None:
        """Run a driver's hook at the end, which may fail and must not take long."""
        with suppress(EdgeError, TimeoutError):
            async with asyncio.timeout(FAREWELL_TIMEOUT):
                await self._core.guard.run(hook)

    async def close_callback(self) -> None:
        """End the registration with the listener."""
        if self._callback is not None:
            await self._callback.close()

    # what changes

    def status_changed(self, status: Status, reason: EdgeError | None) -> None:
        """Take note of each step."""
        self.is_online = status is Status.ONLINE
        self._reports.status_changed(self.connection, status, reason)

    def available_changed(self, is_available: bool, reason: EdgeError | None) -> None:
        """Fail what waits for a device that is not there."""
        if not is_available:
            self._queue.fail_waiting(OfflineError(f"{self._core.label} is offline: {reason}"))
        self._reports.available_changed(self.connection, is_available=is_available, reason=reason)

    # what comes in

    def _received(self, message: Any) -> None:
        core = self._core
        core.guard.call(core.driver.on_message, message)

    def lost(self, reason: EdgeError) -> None:
        """Take note that the connection broke."""
        self.connection.lost(reason)

    def _called(self, request: CallbackRequest) -> str | None:
        core = self._core
        core.trace.add("received", f"{request.method} {request.path} {request.body!r}")
        return core.guard.call(core.driver.on_callback, request)

    def _called_early(self) -> None:
        self.connection.retry()

    def _hub_moved(self) -> None:
        self.connection.lost(UnreachableError("the hub has another address"))

    async def _run_timer(self, work: Work) -> None:
        """Run a timer's work in the device's turn."""
        task = Task(partial(self._core.guard.run, work))
        try:
            await self._queue.run(task, self.io.deadline)
        except (CredentialsError, CertificateError) as err:
            self.connection.lost(err)
        except EdgeError as err:
            _LOGGER.debug("%s: %s", self._core.label, err)
            self.connection.doubt(err)
            self.reading.failed()
