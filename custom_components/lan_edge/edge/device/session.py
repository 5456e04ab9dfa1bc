"""A device's session: connects and disconnects the device, and receives from it.

The connection calls the session (`Connectable`); the session calls the transport and the driver's
hooks.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
import logging
from typing import Any

from ..callbacks.registration import CallbackHandler
from ..callbacks.request import CallbackRequest
from ..connection.addresses import MAX_ADDRESSES, KnownAddresses
from ..connection.connection import Connection
from ..connection.status import Status
from ..driver.driver import AnyDriver
from ..driver.renewal import Renewal
from ..errors import (
    CertificateError,
    CredentialsError,
    DriverError,
    EdgeError,
    OfflineError,
    UnreachableError,
)
from ..network.address import Address
from ..sentences import said_by
from ..timing.timers import Timers, Work
from ..transports import Inbound
from ..transports.base import Link
from .announcements import Announcements
from .call_secret import secret_of
from .caller import Caller
from .command_queue import TIMED, CommandQueue
from .context import DeviceContext
from .core import DeviceCore
from .credentials import is_login_at_stake, usual_port_of
from .handshake import Handshake
from .interruptions import Interruptions
from .liveness import DeviceLiveness
from .queued_request import FunctionRequest
from .reading import Reading
from .reports import ConnectionReports
from .runtime import Runtime
from .ways import is_for, new_transport

_LOGGER = logging.getLogger(__name__)

LAST_HOOK_TIMEOUT = 5.0
"""Seconds for each hook of the driver at the end of a connection."""


class Session:
    """One device as its connection sees it; implements `Connectable`."""

    __slots__ = (
        "_context",
        "_core",
        "_queue",
        "_ran_connected",
        "announcements",
        "callback",
        "connection",
        "handshake",
        "interruptions",
        "io",
        "is_online",
        "link",
        "liveness",
        "on_awake",
        "on_unavailable",
        "reading",
        "reports",
        "timers",
    )

    def __init__(self, core: DeviceCore, queue: CommandQueue, runtime: Runtime | None) -> None:
        """Connect nothing yet. Without a runtime there are no callbacks: the device is polled."""
        self._core = core
        self._queue = queue
        self.timers = Timers(self._run_timer, lambda: self.link.count_oddity("too much work"))
        self.reading = Reading(core, self.timers)
        core.optional_readings.on_failed = self.reading.refresh_in
        refresh = self.reading.refresh_soon
        backlog = core.state.backlog
        self.link = Link(
            self._on_message,
            self.lost,
            trace=core.trace,
            on_missed=refresh,
            pacing=core.pacing,
            read_answers=core.read_answers,
            backlog=backlog,
        )
        calls = self._on_callback, self._on_ignored_callback, self._on_hub_moved
        handler = CallbackHandler(*calls, self.link.count_oddity, backlog)
        self.callback = runtime.listener.register(handler) if runtime else None
        self.io = new_transport(core, core.chosen_driver(), self.link)
        self._context = DeviceContext(core, self.io, self.timers, self.callback, refresh)
        core.use_driver(core.chosen_driver(), self._context)
        about = partial(is_login_at_stake, core), partial(usual_port_of, core)
        addresses = KnownAddresses(core.record.addresses, *about)
        self.handshake = Handshake(core, self._context, self.link, addresses)
        self.liveness = DeviceLiveness(core, self.io, self.callback, self.reading, addresses)
        self.connection = Connection(self, addresses, runtime.limiter if runtime else None)
        self.announcements = Announcements(core, self.link.count_oddity)
        self.reading.on_read = self.announcements.read
        if self.callback is not None and isinstance(self.io.first, Inbound):
            self.link.calls = self.callback
            Caller(core, self.callback, self.connection)
        self.reports = ConnectionReports(core)
        self.is_online = False
        """Whether the device is connected, identified and read."""
        self.on_unavailable: Callable[[EdgeError], None] = queue.fail_waiting
        """Fails the commands that wait, as the device became unavailable."""
        self.on_awake: Callable[[], None] = lambda: None
        """Sends the commands that have waited until the device wakes."""
        self._ran_connected = False
        """Whether the driver's `connected` has run in this connection."""
        self.interruptions = Interruptions()
        """What is done once the connection or the attempt under way has ended."""

    @property
    def is_asleep(self) -> bool:
        """Whether the device is not connected, and may just sleep."""
        connection = self.connection
        return not self.is_online and connection.available and bool(connection.sleeps)

    async def ready(self) -> None:
        """Wait while a lost connection may recover; raise OfflineError if the device is offline."""
        if self.is_asleep:
            raise OfflineError(t"it sleeps")
        while not self.is_online and self.connection.available:
            await self.connection.settled()
        self.fail_if_offline()

    def fail_if_offline(self) -> None:
        """Raise OfflineError if the device is offline; a short loss does not count."""
        if not self.is_online and not self.connection.available:
            reason = self.connection.reason
            raise OfflineError(said_by(reason) if reason else t"not connected yet")

    def accept_certificate(self, fingerprint: str) -> None:
        """Pin a certificate, and try to connect at once."""
        self.handshake.accept(fingerprint)
        self.connection.retry()

    # another driver

    def context_for(self, driver: AnyDriver) -> DeviceContext:
        """Return the device as a driver sees it; with a new transport if it has another one."""
        if is_for(self.io, driver):
            return self._context
        return self._context.with_transport(new_transport(self._core, driver, self.link))

    def use(self, context: DeviceContext) -> None:
        """Use the transport of a context from the next connection on."""
        self._context = self.handshake.context = context
        self.io = self.liveness.io = context.transport

    async def interrupt(self, then: Callable[[], None]) -> None:
        """End the connection or the attempt under way, call `then`, and connect again at once.

        Raises what `then` raises.
        """
        await self.interruptions.interrupt(self.connection, then)

    # called by the connection

    async def establish(self, address: Address) -> None:
        """Open the transport, prove the identity and read everything; raise EdgeError."""
        self.interruptions.is_in_use = True
        try:
            await self._establish(address)
        except CertificateError as err:
            self.handshake.report(err, address)
            raise

    async def _establish(self, address: Address) -> None:
        core = self._core
        await self.handshake.open(address)
        is_identified = self.handshake.is_identified
        if not self.connection.sightings.accepts(address, is_identified=is_identified):
            # another device of the same kind may be there by now, or none at all: a driver without
            # ids may have sent nothing yet
            core.guard.call(core.observer.on_sighted_elsewhere, address, self.connection.address)
            raise UnreachableError(
                t"{address}: the device reports no ID, and was discovered elsewhere"
            )
        self.timers.open()
        self.link.callback = self.callback
        if not core.record.added:
            await core.guard.run(core.driver.added)
            core.record.added = True
            core.guard.call(core.observer.on_record)
        async with self.liveness.answered():
            await self.begin(address)
        self.reading.start(self.io)
        if self.handshake.is_identified and (interval := self.io.identify_every) is not None:
            self.timers.every(interval, self.liveness.identify_again)
        self._keep_address(address)
        if (elsewhere := self.connection.sightings.beside(address)) is not None:
            core.guard.call(core.observer.on_sighted_elsewhere, address, elsewhere)

    async def begin(self, address: Address) -> None:
        """Run the driver's `connected`, and read everything."""
        self._ran_connected = True
        await self._core.guard.run(self._core.driver.connected)
        await self.announcements.begin(address)
        await self.reading.refresh(is_first=True)
        self.handshake.keep_pin()  # without an id, the first request has just been made

    def _keep_address(self, address: Address) -> None:
        record = self._core.record
        if record.addresses[:1] != (address,):
            others = tuple(a for a in record.addresses if a != address)
            record.addresses = (address, *others)[:MAX_ADDRESSES]
            self._core.guard.call(self._core.observer.on_record)

    async def disconnect(self) -> None:
        """Close the transport; requests that wait for it fail. Never raises."""
        ran_connected, self._ran_connected = self._ran_connected, False
        if self.connection.status is not Status.IDLE:  # lost: nothing that waits may be sent later
            self.io.abandon()
        self._core.state.is_proven = False
        self.announcements.end()
        self.link.pacing.fail(UnreachableError(t"not connected"))
        await self.timers.close()
        with suppress(EdgeError, TimeoutError):
            await self._core.guard.run(self.io.close, in_turn=False)
        self.link.callback = None
        if self.callback is not None:
            await self.callback.detach()
        if ran_connected:
            await self.run_last_hook(self._core.driver.disconnected)
        self.interruptions.ended()

    async def run_last_hook(self, hook: Work) -> None:
        """Run a hook of the driver at the end of a connection; it may fail, within a time limit."""
        with suppress(EdgeError, TimeoutError):
            async with asyncio.timeout(LAST_HOOK_TIMEOUT):
                await self._core.guard.run(hook)

    async def kept_url(self, address: Address | None) -> str:
        """Return the URL that the device's owner enters in it; empty: none."""
        core, callback = self._core, self.callback
        there = address or next(iter(core.record.addresses), None)
        if callback is None or not core.driver.keeps_callback_url or there is None:
            return ""
        await callback.keep_secret(secret_of(core))
        return await callback.url_towards(there.host)

    async def close_callback(self) -> None:
        """End the registration with the listener."""
        if self.callback is not None:
            await self.callback.close()

    def status_changed(self, status: Status, reason: EdgeError | None) -> None:
        """Handle a change of the status; `reason`: why it is not online."""
        self.is_online = status is Status.ONLINE
        if self.is_online:
            self.connection.sleeps = self._core.driver.sleeps or 0
            self.on_awake()
        self.reports.status_changed(self.connection, status, reason)

    def available_changed(self, is_available: bool, reason: EdgeError | None) -> None:
        """Handle a change of the availability: requests for an unavailable device fail."""
        if not is_available:
            self.on_unavailable(OfflineError(said_by(reason) if reason else ""))
        self.reports.available_changed(self.connection, is_available=is_available, reason=reason)

    # events of the transport, the listener and the timers

    def _on_message(self, message: Any) -> None:
        core = self._core
        self.liveness.message.set()
        core.guard.call(core.driver.on_message, message)

    def lost(self, reason: EdgeError) -> None:
        """Report that the connection was lost."""
        self.connection.lost(reason)

    def _on_callback(self, request: CallbackRequest) -> str | None:
        core = self._core
        core.trace.add("received", request.traced)
        self.liveness.message.set()
        response: object = core.guard.call(core.driver.on_callback, request)
        if response is None:
            return None
        with suppress(DriverError):  # which has been logged
            return core.guard.returned(core.driver.on_callback, response, str)
        return None

    def _on_ignored_callback(self) -> None:
        self.connection.announced()

    def _on_hub_moved(self) -> None:
        self.connection.lost(UnreachableError(t"this machine has another address now"))

    async def _run_timer(self, work: Work) -> None:
        """Run the work of a timer in the device's command queue."""
        request = FunctionRequest(partial(self._run_work, work), key=TIMED)
        try:
            await self._queue.run(request, self.io.deadline)
        except (CredentialsError, CertificateError) as err:
            self.connection.lost(err)
        except EdgeError as err:
            _LOGGER.debug("%s: %s", self._core.label, err)
            if self.reading.is_unreadable:
                self.connection.lost(err)
                return
            self.connection.doubt(err)
            self.reading.failed()

    async def _run_work(self, work: Work) -> None:
        """Run work of the present driver: another one may have asked for it."""
        if (present := Renewal(self._core.driver).work(work)) is not None:
            await self._core.guard.run(present)
