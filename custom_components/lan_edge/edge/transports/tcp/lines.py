"""Lines of text over TCP: requests, replies and notifications on one connection.

Replies are matched by order, or by what the driver says: `ask("power?", match=...)`. Every
line goes to the driver's `on_message` first, in the order of arrival.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import override

from ...errors import (
    ArgumentError,
    EdgeError,
    ReplyError,
    TimedOutError,
    UnreachableError,
)
from ..base import Link, Options
from ..login import log_in
from ..messages.framing import Framer, LineFramer
from ..messages.pending import MAX_PENDING
from .stream import Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesOptions(Options):
    """Options of Lines."""

    delimiter: str = "\n"
    encoding: str = "utf-8"
    is_reply: Callable[[str], bool] = lambda _line: True
    """Which lines can be replies at all; the others are notifications."""
    login: Callable[[Lines], Awaitable[None]] | None = None
    """Runs on each new connection before anything else."""


@dataclass(slots=True, eq=False)
class _Request:
    match: Callable[[str], bool] | None
    until: Callable[[str], bool] | None
    future: asyncio.Future[list[str]]
    lines: list[str] = field(default_factory=list[str])


class Lines(Stream):
    """Text lines over one TCP connection."""

    options_type = LinesOptions
    _options: LinesOptions

    def __init__(self, link: Link, options: Options) -> None:
        """Start with no request under way."""
        super().__init__(link, options)
        self._requests: list[_Request] = []

    @override
    async def _log_in(self) -> None:
        await log_in(self, self._options.login)

    def send(self, line: str) -> None:
        """Send a line; raise UnreachableError where there is no connection."""
        if self._options.delimiter in line:
            msg = f"{line!r} is more than one line"
            raise ArgumentError(msg)
        self.write(line.encode(self._options.encoding))

    async def ask(self, line: str, *, match: Callable[[str], bool] | None = None) -> str:
        """Send a line and return the reply: the first that `match` takes, or the next one.

        Raises TimedOutError or UnreachableError. Without `match` a reply that never comes
        would make every later one somebody else's: the connection is made anew.
        """
        return (await self._ask(line, match, None))[0]

    async def ask_all(self, line: str, *, until: Callable[[str], bool]) -> list[str]:
        """Send a line and return the replies up to the one that `until` takes."""
        return await self._ask(line, None, until)

    async def _ask(
        self,
        line: str,
        match: Callable[[str], bool] | None,
        until: Callable[[str], bool] | None,
    ) -> list[str]:
        if len(self._requests) >= MAX_PENDING:
            msg = f"{line}: {MAX_PENDING} requests wait already"
            raise UnreachableError(msg)
        request = _Request(match, until, asyncio.get_running_loop().create_future())
        self.send(line)
        self._requests.append(request)
        try:
            async with asyncio.timeout(self._options.timeout):
                return await request.future
        except TimeoutError as err:
            self._forget(request)
            if match is None:
                self._break(UnreachableError("a reply is missing, the order of replies is lost"))
            msg = f"{line}: no answer"
            raise TimedOutError(msg) from err
        except asyncio.CancelledError:
            if match is not None:  # else its reply still comes in its place, and is nobody's
                self._forget(request)
            raise

    def _forget(self, request: _Request) -> None:
        if request in self._requests:
            self._requests.remove(request)

    @override
    def _framer(self) -> Framer:
        delimiter = self._options.delimiter.encode(self._options.encoding)
        return LineFramer(delimiter, self._options.limit)

    @override
    def _received(self, message: bytes) -> None:
        try:
            line = message.decode(self._options.encoding)
        except UnicodeDecodeError as err:
            msg = f"a line that is not {self._options.encoding}"
            raise ReplyError(msg) from err
        self._link.on_message(line)
        if self._takes(self._options.is_reply, line):
            self._reply(line)

    def _reply(self, line: str) -> None:
        for request in self._requests:
            if self._takes(request.match, line):
                request.lines.append(line)
                if self._takes(request.until, line):
                    self._requests.remove(request)
                    if not request.future.done():
                        request.future.set_result(request.lines)
                return

    def _takes(self, test: Callable[[str], bool] | None, line: str) -> bool:
        """Whether a driver's test takes the line; one that fails does not."""
        try:
            return test is None or test(line)
        except Exception as err:  # noqa: BLE001  # a driver's bug must not end the connection
            self._link.count_oddity(f"a test of a line failed with {type(err).__name__}")
            return False

    @override
    def _dropped(self, reason: EdgeError) -> None:
        requests, self._requests = self._requests, []
        for request in requests:
            if not request.future.done():
                request.future.set_exception(reason)
