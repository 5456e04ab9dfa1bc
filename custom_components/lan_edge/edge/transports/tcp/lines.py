"""Lines of text over TCP: requests, replies and notifications on one connection.

Replies are identified by their order, or by the driver: `ask("power?", match=...)`. Every line but
the greeting goes to the driver's `on_message` first, in the order of arrival.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, override

from ...diagnostics.trace import MAX_ENTRY
from ...errors import ArgumentError, EdgeError
from ...network.address import Address
from ..base import Link, MessageTest, Options, any_message
from ..hiding import Secret
from ..login import log_in
from ..messages.correlation import Correlator
from ..messages.framing import Framer, LineFramer
from ..messages.line_patterns import LinePattern, check_pattern, matches, words_of_match
from .greeting import Greeting
from .standing import Standing, StandingRequest
from .stream import TcpTransport

CHARACTER_SIZE = 4
"""The most bytes of a character, in any encoding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesOptions(Options):
    """Options of Lines."""

    delimiter: str = "\n"
    """What ends a line; it is not part of the line."""
    sent_delimiter: str | None = None
    """What ends a line that is sent, if that is not `delimiter`; empty if each line has its own."""
    encoding: str = "utf-8"
    """How lines are encoded."""
    is_reply: Callable[[str], bool] = any_message
    """Which lines can be replies at all; the others are notifications."""
    until: LinePattern | None = None
    """The last line of a reply to `ask_all`, such as `"OK"` or `"END .*"`."""
    greeting: LinePattern | None = None
    """The line that the device begins each connection with; any other one is another protocol."""
    refused: LinePattern | None = None
    """A reply that is a refusal, also in the place of several lines: RefusedError, with its words.

    Those are the first group of the regular expression, such as `"ERR (.*)"`, or the line.
    """
    standing: Standing | None = None
    """A request that stays open while nothing else is asked, for a device that reports so."""
    login: Callable[[Lines], Awaitable[None]] | None = None
    """Runs on each new connection before anything else."""

    @override
    def __post_init__(self) -> None:
        """Raise ArgumentError also for a text that is no regular expression."""
        Options.__post_init__(self)
        for name in ("until", "greeting", "refused"):
            check_pattern(getattr(self, name), name)


