"""The base of the transports that carry whole messages both ways, such as a WebSocket.

Replies are identified by a key (`key`), by the driver (`ask(..., match=...)`), or by their order.
Every message goes to the driver first, in the order of arrival.
"""

from abc import abstractmethod
import asyncio
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Literal, override

import orjson

from ...errors import EdgeError, ReplyError, TimedOutError
from ...network.parsing import parse_json
from ..base import Link, MessageTest, Options, ReplyKey, Transport, any_message
from ..hiding import Secret
from .correlation import Correlator


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageOptions(Options):
    """Options of the transports that carry whole messages."""

    messages: Literal["json", "text", "binary"] = "json"
    """What a message is: a JSON value, text or bytes."""
    key: ReplyKey | None = None
    """Returns what a request and its reply have in common; None for a message that is no reply."""
    is_reply: MessageTest = any_message
    """Which messages can be replies where these go by order; the others are notifications."""


class MessageTransport(Transport):
    """Messages and replies; a subclass opens the connection, and sends and receives."""

    pushes = True
    poll = 300.0  # should a push be lost
    _options: MessageOptions

    def __init__(self, link: Link, options: Options) -> None:
        """Start without a request."""
        super().__init__(link, options)
        self._correlator = Correlator(link, on_order_lost=self._break)

    @override
    def gave_up(self) -> bool:
        return self._correlator.gave_up()

    def number(self) -> int:
        """Return a number that no earlier request had, for protocols that number them."""
        return self._correlator.number()

    async def send(self, message: Any, *, secret: Secret = False) -> None:
        """Send a message; raise UnreachableError or TimedOutError.

        `secret`: the trace does not show it, or the part of it that is given.
        """
        await self._opened()
        if self._link.pacing.is_active:
            self._require_connection()
            await self._link.pacing.turn("a message")
        self._require_connection()
        is_json = self._options.messages == "json"
        data: Any = orjson.dumps(message).decode() if is_json else message
        self._link.trace.add("sent", self._link.shown(data, secret))
        try:
            async with asyncio.timeout(self._options.timeout):
                await self._transmit(data)
        except TimeoutError as err:
            reason = TimedOutError(t"the device accepts no more data")
            self._break(reason)
            raise reason from err

    async def ask(
        self,
        message: Any,
        *,
        key: Hashable | None = None,
        match: MessageTest | None = None,
        secret: Secret = False,
    ) -> Any:
        """Send a message and return its reply: by `key`, else by `match`, else by order.

        Raises TimedOutError or UnreachableError. If a reply by order never comes, the connection
        is closed, since all later replies would go to the wrong requests. `secret`: neither the
        trace nor an error shows the message, or the part of it that is given.
        """
        await self._opened()
        if self._link.pacing.is_active:
            self._require_connection()
            await self._link.pacing.ready("a request")
        self._require_connection()  # raises before a timer is set
        timeout = self._options.timeout
        pending = self._correlator.expect_reply_to(
            message, timeout, key=key, match=match, secret=bool(secret)
        )
        with pending as reply:
            await self.send(message, secret=secret)
            return await reply

    async def _opened(self) -> None:
        """Open the connection, where the first message does that."""

    @abstractmethod
    def _require_connection(self) -> None:
        """Raise UnreachableError if there is no connection."""

    @abstractmethod
    async def _transmit(self, data: Any) -> None:
        """Send on the connection; raise UnreachableError, or TimeoutError."""

    @abstractmethod
    def _break(self, reason: EdgeError) -> None:
        """End a connection that can no longer be trusted."""

    def _match_replies(self) -> None:
        """Identify the replies on a new connection as the options say."""
        self._correlator.match_by(self._options.key, self._options.is_reply)

    def _fail_all(self, reason: EdgeError) -> None:
        """Fail everything that has not been sent or answered: the connection has ended."""
        self._link.fail_held(reason)
        self._correlator.fail_all(reason)

    def _deliver_json(self, data: bytes) -> None:
        """Deliver a message in JSON; count what is none."""
        try:
            message = parse_json(data, "a message")
        except ReplyError:
            self._link.count_oddity("a message that is not JSON")
        else:
            self._correlator.deliver(message)
