"""One TCP connection, watched by the kernel; incoming bytes are framed into messages."""

from abc import abstractmethod
import asyncio
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
import socket
from typing import override

from ...errors import DeviceError, EdgeError, ReplyError, UnreachableError
from ...network.address import Address
from ...network.os_errors import loss_error, network_errors
from ...network.sockets import detect_dead_peer, discard_unsent
from ...network.tls import context_for, tls_errors
from ...timing.lazy_event import LazyEvent
from ...timing.slices import SlicedWork
from ..base import CLOSE_TIMEOUT, CONNECT_TIMEOUT, Secret, Transport
from ..messages.framing import Framer
from ..messages.unpacking import PIECE, framed_steps, message_steps

MAX_UNSENT = 256 * 1024
"""Bytes that may wait to be sent; a peer that accepts no more data counts as lost."""
_RECEIVE_BUFFER = memoryview(bytearray(64 * 1024))
"""Shared by all connections, which read one at a time, so that no read allocates memory."""


class TcpTransport(Transport):
    """Base of the transports over TCP; a subclass frames and interprets the bytes."""

    pushes = True
    poll = 300.0  # should a push be lost
    _connection: _Connection | None = None
    _is_opening = False

    @override
    async def open(self, address: Address) -> None:
        await self._open(address)
        if self._connection is None:  # the device hung up during the login
            raise UnreachableError(f"{address} closed the connection at once")

    @override
    async def open_to_pair(self, address: Address) -> None:
        await self._open(address, DeviceError)
        if self._connection is None:
            await self._connect(address)

    async def _open(self, address: Address, *tolerated: type[EdgeError]) -> None:
        """Connect and log in, which may fail with a `tolerated` error."""
        await self.close()
        self._is_opening = True
        try:
            await self._connect(address)
            with suppress(*tolerated):
                await self._log_in()
        except BaseException:
            await self.close()
            raise
        finally:
            self._is_opening = False

    async def _connect(self, address: Address) -> None:
        loop, tls = asyncio.get_running_loop(), self._options.tls
        port = address.port or self._options.port
        what = f"connecting to {Address(address.host, port)}"
        with network_errors(what), tls_errors(what, tls):
            async with asyncio.timeout(CONNECT_TIMEOUT):
                _, self._connection = await loop.create_connection(
                    lambda: _Connection(self, self._framer()),
                    address.host,
                    port,
                    ssl=await context_for(tls, self._link.pin) if tls else None,
                    server_hostname=(tls.server_name or address.host) if tls else None,
                )
        if self._connection.closed.is_set():
            self._connection = None
            raise UnreachableError(f"{address} closed the connection at once")

    async def _log_in(self) -> None:
        """Run the driver's login, if it has one."""

    @override
    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        self._drop(UnreachableError("closed"))
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

    def write(self, message: bytes, traced: str | None = None, *, secret: Secret = False) -> None:
        """Frame and send a message; raise UnreachableError if there is no connection.

        The trace shows `traced` instead, if it is given; of neither it shows what is `secret`.
        """
        shown: str | bytes = message if traced is None else traced
        self._transmit(message, self._link.shown(shown, secret))

    def _transmit(self, message: bytes, traced: str | bytes) -> None:
        """Frame and send a message, now or as soon as the pace allows it."""
        connection, pacing = self._connected(), self._link.pacing
        if pacing.is_active:
            pacing.send(partial(self._transmit_on, connection, message, traced))
        else:
            self._transmit_on(connection, message, traced)

    def _transmit_on(self, connection: _Connection, message: bytes, traced: str | bytes) -> None:
        if connection is self._connection:
            self._sends_now()
            connection.write(message)
            self._link.trace.add("sent", traced)

    def _sends_now(self) -> None:
        """Do what has to come right before a message, in the same turn of the pace."""

    async def _ready(self, what: str) -> None:
        """Wait until the pace allows the next message, which must follow; raise EdgeError."""
        self._connected()
        await self._link.pacing.ready(what)

    def _connected(self) -> _Connection:
        """Return the connection; raise UnreachableError if there is none."""
        if self._connection is None:
            raise UnreachableError("not connected")
        return self._connection

    def _drop(self, reason: EdgeError) -> None:
        """Fail all that has not been sent or answered: the connection has ended."""
        self._link.pacing.fail(reason)
        self._dropped(reason)

    def _break(self, reason: EdgeError) -> None:
        """End a connection that can no longer be trusted."""
        if self._connection is not None:
            self._connection.fail(reason)

    @abstractmethod
    def _framer(self) -> Framer:
        """Return the framer of a new connection."""

    @abstractmethod
    def _received(self, message: bytes) -> Iterator[object] | None:
        """Handle one message; raise ReplyError if the connection must end because of it.

        Of a message that consists of many, return an iterator that handles one after the other.
        """

    @abstractmethod
    def _dropped(self, reason: EdgeError) -> None:
        """Fail all pending requests: the connection has ended."""

    def _shown(self, message: bytes) -> str | bytes:
        """Return a message as the trace shows it."""
        return message

    # called by the connection

    @property
    def cuts_exactly(self) -> bool:
        """Whether a message that arrives may change how the next ones are framed."""
        return False

    def received(self, message: bytes) -> Iterator[object] | None:
        """Trace and handle one message, as `_received`."""
        self._link.trace.add("received", self._shown(message))
        steps, backlog = self._received(message), self._link.backlog
        return backlog.steps() if steps is None and backlog.waiting else steps

    def ended(self, connection: _Connection, reason: EdgeError) -> None:
        """Report the end of a connection, unless `close` caused it or `open` will raise it."""
        if connection is self._connection:
            self._connection = None
            self._drop(reason)
            if not self._is_opening:
                self._link.on_lost(reason)


class _Connection(asyncio.BufferedProtocol):
    """The asyncio protocol of one connection.

    What a read contains is handled at once, unless that takes long: then nothing more is read, and
    the loss of the connection is not reported, until all of it is handled.
    """

    transport: asyncio.Transport
    """For bytes that are framed already."""

    def __init__(self, owner: TcpTransport, framer: Framer) -> None:
        self._owner = owner
        self.framer = framer
        self._reason: EdgeError | None = None
        self._loop = asyncio.get_running_loop()
        self._work: SlicedWork | None = None
        """The rest of a read that takes long."""
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
        else:
            self.transport.pause_reading()

    def _contained(self, steps: Iterator[object]) -> Iterator[object]:
        try:
            yield from steps
        except ReplyError as err:
            self.fail(err)
        except Exception as err:  # noqa: BLE001  # as asyncio does when a protocol fails
            self.fail(UnreachableError(f"the connection broke: {err!r}"))

    def _all_handled(self) -> None:
        self._work = None
        if self.closed.is_set():
            self._owner.ended(self, self._reason or loss_error(None))
        else:
            self.transport.resume_reading()

    @override
    def pause_writing(self) -> None:
        self.fail(UnreachableError("the device accepts no more data"))

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._reason = self._reason or loss_error(exc)
        self.closed.set()
        if self._work is None:
            self._all_handled()

    def write(self, message: bytes) -> None:
        self.transport.write(self.framer.wrap(message))

    def close(self) -> None:
        self._stop(UnreachableError("closed"))
        self.transport.close()

    def discard(self) -> None:
        discard_unsent(self._socket)

    def fail(self, reason: EdgeError) -> None:
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
