"""Inbound: a device that connects to the hub, by a WebSocket or with lines over TCP.

Replies are identified by a key (`key`), by the driver (`ask(..., match=...)`), or by their order.
Every message goes to the driver first, in the order of arrival.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, override

from ...callbacks.calls import Call
from ...errors import EdgeError, UnreachableError
from ...network.address import Address
from ...network.text import decode_text
from ..login import log_in
from ..messages.message_transport import MessageOptions, MessageTransport


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundOptions(MessageOptions):
    """Options of Inbound."""

    name: str = ""
    """What its devices are called in the path `/name/id` that they call; as in `Calls(name)`."""
    login: Callable[[Inbound], Awaitable[None]] | None = None
    """Runs on each new connection before anything else."""


class Inbound(MessageTransport):
    """The connection that a device has opened to the hub; a new one replaces it."""

    options_type = InboundOptions
    secure = False
    _options: InboundOptions
    _call: Call | None = None
    _early_end: EdgeError | None = None
    """Why the connection ended during the login."""
    _is_open = False

    @override
    async def open(self, address: Address) -> None:
        await self.close()
        registration, options = self._link.calls, self._options
        if registration is None:
            raise UnreachableError(t"there is no listener that the device could call")
        await registration.expect_calls(options.name, self._link.unique_id)
        self._match_replies()
        call = await registration.calls.take(address.host)
        self._call = call
        call.use(self._received, self._ended)
        try:
            await log_in(self, options.login)
            self._raise_early_end(address)
        except BaseException:
            await self.close()
            raise
        self._is_open = True

    def _raise_early_end(self, address: Address) -> None:
        if (reason := self._early_end) is not None:
            raise UnreachableError(t"{address}: {reason}") from reason

    @override
    async def close(self) -> None:
        call, self._call = self._call, None
        self._is_open, self._early_end = False, None
        self._fail_all(UnreachableError(t"the connection was closed"))
        if call is not None:
            await call.close()

    @property
    @override
    def heard_at(self) -> float:
        return self._call.heard_at if self._call is not None else 0.0

    @property
    @override
    def acknowledged_at(self) -> float | None:
        return self._call.acknowledged_at if self._call is not None else None

    @override
    def _require_connection(self) -> None:
        self._connected()

    def _connected(self) -> Call:
        if self._call is None:
            raise UnreachableError(t"the device has not called")
        return self._call

    @override
    async def _transmit(self, data: Any) -> None:
        await self._connected().send(data)

    def _received(self, data: str | bytes) -> None:
        self._link.trace.add("received", data)
        if len(data) > self._options.limit:
            return self._link.count_oddity("a message that is too large")
        kind = self._options.messages
        if kind == "json":
            return self._deliver_json(data.encode() if isinstance(data, str) else data)
        if kind == "text":
            return self._correlator.deliver(data if isinstance(data, str) else decode_text(data))
        return self._correlator.deliver(data.encode() if isinstance(data, str) else data)

    def _ended(self, reason: EdgeError) -> None:
        was_open, self._is_open = self._is_open, False
        self._call = None
        self._fail_all(reason)
        if was_open:
            self._link.on_lost(reason)
        else:
            self._early_end = reason

    @override
    def _break(self, reason: EdgeError) -> None:
        if self._call is not None:
            self._call.end(reason)
