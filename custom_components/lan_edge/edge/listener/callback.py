"""One device's place at the listener: its URL, its events, what it posts, its WebSocket."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from http import HTTPStatus
import secrets
from typing import Protocol

from ..errors import OfflineError, UnreachableError
from .request import CallbackRequest
from .routes import addresses_of, now

MAX_EARLY = 8
"""Events that are kept while the answer to their SUBSCRIBE is under way."""

type Receive = Callable[[CallbackRequest], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the device is told."""

    status: HTTPStatus = HTTPStatus.OK
    text: str = ""


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom a callback reports to; none of these may raise or block."""

    called: Callable[[CallbackRequest], str | None]
    """The device sent something; return the text to answer with."""
    knocked: Callable[[], None]
    """The device sent something while it is not connected: nothing is taken from it now."""
    moved: Callable[[], None]
    """The URL that was handed out does not lead here any more."""


class Socket(Protocol):
    """A WebSocket that the device opened."""

    async def send_str(self, data: str) -> None:
        """Send text."""

    async def send_bytes(self, data: bytes) -> None:
        """Send bytes."""

    async def close(self) -> object:
        """Say goodbye and end."""


class Host(Protocol):
    """The listener, as a callback sees it."""

    async def enter(self, user: Callback) -> None:
        """Listen at least for as long as that user; raise UnreachableError."""

    async def leave(self, user: Callback) -> None:
        """Know that user no more."""

    def url_for(self, user: Callback) -> str:
        """Return the URL that leads to that user; raise UnreachableError."""
        ...


class Callback:
    """What a device can reach; attached while its connection is proven, else closed to it."""

    def __init__(self, listener: Host, guest: Guest) -> None:
        """Have nobody listen until there is use for it."""
        self._listener = listener
        self.guest = guest
        self.attached = False
        self.by_address = False
        """Whether what comes from the device's address is taken without the token."""
        self.sources: tuple[str, ...] = ()
        """The device's IP addresses."""
        self.given = ""
        """The URL that was handed out."""
        self.heard_at = 0.0
        """When the device last came, in the event loop's seconds."""
        self._receivers: dict[str, Receive] = {}
        self._early: list[CallbackRequest] = []
        self._expecting = 0
        self._socket: Socket | None = None

    @cached_property
    def token(self) -> str:
        """What leads to the device; most devices never need one."""
        return secrets.token_urlsafe(16)

    async def attach(self, host: str, *, by_address: bool = False) -> None:
        """Take what the device at `host` sends; raise UnreachableError."""
        self.sources = await addresses_of(host)
        self.by_address = by_address
        self.attached = True
        if by_address:
            await self._listener.enter(self)

    async def detach(self) -> None:
        """Take nothing from now on; what was handed out is void."""
        self.attached = False
        self.given = ""
        self._receivers.clear()
        self._early.clear()
        socket, self._socket = self._socket, None
        if socket is not None:
            with suppress(OSError):
                await socket.close()

    async def close(self) -> None:
        """End for good."""
        await self.detach()
        await self._listener.leave(self)

    async def url(self) -> str:
        """Return the URL at which the device reaches the hub; raise UnreachableError."""
        if not self.attached:
            msg = "not connected"
            raise UnreachableError(msg)
        await self._listener.enter(self)
        self.given = self._listener.url_for(self)
        return self.given

    async def send(self, message: str | bytes) -> None:
        """Send on the WebSocket that the device opened; raise OfflineError or UnreachableError."""
        if self._socket is None:
            msg = "the device has not called"
            raise OfflineError(msg)
        try:
            if isinstance(message, str):
                await self._socket.send_str(message)
            else:
                await self._socket.send_bytes(message)
        except OSError as err:
            msg = f"the device hung up: {err}"
            raise UnreachableError(msg) from err

    # events, by the id of their subscription

    @contextmanager
    def expecting(self) -> Generator[None]:
        """Keep events of ids not known yet: they may come before the answer that names them."""
        self._expecting += 1
        try:
            yield
        finally:
            self._expecting -= 1
            if not self._expecting:
                self._early.clear()

    def listen(self, sid: str, receive: Receive) -> Callable[[], None]:
        """Take the events of a subscription, kept ones first; return what ends that."""
        self._receivers[sid] = receive
        for event in [e for e in self._early if e.headers["SID"] == sid]:
            self._early.remove(event)
            receive(event)
        return partial(self._forget, sid)

    def _forget(self, sid: str) -> None:
        self._receivers.pop(sid, None)

    # what the server asks

    def awaits(self, method: str, headers: Mapping[str, str]) -> bool:
        """Whether a request from the device's address is for it, though it has no token."""
        if method == "NOTIFY" and (sid := headers.get("SID")):
            return sid in self._receivers or self._expecting > 0
        return self.by_address

    def knows(self, method: str, headers: Mapping[str, str]) -> bool:
        """Whether it is an event of one of its subscriptions."""
        return method == "NOTIFY" and headers.get("SID") in self._receivers

    def take(self, request: CallbackRequest) -> Answer:
        """Hand a request to the device's driver, or to its subscription."""
        if not self.attached:
            self.guest.knocked()
            return Answer(HTTPStatus.SERVICE_UNAVAILABLE)
        self.heard_at = now()
        sid = request.headers.get("SID")
        if request.method == "NOTIFY" and sid:
            return self._event(sid, request)
        return Answer(text=self.guest.called(request) or "")

    def _event(self, sid: str, request: CallbackRequest) -> Answer:
        if sid in self._receivers:
            self._receivers[sid](request)
        elif self._expecting:
            self._early = [*self._early[1 - MAX_EARLY :], request]
        else:
            return Answer(HTTPStatus.PRECONDITION_FAILED)
        return Answer()

    @contextmanager
    def connected(self, socket: Socket) -> Generator[Socket | None]:
        """Have a WebSocket of the device's; yield the one it takes the place of."""
        before, self._socket = self._socket, socket
        try:
            yield before
        finally:
            if self._socket is socket:
                self._socket = None
