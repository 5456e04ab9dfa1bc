"""Requests under way, and which of them a message answers: by key, by predicate, or by order."""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
import itertools
from types import TracebackType
from typing import Any

from ...errors import DriverError, EdgeError, TimedOutError, UnreachableError
from ...timing.deadline import Deadline
from ..base import Link
from .pending import MAX_PENDING

type Key = Callable[[Any], Hashable | None]
"""What a request and its reply have in common; None: the message is no reply."""
type Match = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Matching:
    """How a transport's replies find their requests."""

    key: Key | None
    is_reply: Match
    ordered: bool = True
    """Whether messages arrive in order; else a reply that comes late is kept from the driver."""
    broken: Callable[[EdgeError], None] = lambda _reason: None
    """Told when replies that go by order cannot be told apart any more."""


@dataclass(slots=True, eq=False)
class _Request:
    """One that is under way; ended with its block."""

    replies: Replies
    key: Hashable | None
    match: Match | None
    future: asyncio.Future[Any]
    expires: float
    given_up: bool = False

    def __enter__(self) -> asyncio.Future[Any]:
        """Return what becomes the reply."""
        return self.future

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait no more."""
        self.replies.end(self, error)

    @property
    def by_order(self) -> bool:
        return self.key is None and self.match is None

    def fail(self, error: EdgeError) -> None:
        if not self.future.done():
            self.future.set_exception(error)


class Replies:
    """The one way in for messages: each goes to the driver first, then to who waits for it."""

    def __init__(self, link: Link, matching: Matching) -> None:
        """Start with no request."""
        self._link = link
        self._matching = matching
        self._requests: list[_Request] = []
        self._deadline = Deadline(self._expire)
        self._numbers = itertools.count(1)

    def match_by(self, key: Key | None, is_reply: Match) -> None:
        """Tell replies by these from now on; no request may be under way."""
        self._matching = replace(self._matching, key=key, is_reply=is_reply)

    def number(self) -> int:
        """Return a number that no earlier request had."""
        return next(self._numbers)

    def expect(
        self, message: Any, key: Hashable | None, match: Match | None, timeout: float
    ) -> _Request:
        """Wait for the reply to `message` in a block that sends it; fail after `timeout`."""
        if len(self._requests) >= MAX_PENDING:
            msg = f"{MAX_PENDING} requests wait already"
            raise UnreachableError(msg)
        loop = asyncio.get_running_loop()
        key, expires = self._key(message, key, match), loop.time() + timeout
        request = _Request(self, key, match, loop.create_future(), expires)
        self._requests.append(request)
        self._deadline.within(timeout)
        return request

    def end(self, request: _Request, error: BaseException | None) -> None:
        """Wait for it no more; `error` is what ended its block, if not the reply."""
        if isinstance(error, TimedOutError) and request.by_order:
            self._matching.broken(UnreachableError("a reply is missing, their order is lost"))
        self._forget(request, given_up=isinstance(error, asyncio.CancelledError))

    def _expire(self) -> None:
        """Fail what is over; the rest is looked at when the first of it is."""
        now = asyncio.get_running_loop().time()
        for request in self._open():
            if request.expires <= now:
                request.fail(_unanswered(request.key))
        if left := [request.expires for request in self._open()]:
            self._deadline.within(min(left) - now)

    def _open(self) -> list[_Request]:
        return [request for request in self._requests if not request.future.done()]

    def _key(self, message: Any, key: Hashable | None, match: Match | None) -> Hashable | None:
        if key is not None or match is not None or self._matching.key is None:
            return key
        if (found := self._matching.key(message)) is None:
            msg = "a request that has no key needs key= or match="
            raise DriverError(msg)
        return found

    def _forget(self, request: _Request, *, given_up: bool = False) -> None:
        if request.future.done() and not request.future.cancelled():
            request.future.exception()  # seen, even where sending failed first
        request.future.cancel()
        # where replies go by order its own still comes in its place, and is nobody's
        request.given_up = given_up and request.by_order and self._matching.ordered
        if not request.given_up and request in self._requests:
            self._requests.remove(request)

    def deliver(self, message: Any) -> None:
        """Hand a message to the driver, then to the request that it answers."""
        key = self._key_of(message)
        request = next((r for r in self._requests if self._answers(r, key, message)), None)
        if request is None and key is not None:
            self._link.count_oddity("a reply nobody waits for")
            if not self._matching.ordered:
                return
        self._link.on_message(message)
        if request is not None and request in self._requests:
            self._requests.remove(request)
            if not request.future.done():
                request.future.set_result(message)

    def _key_of(self, message: Any) -> Hashable | None:
        if self._matching.key is None:
            return None
        return self._judged(self._matching.key, message)

    def _answers(self, request: _Request, key: Hashable | None, message: Any) -> bool:
        if request.match is not None:
            return bool(self._judged(request.match, message))
        if request.key is not None:
            return key == request.key
        return bool(self._judged(self._matching.is_reply, message))

    def _judged[T](self, judge: Callable[[Any], T], message: Any) -> T | None:
        try:
            return judge(message)
        except Exception:  # noqa: BLE001  # made for the device's messages, not for any stranger's
            self._link.count_oddity("a message that is like no other")
            return None

    def fail_all(self, error: EdgeError) -> None:
        """End every request with the same error."""
        self._deadline.close()
        requests, self._requests = self._requests, []
        for request in requests:
            request.fail(error)


def _unanswered(key: Hashable | None) -> TimedOutError:
    return TimedOutError("a request: no answer" if key is None else f"request {key!r}: no answer")
