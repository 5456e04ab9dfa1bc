"""Receives the messages of one WebSocket, and notices its end."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter
from typing import Literal

import aiohttp
from aiohttp import WSMsgType

from ...errors import EdgeError, TimedOutError, UnreachableError
from ...network.pings import Pings
from ...timing.backlog import Backlog
from ...timing.slices import PausedReading, is_turn_over
from ..base import CLOSE_TIMEOUT
from .handshake import end_reason

_SIGNS_OF_LIFE = (WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.PING, WSMsgType.PONG)


class MessageReceiver:
    """The receiving side of one WebSocket."""

    def __init__(
        self,
        socket: aiohttp.ClientWebSocketResponse[Literal[False]],
        reading: PausedReading,
        backlog: Backlog,
        take: Callable[[bytes, bool], None],
        ping: float | None,
    ) -> None:
        """Call `take` with each message, and whether it is text; pause while `backlog` is full.

        After `ping` seconds of silence, the device is pinged; None: never.
        """
        self._socket = socket
        self._reading = reading
        self._backlog = backlog
        self._take = take
        self._pings = Pings(socket, ping)

    @property
    def heard_at(self) -> float:
        """When the device was last heard, in loop time."""
        return self._pings.heard_at

    async def run(self, ended: Callable[[EdgeError], None]) -> None:
        """Receive until the connection ends; report why, and close it."""
        try:
            async with self._pings:
                ended(await self._until_end())
        except TimeoutError:
            ended(TimedOutError(t"no answer to a ping"))
        except Exception as err:  # noqa: BLE001  # the loss must be reported in any case
            ended(UnreachableError(t"the WebSocket broke: {err!r}"))
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_TIMEOUT):
                    await self._socket.close()

    async def _until_end(self) -> EdgeError:
        busy = 0.0
        while True:
            message, began = await self._socket.receive(), perf_counter()
            if message.type not in _SIGNS_OF_LIFE:
                return end_reason(self._socket, message)
            self._pings.heard()
            if message.type is WSMsgType.PING:
                await self._socket.pong(message.data)
            elif message.type is not WSMsgType.PONG:
                self._take(message.data, message.type is WSMsgType.TEXT)
            del message  # it may be large, and the next one may come late
            while self._backlog.waiting:
                await self._reading.next_turn()
            if is_turn_over(busy := busy + perf_counter() - began):
                await self._reading.next_turn()
                busy = 0
