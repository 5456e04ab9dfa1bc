"""Which request a message answers, for the transports that send several on one socket. No I/O.

A reply goes to the request with its key, else to the first whose test takes it; where replies
have nothing that identifies them, it goes to the oldest request.
"""

import asyncio
from collections.abc import Callable, Hashable
from contextvars import Context, copy_context
from dataclasses import dataclass
import itertools
import math
from sys import getsizeof
from types import TracebackType
from typing import Any

from ...errors import (
    DriverError,
    EdgeError,
    RefusedError,
    ReplyError,
    TimedOutError,
    UnreachableError,
)
from ...timing.deadline import Deadline
from ...timing.patience import Patience
from ..base import Link, MessageTest, ReplyKey, any_message
from ..hiding import HIDDEN

MAX_PENDING = 256
"""Requests that may wait at a time; a device that answers none of so many is stuck."""
MAX_PARTS, MAX_REPLY = 4096, 256 * 1024
"""The most messages that one reply may consist of, and the most bytes of memory that these take."""
UNEXPECTED_REPLY = "a reply nobody waits for"
"""What a reply that is late, repeated or unknown is counted as."""


@dataclass(slots=True, eq=False)
class PendingRequest:
    """A request under way. It is sent in its `with` block, which gets the future reply."""

    _correlator: Correlator
    name: str
    """What it is called in errors."""
    key: Hashable | None
    match: MessageTest | None
    _until: MessageTest | None
    future: asyncio.Future[Any]
    expires_at: float
    """In loop time."""
    context: Any
    """What its transport needs to understand the reply."""
    asked_in: Context | None = None
    """Where it was sent, unless it stands without a time limit, for what the device reports."""
    then: Callable[[Any], object] | None = None
    """Called with the reply before anything else that has arrived is looked at."""
    _parts: list[Any] | None = None
    _size: int = 0

    def __enter__(self) -> asyncio.Future[Any]:
        return self.future

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is not None or not self.future.done():
            self._correlator.give_up(self, error)

    def take(self, message: Any) -> None:
        """Take a message as the reply or a part of it; raise ReplyError for one part too many."""
        if self._until is None:
            self.resolve(message)
            return
        self._parts = parts = self._parts or []
        if not self.future.done():
            parts.append(message)
            self._size += getsizeof(message)
        if self._correlator.passes(self._until, message):
            self.resolve(parts)
        elif len(parts) >= MAX_PARTS or self._size > MAX_REPLY:
            raise ReplyError(t"{self.name}: a reply of more than {MAX_PARTS} messages, or too long")

    def resolve(self, reply: Any) -> None:
        """End it with its reply."""
        self._correlator.remove(self)
        if self.future.done():
            return
        try:
            if self.then is not None:
                self.then(reply)
        except EdgeError as err:
            self.set_error(err)
        except Exception as err:  # noqa: BLE001  # a mistake of the driver's
            self.set_error(DriverError(f"what follows the reply failed: {err!r}"))
        else:
            self.future.set_result(reply)

    def fail(self, error: EdgeError) -> None:
        """End it with an error."""
        self._correlator.remove(self)
        self.set_error(error)

    def set_error(self, error: EdgeError) -> None:
        """Wake its caller with an error; its reply may still come."""
        if not self.future.done():
            self.future.set_exception(error)


