"""Requests over UDP that are sent again until they are answered."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from ...errors import UnreachableError
from ...timing.deadline import Deadline

LONGEST_RESEND = 1.0
"""Seconds that delays grow to, if not to twice the first: a device that is back is heard soon."""


@dataclass(slots=True)
class _Unanswered:
    """A request that is sent again."""

    send: Callable[[], None]
    delay: float
    """Seconds from the last time to the next."""
    longest: float
    """Seconds that this grows to."""
    due: float
    """When it is sent again, in loop time."""


class Resending:
    """The unanswered requests of one transport, each of which is sent again and again."""

    def __init__(self, may_resend: Callable[[], bool]) -> None:
        """Start without a request; what `may_resend` does not allow now is left out this time."""
        self._may_resend = may_resend
        self._unanswered: dict[asyncio.Future[Any], _Unanswered] = {}
        self._next_due = Deadline(self._resend)

    @contextmanager
    def until_answered(
        self, reply: asyncio.Future[Any], delay: float, send: Callable[[], None]
    ) -> Generator[None]:
        """Call `send` again after `delay` seconds, then twice as many, and so on; 0: never."""
        if delay:
            longest, due = max(LONGEST_RESEND, 2 * delay), self._next_due.within(delay)
            self._unanswered[reply] = _Unanswered(send, delay, longest, due)
        try:
            yield
        finally:
            self._unanswered.pop(reply, None)

    def close(self) -> None:
        """Send nothing again."""
        self._next_due.close()

    def _resend(self) -> None:
        now = asyncio.get_running_loop().time()
        for reply, request in self._unanswered.items():
            if request.due <= now and not reply.done():  # done: its caller has not run yet
                if self._may_resend():
                    with suppress(UnreachableError):  # the request fails by its timeout
                        request.send()
                request.delay = min(2 * request.delay, request.longest)
                request.due = now + request.delay
        if left := [r.due for reply, r in self._unanswered.items() if not reply.done()]:
            self._next_due.within(min(left) - now)
