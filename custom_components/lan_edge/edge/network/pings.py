"""Pings: how it is noticed that a WebSocket's peer is gone.

aiohttp can ping as well, but goes on for what arrives after the WebSocket was closed, such as the
answer to the close: its timers then outlive the connection, and keep it, for half a minute.
"""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from time import monotonic
from types import TracebackType
from typing import Any, Protocol, Self

import aiohttp

from .sockets import received_since


class Pinged(Protocol):
    """A WebSocket of aiohttp's, of either side."""

    def ping(self, message: bytes = b"") -> Awaitable[None]:
        """Send a ping."""
        ...

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return what is known of the connection."""
        ...


class Pings:
    """Pings while its block runs; raises TimeoutError in it if a ping is not answered."""

    def __init__(self, websocket: Pinged, interval: float | None) -> None:
        """Ping after `interval` seconds of silence, and wait half as long; None: never."""
        self._websocket = websocket
        self._interval = interval
        self._loop = asyncio.get_running_loop()
        self._timeout = asyncio.timeout(None)
        self._timer: asyncio.TimerHandle | None = None
        self._sending: asyncio.Task[None] | None = None
        self.heard_at = self._loop.time()
        """When a message was received last, in loop time."""

    def heard(self) -> None:
        """Take note of a message of any kind."""
        self.heard_at = self._loop.time()

    async def __aenter__(self) -> Self:
        """Begin."""
        await self._timeout.__aenter__()
        if self._interval is not None:
            self._wait(self._interval)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End, and leave nothing behind."""
        if self._timer is not None:
            self._timer.cancel()
        if self._sending is not None:
            self._sending.cancel()
        await self._timeout.__aexit__(kind, error, traceback)

    def _wait(self, interval: float) -> None:
        self._timer = self._loop.call_at(self.heard_at + interval, self._silent, interval)

    def _silent(self, interval: float) -> None:
        if self._loop.time() < self.heard_at + interval:
            return self._wait(interval)
        waiting = (interval, self.heard_at, monotonic())
        self._sending = asyncio.Task(self._send(), eager_start=True)
        self._timer = self._loop.call_later(interval / 2, self._overdue, *waiting)
        return None

    async def _send(self) -> None:
        with suppress(OSError, aiohttp.ClientError):  # whoever receives learns that it broke
            await self._websocket.ping()

    def _overdue(self, interval: float, heard_at: float, asked_at: float) -> None:
        """Give up, unless anything came: the kernel knows of a long message that is on its way."""
        if self.heard_at == heard_at:
            if not received_since(self._websocket.get_extra_info("socket"), asked_at):
                return self._timeout.reschedule(self._loop.time())
            self.heard()
        return self._wait(interval)
