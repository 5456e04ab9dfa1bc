"""The line with which a device begins each connection: it shows which protocol it speaks."""

import asyncio

from ...errors import EdgeError, RefusedError, ReplyError, TimedOutError
from ..messages.line_patterns import LinePattern, matches, words_of_match


class Greeting:
    """The greeting of one connection."""

    __slots__ = ("_arrival", "text")

    def __init__(self) -> None:
        """Expect none."""
        self._arrival: asyncio.Future[str] | None = None
        self.text = ""
        """The greeting of this connection, or of the last one."""

    def expect(self) -> None:
        """Take the next line as the greeting."""
        self._arrival = asyncio.get_running_loop().create_future()

    def take(self, line: str) -> bool:
        """Take a line if it is the one that is expected."""
        if (arrival := self._arrival) is None or arrival.done():
            return False
        arrival.set_result(line)
        return True

    def drop(self, reason: EdgeError) -> None:
        """End the wait: the connection has ended."""
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_exception(reason)

    async def wait(self, timeout: float, pattern: LinePattern, refused: LinePattern | None) -> None:
        """Wait for the greeting; raise ReplyError for another line, or RefusedError."""
        arrival = self._arrival
        assert arrival is not None  # noqa: S101  # for the type checker
        try:
            async with asyncio.timeout(timeout):
                line = await arrival
        except TimeoutError:
            raise TimedOutError(t"no greeting") from None
        finally:
            self._arrival = None
        if refused is not None and (words := words_of_match(refused, line)) is not None:
            raise RefusedError(words)
        if not matches(pattern, line):
            raise ReplyError(t"it greets with {line!r:.80}, which is not expected")
        self.text = line
