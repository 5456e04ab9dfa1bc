"""The base of the transports over TCP: one connection, whose bytes are framed into messages."""

from abc import abstractmethod
import asyncio
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import override

from ...errors import DeviceError, EdgeError, UnreachableError
from ...network.address import Address
from ...network.os_errors import network_errors
from ...network.tls import context_for, tls_errors
from ...sentences import said
from ..base import CLOSE_TIMEOUT, CONNECT_TIMEOUT, Transport
from ..hiding import Secret
from ..messages.framing import Framer
from .connection import TcpConnection


class TcpTransport(Transport):
    """Base of the transports over TCP; a subclass frames and interprets the bytes."""

    pushes = True
    poll = 300.0  # should a push be lost
    _connection: TcpConnection | None = None
    _is_opening = False

    @override
    async def open(self, address: Address) -> None:
        await self._open(address)
        if self._connection is None:  # the device hung up during the login
            raise UnreachableError(t"{address} closed the connection at once")

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
        there = Address(address.host, port)
        what = said(t"connecting to {there}")
        with network_errors(what), tls_errors(what, tls):
            async with asyncio.timeout(CONNECT_TIMEOUT):
                _, self._connection = await loop.create_connection(
                    lambda: TcpConnection(self, self._framer()),
                    address.host,
                    port,
                    ssl=await context_for(tls, self._link.pin) if tls else None,
                    server_hostname=(tls.server_name or address.host) if tls else None,
                )
        if self._connection.closed.is_set():
            self._connection = None
            raise UnreachableError(t"{address} closed the connection at once")

    async def _log_in(self) -> None:
        """Run the driver's login, if it has one."""

    @override
    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        self._drop(UnreachableError(t"the connection was closed"))
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

    async def stays_open(self, seconds: float) -> bool:
        """Return whether the device keeps the connection that long, though nothing is sent.

        A device that takes one client at a time ends another one's connection at once, as some do
        with one that has sent them what they cannot decrypt: this tells them apart.
        """
        connection = self._connection
        if connection is None:
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await connection.closed.wait()
        return not connection.closed.is_set()

    @property
    @override
    def heard_at(self) -> float:
        return self._connection.heard_at if self._connection else 0.0

    @property
    @override
    def acknowledged_at(self) -> float | None:
        return self._connection.acknowledged_at if self._connection else None

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

    def _transmit_on(self, connection: TcpConnection, message: bytes, traced: str | bytes) -> None:
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

    def _connected(self) -> TcpConnection:
        """Return the connection; raise UnreachableError if there is none."""
        if self._connection is None:
            raise UnreachableError(t"not connected")
        return self._connection

    def _drop(self, reason: EdgeError) -> None:
        """Fail all that has not been sent or answered: the connection has ended."""
        self._link.fail_held(reason)
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

    def ended(self, connection: object, reason: EdgeError) -> None:
        """Report the end of a connection, unless `close` caused it or `open` will raise it."""
        if connection is self._connection:
            self._connection = None
            self._drop(reason)
            if not self._is_opening:
                self._link.on_lost(reason)
