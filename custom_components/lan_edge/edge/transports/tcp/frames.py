"""Binary messages over TCP: requests, replies and notifications on one connection.

Framed by length, by size or by an escaped delimiter (`framer`), encrypted or checked by a codec.
Replies are matched by what they have in common with their request (`key`), by what the driver
says (`ask(..., match=...)`), or by order. Every message goes to the driver's `on_message`
first, in the order of arrival.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, Protocol, override

from ...errors import EdgeError, ReplyError
from ...network.address import Address
from ..base import Link, Options
from ..login import log_in
from ..messages.codec import Codec, PlainCodec, decoded
from ..messages.framing import Framer, LengthFramer
from ..messages.replies import Key, Match, Matching, Replies
from .stream import Stream


class FramerMaker(Protocol):
    """Makes the framer of a new connection: a framer's class, or a `partial` of one."""

    def __call__(self, *, limit: int) -> Framer:
        """Return a framer that refuses messages over `limit` bytes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FramesOptions(Options):
    """Options of Frames."""

    framer: FramerMaker = LengthFramer
    codec: Callable[[], Codec] = PlainCodec
    """Makes the codec of a new connection; what it decodes is what the driver sees."""
    key: Key | None = None
    """What a request and its reply have in common; None for a message that is no reply."""
    is_reply: Match = lambda _message: True
    """Which messages can be replies where they go by order; the others are notifications."""
    pipelined: bool = True
    """Whether the device takes a request before it has answered the one before."""
    login: Callable[[Frames], Awaitable[None]] | None = None
    """Runs on each new connection before anything else."""


class Frames(Stream):
    """Binary messages over one TCP connection."""

    options_type = FramesOptions
    _options: FramesOptions
    codec: Codec
    """The codec of this connection; a driver may put another here, with the agreed key."""

    def __init__(self, link: Link, options: Options) -> None:
        """Start with no request under way."""
        super().__init__(link, options)
        matching = Matching(self._options.key, self._options.is_reply, broken=self._break)
        self._replies = Replies(link, matching)
        self._turn = self._new_turn()
        self.codec = self._options.codec()

    def _new_turn(self) -> AbstractAsyncContextManager[object]:
        return nullcontext() if self._options.pipelined else asyncio.Lock()

    @override
    def configure(self, options: Options) -> None:
        super().configure(options)
        self._replies.match_by(self._options.key, self._options.is_reply)
        self._turn = self._new_turn()

    @override
    async def open(self, address: Address) -> None:
        await self.close()
        self.codec = self._options.codec()
        await super().open(replace(address, port=address.port or self._options.port))

    @override
    async def _log_in(self) -> None:
        await log_in(self, self._options.login)

    def number(self) -> int:
        """Return a number that no earlier request had, for protocols that number them."""
        return self._replies.number()

    def send(self, message: Any) -> None:
        """Send a message; raise UnreachableError where there is no connection."""
        self._connected().write(self.codec.encode(message))
        self._link.trace.add("sent", message)

    async def ask(
        self, message: Any, *, key: Hashable | None = None, match: Match | None = None
    ) -> Any:
        """Send a message and return its reply: by `key`, else by `match`, else by order.

        Raises TimedOutError or UnreachableError. A reply that never comes where they go by
        order would make every later one somebody else's: the connection is made anew.
        """
        async with self._turn:
            self._connected()  # else nothing is expected
            with self._replies.expect(message, key, match, self._options.timeout) as reply:
                self.send(message)
                return await reply

    @override
    def _framer(self) -> Framer:
        return self._options.framer(limit=self._options.limit)

    @override
    def received(self, message: bytes) -> None:
        """Take one framed message; what is kept of it for people to read is decoded."""
        content = decoded(self.codec, message)
        self._link.trace.add("received", content)
        self._replies.deliver(content)

    @override
    def _received(self, message: bytes) -> None:
        self.received(message)

    @override
    def _dropped(self, reason: EdgeError) -> None:
        if isinstance(reason, ReplyError):
            self._link.count_oddity("a broken frame")
        self._replies.fail_all(reason)
