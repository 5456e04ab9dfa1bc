"""A request that stays open until the device has something to tell, such as MPD's `idle`.

It is sent whenever nothing else is asked, and withdrawn for each request. Replies go by order, and
the request has exactly one, withdrawn or not: if the device tells of a change at the moment at
which the request is withdrawn, that is its reply, and nothing is lost or taken for something else.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from ...errors import ArgumentError, RefusedError
from ..base import Link, MessageTest
from ..messages.correlation import Correlator, PendingRequest

LEAST_INTERVAL = 0.1
"""The least seconds between two standing requests, however soon the device answers them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A request that the device answers once there is something to tell, and how it is withdrawn.

    The device must answer the request exactly once, at the latest when it is withdrawn, ignore a
    withdrawal that comes after the answer, and remember what changes while no request stands.
    """

    request: str
    """The line that is sent whenever nothing else is asked."""
    withdraw: str
    """The line that has the device answer it at once."""
    refresh: bool = True
    """Whether the device is read after an answer that tells something.

    In any case `on_message` gets the lines of the answer.
    """

    def __post_init__(self) -> None:
        """Raise ArgumentError for a line that is missing."""
        if not (self.request and self.withdraw):
            raise ArgumentError("a standing request needs a line to withdraw it")


class StandingRequest:
    """The standing request of one transport."""

    __slots__ = (
        "_begun_at",
        "_cancel_turn",
        "_correlator",
        "_declared",
        "_is_withdrawn",
        "_link",
        "_next",
        "_pending",
        "_send",
        "_until",
    )

    def __init__(self, link: Link, correlator: Correlator, send: Callable[[str], None]) -> None:
        """Stand still until `begin`; `send` sends a line at once."""
        self._link = link
        self._correlator = correlator
        self._send = send
        self._declared: Standing | None = None
        """None: there is none, or not now."""
        self._until: MessageTest | None = None
        self._pending: PendingRequest | None = None
        self._is_withdrawn = False
        self._next: asyncio.Handle | None = None
        """The next time that it is looked whether to send it."""
        self._cancel_turn: Callable[[], None] | None = None
        """Gives up the turn for which it waits, where the device takes only so much."""
        self._begun_at = 0.0

    def begin(self, declared: Standing | None, until: MessageTest) -> None:
        """Send it from now on whenever nothing else is asked; `until` takes its last line."""
        self._declared, self._until = declared, until
        self.look_soon()

    def end(self) -> None:
        """Send nothing more: the connection has ended."""
        self._declared = self._pending = None
        if self._next is not None:
            self._next.cancel()
            self._next = None
        if self._cancel_turn is not None:
            self._cancel_turn()
            self._cancel_turn = None

    def withdraw(self) -> None:
        """Withdraw it if it stands: another line follows at once, in the same turn of the pace."""
        pending, declared = self._pending, self._declared
        if declared is None or pending is None or self._is_withdrawn or pending.future.done():
            return
        self._is_withdrawn = True
        self._send(declared.withdraw)

    def look_soon(self) -> None:
        """Send it as soon as those who have got their replies have asked for nothing more."""
        if self._declared is not None and self._next is None:
            self._next = asyncio.get_running_loop().call_soon(self._look)

    def _look(self) -> None:
        self._next = None
        if not self._is_due or self._cancel_turn is not None:
            return
        loop = asyncio.get_running_loop()
        if (wait := self._begun_at + LEAST_INTERVAL - loop.time()) > 0:
            self._next = loop.call_later(wait, self._look)
        elif self._link.pacing.is_active:
            self._cancel_turn = self._link.pacing.send_last(self._take_turn)
        else:
            self._stand()

    @property
    def _is_due(self) -> bool:
        is_there = self._declared is not None and self._pending is None
        return is_there and not self._correlator.is_waiting

    def _take_turn(self) -> bool:
        """Send it in the turn that has come; return whether it is still to be sent."""
        self._cancel_turn = None
        if is_due := self._is_due:
            self._stand()
        return is_due

    def _stand(self) -> None:
        if (declared := self._declared) is None:
            return
        self._begun_at, self._is_withdrawn = asyncio.get_running_loop().time(), False
        self._pending = self._correlator.expect(declared.request, None, until=self._until)
        self._pending.future.add_done_callback(partial(self._answered, self._pending))
        self._send(declared.request)

    def _answered(self, pending: PendingRequest, answer: asyncio.Future[Any]) -> None:
        error, declared = answer.exception(), self._declared
        if pending is not self._pending or declared is None:
            return
        self._pending = None
        if isinstance(error, RefusedError):
            self._link.count_oddity("a standing request is refused")
            self._declared = None
        elif error is None:
            tells = len(answer.result()) > 1 or not self._is_withdrawn
            if tells and declared.refresh:
                self._link.on_missed()
            self.look_soon()
