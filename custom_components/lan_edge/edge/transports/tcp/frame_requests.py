"""Binary messages over TCP, for a device that only answers: one request at a time.

The connection is kept for the next request; a device that closes it meanwhile, or after each
reply, is there all the same: the next request makes a new one.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar, override

from ...errors import UnreachableError
from ...network.address import Address
from ...network.reachability import CHECK_INTERVAL, answers_at
from ..base import Link, Options, Transport
from .frames import Frames, FramesOptions


class FrameRequests(Transport):
    """Requests to a device, each answered before the next; replies go by order."""

    options_type = FramesOptions
    pushes = False
    poll = 10.0
    heartbeat: ClassVar[float | None] = CHECK_INTERVAL
    _address: Address | None = None
    _heard_at = 0.0

    def __init__(self, link: Link, options: Options) -> None:
        """Start without a connection."""
        super().__init__(link, options)
        self._frames = Frames(replace(link, on_lost=lambda _: None), options)
        self._turn = asyncio.Lock()

    @override
    def configure(self, options: Options) -> None:
        super().configure(options)
        self._frames.configure(options)

    @override
    async def open(self, address: Address) -> None:
        await self.close()
        self._address = replace(address)  # another one each time: see `_check`

    @override
    async def close(self) -> None:
        self._address = None
        await self._frames.close()

    @override
    def abandon(self) -> None:
        self._frames.abandon()

    @override
    async def is_reachable(self) -> bool | None:
        if (where := self._address) is None:
            return None
        return await answers_at(Address(where.host, where.port or self._options.port))

    @property
    @override
    def heard_at(self) -> float:
        return self._heard_at

    async def ask(self, message: Any) -> Any:
        """Send a message and return its reply; raise TimedOutError or UnreachableError.

        It may be sent twice, where the device closes a kept connection just then.
        """
        where = self._address
        async with self._turn:
            where = self._check(where)
            if self._frames.heard_at:
                with suppress(UnreachableError):
                    return await self._ask(message)
                self._check(where)
            await self._frames.open(where)
            if where is not self._address:
                await self._frames.close()
            self._check(where)
            return await self._ask(message)

    def _check(self, where: Address | None) -> Address:
        """Raise UnreachableError if it was closed since it was open at `where`.

        It may be open anew by now, elsewhere, where it is another device that hears it.
        """
        if where is None or where is not self._address:
            msg = "not connected"
            raise UnreachableError(msg)
        return where

    async def _ask(self, message: Any) -> Any:
        reply = await self._frames.ask(message)
        self._heard_at = asyncio.get_running_loop().time()
        return reply
