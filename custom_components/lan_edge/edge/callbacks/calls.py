"""Connections that devices open to the hub and keep: a WebSocket, or lines over TCP.

Whoever calls by the secret in a device's URL is that device. Whoever calls by its id only claims to
be: such a call is taken as long as the device has never used its secret, and no other one stands.
"""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
import re
from typing import override

from aiohttp import web

from ..errors import EdgeError, TimedOutError, UnreachableError
from ..network.hosts import canonical_host
from ..network.ids import one_id
from ..network.os_errors import reason_of
from ..network.sockets import acknowledged_at
from ..timing.lazy_event import LazyEvent

AWAITED_FOR = 8.0
"""Seconds in which a device that a user adds calls again: it was answered 404 before."""
UNUSED_FOR = 15.0
"""Seconds for which a call is held until the device's connection uses it."""
MAX_UNREAD = 64 * 1024
"""Bytes that a device may leave unread before a call by TCP counts as dead."""
_NAMED_PATH = re.compile(r"/([a-z][a-z0-9_-]{0,31})/([A-Za-z0-9][A-Za-z0-9._:-]{0,63})")


def names_in(path: str) -> tuple[str, str] | None:
    """Return the name and the device's id in `/name/id`; None if it is no such path."""
    match = _NAMED_PATH.fullmatch(path)
    return (match[1], one_id(match[2])) if match else None


class Call(ABC):
    """One connection that a device opened."""

    def __init__(self, source: str, *, is_proven: bool) -> None:
        """`is_proven`: the caller knows the device's secret."""
        self.source = source
        self.is_proven = is_proven
        self.heard_at = 0.0
        """When something arrived last, in loop time."""
        self.on_message: Callable[[str | bytes], None] = lambda _: None
        self.on_ended: Callable[[EdgeError], None] = lambda _: None
        self._used = LazyEvent()
        self._is_ended = False

    def use(
        self, on_message: Callable[[str | bytes], None], on_ended: Callable[[EdgeError], None]
    ) -> None:
        """Begin to receive; `on_ended` is called once, unless it is closed here."""
        self.on_message, self.on_ended = on_message, on_ended
        self.heard_at = asyncio.get_running_loop().time()
        self._used.set()

    async def is_used(self) -> bool:
        """Wait until it is used or has ended; return whether it is to be read."""
        with suppress(TimeoutError):
            async with asyncio.timeout(UNUSED_FOR):
                await self._used.wait()
        return self._used.is_set() and not self._is_ended

    def received(self, data: str | bytes) -> None:
        """Pass on what has arrived."""
        self.heard_at = asyncio.get_running_loop().time()
        self.on_message(data)

    def end(self, reason: EdgeError) -> None:
        """Report that it has ended, once."""
        if not self._is_ended:
            self._is_ended = True
            self._used.set()
            self.on_ended(reason)

    @property
    @abstractmethod
    def acknowledged_at(self) -> float | None:
        """When anything was received last, also an acknowledgement, in loop time; None: unknown."""

    async def close(self) -> None:
        """Close it, and report nothing."""
        self.on_ended = lambda _: None
        self.end(UnreachableError(t"the connection was closed"))
        await self._close()

    @abstractmethod
    async def send(self, data: str | bytes) -> None:
        """Send a message; raise UnreachableError."""

    @abstractmethod
    async def _close(self) -> None:
        """Close the connection."""


class WebSocketCall(Call):
    """A WebSocket."""

    def __init__(self, websocket: web.WebSocketResponse, source: str, *, is_proven: bool) -> None:
        """Send on `websocket`, which its server reads."""
        super().__init__(source, is_proven=is_proven)
        self._websocket = websocket

    @property
    @override
    def acknowledged_at(self) -> float | None:
        return acknowledged_at(self._websocket.get_extra_info("socket"))

    @override
    async def send(self, data: str | bytes) -> None:
        send = self._websocket.send_str if isinstance(data, str) else self._websocket.send_bytes
        try:
            await send(data)  # type: ignore[arg-type]  # each gets its own kind
        except OSError as err:
            raise UnreachableError(t"the device closed the connection: {reason_of(err)}") from err

    @override
    async def _close(self) -> None:
        with suppress(OSError):
            await self._websocket.close()


class LineCall(Call):
    """Lines over TCP; the first one was the path."""

    def __init__(self, transport: asyncio.Transport, source: str, *, is_proven: bool) -> None:
        """Send on `transport`, which its server reads."""
        super().__init__(source, is_proven=is_proven)
        self._transport = transport

    @property
    @override
    def acknowledged_at(self) -> float | None:
        return acknowledged_at(self._transport.get_extra_info("socket"))

    @override
    async def send(self, data: str | bytes) -> None:
        if self._transport.is_closing():
            raise UnreachableError(t"the device closed the connection")
        line = data.encode() if isinstance(data, str) else data
        self._transport.write(line + b"\n")
        if self._transport.get_write_buffer_size() > MAX_UNREAD:
            reason = TimedOutError(t"the device accepts no more data")
            self.end(reason)
            self._transport.abort()
            raise reason

    @override
    async def _close(self) -> None:
        self._transport.close()


class DeviceCalls:
    """The calls of one device: the one in use, and the next one."""

    def __init__(self) -> None:
        """Expect none."""
        self.names: tuple[str, str] | None = None
        """The name of its driver's kind of devices, and its id; None: only its secret is known."""
        self.only_by_secret = False
        """Whether the device has used its secret: then its id alone is not enough any more."""
        self.is_awaited = False
        """Whether whoever wants its next call waits for it."""
        self.is_expected = False
        """Whether the device is one that calls."""
        self.on_call: Callable[[Call], None] = lambda _: None
        self._next: Call | None = None
        self._used: Call | None = None
        self._arrived = LazyEvent()

    def admits(self, call: Call) -> bool:
        """Return whether a call is taken; its id alone does not drive away one from elsewhere."""
        stands = self._used or self._next
        if call.is_proven:
            return True
        return not self.only_by_secret and (stands is None or stands.source == call.source)

    @asynccontextmanager
    async def holding(self, call: Call) -> AsyncGenerator[None]:
        """Keep an admitted call, instead of an earlier one, while its connection is open."""
        replaced, self._next = self._next, call
        if replaced is not None:
            await replaced.close()
        if self._used is not None:
            self._used.end(UnreachableError(t"the device has called again"))
        self._arrived.set()
        self.on_call(call)
        try:
            yield
        finally:
            self._forget(call)
            call.end(UnreachableError(t"the device hung up"))

    def _forget(self, call: Call) -> None:
        """Take note that a call has ended."""
        if self._next is call:
            self._next = None
        if self._used is call:
            self._used = None

    async def take(self, host: str) -> Call:
        """Return the call of the device at `host`; raise UnreachableError if it has not called."""
        self._arrived.clear()
        if self._next is None and self.is_awaited:
            with suppress(TimeoutError):
                async with asyncio.timeout(AWAITED_FOR):
                    await self._arrived.wait()
        call = self._next
        if call is None or canonical_host(host) != call.source:
            raise UnreachableError(t"the device has not called from there")
        self._next, self._used = None, call
        return call

    async def close(self) -> None:
        """Close all calls."""
        for call in (self._next, self._used):
            if call is not None:
                await call.close()
        self._next = self._used = None
