"""One TCP connection, watched by the kernel; incoming bytes are framed into messages."""

import asyncio
from collections.abc import Iterator
import socket
from typing import Protocol, override

from ...errors import EdgeError, ReplyError, UnreachableError
from ...network.os_errors import loss_error
from ...network.sockets import acknowledged_at, detect_dead_peer, discard_unsent
from ...timing.lazy_event import LazyEvent
from ...timing.slices import SlicedWork
from ..messages.framing import Framer
from ..messages.unpacking import PIECE, framed_steps, message_steps

MAX_UNSENT = 256 * 1024
"""Bytes that may wait to be sent; a peer that accepts no more data counts as lost."""
_RECEIVE_BUFFER = memoryview(bytearray(64 * 1024))
"""Shared by all connections, which read one at a time, so that no read allocates memory."""


class ConnectionOwner(Protocol):
    """The transport to which a connection reports."""

    @property
    def cuts_exactly(self) -> bool:
        """Whether a message that arrives may change how the next ones are framed."""
        ...

    def received(self, message: bytes) -> Iterator[object] | None:
        """Handle one message; raise ReplyError if the connection must end because of it.

        Of a message that consists of many, return an iterator that handles one after the other.
        """
        ...

    def ended(self, connection: object, reason: EdgeError) -> None:
        """Handle the end of a connection, once all that it received is handled."""
        ...


class TcpConnection(asyncio.BufferedProtocol):
    """The asyncio protocol of one connection.

    What a read contains is handled at once, unless that takes long: then nothing more is read, and
    the loss of the connection is not reported, until all of it is handled.
    """

    transport: asyncio.Transport
    """For bytes that are framed already."""

    def __init__(self, owner: ConnectionOwner, framer: Framer) -> None:
        """Frame with `framer` what arrives for `owner`."""
        self._owner = owner
        self.framer = framer
        self._reason: EdgeError | None = None
        self._loop = asyncio.get_running_loop()
        self._work: SlicedWork | None = None
        """The rest of a read that takes long."""
        self._is_held = False
        self.heard_at = 0.0
        self.closed = LazyEvent()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  # for the type checker
        self.transport = transport
        transport.set_write_buffer_limits(MAX_UNSENT)
        self._socket: socket.socket = transport.get_extra_info("socket")
        """Kept, because asyncio loses it when a TLS connection ends."""
        detect_dead_peer(self._socket)

    @override
    def get_buffer(self, sizehint: int) -> memoryview:
        is_enough = sizehint <= _RECEIVE_BUFFER.nbytes  # at the end of TLS, only one read follows
        self._buffer = _RECEIVE_BUFFER if is_enough else memoryview(bytearray(sizehint))
        return self._buffer

    @override
    def buffer_updated(self, nbytes: int) -> None:
        if self._reason is not None:
            return
        self.heard_at = self._loop.time()
        try:
            if (steps := self._handle(bytes(self._buffer[:nbytes]))) is not None:
                self._handle_in_slices(steps)
        except ReplyError as err:
            self.fail(err)

    def _handle(self, data: bytes) -> Iterator[object] | None:
        """Handle a single message; for more, return the steps in which they are handled."""
        if self._owner.cuts_exactly:
            return self._exact_steps(data)
        if len(data) > PIECE:
            return framed_steps(self.framer, data, self._owner.received)
        messages = self.framer.feed(data)
        if len(messages) == 1:
            return self._owner.received(messages[0])
        return message_steps(messages, self._owner.received) if messages else None

    def _exact_steps(self, data: bytes) -> Iterator[object]:
        """Frame byte by byte, while a message may change how what follows it is framed."""
        for at in range(len(data)):
            if not self._owner.cuts_exactly:
                yield from framed_steps(self.framer, data[at:], self._owner.received)
                return
            yield from message_steps(self.framer.feed(data[at : at + 1]), self._owner.received)
            if at % PIECE == 0:
                yield None

    def _handle_in_slices(self, steps: Iterator[object]) -> None:
        """Handle messages in slices, and read nothing meanwhile."""
        self._work = work = SlicedWork(self._contained(steps), self._all_handled)
        if work.start():
            self._work = None
        self._regulate()

    def hold(self, *, is_held: bool) -> None:
        """Read nothing more while the owner has too much already."""
        self._is_held = is_held
        self._regulate()

    def _regulate(self) -> None:
        """Read on, unless what was read is still to be handled, or the owner has too much."""
        if self._reason is not None:
            return
        if self._is_held or self._work is not None:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

    def _contained(self, steps: Iterator[object]) -> Iterator[object]:
        try:
            yield from steps
        except ReplyError as err:
            self.fail(err)
        except Exception as err:  # noqa: BLE001  # as asyncio does when a protocol fails
            self.fail(UnreachableError(t"the connection broke: {err!r}"))

    def _all_handled(self) -> None:
        self._work = None
        if self.closed.is_set():
            self._owner.ended(self, self._reason or loss_error(None))
        else:
            self._regulate()

    @override
    def pause_writing(self) -> None:
        self.fail(UnreachableError(t"the device accepts no more data"))

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._reason = self._reason or loss_error(exc)
        self.closed.set()
        if self._work is None:
            self._all_handled()

    @property
    def acknowledged_at(self) -> float | None:
        """When anything was last received, acknowledgements included; None: unknown."""
        return acknowledged_at(self._socket)

    def write(self, message: bytes) -> None:
        """Frame and send a message."""
        self.transport.write(self.framer.wrap(message))

    def close(self) -> None:
        """Handle nothing more, and close it once everything is sent; `closed` is set then."""
        self._stop(UnreachableError(t"the connection was closed"))
        self.transport.close()

    def discard(self) -> None:
        """Discard what the device has not received yet."""
        discard_unsent(self._socket)

    def fail(self, reason: EdgeError) -> None:
        """End a connection that can no longer be trusted, at once."""
        self._stop(reason)
        if self.closed.is_set():  # lost meanwhile
            self._all_handled()
        self.discard()
        self.transport.abort()

    def _stop(self, reason: EdgeError) -> None:
        """Handle nothing more."""
        self._reason = reason
        if self._work is not None:
            self._work.cancel()
            self._work = None
