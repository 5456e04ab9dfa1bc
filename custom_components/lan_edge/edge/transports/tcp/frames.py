"""Binary messages over TCP: requests, replies and notifications on one connection.

Messages are framed by length, by size or by an escaped delimiter (`framer`); a codec encrypts or
checks them. Replies are identified by a key that they share with their request (`key`), by the
driver (`ask(..., match=...)`), or by their order. Every message goes to the driver's `on_message`
first, in the order of arrival.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterator
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol, override

from ...errors import DriverError, EdgeError, ReplyError
from ...network.address import Address
from ..base import Link, MessageTest, Options, ReplyKey, any_message
from ..hiding import Secret
from ..login import log_in
from ..messages.codec import Codec, PlainCodec, decoded, traced
from ..messages.correlation import Correlator
from ..messages.framing import Framer, LengthFramer
from .stream import TcpTransport


class FramerMaker(Protocol):
    """Creates the framer of a new connection: a framer class, or a `partial` of one."""

    def __call__(self, *, limit: int) -> Framer:
        """Return a framer that refuses messages over `limit` bytes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FramesOptions(Options):
    """Options of Frames."""

    framer: FramerMaker = LengthFramer
    """Creates the framer of a new connection, such as `partial(LengthFramer, 2)`."""
    codec: Callable[[], Codec] = PlainCodec
    """Creates the codec of a new connection; the driver sees what it decodes."""
    key: ReplyKey | None = None
    """Returns what a request and its reply have in common; None for a message that is no reply."""
    is_reply: MessageTest = any_message
    """Which messages can be replies where these go by order; the others are notifications."""
    pipelined: bool = True
    """Whether the device accepts a request before it has answered the previous one."""
    login: Callable[[Frames], Awaitable[None]] | None = None
    """Runs on each new connection before anything else."""


class Frames(TcpTransport):
    """Binary messages over one TCP connection."""

    options_type = FramesOptions
    _options: FramesOptions
    codec: Codec
    """The codec of this connection; a driver may replace it, for instance by one with a key."""

    def __init__(self, link: Link, options: Options) -> None:
        """Start without a request."""
        super().__init__(link, options)
        self._correlator = Correlator(link, on_order_lost=self._break)
        self._turn: AbstractAsyncContextManager[object] = nullcontext()
        self.codec = self._options.codec()
        self._changing = 0
        """The requests under way whose reply may change the framing."""
        self._may_change = False

    @override
    async def _open(self, address: Address, *tolerated: type[EdgeError]) -> None:
        await self.close()
        options = self._options
        self.codec = options.codec()
        self._correlator.match_by(options.key, options.is_reply)
        self._turn = nullcontext() if options.pipelined else asyncio.Lock()
        await super()._open(replace(address, port=address.port or options.port), *tolerated)

    @override
    async def _log_in(self) -> None:
        await log_in(self, self._options.login)

    def number(self) -> int:
        """Return a number that no earlier request had, for protocols that number them."""
        return self._correlator.number()

    def send(self, message: Any, *, secret: Secret = False) -> None:
        """Send a message; raise UnreachableError if there is no connection.

        `secret`: the trace does not show it, or the part of it that is given.
        """
        data = self.codec.encode(message)
        self._transmit(data, self._link.shown(traced(self.codec, message, data), secret))

    async def ask(
        self,
        message: Any,
        *,
        key: Hashable | None = None,
        match: MessageTest | None = None,
        secret: Secret = False,
        then: Callable[[Any], object] | None = None,
    ) -> Any:
        """Send a message and return its reply: by `key`, else by `match`, else by order.

        Raises TimedOutError or UnreachableError. If a reply by order never comes, the connection
        is closed, since all later replies would go to the wrong requests. `secret`: neither the
        trace nor an error shows the message, or the part of it that is given.

        `then` is called with the reply before anything behind it is looked at, which may have
        arrived with it: it may `change_framer`, or set another `codec`.
        """
        timeout = self._options.timeout
        async with self._turn:
            if self._link.pacing.is_active:
                await self._ready("a request")
            self._connected()  # raises before a timer is set
            pending = self._correlator.expect_reply_to(
                message, timeout, key=key, match=match, secret=bool(secret)
            )
            pending.then = partial(self._follow, then) if then is not None else None
            self._changing += then is not None
            try:
                with pending as reply:
                    self.send(message, secret=secret)
                    return await reply
            finally:
                self._changing -= then is not None

    def _follow(self, then: Callable[[Any], object], reply: Any) -> None:
        self._may_change = True
        try:
            then(reply)
        finally:
            self._may_change = False

    def change_framer(self, framer: FramerMaker) -> None:
        """Frame what is sent and what arrives in another way; only within `then` of `ask`.

        Elsewhere it would be chance what has been taken for a message by then: DriverError.
        """
        if not self._may_change:
            raise DriverError("change_framer is only for what ask calls by `then`")
        self._connected().framer = framer(limit=self._options.limit)

    @property
    @override
    def cuts_exactly(self) -> bool:
        return self._changing > 0

    @override
    def gave_up(self) -> bool:
        return self._correlator.gave_up()

    @override
    def _framer(self) -> Framer:
        return self._options.framer(limit=self._options.limit)

    @override
    def received(self, message: bytes) -> Iterator[object] | None:
        """Take one framed message; the trace gets it decoded."""
        content = decoded(self.codec, message)
        self._link.trace.add("received", traced(self.codec, content, message))
        self._correlator.deliver(content)
        backlog = self._link.backlog
        return backlog.steps() if backlog.waiting else None

    @override
    def _received(self, message: bytes) -> Iterator[object] | None:
        return self.received(message)

    @override
    def _dropped(self, reason: EdgeError) -> None:
        if isinstance(reason, ReplyError):
            self._link.count_oddity("a broken frame")
        self._correlator.fail_all(reason)
