"""A device's session: how it is connected, proven, kept alive and left.

The connection drives it (`Connectable`); it drives the transport and the driver's hooks.
"""

import asyncio
from contextlib import suppress
from functools import partial
import logging
from typing import Any

from ..callbacks.registration import CallbackHandler, CallbackRegistration
from ..callbacks.request import CallbackRequest
from ..connection.addresses import MAX_ADDRESSES
from ..connection.connection import Connection
from ..connection.status import Status
from ..driver.driver import Driver
from ..driver.pairing import Ask
from ..errors import (
    CertificateError,
    CredentialsError,
    EdgeError,
    IdentityError,
    OfflineError,
    ReplyError,
    TimedOutError,
    UnreachableError,
)
from ..network.address import Address
from ..network.text import MAX_FIELD
from ..timing.timers import Timers, Work
from ..transports.base import Link, Transport
from .command_queue import CommandQueue, Task
from .context import DeviceContext
from .core import DeviceCore
from .reading import Reading
from .runtime import Runtime

_LOGGER = logging.getLogger(__name__)

CHECK_TIMEOUT = 10.0
"""Seconds to connect once, read everything and hang up."""
PROGRAM_MAY_HANG = 14.0
"""Seconds of silence after which the device's program is asked, not only its system."""
LOSSY = 0.5
"""Seconds for an answer of the system after which packets were lost, and messages maybe too."""
DOUBTFUL_PATIENCE = 2.4
"""Seconds for a sign of life if the device's system did not answer."""
PASSING_STRANGERS = 2
"""Attempts in a row that meet another device before that is reported."""
FAREWELL_TIMEOUT = 5.0
"""Seconds for what the driver tells the device at the end."""


