"""TCP servers of tests. Whoever is at the other end may leave at any moment, and nothing fails.

What a server does wrong itself does fail the test: the event loop is told of it at once.
"""

import asyncio
from asyncio.trsock import TransportSocket
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator
from contextlib import contextmanager, suppress
import socket
import ssl
import struct
from typing import Any

from tests.ports import free_port

LIMIT = 64 * 1024
RESET = struct.pack("ii", 1, 0)
"""What makes a close a reset: to linger for no time at all."""


class Connection:
    """A connection that a server has accepted; all of it may be called when it is gone.

    Two things of asyncio's are in the way of that. A TLS transport that is closed once it is gone
    raises AttributeError from nearly everything from then on, so it is never closed twice. And what
    is gone has no socket and no address, so they are noted when it is accepted.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.address = _address(writer.get_extra_info("peername"))
        """Where the other end is."""
        self._socket: TransportSocket | None = writer.get_extra_info("socket")
        self._writer = writer

    @property
    def is_gone(self) -> bool:
        """Whether nothing can be written any more."""
        return self._writer.is_closing()

    @property
    def has_left(self) -> bool:
        """Whether the other end has closed it, also where nobody has read as far as that."""
        return self.is_gone or self.reader.at_eof() or self.reader.exception() is not None

    def write(self, data: bytes) -> None:
        """Send data, if there is anybody to send it to."""
        if not self.is_gone:
            self._writer.write(data)

    async def drain(self) -> None:
        """Wait until there is room for more. Raises ConnectionError where it is gone."""
        await self._writer.drain()

    async def lines(self, end: bytes = b"\n") -> AsyncGenerator[bytes]:
        """Yield what is read line by line; a last one that was cut off is no line."""
        with suppress(asyncio.IncompleteReadError):
            while True:
                yield await self.reader.readuntil(end)

    def close(self) -> None:
        """Close it once what was written is sent."""
        if not self.is_gone:
            self._writer.close()

    def stop_reading(self) -> None:
        """Take nothing more of what the other end sends."""
        if not self.is_gone:
            self._writer.transport.pause_reading()  # type: ignore[attr-defined]

    def abort(self) -> None:
        """End it at once, whatever was still to be sent."""
        self._writer.transport.abort()

    def reset(self) -> None:
        """End it at once, by an RST."""
        self.set_option(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.abort()

    def set_option(self, level: int, name: int, value: int | bytes) -> None:
        """Set an option of its socket, while there is one."""
        with suppress(OSError):
            if self._socket is not None:
                self._socket.setsockopt(level, name, value)

    @contextmanager
    def until_gone(self) -> Generator[None]:
        """Leave the block quietly when the other end has left; other errors go out of it."""
        try:
            yield
        except asyncio.IncompleteReadError:
            pass
        except OSError:
            if not self.is_gone:
                raise


class Server[C: Connection]:
    """A listening TCP socket and the connections accepted there, each with a task of its own."""

    def __init__(
        self,
        connection: Callable[[asyncio.StreamReader, asyncio.StreamWriter], C],
        serve: Callable[[C], Awaitable[None]],
        host: str,
        port: int = 0,
        *,
        limit: int = LIMIT,
    ) -> None:
        """Make what is accepted a `connection`, and `serve` it until it has ended."""
        self.host = host
        self.port = port
        self.tls: ssl.SSLContext | None = None
        """What it shows, where it speaks TLS; read when it opens."""
        self.accepted = 0
        self.connections: dict[C, asyncio.Task[None]] = {}
        self._handshakes = set[asyncio.Task[None]]()
        self._connection = connection
        self._serve = serve
        self._limit = limit
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen; a port of 0 becomes one that stays free while the server is closed."""
        self.port = self.port or free_port(self.host)
        self._server = await asyncio.start_server(
            self._accept, self.host, self.port, limit=self._limit
        )

    async def close(self) -> None:
        """Stop listening and end every connection at once."""
        server, self._server = self._server, None
        if server is None:
            return
        # what was accepted just now must become a connection first: asyncio trips over it else
        loop = asyncio.get_running_loop()
        for sock in server.sockets:
            loop.remove_reader(sock.fileno())
        for _ in range(3):
            await asyncio.sleep(0)
        server.close()
        ending = [*self._end_all(), *self._handshakes]
        for task in self._handshakes:
            task.cancel()
        server.abort_clients()
        await ended(*ending)
        await server.wait_closed()

    async def end_all(self) -> None:
        """End every connection at once; what was still being done for them is forgotten."""
        await ended(*self._end_all())

    def end(self, connection: C) -> None:
        """End a connection at once."""
        connection.abort()

    def _end_all(self) -> list[asyncio.Task[None]]:
        for connection, task in self.connections.items():
            self.end(connection)
            task.cancel()
        return list(self.connections.values())

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.tls is None:
            self._begin(reader, writer)
            return
        # not by start_server: in its debug mode asyncio tells the loop of all who leave in between
        work = self._shake_hands(self.tls, reader, writer)
        task = watched(work, eager=True)  # before anything is read
        self._handshakes.add(task)
        task.add_done_callback(self._handshakes.discard)

    async def _shake_hands(
        self, tls: ssl.SSLContext, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            await writer.start_tls(tls)
        except OSError:
            writer.transport.abort()
        else:
            self._begin(reader, writer)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        connection = self._connection(reader, writer)
        self.connections[connection] = task = watched(self._attend(connection))
        task.add_done_callback(lambda _: self._left(connection))

    async def _attend(self, connection: C) -> None:
        with connection.until_gone():
            await self._serve(connection)

    def _left(self, connection: C) -> None:
        del self.connections[connection]
        connection.close()


def watched(work: Coroutine[Any, Any, None], *, eager: bool = False) -> asyncio.Task[None]:
    """Start a task. Should it fail, the event loop is told at once, whoever waits for it or not."""
    task = asyncio.create_task(work, eager_start=eager)
    task.add_done_callback(_tell)
    return task


async def ended(*tasks: asyncio.Task[None]) -> None:
    """Wait for the end of tasks, whatever it is."""
    if tasks:
        await asyncio.wait(tasks)


def _tell(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        context = {"message": "a device of the test failed", "exception": error, "task": task}
        task.get_loop().call_exception_handler(context)


def _address(peername: tuple[Any, ...] | None) -> str:
    """Return the words for an address; some systems have none for who left while it waited."""
    return "{}:{}".format(*peername[:2]) if peername else "gone"
