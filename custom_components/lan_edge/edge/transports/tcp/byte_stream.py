"""The bytes of one TCP connection, read and written as with a socket.

For protocols that frame nothing, and for code that was written with sockets. What a driver reads
and writes in one go, such as in `refresh` or in a handler, is a turn: nothing else is read or
written meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import override

from ...errors import (
    ArgumentError,
    DriverError,
    EdgeError,
    RefusedError,
    ReplyError,
    TimedOutError,
    UnreachableError,
)
from ...network.address import Address
from ...sentences import said, said_by
from ...timing.excused import excused_timeout
from ..base import Link, Options
from ..hiding import Secret
from ..login import log_in
from ..messages.framing import Framer
from ..turns import Turns
from .stream import TcpTransport


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamOptions(Options):
    """Options of Stream. `limit` is the most bytes that wait to be read."""

    report_unasked: bool = False
    """Whether `on_message` gets what arrives outside of a turn; otherwise the next one reads it."""
    login: Callable[[Stream], Awaitable[None]] | None = None
    """Runs on each new connection before anything else."""


class Unframed:
    """Bytes as they come: each read of the socket is a message."""

    def feed(self, data: bytes) -> list[bytes]:
        """Return `data`."""
        return [data]

    def wrap(self, message: bytes) -> bytes:
        """Return `message`."""
        return message


class Stream(TcpTransport):
    """The bytes of one TCP connection, for one turn at a time.

    After an answer that does not come in time, and after any other error but a refusal in a turn
    that has sent something, the connection is closed, and made anew: a late answer, or the rest of
    one, must not be taken for the next.
    """

    options_type = StreamOptions
    pushes = False
    poll = 10.0
    _options: StreamOptions

    def __init__(self, link: Link, options: Options) -> None:
        """Start with nothing to read."""
        super().__init__(link, options)
        self.turns = self._turns = Turns(self._begin_turn, self._end_turn)
        self._unread = bytearray()
        self._reader: asyncio.Future[None] | None = None
        """Woken by each arrival."""
        self._has_written = False
        self._is_reset = False

    @override
    async def _open(self, address: Address, *tolerated: type[EdgeError]) -> None:
        await self.close()
        self._unread.clear()
        self._is_reset = False
        await super()._open(address, *tolerated)

    @override
    async def _log_in(self) -> None:
        if (login := self._options.login) is not None:
            await self._turns.take(lambda: log_in(self, login))

    async def read(self, count: int) -> bytes:
        """Return the next `count` bytes, once all of them have arrived.

        Raises TimedOutError after `timeout` seconds, UnreachableError if the connection ends.
        """
        if not 0 < count <= self._options.limit:
            raise ArgumentError(f"{count} bytes to read; the limit is {self._options.limit}")
        return await self._read(lambda: count if len(self._unread) >= count else 0)

    async def read_until(self, delimiter: bytes) -> bytes:
        """Return the next bytes up to the delimiter, which is the end of them.

        Raises the same errors as `read`, and ReplyError if it is not among `limit` bytes.
        """
        if not delimiter:
            raise ArgumentError("an empty delimiter")
        looked_at = 0

        def length() -> int:
            nonlocal looked_at
            at = self._unread.find(delimiter, max(0, looked_at - len(delimiter)))
            looked_at = len(self._unread)
            end = at + len(delimiter) if at >= 0 else looked_at
            if end > self._options.limit:
                raise ReplyError(t"more than {self._options.limit} bytes without {delimiter!r}")
            return end if at >= 0 else 0

        return await self._read(length)

    async def read_some(self) -> bytes:
        """Return what has arrived, at least one byte; raises the same errors as `read`."""
        return await self._read(lambda: len(self._unread))

    @property
    def unread(self) -> int:
        """The number of bytes that have arrived and are not read yet."""
        return len(self._unread)

    @override
    def write(self, message: bytes, traced: str | None = None, *, secret: Secret = False) -> None:
        """Send bytes; raise UnreachableError if there is no connection.

        `secret`: neither the trace nor an error shows them, or the part of them that is given. The
        trace shows `traced` instead, if it is given.
        """
        self._has_written = True
        super().write(message, traced, secret=secret)

    @override
    def gave_up(self) -> bool:
        return self._is_reset

    async def _read(self, length: Callable[[], int]) -> bytes:
        """Return so many of the unread bytes as soon as that is not 0."""
        self._connected()
        if self._reader is not None:
            raise DriverError("the stream is being read already")
        try:
            async with excused_timeout(self._options.timeout, self._link.pacing.held):
                while not (count := length()):
                    await self._arrival()
        except TimeoutError:
            self._reset(said(t"no answer in time"))
            raise TimedOutError(t"no answer") from None
        except BaseException as err:
            unwanted = said(t"an answer that nobody waits for any more")
            self._reset(said_by(err) or unwanted)
            raise
        data = bytes(self._unread[:count])
        del self._unread[:count]
        self._regulate()
        return data

    async def _arrival(self) -> None:
        self._reader = asyncio.get_running_loop().create_future()
        try:
            await self._reader
        finally:
            self._reader = None

    def _reset(self, reason: str) -> None:
        """End the connection: what arrives on it could be taken for another answer."""
        self._is_reset = True
        self._unread.clear()
        self._break(UnreachableError(t"closed, so that no late answer is taken for one: {reason}"))

    def _regulate(self) -> None:
        """Take nothing more from the device while too much waits to be read."""
        if self._connection is not None:
            self._connection.hold(is_held=len(self._unread) > self._options.limit)

    # turns

    def _begin_turn(self) -> None:
        self._has_written = False

    def _end_turn(self, error: BaseException | None) -> None:
        if error is not None and self._has_written and not isinstance(error, RefusedError):
            self._reset(said_by(error) or type(error).__name__)
        try:
            self._keep_unasked()
        except ReplyError as err:
            self._break(err)

    def _keep_unasked(self) -> None:
        """Keep what has arrived outside of a turn, or report it; raise ReplyError if too much."""
        if self._options.report_unasked and self._unread:
            data = bytes(self._unread)
            self._unread.clear()
            self._regulate()
            self._link.on_message(data)
        elif len(self._unread) > self._options.limit:
            raise ReplyError(t"more than {self._options.limit} bytes that nobody has read")

    # called by the connection

    @override
    def _framer(self) -> Framer:
        return Unframed()

    @override
    def _received(self, message: bytes) -> Iterator[object] | None:
        self._unread += message
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)
        if self._turns.is_taken or self._reader is not None:
            self._regulate()
        else:
            self._keep_unasked()
        return None

    @override
    def _dropped(self, reason: EdgeError) -> None:
        self._unread.clear()
        if self._reader is not None and not self._reader.done():
            self._reader.set_exception(reason)
