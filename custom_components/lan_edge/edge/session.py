"""A device's session: how it is connected, proven, greeted, asked for a sign of life and left."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
import logging
from typing import Any, cast, override

from .connection import Connection, Status
from .discovery import MAX_FIELD, Address
from .errors import (
    CertificateError,
    CredentialsError,
    EdgeError,
    IdentityError,
    OfflineError,
    ReplyError,
    TimedOutError,
    UnreachableError,
)
from .hub import Hub
from .known import Known
from .listener import Callback, CallbackRequest, Guest
from .pairing import Ask
from .pilot import Pilot
from .record import Identity, Record
from .timers import Tick, Timers
from .transports import Link
from .turn import Turn
from .whereabouts import MAX_ADDRESSES

_LOGGER = logging.getLogger(__name__)

PROBE_TIMEOUT = 10.0
HANGING = 14.0
"""Seconds of silence after which its program is asked: it may hang where its system answers."""
LATE = 0.5
"""Seconds for a knock after which packets got lost, and news maybe with them."""
DOUBTFUL = 2.4
"""Seconds for a sign of life where a knock was not answered."""
PASSING = 2
"""Attempts in a row that meet a stranger until it is worth telling."""
SETTLING, LONGEST = 5.0, 60.0
"""Seconds after trouble in which the device may still do what it was told before: then it is
read, and while that fails again, each time after twice as long."""
FAREWELL_TIMEOUT = 5.0
"""Seconds a device has to be told goodbye, or that it is removed."""


class Session(Known):
    """A device as its connection drives it."""

    def __init__(
        self,
        family: type[Pilot],
        record: Record,
        settings: Mapping[str, Any] | None,
        secrets: Mapping[str, str] | None,
        hub: Hub | None,
    ) -> None:
        """Connect nothing yet."""
        super().__init__(family, record, settings, secrets)
        self.link = Link(self._message, self._lost, self.trace, self._missed)
        self.io = self.driver.transport(self.link, self.driver.dial())
        self.timers = Timers(self._tick)
        guest = Guest(self._called, self._knocked, self._moved)
        self.callback: Callback | None = hub.listener.callback(guest) if hub else None
        self.connection = Connection(self, record.addresses, hub.gate if hub else None)
        self._turn = Turn()
        self._strangers = 0
        """Attempts in a row that met another device where this one was proven."""
        self._foreign = ""
        """The certificate that was found instead of the pinned one."""
        self._told = False
        """Whether the device itself said who it is."""
        self._linked = False
        self._read_at = 0.0
        self._unread: Callable[[], None] = lambda: None
        """Ends the wait for a reading after trouble."""
        self._settling = SETTLING

    @property
    @override
    def available(self) -> bool:
        """Whether it is there, short drops aside."""
        return self.connection.available

    def accept_certificate(self, fingerprint: str) -> None:
        """Expect that certificate from now on, and try again at once."""
        self.record.pin, self._foreign = fingerprint, ""
        self._guard.call(self.observer.record)
        self.connection.retry()

    # what the connection drives

    @property
    def heard_at(self) -> float:
        """When the device was last heard."""
        return max(self.io.heard_at, self.callback.heard_at if self.callback else 0)

    @property
    def heartbeat(self) -> float | None:
        """Seconds of silence before it is asked for a sign of life."""
        return self.io.heartbeat

    async def establish(self, address: Address) -> None:
        """Open, prove identity, read everything; then it may be used."""
        try:
            await self._establish(address)
        except CertificateError as err:
            self._refuse(err)
            raise

    def _refuse(self, changed: CertificateError) -> None:
        if changed.found not in {"", self._foreign, self.record.pin}:
            self._foreign = changed.found
            self._guard.call(self.observer.certificate, changed)

    async def _establish(self, address: Address) -> None:
        await self._open(address)
        if not self._told and address != self.connection.address:
            # at an older address another one of its kind may be by now; or nobody: who is asked
            # for no id may not even have been asked
            msg = f"{address}: {self.label} was seen elsewhere since, and cannot tell who it is"
            raise UnreachableError(msg)
        self.timers.open()
        self.link.callback = self.callback
        if not self.record.added:
            await self._guard.run(self.driver.added)
            self.record.added = True
            self._guard.call(self.observer.record)
        await self._greet()
        self._keep(address)

    async def _open(self, address: Address) -> None:
        self.io.configure(self.driver.dial())
        self.link.pin.value = self.record.pin
        await self._guard.run(partial(self.io.open, address))
        await self._prove(address)
        self.state.proven = True
        self._keep_pin()
        if self.callback is not None:
            by_address = self.driver.callback_by_address
            await self.callback.attach(address.host, by_address=by_address)

    async def _greet(self) -> None:
        self._linked = True
        await self._guard.run(self.driver.connected)
        await self._refresh(first=True)
        self._keep_pin()  # it is only now that it came, where nothing was asked to prove identity

    def _keep_pin(self) -> None:
        self._foreign = ""
        if self.record.pin != self.link.pin.value:
            self.record.pin = self.link.pin.value
            self._guard.call(self.observer.record)

    async def probe(self, address: Address) -> Identity:
        """Connect once, read everything, hang up; return who it is. Raises EdgeError.

        What else there is to keep is in `record`: the profile, and the pinned certificate.
        """
        try:
            async with asyncio.timeout(PROBE_TIMEOUT):
                await self._open(address)
                await self._greet()
        except TimeoutError as err:
            raise TimedOutError(f"{address}: no answer within {PROBE_TIMEOUT:g} s") from err
        finally:
            await self.hang_up()
            await self._close_callback()
        return self.identity

    async def pair(self, address: Address, ask: Ask) -> None:
        """Connect once and let the driver ask for what it needs to be let in.

        What it was given is in `secrets` then. Raises EdgeError.
        """
        self.link.pin.value = self.record.pin
        try:
            with suppress(CredentialsError):  # that it wants a login is why it is asked for
                await self._guard.run(partial(self.io.open, address))
            await self._guard.run(partial(self.driver.pair, ask))
            self._keep_pin()  # who was told the login is who gets it from now on
        finally:
            await self.hang_up()

    def _keep(self, address: Address) -> None:
        if (poll := self.driver.poll_interval) is not None:
            self.timers.every(poll, self._poll)
            if not self.io.pushes:
                self._read_soon(self._poll)
        if self.record.addresses[:1] != (address,):
            others = tuple(a for a in self.record.addresses if a != address)
            self.record.addresses = (address, *others)[:MAX_ADDRESSES]
            self._guard.call(self.observer.record)

    async def _prove(self, address: Address) -> None:
        found = await self._guard.run(self.driver.identify)
        if len(found) > MAX_FIELD or not found.isprintable():
            raise ReplyError(f"{found[:60]!r} is no device's id")
        self._told = bool(found)
        wanted = self.identity.unique_id
        if found and wanted and found != wanted:
            raise IdentityError(wanted, found, address)
        if found:
            self.describe(unique_id=found)
        chosen = self.dispatcher.choose(self.identity)
        if chosen is not type(self.driver):
            self._use(cast("type[Pilot]", chosen))
            self.state.forget(self.profile)
            self._guard.call(self.observer.profile)

    async def beat(self) -> None:
        """Get a sign of life after a silence: for a while, a knock that is answered will do."""
        patience, loop = self.io.patience, asyncio.get_running_loop()
        if (began := loop.time()) - self.heard_at < HANGING:
            if answered := await self.io.knock():
                if loop.time() - began > LATE:
                    self._read_soon(self._refresh)
                return
            if answered is not None:
                patience = DOUBTFUL
        async with asyncio.timeout(patience):
            await self.ping()

    async def knock(self) -> None:
        """Get any answer from where the device is; raise TimedOutError."""
        if await self.io.knock() is False:
            msg = "nothing answers"
            raise TimedOutError(msg)

    async def ping(self) -> None:
        """Get a sign of life, and of the right device."""
        with self.state.asking():
            found = await self._guard.run(self.driver.ping)
        if found and found != self.identity.unique_id:
            raise IdentityError(self.identity.unique_id, found, self.connection.address)
        if not found and self.connection.seen_elsewhere:
            # who answers here may be another one of its kind: only discovery can tell
            raise UnreachableError(f"{self.label} was seen elsewhere, and cannot tell who it is")

    def announced(self) -> None:
        """Learn that it says where it is: it may have started anew."""
        self.io.announced()

    async def hang_up(self) -> None:
        """Close the connection; what waits for it fails."""
        was_linked, self._linked = self._linked, False
        if self.connection.status is not Status.IDLE:  # it was lost: nothing is done there later
            self.io.abandon()
        self.state.proven = False
        await self.timers.close()
        with suppress(EdgeError):
            await self._guard.run(self.io.close)
        self.link.callback = None
        if self.callback is not None:
            await self.callback.detach()
        if was_linked:
            with suppress(EdgeError, TimeoutError):
                async with asyncio.timeout(FAREWELL_TIMEOUT):
                    await self._guard.run(self.driver.disconnected)

    def status_changed(self, status: Status, reason: EdgeError | None) -> None:
        """Record each step."""
        self.trace.add("connection", f"{status} {reason or ''}")
        if status is Status.CONNECTING:
            return
        online = status is Status.ONLINE
        self.history.reached(status, self.connection.address, reason, connected=online)
        if online:
            self._guard.call(self.observer.online)
        if isinstance(reason, CredentialsError):
            self._guard.call(self.observer.credentials)
        self._count_strangers(self.connection.where_proven)

    def _count_strangers(self, met: EdgeError | None) -> None:
        """Tell of another device at this one's address when it is no passing thing.

        One that moved and is found at once meets the new tenant of its address once at most.
        """
        if not isinstance(met, IdentityError):
            self._strangers = 0
            return
        self._strangers += 1
        if self._strangers >= PASSING:
            self._guard.call(self.observer.impostor, met)

    def available_changed(self, available: bool, reason: EdgeError | None) -> None:
        """Tell who wants to know; one line in the log each way."""
        if available:
            _LOGGER.info("%s: online at %s", self.label, self.connection.address)
        else:
            _LOGGER.info("%s: offline: %s", self.label, reason)
            self._turn.fail_waiting(OfflineError(f"{self.label} is offline: {reason}"))
        self._guard.call(self.observer.available)

    # reading, and what else takes its turn

    async def _refresh(self, *, first: bool = False) -> None:
        with self.state.asking(first=first):
            await self._guard.run(self.driver.refresh)
        self._read_at, self._settling = asyncio.get_running_loop().time(), SETTLING

    async def _poll(self) -> None:
        if asyncio.get_running_loop().time() - self._read_at >= self.io.reconcile:
            await self._refresh()

    async def _tick(self, tick: Tick) -> None:
        """Run a timer's work in the device's turn."""
        try:
            await self._turn.run(partial(self._guard.run, tick), deadline=self.io.deadline)
        except (CredentialsError, CertificateError) as err:
            self.connection.lost(err)
        except EdgeError as err:
            _LOGGER.debug("%s: %s", self.label, err)
            self.connection.doubt(err)
            self._read_soon(self._refresh)
            self._settling = min(2 * self._settling, LONGEST)

    def _read_soon(self, read: Tick) -> None:
        """Read once more when the trouble is over: it must not stay wrong until the next poll."""
        self._unread()
        self._unread = self.timers.after(self._settling, read)

    # messages come up

    def _message(self, message: Any) -> None:
        self._guard.call(self.driver.on_message, message)

    def _lost(self, reason: EdgeError) -> None:
        self.connection.lost(reason)

    def _missed(self) -> None:
        self.timers.after(0, self._refresh)

    def _called(self, request: CallbackRequest) -> str | None:
        self.trace.add("received", f"{request.method} {request.path} {request.body!r}")
        return self._guard.call(self.driver.on_callback, request)

    def _knocked(self) -> None:
        self.connection.retry()

    def _moved(self) -> None:
        self.connection.lost(UnreachableError("the hub has another address"))

    async def _close_callback(self) -> None:
        if self.callback is not None:
            await self.callback.close()
