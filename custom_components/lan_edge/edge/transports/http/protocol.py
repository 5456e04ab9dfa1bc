"""aiohttp's protocol of a connection, which gets answers as a strict parser takes them."""

import asyncio
from typing import Any, override

from aiohttp.client_proto import ResponseHandler

from ...network.sockets import discard_unsent
from .reframing import Reframer


class LenientProtocol(ResponseHandler):
    """One connection to a device."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start without a request."""
        super().__init__(loop)
        self._reframer: Reframer | None = None

    @override
    def set_response_params(self, *, skip_payload: bool = False, **params: Any) -> None:
        if self._reframer is None:
            self._reframer = Reframer()
        self._reframer.begin(with_body=not skip_payload)
        super().set_response_params(skip_payload=skip_payload, **params)

    @override
    def data_received(self, data: bytes) -> None:
        if self._reframer is None or not data:  # without data aiohttp goes on with what it has
            super().data_received(data)
            return
        if strict := self._reframer.feed(data):
            super().data_received(strict)
        if self._reframer.is_spoiled and self.transport is not None:
            self.transport.close()

    @override
    def close(self) -> None:
        """Close it; what the device has not received by now it does not receive later, either.

        A request that was given up could overtake a newer one, which goes on another connection.
        """
        transport = self.transport
        if transport is not None and discard_unsent(transport.get_extra_info("socket")):
            self.abort()
        super().close()

    @override
    def connection_lost(self, exc: BaseException | None) -> None:
        if exc is None and self._reframer is not None and (last := self._reframer.end()):
            super().data_received(last)
        super().connection_lost(exc)
