"""Inbound: a device that connects to the hub, by a WebSocket or with lines over TCP.

Replies are identified by a key (`key`), by the driver (`ask(..., match=...)`), or by their order.
Every message goes to the driver first, in the order of arrival.
"""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Literal, override

import orjson

from ...callbacks.calls import Call
from ...errors import EdgeError, ReplyError, TimedOutError, UnreachableError
from ...network.address import Address
from ...network.parsing import parse_json
from ...network.text import decode_text
from ..base import Link, MessageTest, Options, ReplyKey, Secret, Transport, any_message
from ..messages.correlation import Correlator


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundOptions(Options):
    """Options of Inbound."""

    name: str = ""
    """What its devices are called in the path `/name/id` that they call; as in `Calls(name)`."""
    messages: Literal["json", "text", "binary"] = "json"
    """What a message is: a JSON value, text or bytes."""
    key: ReplyKey | None = None
    """Returns what a request and its reply have in common; None for a message that is no reply."""
    is_reply: MessageTest = any_message
    """Which messages can be replies where these go by order; the others are notifications."""


class Inbound(Transport):
    """The connection that a device has opened to the hub; a new one replaces it."""

    options_type = InboundOptions
    pushes = True
    secure = False
    poll = 300.0  # should a push be lost
    _options: InboundOptions

    def __init__(self, link: Link, options: Options) -> None:
        """Start without a connection."""
        super().__init__(link, options)
        self._correlator = Correlator(link, on_order_lost=self._break)
        self._call: Call | None = None

    @override
    async def open(self, address: Address) -> None:
        await self.close()
        registration, options = self._link.calls, self._options
        if registration is None:
            raise UnreachableError("there is no listener that the device could call")
        await registration.expect_calls(options.name, self._link.unique_id)
        self._correlator.match_by(options.key, options.is_reply)
        call = await registration.calls.take(address.host)
        self._call = call
        call.use(self._received, self._ended)

    @override
    async def close(self) -> None:
        call, self._call = self._call, None
        self._link.pacing.fail(UnreachableError("closed"))
        self._correlator.fail_all(UnreachableError("closed"))
        if call is not None:
            await call.close()

    @property
    @override
    def heard_at(self) -> float:
        return self._call.heard_at if self._call is not None else 0.0

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
        if self._link.pacing.is_active:
            self._connected()
            await self._link.pacing.turn("a message")
        call = self._connected()
        is_json = self._options.messages == "json"
        data: str | bytes = orjson.dumps(message).decode() if is_json else message
        self._link.trace.add("sent", self._link.shown(data, secret))
        try:
            async with asyncio.timeout(self._options.timeout):
                await call.send(data)
        except TimeoutError as err:
            reason = TimedOutError("the device accepts no more data")
            self._break(reason)
            raise reason from err

    def _connected(self) -> Call:
        if self._call is None:
            raise UnreachableError("the device has not called")
        return self._call

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
        if self._link.pacing.is_active:
            self._connected()
            await self._link.pacing.ready("a request")
        self._connected()  # raises before a timer is set
        timeout = self._options.timeout
        pending = self._correlator.expect_reply_to(
            message, timeout, key=key, match=match, secret=bool(secret)
        )
        with pending as reply:
            await self.send(message, secret=secret)
            return await reply

    def _received(self, data: str | bytes) -> None:
        self._link.trace.add("received", data)
        if len(data) > self._options.limit:
            return self._link.count_oddity("a message that is too large")
        kind = self._options.messages
        if kind == "json":
            raw = data.encode() if isinstance(data, str) else data
            try:
                message = parse_json(raw, "a message")
            except ReplyError:
                return self._link.count_oddity("a message that is not JSON")
        elif kind == "text":
            message = data if isinstance(data, str) else decode_text(data)
        else:
            message = data.encode() if isinstance(data, str) else data
        return self._correlator.deliver(message)

    def _ended(self, reason: EdgeError) -> None:
        self._call = None
        self._link.pacing.fail(reason)
        self._correlator.fail_all(reason)
        self._link.on_lost(reason)

    def _break(self, reason: EdgeError) -> None:
        """End a connection that can no longer be trusted."""
        if self._call is not None:
            self._call.end(reason)
