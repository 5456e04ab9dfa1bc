"""The address of an emulated device that connects to the hub, instead of listening."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import override

from yarl import URL

from tests.tcp import ended, watched

from .faults import Faults
from .listener import Listener, Peer

AGAIN_AFTER = 0.5
"""Seconds until it calls again, when it was refused or its call has ended."""


class Caller(Listener):
    """Calls a URL from one address, again whenever the call has ended."""

    def __init__(
        self,
        host: str,
        serve: Callable[[Peer], Awaitable[None]],
        faults: Faults,
        url: Callable[[], str],
        greeting: Callable[[URL], bytes],
    ) -> None:
        """Call `url`, each time the one of then; `greeting` is what is sent there first."""
        super().__init__(host, 0, serve, faults)
        self._url = url
        self._greeting = greeting
        self._calling: asyncio.Task[None] | None = None

    @override
    async def open(self) -> None:
        self._calling = watched(self._call_again())

    @override
    async def close(self) -> None:
        if self._calling is not None:
            self._calling.cancel()
            await ended(self._calling)
        await self.end_all()

    async def _call_again(self) -> None:
        while True:
            if not self.silent:
                with suppress(OSError):
                    await self._call(URL(self._url()))
            await asyncio.sleep(AGAIN_AFTER)

    async def _call(self, url: URL) -> None:
        reader, writer = await asyncio.open_connection(
            url.host, url.port, local_addr=(self.host, 0)
        )
        writer.write(self._greeting(url))
        self._begin(reader, writer)
        await ended(*self.connections.values())
