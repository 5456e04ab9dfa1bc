"""One TCP connection: bytes in order, watched by the kernel, framed into messages."""

from abc import abstractmethod
import asyncio
from contextlib import suppress
import errno
from typing import override

from ...errors import EdgeError, ReplyError, TimedOutError, UnreachableError
from ...network.address import Address
from ...network.os_errors import network_errors
from ...network.sockets import detect_dead_peer, discard_unsent
from ...network.tls import context_for, tls_errors
from ...timing.lazy_event import LazyEvent
from ..base import Transport
from ..messages.framing import Framer

CONNECT_TIMEOUT = 5.0
CLOSE_TIMEOUT = 1.0
MAX_UNSENT = 256 * 1024
"""Bytes that may wait to be sent; a peer that takes nothing is lost."""
_RECEIVED = memoryview(bytearray(64 * 1024))
"""Where all connections receive, one at a time: the event loop would make room for each read."""

_SILENCE = {errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH}
"""How it ends then; the last two if it is known by that time that there is no way."""


class Stream(Transport):
    """Base of the transports on one TCP connection; a subclass frames and understands."""

    pushes = True
    poll = 300.0  # should a push be lost
    _connection: _Connection | None = None
    _opening = False

    @override
    async def open(self, address: Address) -> None:
        await self.close()
        self._opening = True
        try:
            await self._connect(address)
            await self._log_in()
        finally:
            self._opening = False
        if self._connection is None:  # greeted us and hung up, all at once, or during the login
            msg = f"{address} closed the connection at once"
            raise UnreachableError(msg)

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
            msg = f"{address} closed the connection at once"
            raise UnreachableError(msg)

    async def _log_in(self) -> None:
        """Say what has to be said first on a new connection; closes it if that fails."""

    @override
    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        self._dropped(UnreachableError("closed"))
        connection.close()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_TIMEOUT):  # for what is still to be sent
                    await connection.closed.wait()
        finally:
            connection.abort()
        await connection.closed.wait()

    @override
    def abandon(self) -> None:
        if self._connection is not None:
            self._connection.discard()

    @property
    @override
    def heard_at(self) -> float:
        return self._connection.heard_at if self._connection else 0.0

    def write(self, message: bytes) -> None:
        """Send one message; raise UnreachableError where there is no connection."""
        self._connected().write(message)
        self._link.trace.add("sent", message)

    def _connected(self) -> _Connection:
        """Return the connection; raise UnreachableError where there is none."""
        if self._connection is None:
            msg = "not connected"
            raise UnreachableError(msg)
        return self._connection

    def _break(self, reason: EdgeError) -> None:
        """End a connection that cannot be trusted any more."""
        if self._connection is not None:
            self._connection.fail(reason)

    @abstractmethod
    def _framer(self) -> Framer:
        """Return a new framer for a new connection."""

    @abstractmethod
    def _received(self, message: bytes) -> None:
        """Take one message; raise ReplyError if it breaks the protocol beyond repair."""

    @abstractmethod
    def _dropped(self, reason: EdgeError) -> None:
        """Fail whatever still waits for this connection."""

    # called by the connection

    def received(self, message: bytes) -> None:
        """Take one framed message."""
        self._link.trace.add("received", message)
        self._received(message)

    def ended(self, connection: _Connection, reason: EdgeError) -> None:
        """Learn that a connection ended; it is news only if it was not we who closed it.

        While it is being opened, `open` tells its caller.
        """
        if connection is self._connection:
            self._connection = None
            self._dropped(reason)
            if not self._opening:
                self._link.on_lost(reason)


class _Connection(asyncio.BufferedProtocol):
    """The asyncio end of one connection."""

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
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  # it is by contract
        self.transport = transport
        transport.set_write_buffer_limits(MAX_UNSENT)
        detect_dead_peer(transport.get_extra_info("socket"))

    @override
    def get_buffer(self, sizehint: int) -> memoryview:
        return _RECEIVED

    @override
    def buffer_updated(self, nbytes: int) -> None:
        if self._reason is not None:
            return
        self.heard_at = self._loop.time()
        try:
            for message in self._framer.feed(bytes(_RECEIVED[:nbytes])):
                self._owner.received(message)
        except ReplyError as err:
            self.fail(err)

    @override
    def pause_writing(self) -> None:
        self.fail(UnreachableError("the device takes no more data"))

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()
        self._owner.ended(self, self._reason or _why(exc))

    def write(self, message: bytes) -> None:
        self.transport.write(self._framer.wrap(message))

    def close(self) -> None:
        self._reason = UnreachableError("closed")
        self.transport.close()

    def abort(self) -> None:
        self.transport.abort()

    def discard(self) -> None:
        discard_unsent(self.transport.get_extra_info("socket"))

    def fail(self, reason: EdgeError) -> None:
        self._reason = reason
        self.discard()
        self.transport.abort()


def _why(lost: Exception | None) -> EdgeError:
    """Return why a connection ended, a TimedOutError if the kernel gave up a silent device."""
    if lost is None:
        return UnreachableError("the device closed the connection")
    silent = isinstance(lost, OSError) and lost.errno in _SILENCE
    return (TimedOutError if silent else UnreachableError)(f"the connection broke: {lost}")
