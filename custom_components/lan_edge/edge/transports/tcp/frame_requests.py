"""Binary messages over TCP, for a device that only answers: one request at a time.

The connection is kept for the next request that may be sent again. If the device closes it
meanwhile, or after each reply, the device counts as reachable: the next request makes a new one.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar, override

from ...errors import UnreachableError
from ...network.address import Address
from ...network.reachability import CHECK_INTERVAL, answers_at
from ..base import Link, Options, Transport
from ..hiding import Secret
from .frames import Frames, FramesOptions


class FrameRequests(Transport):
    """Requests to a device, each sent after the reply to the previous one."""

    options_type = FramesOptions
    pushes = False
    poll = 10.0
    heartbeat: ClassVar[float | None] = CHECK_INTERVAL
    holds_connection = False
    _address: Address | None = None
    _is_pairing = False
    _heard_at = 0.0

    def __init__(self, link: Link, options: Options) -> None:
        """Start without a connection."""
        super().__init__(link, options)
        self._frames = Frames(replace(link, on_lost=lambda _: None), options)
        self._lock = asyncio.Lock()

    @override
    def configure(self, options: Options) -> None:
        super().configure(options)
        self._frames.configure(options)

    @override
    async def open(self, address: Address) -> None:
        await self.close()
        self._address = replace(address)  # a new object each time, see `_check`
        self._is_pairing = False

    @override
    async def open_to_pair(self, address: Address) -> None:
        await self.open(address)
        self._is_pairing = True

    @override
    async def close(self) -> None:
        self._address = None
        await self._frames.close()

    @override
    def abandon(self) -> None:
        self._frames.abandon()

    @override
    def gave_up(self) -> bool:
        self._frames.gave_up()
        return False  # the next request makes a new connection

    @override
    async def is_reachable(self) -> bool | None:
        if (address := self._address) is None:
            return None
        return await answers_at(Address(address.host, address.port or self._options.port))

    @property
    @override
    def heard_at(self) -> float:
        return self._heard_at

    async def ask(self, message: Any, *, again: bool = False, secret: Secret = False) -> Any:
        """Send a message and return its reply; raise TimedOutError or UnreachableError.

        With `again` it goes on a kept connection, and is sent again if the device closes that at
        just this moment, though it may have done it. Without, it is sent once, on a new connection.
        `secret`: neither the trace nor an error shows the message, or the part of it that is given.
        """
        address = self._address
        async with self._lock:
            address = self._check(address)
            if again and self._frames.heard_at:
                with suppress(UnreachableError):
                    return await self._ask(message, secret=secret)
                self._check(address)
            frames = self._frames
            await (frames.open_to_pair if self._is_pairing else frames.open)(address)
            if address is not self._address:
                await self._frames.close()
            self._check(address)
            return await self._ask(message, secret=secret)

    def _check(self, address: Address | None) -> Address:
        """Raise UnreachableError if it was closed since it was opened at `address`.

        It may have been opened again at another address, where another device would answer.
        """
        if address is None or address is not self._address:
            raise UnreachableError(t"not connected")
        return address

    async def _ask(self, message: Any, *, secret: Secret) -> Any:
        reply = await self._frames.ask(message, secret=secret)
        self._heard_at = asyncio.get_running_loop().time()
        return reply
