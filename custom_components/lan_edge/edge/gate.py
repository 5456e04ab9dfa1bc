"""How many devices are tried at once: what lost its power together comes back in good order.

Who waits is let in first come, first served, and holds a place until it hears the device or
its attempt ends. The more wait, the sooner a silent attempt has to go: all that wait have
their turn within ROUND seconds, so that the many that are still dead do not keep out the one
that is back. Devices that somebody has just seen have places of their own.
"""

import asyncio
from collections.abc import Callable

PLACES = 40
SEEN_PLACES = 10
"""Places of devices that were just seen, beside those of the rest."""
ROUND = 5.0
"""Seconds in which all that wait are to have their turn."""
SHORTEST = 0.2
"""Seconds of silence that each has at least: most devices answer within a few milliseconds."""


class Place:
    """A place that somebody holds or waits for."""

    __slots__ = ("_lane", "_let_in", "entered", "overdue")

    def __init__(self, lane: Lane, overdue: Callable[[], None]) -> None:
        """Be called by `overdue` when the place is taken away."""
        self._lane = lane
        self.overdue = overdue
        self._let_in: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.entered = 0.0

    async def wait(self) -> bool:
        """Wait to be let in; False: it was given up meanwhile."""
        return await self._let_in

    def let_in(self, now: float) -> None:
        """Go ahead."""
        self.entered = now
        if not self._let_in.done():
            self._let_in.set_result(True)

    def give_up(self) -> None:
        """Wait no more; whoever is in already stays."""
        if not self._let_in.done():
            self._let_in.set_result(False)
            self._lane.leave(self)

    def leave(self) -> None:
        """Make room for the next one."""
        self._lane.leave(self)


class Lane:
    """A few places, and those who wait for them."""

    def __init__(self, places: int) -> None:
        """Have that many places."""
        self._places = places
        self._inside: dict[Place, None] = {}
        """In the order in which they were let in."""
        self._waiting: dict[Place, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def enter(self, overdue: Callable[[], None]) -> Place:
        """Return a place to wait for; `overdue` is called when it is held for too long."""
        place = Place(self, overdue)
        self._waiting[place] = None
        self._arrange()
        return place

    def leave(self, place: Place) -> None:
        """Let the next one in."""
        self._inside.pop(place, None)
        self._waiting.pop(place, None)
        self._arrange()

    @property
    def patience(self) -> float:
        """How long the longest one inside may stay, seeing how many wait."""
        return max(ROUND * self._places / (len(self._waiting) + self._places), SHORTEST)

    def _arrange(self) -> None:
        """Let in whom there is a place for; if more wait, see that places become free."""
        now = asyncio.get_running_loop().time()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting:
            if len(self._inside) >= self._places:
                longest = next(iter(self._inside))
                if (left := longest.entered + self.patience - now) > 0:
                    self._timer = asyncio.get_running_loop().call_later(left, self._arrange)
                    return
                del self._inside[longest]
                longest.overdue()
            place = next(iter(self._waiting))
            del self._waiting[place]
            self._inside[place] = None
            place.let_in(now)


class Gate:
    """All that want to be tried: those just seen, and the rest."""

    def __init__(self) -> None:
        """Start with nobody."""
        self.usual = Lane(PLACES)
        self.seen = Lane(SEEN_PLACES)
