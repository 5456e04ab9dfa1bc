"""One device's registration with the listener: its URL, requests, events and WebSocket."""

import asyncio
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from http import HTTPStatus
import secrets
from typing import Protocol

from ..errors import OfflineError, UnreachableError
from ..network.hosts import addresses_of
from ..network.ids import one_id
from ..network.os_errors import reason_of
from ..timing.backlog import Backlog
from .calls import DeviceCalls
from .request import CallbackRequest

MAX_EARLY = 8
"""Events that are buffered until the answer to their SUBSCRIBE arrives."""
MAX_EARLY_SIZE = 64 * 1024
"""The bytes that these may have together, with their headers; the oldest are dropped."""

type Receive = Callable[[CallbackRequest], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a device's request."""

    status: HTTPStatus = HTTPStatus.OK
    text: str = ""


@dataclass(frozen=True, slots=True)
class CallbackHandler:
    """What a registration reports to; none of these may raise or block."""

    on_request: Callable[[CallbackRequest], str | None]
    """The device sent a request; returns the text of the answer."""
    on_ignored: Callable[[], None]
    """A request was rejected because the device is not connected."""
    on_moved: Callable[[], None]
    """The URL that was given to the device no longer leads here."""
    on_oddity: Callable[[str], None] = lambda _: None
    """A request of the device was ignored because of an error in it; gets what it was."""
    backlog: Backlog = field(default_factory=Backlog)
    """What is still to be done about its requests, before the next message of its WebSocket."""


class DeviceSocket(Protocol):
    """A WebSocket that the device opened to the hub."""

    async def send_str(self, data: str) -> None:
        """Send text."""

    async def send_bytes(self, data: bytes) -> None:
        """Send bytes."""

    async def close(self) -> object:
        """Close it."""


class CallbackHost(Protocol):
    """What a registration needs of the listener."""

    async def enter(self, registration: CallbackRegistration) -> None:
        """Listen for a registration until it leaves; raise UnreachableError."""

    async def leave(self, registration: CallbackRegistration) -> None:
        """Remove a registration."""

    def url_for(self, registration: CallbackRegistration, host: str = "") -> str:
        """Return the URL of a registration for a device at `host`; raise UnreachableError.

        Without a host, it is for where the registration is attached.
        """
        ...


class CallbackRegistration:
    """Where one device can call; it is attached, or rejects everything."""

    def __init__(self, host: CallbackHost, handler: CallbackHandler) -> None:
        """Start detached; the listener need not listen yet."""
        self._host = host
        self.handler = handler
        self.is_attached = False
        self.by_address = False
        """Whether requests from the device's IP address need no token."""
        self.sources: tuple[str, ...] = ()
        """The device's IP addresses."""
        self.given_url = ""
        """The URL that the device was given."""
        self._attached_to = ""
        """The host of the last connection."""
        self.heard_at = 0.0
        """When the device last called, in loop time."""
        self._receivers: dict[str, Receive] = {}
        self._early: list[CallbackRequest] = []
        self._subscribing = 0
        self._socket: DeviceSocket | None = None
        self.calls = DeviceCalls()
        """The connections that the device opens and keeps."""
        self._keeps_token = False

    def keep_token(self, token: str) -> None:
        """Use a token that the device was given before, or that it may keep from now on."""
        self.token, self._keeps_token = token, True

    async def expect_calls(self, name: str, unique_id: str) -> None:
        """Take the calls of the device, by its token or `/name/unique_id`; raise UnreachableError.

        An empty `name` or id: only by its token.
        """
        calls = self.calls
        calls.names = (name, one_id(unique_id)) if name and unique_id else None
        if not calls.is_expected:
            await self._host.enter(self)
            calls.is_expected = True

    @cached_property
    def token(self) -> str:
        """The secret in the device's URL; made when it is needed, as most devices never do."""
        return secrets.token_urlsafe(16)

    async def keep_secret(self, token: str) -> None:
        """Use a token for good that the device's owner enters in it, instead of any other one."""
        if vars(self).get("token", token) != token:
            await self._host.leave(self)
        self.keep_token(token)

    async def attach(self, host: str, *, by_address: bool = False, at_once: bool = False) -> None:
        """Accept what the device at `host` sends; raise UnreachableError.

        It listens from now on if `at_once` or `by_address`, otherwise once its URL is asked for.

        At another host than before, the URL gets another secret: whoever was there knows the old.
        """
        is_new = self._attached_to not in {"", host} and not self._keeps_token
        if is_new and "token" in vars(self):
            await self._host.leave(self)
            del self.token
        self._attached_to = host
        self.sources = await addresses_of(host)
        self.by_address = by_address
        self.is_attached = True
        if by_address or at_once:
            await self._host.enter(self)

    async def detach(self) -> None:
        """Accept nothing more; the URL that was given is void."""
        self.is_attached = False
        self.given_url = ""
        self._receivers.clear()
        self._early.clear()
        socket, self._socket = self._socket, None
        if socket is not None:
            with suppress(OSError):
                await socket.close()

    async def close(self) -> None:
        """Detach, and leave the listener."""
        await self.detach()
        await self.calls.close()
        self.calls.is_expected = False
        await self._host.leave(self)

    async def url(self) -> str:
        """Return the URL at which the device reaches the hub; raise UnreachableError."""
        if not self.is_attached:
            raise UnreachableError(t"not connected")
        await self._host.enter(self)
        self.given_url = self._host.url_for(self)
        return self.given_url

    async def url_towards(self, host: str) -> str:
        """Return the URL for a device at `host`, attached or not; raise UnreachableError."""
        [first, *_] = await addresses_of(host)
        return self._host.url_for(self, first)

    async def send(self, message: str | bytes) -> None:
        """Send on the WebSocket that the device opened; raise OfflineError or UnreachableError."""
        if self._socket is None:
            raise OfflineError(t"the device has not connected")
        try:
            if isinstance(message, str):
                await self._socket.send_str(message)
            else:
                await self._socket.send_bytes(message)
        except OSError as err:
            raise UnreachableError(t"the device closed the connection: {reason_of(err)}") from err

    # events, by the id of their subscription (SID)

    @contextmanager
    def subscribing(self) -> Generator[None]:
        """Buffer events of unknown subscriptions: they may arrive before the answer with the id."""
        self._subscribing += 1
        try:
            yield
        finally:
            self._subscribing -= 1
            if not self._subscribing:
                self._early.clear()

    def listen(self, sid: str, receive: Receive) -> Callable[[], None]:
        """Pass a subscription's events to `receive`, early ones first; return what ends that."""
        self._receivers[sid] = receive
        for event in [e for e in self._early if e.headers["SID"] == sid]:
            self._early.remove(event)
            receive(event)
        return partial(self._forget, sid)

    def _forget(self, sid: str) -> None:
        self._receivers.pop(sid, None)

    # called by the listener and its server

    def expects(self, method: str, headers: Mapping[str, str]) -> bool:
        """Return whether it accepts this request from the device's address without the token."""
        if method == "NOTIFY" and (sid := headers.get("SID")):
            return sid in self._receivers or self._subscribing > 0
        return self.by_address

    def knows(self, method: str, headers: Mapping[str, str]) -> bool:
        """Return whether the request is an event of one of its subscriptions."""
        return method == "NOTIFY" and headers.get("SID") in self._receivers

    def take(self, request: CallbackRequest) -> Answer:
        """Pass a request to the driver or to its subscription; return the answer."""
        if not self.is_attached:
            self.handler.on_ignored()
            return Answer(HTTPStatus.SERVICE_UNAVAILABLE)
        self.heard_at = asyncio.get_running_loop().time()
        sid = request.headers.get("SID")
        if request.method == "NOTIFY" and sid:
            return self._take_event(sid, request)
        text = self.handler.on_request(request) or ""
        return Answer(text=text.encode(errors="replace").decode())  # it may repeat what was sent

    def _take_event(self, sid: str, request: CallbackRequest) -> Answer:
        if sid in self._receivers:
            self._receivers[sid](request)
        elif self._subscribing:
            self._early = [*self._early[1 - MAX_EARLY :], request]
            while sum(map(_size, self._early)) > MAX_EARLY_SIZE:
                del self._early[0]
        else:
            return Answer(HTTPStatus.PRECONDITION_FAILED)
        return Answer()

    @contextmanager
    def connected(self, socket: DeviceSocket) -> Generator[DeviceSocket | None]:
        """Send on this WebSocket from now on; yield the one that it replaces."""
        replaced, self._socket = self._socket, socket
        try:
            yield replaced
        finally:
            if self._socket is socket:
                self._socket = None


def _size(event: CallbackRequest) -> int:
    return len(event.body) + sum(len(name) + len(value) for name, value in event.headers.items())
