"""One device's registration with the listener: its URL, its events, its posts, its WebSocket."""

import asyncio
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from http import HTTPStatus
import secrets
from typing import Protocol

from ..errors import OfflineError, UnreachableError
from ..network.hosts import addresses_of
from .request import CallbackRequest

MAX_EARLY = 8
"""Events kept while the answer to their SUBSCRIBE is on its way."""

type Receive = Callable[[CallbackRequest], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a device is answered."""

    status: HTTPStatus = HTTPStatus.OK
    text: str = ""


@dataclass(frozen=True, slots=True)
class CallbackHandler:
    """What a registration reports to; none of these may raise or block."""

    on_request: Callable[[CallbackRequest], str | None]
    """The device sent something; returns the text to answer with."""
    on_ignored: Callable[[], None]
    """The device sent something while it is not connected; it is not taken."""
    on_moved: Callable[[], None]
    """The URL that was given to the device no longer leads here."""


class DeviceSocket(Protocol):
    """A WebSocket that the device opened."""

    async def send_str(self, data: str) -> None:
        """Send text."""

    async def send_bytes(self, data: bytes) -> None:
        """Send bytes."""

    async def close(self) -> object:
        """Close it."""


class CallbackHost(Protocol):
    """The listener, as a registration sees it."""

    async def enter(self, registration: CallbackRegistration) -> None:
        """Listen for as long as that registration needs it; raise UnreachableError."""

    async def leave(self, registration: CallbackRegistration) -> None:
        """Forget that registration."""

    def url_for(self, registration: CallbackRegistration) -> str:
        """Return the URL that leads to it; raise UnreachableError."""
        ...


class CallbackRegistration:
    """What a device can reach: attached while its connection is proven, else closed to it."""

    def __init__(self, host: CallbackHost, handler: CallbackHandler) -> None:
        """Make nobody listen yet."""
        self._host = host
        self.handler = handler
        self.is_attached = False
        self.by_address = False
        """Whether what comes from the device's address is taken without the token."""
        self.sources: tuple[str, ...] = ()
        """The device's IP addresses."""
        self.given_url = ""
        """The URL that the device was given."""
        self.heard_at = 0.0
        """When the device last called, in loop time."""
        self._receivers: dict[str, Receive] = {}
        self._early: list[CallbackRequest] = []
        self._subscribing = 0
        self._socket: DeviceSocket | None = None

    @cached_property
    def token(self) -> str:
        """The part of the URL that leads here; most devices never need one."""
        return secrets.token_urlsafe(16)

    async def attach(self, host: str, *, by_address: bool = False) -> None:
        """Take what the device at `host` sends; raise UnreachableError."""
        self.sources = await addresses_of(host)
        self.by_address = by_address
        self.is_attached = True
        if by_address:
            await self._host.enter(self)

    async def detach(self) -> None:
        """Take nothing any more; the URL that was given is void."""
        self.is_attached = False
        self.given_url = ""
        self._receivers.clear()
        self._early.clear()
        socket, self._socket = self._socket, None
        if socket is not None:
            with suppress(OSError):
                await socket.close()

    async def close(self) -> None:
        """End for good."""
        await self.detach()
        await self._host.leave(self)

    async def url(self) -> str:
        """Return the URL at which the device reaches the hub; raise UnreachableError."""
        if not self.is_attached:
            raise UnreachableError("not connected")
        await self._host.enter(self)
        self.given_url = self._host.url_for(self)
        return self.given_url

    async def send(self, message: str | bytes) -> None:
        """Send on the WebSocket that the device opened; raise OfflineError or UnreachableError."""
        if self._socket is None:
            raise OfflineError("the device has not called")
        try:
            if isinstance(message, str):
                await self._socket.send_str(message)
            else:
                await self._socket.send_bytes(message)
        except OSError as err:
            raise UnreachableError(f"the device hung up: {err}") from err

    # events, by the id of their subscription

    @contextmanager
    def subscribing(self) -> Generator[None]:
        """Keep events of unknown ids: they may come before the answer that names their id."""
        self._subscribing += 1
        try:
            yield
        finally:
            self._subscribing -= 1
            if not self._subscribing:
                self._early.clear()

    def listen(self, sid: str, receive: Receive) -> Callable[[], None]:
        """Take the events of a subscription, early ones first; return what ends that."""
        self._receivers[sid] = receive
        for event in [e for e in self._early if e.headers["SID"] == sid]:
            self._early.remove(event)
            receive(event)
        return partial(self._forget, sid)

    def _forget(self, sid: str) -> None:
        self._receivers.pop(sid, None)

    # asked by the server

    def expects(self, method: str, headers: Mapping[str, str]) -> bool:
        """Return whether a request from the device's address, without the token, is for it."""
        if method == "NOTIFY" and (sid := headers.get("SID")):
            return sid in self._receivers or self._subscribing > 0
        return self.by_address

    def knows(self, method: str, headers: Mapping[str, str]) -> bool:
        """Return whether it is an event of one of its subscriptions."""
        return method == "NOTIFY" and headers.get("SID") in self._receivers

    def take(self, request: CallbackRequest) -> Answer:
        """Hand a request to the device's driver, or to its subscription."""
        if not self.is_attached:
            self.handler.on_ignored()
            return Answer(HTTPStatus.SERVICE_UNAVAILABLE)
        self.heard_at = asyncio.get_running_loop().time()
        sid = request.headers.get("SID")
        if request.method == "NOTIFY" and sid:
            return self._take_event(sid, request)
        return Answer(text=self.handler.on_request(request) or "")

    def _take_event(self, sid: str, request: CallbackRequest) -> Answer:
        if sid in self._receivers:
            self._receivers[sid](request)
        elif self._subscribing:
            self._early = [*self._early[1 - MAX_EARLY :], request]
        else:
            return Answer(HTTPStatus.PRECONDITION_FAILED)
        return Answer()

    @contextmanager
    def connected(self, socket: DeviceSocket) -> Generator[DeviceSocket | None]:
        """Use a WebSocket of the device's; yield the one that it replaces."""
        before, self._socket = self._socket, socket
        try:
            yield before
        finally:
            if self._socket is socket:
                self._socket = None
