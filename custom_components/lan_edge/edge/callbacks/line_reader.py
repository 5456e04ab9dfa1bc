"""Reads the lines of a call over TCP: bounded, and no faster than the device's work is done."""

import asyncio
from contextlib import suppress
from time import perf_counter

from ..timing.slices import PausedReading
from .body import MAX_BODY
from .calls import LineCall
from .registration import CallbackRegistration

MAX_GREETING = 256
"""Bytes of the first line, the path."""


class LineCallReader:
    """Gets what arrives on one connection after its first line."""

    def __init__(self, call: LineCall, registration: CallbackRegistration) -> None:
        """Read nothing until `start`."""
        self._call = call
        self._registration = registration
        self._reader = asyncio.StreamReader(limit=MAX_BODY)
        self._task: asyncio.Task[None] | None = None

    def start(self, transport: asyncio.Transport) -> None:
        """Hold the call, and read it once it is used."""
        self._reader.set_transport(transport)
        self._task = asyncio.create_task(self._hold(transport))

    def feed(self, data: bytes) -> None:
        """Take what has arrived."""
        self._reader.feed_data(data)

    def end(self) -> None:
        """Take note that the connection has ended."""
        self._reader.feed_eof()

    async def _hold(self, transport: asyncio.Transport) -> None:
        call, reading = self._call, PausedReading(transport)
        try:
            async with self._registration.calls.holding(call):
                if await call.is_used():
                    await self._read(reading)
        finally:
            transport.abort()

    async def _read(self, reading: PausedReading) -> None:
        backlog = self._registration.handler.backlog
        with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            while True:
                line = await self._reader.readuntil(b"\n")
                began = perf_counter()
                self._call.received(line.rstrip(b"\r\n"))
                while backlog.waiting:
                    await reading.next_turn()
                await reading.worked(began)
