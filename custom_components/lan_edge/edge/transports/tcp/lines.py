"""Lines of text over TCP: requests, replies and notifications on one connection.

Replies are identified by their order, or by the driver: `ask("power?", match=...)`. Every line
goes to the driver's `on_message` first, in the order of arrival.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, override

from ...diagnostics.trace import MAX_ENTRY
from ...errors import ArgumentError, EdgeError
from ..base import HIDDEN, Link, Options, any_message
from ..login import log_in
from ..messages.correlation import Correlator
from ..messages.framing import Framer, LineFramer
from .stream import Stream

CHARACTER_SIZE = 4
"""The most bytes of a character, in any encoding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesOptions(Options):
    """Options of Lines."""

    delimiter: str = "\n"
    """What ends a line, in both directions; it is not part of the line."""
    encoding: str = "utf-8"
    """How lines are encoded."""
    is_reply: Callable[[str], bool] = any_message
    """Which lines can be replies at all; the others are notifications."""
    login: Callable[[Lines], Awaitable[None]] | None = None
    """Runs on each new connection before anything else."""


class Lines(Stream):
    """Text lines over one TCP connection."""

    options_type = LinesOptions
    _options: LinesOptions

    def __init__(self, link: Link, options: Options) -> None:
        """Start without a request."""
        super().__init__(link, options)
        self._correlator = Correlator(link, on_order_lost=self._break)

    @override
    async def _log_in(self) -> None:
        await log_in(self, self._options.login)

    def send(self, line: str, *, secret: bool = False) -> None:
        """Send a line; raise UnreachableError if there is no connection.

        A line break is refused even if another delimiter ends the lines. `secret`: neither the
        trace nor an error shows the line.
        """
        if self._options.delimiter in line or "\n" in line or "\r" in line:
            raise ArgumentError("the line to send contains a line break")
        try:
            data = line.encode(self._options.encoding)
        except UnicodeEncodeError:
            raise ArgumentError(
                f"the line to send cannot be encoded as {self._options.encoding}"
            ) from None
        self.write(data, HIDDEN if secret else line)

    async def ask(
        self, line: str, *, match: Callable[[str], bool] | None = None, secret: bool = False
    ) -> str:
        """Send a line and return its reply: the first line that `match` takes, or the next one.

        Raises TimedOutError or UnreachableError. If a reply without `match` never comes, the
        connection is closed, since all later replies would go to the wrong requests. `secret` is
        for a line with a password that is not stored: neither the trace nor an error shows it.
        """
        reply: str = await self._ask(line, match=match, secret=secret)
        return reply

    async def ask_all(
        self, line: str, *, until: Callable[[str], bool], secret: bool = False
    ) -> list[str]:
        """Send a line and return the lines of its reply, up to the one that `until` takes."""
        reply: list[str] = await self._ask(line, until=until, secret=secret)
        return reply

    async def _ask(
        self,
        line: str,
        *,
        match: Callable[[str], bool] | None = None,
        until: Callable[[str], bool] | None = None,
        secret: bool = False,
    ) -> Any:
        self._connected()  # raises before a timer is set
        name, timeout = HIDDEN if secret else line, self._options.timeout
        with self._correlator.expect(name, timeout, match=match, until=until) as reply:
            self.send(line, secret=secret)
            return await reply

    @override
    def gave_up(self) -> bool:
        return self._correlator.gave_up()

    @override
    def _framer(self) -> Framer:
        delimiter = self._options.delimiter.encode(self._options.encoding)
        return LineFramer(delimiter, self._options.limit)

    @override
    def _shown(self, message: bytes) -> str | bytes:
        if (encoding := self._options.encoding) == "utf-8":
            return message  # the trace decodes it, when it is read
        return message[: CHARACTER_SIZE * MAX_ENTRY].decode(encoding, "replace")

    @override
    def _received(self, message: bytes) -> None:
        line = message.decode(self._options.encoding, "replace")
        if self._correlator.passes(self._options.is_reply, line):
            self._correlator.deliver(line)
        else:
            self._link.on_message(line)

    @override
    def _dropped(self, reason: EdgeError) -> None:
        self._correlator.fail_all(reason)