class Correlator:
    """The requests under way on one connection; each ends in its reply, an error or a timeout."""

    def __init__(
        self,
        link: Link,
        *,
        in_order: bool = True,
        on_order_lost: Callable[[EdgeError], None] = lambda _reason: None,
    ) -> None:
        """Start without a request.

        `in_order`: messages arrive in the order in which they were sent; otherwise the driver
        does not get late replies, which may be older than what it knows. `on_order_lost` is
        called when the replies that go by order can no longer be assigned to requests.
        """
        self._link = link
        self._in_order = in_order
        self._on_order_lost = on_order_lost
        self._key: ReplyKey | None = None
        self._is_reply: MessageTest = any_message
        self._requests: dict[Hashable | None, list[PendingRequest]] = {}
        """By key, the oldest first; None: those without a key."""
        self._count = 0
        self._deadline = Deadline(self._expire, Patience())
        self._numbers = itertools.count(1)

    def match_by(self, key: ReplyKey | None, is_reply: MessageTest) -> None:
        """Identify replies by these from now on; no request may be under way."""
        self._key, self._is_reply = key, is_reply

    @property
    def is_waiting(self) -> bool:
        """Whether a reply is still to come, even if nobody waits for it any more."""
        return self._count > 0

    def number(self) -> int:
        """Return a number that no earlier request had."""
        return next(self._numbers)

    # requests

    def expect(
        self,
        name: str,
        timeout: float | None,
        *,
        key: Hashable | None = None,
        match: MessageTest | None = None,
        until: MessageTest | None = None,
        context: Any = None,
    ) -> PendingRequest:
        """Return a request that fails with TimedOutError after `timeout` seconds; None: never.

        With `until` its reply is the list of all messages up to the one that this test takes.
        Raises UnreachableError if too many requests wait.
        """
        if self._count >= MAX_PENDING:
            raise UnreachableError(t"{name}: {MAX_PENDING} requests are already waiting")
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        expires_at = math.inf if timeout is None else self._deadline.within(timeout)
        request = PendingRequest(self, name, key, match, until, future, expires_at, context)
        request.asked_in = None if timeout is None else copy_context()
        self._requests.setdefault(key, []).append(request)
        self._count += 1
        return request

    def expect_reply_to(
        self,
        message: Any,
        timeout: float,
        *,
        key: Hashable | None = None,
        match: MessageTest | None = None,
        secret: bool = False,
    ) -> PendingRequest:
        """As `expect`, with the key that `message` has; raise DriverError if it has none.

        `secret`: errors do not show the key.
        """
        if key is None and match is None and self._key is not None:
            key = self._key(message)
            if key is None:
                raise DriverError("a request that has no key needs key= or match=")
        name = "a request" if key is None or secret else f"request {key!r}"
        return self.expect(name, timeout, key=key, match=match)

    def give_up(self, request: PendingRequest, error: BaseException | None) -> None:
        """Stop waiting for a reply because of `error`."""
        if request.future.done() and not request.future.cancelled():
            request.future.exception()  # retrieved, even where sending failed first
        request.future.cancel()
        if request.key is None and request.match is None:  # by order
            if isinstance(error, asyncio.CancelledError) and self._in_order:
                return  # keeps its place: its reply may still come, and is then dropped
            if isinstance(error, TimedOutError):
                self._lose_order()
        self.remove(request)

    def gave_up(self) -> bool:
        """Close the connection if a reply by order is missing that nobody waits for; say so.

        It may come late, or never: then all later ones would go to the wrong requests.
        """
        is_missing = any(r.future.cancelled() and r.match is None for r in self._by_order)
        if is_missing:
            self._lose_order()
        return is_missing

    @property
    def _by_order(self) -> list[PendingRequest]:
        return self._requests.get(None, [])

    def _lose_order(self) -> None:
        reason = UnreachableError(t"a reply is missing, so the order of replies is lost")
        self._on_order_lost(reason)

    def remove(self, request: PendingRequest) -> None:
        """Remove a request, if it is still pending."""
        same_key = self._requests.get(request.key)
        if same_key is None or request not in same_key:
            return
        self._count -= 1
        if len(same_key) == 1:
            del self._requests[request.key]
        else:
            same_key.remove(request)

    def fail_all(self, error: EdgeError) -> None:
        """End every request with the same error."""
        self._deadline.close()
        requests = list(self._all())
        self._requests.clear()
        self._count = 0
        for request in requests:
            request.set_error(error)

    def _all(self) -> itertools.chain[PendingRequest]:
        return itertools.chain.from_iterable(self._requests.values())

    def _expire(self) -> None:
        now = asyncio.get_running_loop().time()
        for request in self._all():
            if request.expires_at <= now:
                request.set_error(TimedOutError(t"{request.name}: no answer"))
        left = (r.expires_at for r in self._all() if not r.future.done())
        if (earliest := min(left, default=math.inf)) < math.inf:
            self._deadline.within(earliest - now)

    # messages

    def find(self, key: Hashable) -> PendingRequest | None:
        """Return the oldest request with that key, or None."""
        same_key = self._requests.get(key)
        return same_key[0] if same_key else None

    def deliver(self, message: Any) -> None:
        """Hand a message to the driver, then to the request that it answers."""
        key = self.apply(self._key_of, message)
        request = self._answered_by(key, message)
        if request is None and key is not None:
            self._link.count_oddity(UNEXPECTED_REPLY)
            if not self._in_order:
                return
        self.report(message, request)
        if request is not None:
            request.take(message)

    def report(self, message: Any, request: PendingRequest | None) -> None:
        """Hand a message to the driver, which may answer a request."""
        answers = self._link.read_answers
        answers.asked_in = None if request is None else request.asked_in
        try:
            self._link.on_message(message)
        finally:
            answers.asked_in = None

    def refuse(self, message: Any, words: str) -> bool:
        """Hand a refusal to the driver, then fail the oldest request; return False if none waits.

        The `words` may repeat the request, so that of a secret one is refused without them.
        """
        if (request := next(self._all(), None)) is None:
            return False
        self.report(message, request)
        request.fail(RefusedError(f"{HIDDEN}:" if request.name == HIDDEN else words))
        return True

    def _key_of(self, message: Any) -> Hashable | None:
        key = self._key(message) if self._key is not None else None
        hash(key)  # the device may send a list where there should be a number
        return key

    def _answered_by(self, key: Hashable | None, message: Any) -> PendingRequest | None:
        if key is not None and (request := self.find(key)) is not None:
            return request
        for request in self._requests.get(None, ()):
            test = self._is_reply if request.match is None else request.match
            if self.passes(test, message):
                return request
        return None

    def passes(self, test: MessageTest, message: Any) -> bool:
        """Return whether a driver's test takes a message; a test that fails does not."""
        return bool(self.apply(test, message))

    def apply[T](self, function: Callable[[Any], T], message: Any) -> T | None:
        """Return what a driver's function makes of a message; None if it fails."""
        try:
            return function(message)
        except Exception as err:  # noqa: BLE001  # it expects its own device's messages only
            self._link.count_oddity(f"a message that cannot be matched: {type(err).__name__}")
            return None
