"""The listener: shared by all devices, there while one of them needs it."""

import asyncio
from collections.abc import Callable, Mapping
from contextvars import Context
from dataclasses import dataclass
import logging

from yarl import URL

from ..errors import UnreachableError
from .callback import Callback, Guest
from .routes import now, source_towards
from .server import Server

_LOGGER = logging.getLogger(__name__)

PORT = 39500
"""SmartThings' port for devices that call, in the days of its first hubs."""
CHECK = 60.0
"""Seconds from one look at the hub's own addresses to the next."""
KNOWN = 0.5
"""Seconds for which the devices' addresses are remembered: a flood must cost little."""
_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerSettings:
    """Where the hub listens, and what it tells devices of that."""

    host: str = ""
    """The interface's address; empty: all of them."""
    port: int = PORT
    advertised_host: str = ""
    """What devices are told, where it is not the address they see: a container's host."""
    advertised_port: int = 0


class Listener:
    """Listens from the first use to the last; a stranger gets 404 and is counted."""

    def __init__(self, settings: ListenerSettings | None = None) -> None:
        """Listen by those settings, once there is use for it."""
        self.settings = settings or ListenerSettings()
        self.changed: Callable[[], None] = lambda: None
        """Called when it started or stopped; must not raise or block."""
        self.port = 0
        """Where it listens; 0: nowhere."""
        self.counts: dict[str, int] = {}
        """How often something was turned away, by why."""
        self._users: dict[str, Callback] = {}
        self._server: Server | None = None
        self._known: set[str] = set()
        self._known_until = 0.0
        self._lock = asyncio.Lock()
        self._check: asyncio.TimerHandle | None = None

    @property
    def port_taken(self) -> bool:
        """Whether it listens elsewhere, because somebody else has its port."""
        return self.settings.port not in (0, self.port) and self.port != 0

    def callback(self, guest: Guest) -> Callback:
        """Return a place for a device."""
        return Callback(self, guest)

    async def close(self) -> None:
        """Stop, whoever still uses it."""
        async with self._lock:
            for user in list(self._users.values()):
                await user.detach()
            self._users.clear()
            await self._stop()

    async def configure(self, settings: ListenerSettings) -> None:
        """Go over to other settings; devices learn of it where it matters to them."""
        async with self._lock:
            self.settings = settings
            if self._server is not None:
                await self._stop()
                await self._start()
        self.address_changed()

    def address_changed(self) -> None:
        """Look whether each device still reaches the hub where it was told; call it freely."""
        for user in list(self._users.values()):
            if user.given and self._leads_elsewhere(user):
                user.given = ""
                user.guest.moved()

    def _leads_elsewhere(self, user: Callback) -> bool:
        try:
            return self.url_for(user) != user.given
        except UnreachableError:
            return False  # no network now is no reason to tell anybody anything

    # what callbacks ask

    async def enter(self, user: Callback) -> None:
        """Listen at least for as long as that user; raise UnreachableError."""
        async with self._lock:
            if self._server is None:
                await self._start()
            self._users[user.token] = user

    async def leave(self, user: Callback) -> None:
        """Stop with the last user."""
        async with self._lock:
            self._users.pop(user.token, None)
            if not self._users:
                await self._stop()

    def url_for(self, user: Callback) -> str:
        """Return the URL that leads to that user; raise UnreachableError."""
        told = self.settings
        host = told.advertised_host or told.host or source_towards(user.sources[0])
        port = told.advertised_port or self.port
        return str(URL.build(scheme="http", host=host, port=port, path=f"/{user.token}"))

    # from start to stop

    async def _start(self) -> None:
        # in no context of a driver's: what comes in is nobody's answer
        await asyncio.create_task(self._open(), context=Context())

    async def _open(self) -> None:
        self._server = await self._opened()
        self.port = self._server.port
        if self.port_taken:
            _LOGGER.warning("port %d is taken: listening on %d", self.settings.port, self.port)
        self._look_again()
        self.changed()

    async def _opened(self) -> Server:
        server = Server(self._find, self._count, self._knows)
        ports = (self.settings.port, *[0] * _TRIES)
        for tries_left, port in zip(reversed(range(len(ports))), ports, strict=True):
            try:
                await server.open(self.settings.host, port)
                break
            except OSError as err:
                if not tries_left:
                    msg = f"cannot listen for devices: {err.strerror or err}"
                    raise UnreachableError(msg) from err
        return server

    async def _stop(self) -> None:
        if self._check is not None:
            self._check.cancel()
        server, self._server, self._check = self._server, None, None
        if server is not None:
            self.port = 0
            await server.close()
            self.changed()

    def _look_again(self) -> None:
        loop = asyncio.get_running_loop()
        self._check = loop.call_later(CHECK, self._look, context=Context())

    def _look(self) -> None:
        self._look_again()
        self.address_changed()

    def _knows(self, source: str) -> bool:
        """Whether an address is a device's; who came just now may still be a stranger."""
        if (at := now()) >= self._known_until:
            self._known = {source for user in self._users.values() for source in user.sources}
            self._known_until = at + KNOWN
        return source in self._known

    # whose a request is

    def _find(
        self, method: str, path: str, headers: Mapping[str, str], source: str
    ) -> tuple[Callback, str] | None:
        token, _, rest = path.removeprefix("/").partition("/")
        if (named := self._users.get(token)) is not None:
            return named, f"/{rest}"
        near = [user for user in self._users.values() if source in user.sources]
        known = [user for user in near if user.knows(method, headers)]
        unnamed = known or [user for user in near if user.awaits(method, headers)]
        if len(unnamed) > 1:
            self._count("ambiguous")
        return (unnamed[0], path) if len(unnamed) == 1 else None

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1
