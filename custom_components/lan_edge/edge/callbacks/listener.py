"""The listener: one port for all devices, open while at least one of them needs it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
import logging

from yarl import URL

from ..errors import UnreachableError
from ..network.hosts import source_towards
from ..network.os_errors import reason_of
from ..timing.detached import run_detached
from ..timing.token_bucket import TokenBucket
from .calls import names_in
from .registration import CallbackHandler, CallbackRegistration
from .registrations import Registrations
from .server import Server

_LOGGER = logging.getLogger(__name__)

DEFAULT_PORT = 39500
"""The port on which SmartThings' first hubs accepted calls from devices."""
ADDRESS_CHECK_INTERVAL = 60.0
"""Seconds between two checks of the hub's own addresses."""
SOURCES_CACHE_TIME = 0.5
"""Seconds for which the devices' addresses are cached, so that a flood costs little."""
STRANGERS_REPORTED = 5.0
"""Calls of unknown devices a second that are reported; all others are only answered."""
type OnStranger = Callable[[str, str], None]
"""Called with the id that an unknown device gives, and its IP address; must not raise or block."""
_MAX_ATTEMPTS = 6
"""Ports that are tried: the one in the settings, then free ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerSettings:
    """Where to listen, and the address that devices are given."""

    host: str = ""
    """The IP address of the interface to listen on; empty: all interfaces."""
    port: int = DEFAULT_PORT
    """The port to listen on; 0: any free one."""
    advertised_host: str = ""
    """The host that devices are given, if it is not the one they see, as in a container."""
    advertised_port: int = 0
    """The port that devices are given, if it is not the one that is listened on."""


class Listener:
    """Listens from the first registration to the last; others get 404 and are counted."""

    def __init__(self, settings: ListenerSettings | None = None) -> None:
        """Open nothing yet."""
        self.settings = settings or ListenerSettings()
        """The settings in use."""
        self.changed: Callable[[], None] = lambda: None
        """Called when it started or stopped; must not raise or block."""
        self.port = 0
        """The port it listens on; 0: none."""
        self.rejections: dict[str, int] = {}
        """How many requests were rejected, by reason."""
        self._registrations = Registrations()
        self._welcomed: Mapping[str, OnStranger] = {}
        self._strangers: TokenBucket | None = None
        self._server: Server | None = None
        self._sources: set[str] = set()
        self._sources_until = 0.0
        self._lock = asyncio.Lock()
        self._is_closed = False
        self._address_check: asyncio.TimerHandle | None = None

    @property
    def is_port_taken(self) -> bool:
        """Whether it listens on another port because the one in the settings is taken."""
        return self.settings.port not in (0, self.port) and self.port != 0

    @property
    def callers(self) -> set[str]:
        """The IP addresses of the devices that may call."""
        return {source for registration in self._registrations for source in registration.sources}

    def register(self, handler: CallbackHandler) -> CallbackRegistration:
        """Return a registration for a device."""
        return CallbackRegistration(self, handler)

    async def welcome(self, names: Mapping[str, OnStranger]) -> None:
        """Report unknown devices that call `/name/id` for these names; raise UnreachableError.

        They are answered as all strangers are. It listens while there is a name, or a registration.
        """
        async with self._lock:
            self._welcomed = {} if self._is_closed else dict(names)
            if self._welcomed and self._server is None:
                await self._start()
            await self._stop_if_unused()

    async def close(self) -> None:
        """Stop for good, even if there are registrations."""
        async with self._lock:
            self._is_closed = True
            for registration in list(self._registrations):
                await registration.detach()
            self._registrations.clear()
            self._welcomed = {}
            await self._stop()

    async def configure(self, settings: ListenerSettings) -> None:
        """Change the settings, and report to the devices whose URL changes."""
        async with self._lock:
            self.settings = settings
            if self._server is not None:
                await self._restart()
        self.check_addresses()

    def check_addresses(self) -> None:
        """Report to every device whose URL no longer leads here; may be called at any time."""
        for registration in list(self._registrations):
            if registration.given_url and self._has_moved(registration):
                registration.given_url = ""
                registration.handler.on_moved()

    def _has_moved(self, registration: CallbackRegistration) -> bool:
        try:
            return self.url_for(registration) != registration.given_url
        except UnreachableError:
            return False  # no network at the moment, which says nothing about the address

    # called by registrations

    async def enter(self, registration: CallbackRegistration) -> None:
        """Listen for a registration until it leaves; raise UnreachableError."""
        async with self._lock:
            if self._is_closed:
                raise UnreachableError(t"the listener is closed")
            if self._server is None:
                await self._start()
            self._registrations.put(registration)

    async def leave(self, registration: CallbackRegistration) -> None:
        """Remove a registration; stop after the last one."""
        async with self._lock:
            self._registrations.take_away(registration)
            await self._stop_if_unused()

    def url_for(self, registration: CallbackRegistration, host: str = "") -> str:
        """Return the URL of a registration for a device at `host`; raise UnreachableError.

        Without a host, it is for where the registration is attached.
        """
        settings, towards = self.settings, host or registration.sources[0]
        host = settings.advertised_host or settings.host or source_towards(towards)
        port = settings.advertised_port or self.port or settings.port
        return str(URL.build(scheme="http", host=host, port=port, path=f"/{registration.token}"))

    # start and stop

    async def _stop_if_unused(self) -> None:
        if not (self._registrations or self._welcomed):
            await self._stop()

    async def _start(self) -> None:
        # it outlives the device that starts it, and so must its context
        await run_detached(self._open())

    async def _open(self) -> None:
        self._server = await self._open_server()
        self.port = self._server.port
        if self.is_port_taken:
            _LOGGER.warning(
                "Another program uses port %d: listening on %d", self.settings.port, self.port
            )
        self._schedule_address_check()
        self.changed()

    async def _open_server(self) -> Server:
        """Open a server on the port in the settings, else on a free one; raise UnreachableError."""
        self._strangers = TokenBucket(STRANGERS_REPORTED)
        server = Server(self._find, self._count_rejection, self._is_device, self._find_calls)
        for attempts_left in reversed(range(_MAX_ATTEMPTS)):
            port = self.settings.port if attempts_left == _MAX_ATTEMPTS - 1 else 0
            try:
                await server.open(self.settings.host, port)
                break
            except OSError as err:
                if not attempts_left:
                    raise UnreachableError(t"cannot listen for devices: {reason_of(err)}") from err
        return server

    async def _restart(self) -> None:
        """Listen where the settings say now, which is one change; raise UnreachableError."""
        await self._end()
        try:
            await self._start()
        except UnreachableError:
            self.changed()
            raise

    async def _stop(self) -> None:
        if await self._end():
            self.changed()

    async def _end(self) -> bool:
        """Stop listening; return whether it did listen."""
        if self._address_check is not None:
            self._address_check.cancel()
        server, self._server, self._address_check = self._server, None, None
        if server is None:
            return False
        self.port = 0
        await server.close()
        return True

    def _schedule_address_check(self) -> None:
        self._address_check = asyncio.get_running_loop().call_later(
            ADDRESS_CHECK_INTERVAL, self._address_check_is_due
        )

    def _address_check_is_due(self) -> None:
        self._schedule_address_check()
        self.check_addresses()

    # called by the server

    def _is_device(self, source: str) -> bool:
        """Return whether an IP address is a device's; it is known half a second late."""
        now = asyncio.get_running_loop().time()
        if now >= self._sources_until:
            self._sources = self.callers
            self._sources_until = now + SOURCES_CACHE_TIME
        return source in self._sources

    def _find(
        self, method: str, path: str, headers: Mapping[str, str], source: str
    ) -> tuple[CallbackRegistration, str] | None:
        """Return the registration that a request is for and the rest of its path, or None."""
        token, _, rest = path.removeprefix("/").partition("/")
        if (registration := self._registrations.get(token)) is not None:
            return registration, f"/{rest}"
        by_source = [r for r in self._registrations if source in r.sources]
        by_sid = [r for r in by_source if r.knows(method, headers)]
        candidates = by_sid or [r for r in by_source if r.expects(method, headers)]
        if len(candidates) > 1:
            self._count_rejection("ambiguous")
        return (candidates[0], path) if len(candidates) == 1 else None

    def _find_calls(self, path: str, source: str) -> tuple[CallbackRegistration, bool] | None:
        """Return the registration that a call is for, and whether the caller knows its secret."""
        token = path.removeprefix("/").partition("/")[0]
        if (registration := self._registrations.get(token)) is not None:
            return (registration, True) if registration.calls.is_expected else None
        if (names := names_in(path)) is None:
            return None
        for registration in self._registrations:
            if registration.calls.names == names:
                return registration, False
        self._report_stranger(*names, source)
        return None

    def _report_stranger(self, name: str, unique_id: str, source: str) -> None:
        report, bucket = self._welcomed.get(name), self._strangers
        if report is not None and bucket is not None and bucket.take():
            report(unique_id, source)

    def _count_rejection(self, reason: str) -> None:
        self.rejections[reason] = self.rejections.get(reason, 0) + 1