class Session:
    """One device as its connection sees it."""

    io: Transport

    def __init__(self, core: DeviceCore, queue: CommandQueue, runtime: Runtime | None) -> None:
        """Connect nothing yet. Without a runtime, the device cannot call: it is polled."""
        self._core = core
        self._queue = queue
        self.timers = Timers(self._run_timer)
        self.reading = Reading(core, self.timers)
        handler = CallbackHandler(self._called, self._called_early, self._hub_moved)
        self._callback: CallbackRegistration | None = (
            runtime.listener.register(handler) if runtime else None
        )
        self.link = Link(
            self._received, self.lost, trace=core.trace, on_missed=self.reading.again_now
        )
        self._context = DeviceContext(core, self.timers, self._callback, self.reading.again_now)
        core.use_driver(core.dispatcher.choose(core.identity), self._context)
        self.io = core.driver.transport(self.link, core.driver.transport_options())
        self._context.io = self.io
        self.connection = Connection(
            self, core.record.addresses, runtime.limiter if runtime else None
        )
        self._strangers = 0
        """Attempts in a row that met another device where this one was proven."""
        self._foreign_certificate = ""
        """The fingerprint that was met instead of the pinned one."""
        self._told_its_id = False
        """Whether the device itself said who it is."""
        self._is_linked = False

    @property
    def is_online(self) -> bool:
        """Whether it is connected, proven and read."""
        return self.connection.status is Status.ONLINE

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
        self._core.record.pin, self._foreign_certificate = fingerprint, ""
        self._core.guard.call(self._core.observer.on_record)
        self.connection.retry()

    # one connection, made by hand

    async def check(self, address: Address) -> None:
        """Connect once, read everything and hang up; raise EdgeError."""
        try:
            async with asyncio.timeout(CHECK_TIMEOUT):
                await self._open(address)
                await self._greet()
        except TimeoutError as err:
            raise TimedOutError(f"{address}: no answer within {CHECK_TIMEOUT:g} s") from err
        finally:
            await self.hang_up()
            await self.close_callback()

    async def pair(self, address: Address, ask: Ask) -> None:
        """Connect once and let the driver ask for what it needs; raise EdgeError."""
        core = self._core
        self.link.pin.value = core.record.pin
        try:
            with suppress(CredentialsError):  # it wants a login: that is why it is asked for
                await core.guard.run(partial(self.io.open, address))
            await core.guard.run(partial(core.driver.pair, ask))
            self._keep_pin()  # whoever was told the login is the one who gets it from now on
        finally:
            await self.hang_up()

    # driven by the connection

    @property
    def heard_at(self) -> float:
        """When the device was last heard, in loop time."""
        return max(self.io.heard_at, self._callback.heard_at if self._callback else 0)

    @property
    def heartbeat(self) -> float | None:
        """Seconds of silence before the device is asked for a sign of life."""
        return self.io.heartbeat

    async def establish(self, address: Address) -> None:
        """Open, prove identity and read everything; raise EdgeError."""
        try:
            await self._establish(address)
        except CertificateError as err:
            self._report_certificate(err)
            raise

    def _report_certificate(self, error: CertificateError) -> None:
        core = self._core
        if error.found not in {"", self._foreign_certificate, core.record.pin}:
            self._foreign_certificate = error.found
            core.guard.call(core.observer.on_certificate, error)

    async def _establish(self, address: Address) -> None:
        core = self._core
        await self._open(address)
        if not self._told_its_id and address != self.connection.address:
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
        await self._open_transport(address)
        if await self._prove(address):
            # the sub-driver that was chosen has transport options of its own
            await self._open_transport(address)
            await self._prove(address)
        self._keep_pin()
        if self._callback is not None:
            by_address = self._core.driver.callback_by_address
            await self._callback.attach(address.host, by_address=by_address)

    async def _open_transport(self, address: Address) -> None:
        core = self._core
        core.begin_proof()
        self.io.configure(core.driver.transport_options())
        self.link.pin.value = core.record.pin
        await core.guard.run(partial(self.io.open, address))

    async def _prove(self, address: Address) -> bool:
        """Prove who answers; return whether that takes other transport options."""
        core = self._core
        unique_id = await core.guard.run(core.driver.identify)
        if len(unique_id) > MAX_FIELD or not unique_id.isprintable():
            raise ReplyError(f"{unique_id[:60]!r} cannot be a device's id")
        self._told_its_id = bool(unique_id)
        wanted = core.identity.unique_id
        if unique_id and wanted and unique_id != wanted:
            raise IdentityError(wanted, unique_id, address)
        core.prove(unique_id)
        return self._choose_driver()

    def _choose_driver(self) -> bool:
        """Use the sub-driver for the device; return whether it has other transport options."""
        core = self._core
        chosen: type[Driver[Any]] = core.dispatcher.choose(core.identity)
        if chosen is type(core.driver):
            return False
        core.use_driver(chosen, self._context)
        core.guard.call(core.observer.on_profile)
        return core.driver.transport_options() != self.io.options

    async def _greet(self) -> None:
        self._is_linked = True
        await self._core.guard.run(self._core.driver.connected)
        await self.reading.refresh(is_first=True)
        self._keep_pin()  # it comes only now if nothing was asked to prove identity

    def _keep_pin(self) -> None:
        core = self._core
        self._foreign_certificate = ""
        if core.record.pin != self.link.pin.value:
            core.record.pin = self.link.pin.value
            core.guard.call(core.observer.on_record)

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

    # signs of life

    async def check_alive(self) -> None:
        """Get a sign of life after a silence; for a while, an answer of the system will do."""
        patience, loop = self.io.patience, asyncio.get_running_loop()
        if (began := loop.time()) - self.heard_at < PROGRAM_MAY_HANG:
            if is_reachable := await self.io.is_reachable():
                if loop.time() - began > LOSSY:
                    self.reading.again_later()
                return
            if is_reachable is not None:
                patience = DOUBTFUL_PATIENCE
        async with asyncio.timeout(patience):
            await self.ping()

    async def check_reachable(self) -> None:
        """Get any answer from the device's system; raise TimedOutError."""
        if await self.io.is_reachable() is False:
            raise TimedOutError("nothing answers")

    async def ping(self) -> None:
        """Get a sign of life, and of the right device; raise EdgeError."""
        core = self._core
        with core.state.asking():
            unique_id = await core.guard.run(core.driver.ping)
        if unique_id and unique_id != core.identity.unique_id:
            raise IdentityError(core.identity.unique_id, unique_id, self.connection.address)
        if not unique_id and self.connection.is_sighted_elsewhere:
            # another device of its kind may answer here: only discovery can tell
            raise UnreachableError(f"{core.label} was seen elsewhere, and cannot tell who it is")

    def announced(self) -> None:
        """Take note that the device announces itself: it may have restarted."""
        self.io.announced()

    # what changes

    def status_changed(self, status: Status, reason: EdgeError | None) -> None:
        """Record each step."""
        core = self._core
        core.trace.add("connection", f"{status} {reason or ''}")
        if status is Status.CONNECTING:
            return
        is_online = status is Status.ONLINE
        core.history.add(status, self.connection.address, reason, is_connected=is_online)
        if is_online:
            core.guard.call(core.observer.on_online)
        if isinstance(reason, CredentialsError):
            core.guard.call(core.observer.on_credentials)
        self._count_strangers(self.connection.failure_where_proven)

    def _count_strangers(self, failure: EdgeError | None) -> None:
        """Report another device at this one's address unless it may pass.

        A device that moved and is found at once meets the new tenant of its address once at most.
        """
        if not isinstance(failure, IdentityError):
            self._strangers = 0
            return
        self._strangers += 1
        if self._strangers >= PASSING_STRANGERS:
            self._core.guard.call(self._core.observer.on_impostor, failure)

    def available_changed(self, is_available: bool, reason: EdgeError | None) -> None:
        """Report whether it is there; one line in the log each way."""
        core = self._core
        if is_available:
            _LOGGER.info("%s: online at %s", core.label, self.connection.address)
        else:
            _LOGGER.info("%s: offline: %s", core.label, reason)
            self._queue.fail_waiting(OfflineError(f"{core.label} is offline: {reason}"))
        core.guard.call(core.observer.on_available)

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
