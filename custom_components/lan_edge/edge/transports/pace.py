"""The pace of requests: how often a device may be asked, and what has been sent of that."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
import heapq
import itertools
import math
from weakref import WeakKeyDictionary, WeakValueDictionary

from ..errors import ArgumentError, EdgeError, RefusedError
from ..sentences import said
from ..timing.deadline import Deadline

MAX_GAP, MAX_MOST = 60.0, 1000
SECOND = 1.05
"""A second at the device: the network may deliver what is sent later in less time."""
POLLS_WAIT = 2.0
"""Seconds for which polls let commands go first, so that commands do not hold them up for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often a device may be asked: `Pace(gap=0.1)`, or `Pace(most=10, per_host=True)`.

    It holds for everything that is sent to the device, the first requests of a connection and those
    that are sent again included. What has to wait is sent in order, commands before polls. Raises
    ArgumentError for a value out of range.
    """

    gap: float = 0.0
    """Seconds from one request to the next at least."""
    most: int = 0
    """The most requests in a second; 0: any number."""
    burst: int = 1
    """How many may follow one another without the `gap`, after a rest."""
    per_host: bool = False
    """Whether all devices at the same host share it, as those behind a bridge."""

    def __post_init__(self) -> None:
        """Raise ArgumentError for a value out of range."""
        if not (math.isfinite(self.gap) and 0 <= self.gap <= MAX_GAP):
            raise ArgumentError(f"gap is {self.gap:g}, not 0 to {MAX_GAP:g} s")
        if not 0 <= self.most <= MAX_MOST:
            raise ArgumentError(f"most is {self.most}, not 0 to {MAX_MOST}")
        if not 1 <= self.burst <= MAX_MOST:
            raise ArgumentError(f"burst is {self.burst}, not 1 to {MAX_MOST}")


@dataclass(slots=True, eq=False)
class Turn:
    """Something that waits until it may be sent."""

    pace: Pace | None
    begin: Callable[[float], None]
    """Called when it is due, with the time as which it counts; sends it, or wakes who does."""
    fail: Callable[[EdgeError], None]
    until: float = math.inf
    """Until when it can wait, in loop time."""
    rank: float = 0.0
    """When it came, in loop time; later for one that can be overtaken."""
    number: int = 0
    is_last: bool = False
    """Whether everything else comes before it, however long it waits."""

    def __lt__(self, other: Turn) -> bool:
        """Return whether it comes before another one."""
        return (self.rank, self.number) < (other.rank, other.number)


class Limit:
    """What one device, or all devices at one host, were sent, and what waits to be sent."""

    __slots__ = ("__weakref__", "_due", "_next", "_numbers", "_sent", "_waiting", "paused_until")

    def __init__(self) -> None:
        """Start with nothing sent."""
        self._waiting: list[Turn] = []
        self._numbers = itertools.count()
        self._sent: deque[float] = deque(maxlen=MAX_MOST)
        """When the last requests were sent, in loop time."""
        self._next = 0.0
        """When the next request would be due, if all came with the gap between them."""
        self._due = Deadline(self._serve)
        self.paused_until = 0.0
        """Until when the device has asked for nothing more, in loop time."""

    def take(self, pace: Pace | None) -> float | None:
        """Count a request that is sent now; return the time as which it counts, None: not yet."""
        now = asyncio.get_running_loop().time()
        if self._waiting or self._free_at(pace) > now:
            return None
        return self._count(pace, now)

    def give_back(self, pace: Pace | None, at: float) -> None:
        """Take back a request that was counted as of `at`, and has not been sent."""
        if at in self._sent:
            self._sent.remove(at)
            self._next -= pace.gap if pace else 0
            self._look()

    def wait(self, turn: Turn, *, is_urgent: bool) -> None:
        """Let a turn begin as soon as it may; one that is not urgent can be overtaken."""
        wait = 0 if is_urgent else POLLS_WAIT
        turn.rank = math.inf if turn.is_last else asyncio.get_running_loop().time() + wait
        turn.number = next(self._numbers)
        heapq.heappush(self._waiting, turn)
        self._look()

    def hurry(self, turn: Turn) -> None:
        """Let a turn be overtaken no longer."""
        turn.rank = min(turn.rank, asyncio.get_running_loop().time())
        heapq.heapify(self._waiting)
        self._look()

    def leave(self, turn: Turn) -> None:
        """Let a turn not begin any more."""
        if turn in self._waiting:
            self._waiting.remove(turn)
            heapq.heapify(self._waiting)
            self._look()

    def pause(self, until: float, error: EdgeError) -> None:
        """Begin nothing until then; the turns that cannot wait so long fail with the `error`."""
        self.paused_until = max(self.paused_until, until)
        for turn in [each for each in self._waiting if each.until < until]:
            turn.fail(error)

    def _free_at(self, pace: Pace | None) -> float:
        """Return when the next request may be sent, in loop time."""
        if pace is None:
            return self.paused_until
        at = max(self.paused_until, self._next - (pace.burst - 1) * pace.gap)
        if pace.most and len(self._sent) >= pace.most:
            at = max(at, self._sent[-pace.most] + SECOND)
        return at

    def _count(self, pace: Pace | None, now: float) -> float:
        self._sent.append(now)
        self._next = max(self._next, now) + (pace.gap if pace else 0)
        return now

    def _look(self) -> None:
        """Come back when the next turn is due."""
        if self._waiting:
            free_at = self._free_at(self._waiting[0].pace)
            self._due.within(free_at - asyncio.get_running_loop().time())
        else:
            self._due.close()

    def _serve(self) -> None:
        now = asyncio.get_running_loop().time()
        while self._waiting and self._free_at(self._waiting[0].pace) <= now:
            turn = heapq.heappop(self._waiting)
            turn.begin(self._count(turn.pace, now))
        self._look()


type _Hosts = WeakValueDictionary[str, Limit]
_HOSTS: WeakKeyDictionary[asyncio.AbstractEventLoop, _Hosts] = WeakKeyDictionary()
"""The limits of the hosts that devices are at; a host is the same for all who talk to it."""


def limit_of_host(host: str) -> Limit:
    """Return the limit that all devices at a host share."""
    hosts = _HOSTS.setdefault(asyncio.get_running_loop(), WeakValueDictionary())
    if (limit := hosts.get(host)) is None:
        limit = hosts[host] = Limit()
    return limit


class HeldTime:
    """When something was held back."""

    __slots__ = ("_before", "_ended_at", "_since", "_waiting")

    def __init__(self) -> None:
        """Start with nothing held back."""
        self._waiting = 0
        self._since = self._ended_at = self._before = 0.0

    def begin(self) -> None:
        """Hold something back, until `end`."""
        if not self._waiting:
            self._since = asyncio.get_running_loop().time()
        self._waiting += 1

    def end(self) -> None:
        """Hold it back no longer."""
        self._waiting -= 1
        if not self._waiting:
            self._ended_at = asyncio.get_running_loop().time()
            self._before += self._ended_at - self._since

    @property
    def ended_at(self) -> float:
        """Until when something was held back, in loop time: a silence before excuses the device."""
        return asyncio.get_running_loop().time() if self._waiting else self._ended_at

    @property
    def seconds(self) -> float:
        """For how long something has been held back so far, in all."""
        if not self._waiting:
            return self._before
        return self._before + asyncio.get_running_loop().time() - self._since


def refusal(what: str, seconds: float, status: int = 429) -> RefusedError:
    """Return the error for what a device refuses, as it takes nothing for some seconds."""
    seconds = math.ceil(seconds)
    words = said(t"{what}: it takes no more requests for {seconds} s")
    return RefusedError(words, status=status)
