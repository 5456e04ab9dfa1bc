"""One TCP connection, watched by the kernel; incoming bytes are framed into messages."""

from abc import abstractmethod
import asyncio
from contextlib import suppress
import errno
import socket
from typing import override

from ...errors import EdgeError, ReplyError, TimedOutError, UnreachableError
from ...network.address import Address
from ...network.os_errors import network_errors
from ...network.sockets import detect_dead_peer, discard_unsent
from ...network.tls import context_for, tls_errors
from ...timing.lazy_event import LazyEvent
from ..base import CLOSE_TIMEOUT, CONNECT_TIMEOUT, Transport
from ..messages.framing import Framer

MAX_UNSENT = 256 * 1024
"""Bytes that may wait to be sent; a peer that accepts no more data counts as lost."""
_RECEIVE_BUFFER = memoryview(bytearray(64 * 1024))
"""Shared by all connections, which read one at a time, so that no read allocates memory."""
_DEAD_PEER = {errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH}
"""The kernel's errors for a peer that vanished."""


class Stream(Transport):
    """Base of the transports over TCP; a subclass frames and interprets the bytes."""

    pushes = True
    poll = 300.0  # should a push be lost
    _connection: _Connection | None = None
    _is_opening = False

    @override
    async def open(self, address: Address) -> None:
        await self.close()
        self._is_opening = True
        try:
            await self._connect(address)
            await self._log_in()
        finally:
            self._is_opening = False
        if self._connection is None:  # the device hung up during the login
            raise UnreachableError(f"{address} closed the connection at once")

    async def _connect(self, address: Address) -> None:
        loop, tls = asyncio.get_running_loop(), self._options.tls
        what = f"connecting to {address}"
        with network_errors(what), tls_errors(what):
            async with asyncio.timeout(CONNECT_TIMEOUT):
                _, self._connection = await loop.create_connection(
                    lambda: _Connection(self, self._framer()),
                    address.host,
                    address.port or self._options.port,
                    ssl=await context_for(tls, self._link.pin) if tls else None,
                    server_hostname=(tls.server_name or address.host) if tls else None,
                )
        if self._connection.closed.is_set():
            self._connection = None
            raise UnreachableError(f"{address} closed the connection at once")

    async def _log_in(self) -> None:
        """Run the driver's login, if it has one; close the connection if that fails."""

    @override
    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        self._dropped(UnreachableError("closed"))
        connection.close()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_TIMEOUT):
                    await connection.closed.wait()
        finally:
            connection.transport.abort()
        await connection.closed.wait()

    @override
    def abandon(self) -> None:
        if self._connection is not None:
            self._connection.discard()

    @property
    @override
    def heard_at(self) -> float:
        return self._connection.heard_at if self._connection else 0.0

    def write(self, message: bytes, traced: object = None) -> None:
        """Frame and send a message; raise UnreachableError if there is no connection.

        The trace shows `traced` instead, if it is given.
        """
        self._connected().write(message)
        self._link.trace.add("sent", message if traced is None else traced)

    def _connected(self) -> _Connection:
        """Return the connection; raise UnreachableError if there is none."""
        if self._connection is None:
            raise UnreachableError("not connected")
        return self._connection

    def _break(self, reason: EdgeError) -> None:
        """End a connection that can no longer be trusted."""
        if self._connection is not None:
            self._connection.fail(reason)

    @abstractmethod
    def _framer(self) -> Framer:
        """Return the framer of a new connection."""

    @abstractmethod
    def _received(self, message: bytes) -> None:
        """Handle one message; raise ReplyError if the connection must end because of it."""

    @abstractmethod
    def _dropped(self, reason: EdgeError) -> None:
        """Fail all pending requests: the connection has ended."""

    # called by the connection

    def received(self, message: bytes) -> None:
        """Trace and handle one message."""
        self._link.trace.add("received", message)
        self._received(message)

    def ended(self, connection: _Connection, reason: EdgeError) -> None:
        """Report the end of a connection, unless `close` caused it or `open` will raise it."""
        if connection is self._connection:
            self._connection = None
            self._dropped(reason)
            if not self._is_opening:
                self._link.on_lost(reason)


class _Connection(asyncio.BufferedProtocol):
    """The asyncio protocol of one connection."""

    transport: asyncio.Transport
    """For bytes that are framed already."""

    def __init__(self, owner: Stream, framer: Framer) -> None:
        self._owner = owner
        self._framer = framer
        self._reason: EdgeError | None = None
        self._loop = asyncio.get_running_loop()
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
        return _RECEIVE_BUFFER

    @override
    def buffer_updated(self, nbytes: int) -> None:
        if self._reason is not None:
            return
        self.heard_at = self._loop.time()
        try:
            for message in self._framer.feed(bytes(_RECEIVE_BUFFER[:nbytes])):
                self._owner.received(message)
        except ReplyError as err:
            self.fail(err)

    @override
    def pause_writing(self) -> None:
        self.fail(UnreachableError("the device accepts no more data"))

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()
        self._owner.ended(self, self._reason or _reason_of(exc))

    def write(self, message: bytes) -> None:
        self.transport.write(self._framer.wrap(message))

    def close(self) -> None:
        self._reason = UnreachableError("closed")
        self.transport.close()

    def discard(self) -> None:
        discard_unsent(self._socket)

    def fail(self, reason: EdgeError) -> None:
        self._reason = reason
        self.discard()
        self.transport.abort()


def _reason_of(lost: Exception | None) -> EdgeError:
    """Return why a connection ended: TimedOutError if the kernel found the peer dead."""
    if lost is None:
        return UnreachableError("the device closed the connection")
    is_dead = isinstance(lost, OSError) and lost.errno in _DEAD_PEER
    return (TimedOutError if is_dead else UnreachableError)(f"the connection broke: {lost}")