class Lines(TcpTransport):
    """Text lines over one TCP connection."""

    options_type = LinesOptions
    _options: LinesOptions

    def __init__(self, link: Link, options: Options) -> None:
        """Start without a request."""
        super().__init__(link, options)
        self._correlator = Correlator(link, on_order_lost=self._break)
        self._greeting = Greeting()
        self._standing = StandingRequest(link, self._correlator, self._send_at_once)

    @override
    async def open(self, address: Address) -> None:
        await super().open(address)
        options = self._options
        self._standing.begin(options.standing, self._test(options.until) or any_message)

    @override
    async def open_to_ask(self, address: Address) -> None:
        await super().open(address)

    @override
    async def _connect(self, address: Address) -> None:
        options = self._options
        if options.greeting is None:
            await super()._connect(address)
            return
        self._greeting.expect()
        await super()._connect(address)
        try:
            await self._greeting.wait(options.timeout, options.greeting, options.refused)
        except BaseException:
            await self.close()
            raise

    @property
    def greeting(self) -> str:
        """The line with which the device began this connection, if the options have `greeting`."""
        return self._greeting.text

    @override
    async def _log_in(self) -> None:
        await log_in(self, self._options.login)

    def send(self, line: str, *, secret: Secret = False) -> None:
        """Send a line; raise UnreachableError if there is no connection.

        A line break is refused even if another delimiter ends the lines. `secret`: neither the
        trace nor an error shows the line, or the part of it that is given.
        """
        self.write(self._encoded(line), line, secret=secret)

    @override
    def _sends_now(self) -> None:
        self._standing.withdraw()
        self._standing.look_soon()

    def _send_at_once(self, line: str) -> None:
        """Send a line of the standing request, which has waited for its turn where it needs one."""
        self._connected().write(self._encoded(line))
        self._link.trace.add("sent", line)

    def _encoded(self, line: str) -> bytes:
        delimiter = _sent_delimiter(self._options)
        if (delimiter and delimiter in line) or "\n" in line or "\r" in line:
            raise ArgumentError(t"the line to send contains a line break")
        try:
            return line.encode(self._options.encoding)
        except UnicodeEncodeError:
            raise ArgumentError(
                t"the line to send cannot be encoded as {self._options.encoding}"
            ) from None

    async def ask(
        self, line: str, *, match: LinePattern | None = None, secret: Secret = False
    ) -> str:
        """Send a line and return its reply: the first line that `match` takes, or the next one.

        Raises TimedOutError, UnreachableError, or RefusedError for a line that the option `refused`
        takes. If a reply without `match` never comes, the connection is closed, since all later
        replies would go to the wrong requests. `secret` is for a line with a password that is not
        stored: neither the trace nor an error shows it, or the part of it that is given.
        """
        reply: str = await self._ask(line, match=self._test(match), secret=secret)
        return reply

    async def ask_all(
        self, line: str, *, until: LinePattern | None = None, secret: Secret = False
    ) -> list[str]:
        """Send a line and return the lines of its reply, up to the one that `until` takes.

        Without it, the option `until` says which one that is. Raises the same errors as `ask`.
        """
        last = self._test(until or self._options.until)
        if last is None:
            raise ArgumentError("without until= it is unknown where the reply ends")
        reply: list[str] = await self._ask(line, until=last, secret=secret)
        return reply

    @staticmethod
    def _test(pattern: LinePattern | None) -> MessageTest | None:
        return partial(matches, pattern) if isinstance(pattern, str) else pattern

    async def _ask(
        self,
        line: str,
        *,
        match: MessageTest | None = None,
        until: MessageTest | None = None,
        secret: Secret = False,
    ) -> Any:
        name, timeout = str(self._link.shown(line, secret)), self._options.timeout
        if self._link.pacing.is_active:
            await self._ready(name)
        self._connected()  # raises before a timer is set
        with self._correlator.expect(name, timeout, match=match, until=until) as reply:
            self.send(line, secret=secret)
            return await reply

    @override
    def gave_up(self) -> bool:
        return self._correlator.gave_up()

    @override
    def _framer(self) -> Framer:
        options = self._options
        received, sent = options.delimiter, _sent_delimiter(options)
        return LineFramer(
            received.encode(options.encoding),
            options.limit,
            sent_delimiter=sent.encode(options.encoding),
        )

    @override
    def _shown(self, message: bytes) -> str | bytes:
        if (encoding := self._options.encoding) == "utf-8":
            return message  # the trace decodes it, when it is read
        return message[: CHARACTER_SIZE * MAX_ENTRY].decode(encoding, "replace")

    @override
    def _received(self, message: bytes) -> None:
        line = message.decode(self._options.encoding, "replace")
        if self._greeting.take(line):
            return
        correlator, words = self._correlator, self._refusal(line)
        if words is not None and correlator.refuse(line, words):
            pass
        elif correlator.passes(self._options.is_reply, line):
            correlator.deliver(line)
        else:
            self._link.on_message(line)
        self._standing.look_soon()

    def _refusal(self, line: str) -> str | None:
        """Return the words of a line that refuses; None if it does not."""
        if (refused := self._options.refused) is None:
            return None
        return self._correlator.apply(partial(words_of_match, refused), line)

    @override
    def _dropped(self, reason: EdgeError) -> None:
        self._greeting.drop(reason)
        self._standing.end()
        self._correlator.fail_all(reason)


def _sent_delimiter(options: LinesOptions) -> str:
    given = options.sent_delimiter
    return options.delimiter if given is None else given
