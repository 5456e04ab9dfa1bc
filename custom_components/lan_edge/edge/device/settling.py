"""Reads values that were still changing when a command was done, until they settle."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ..capabilities.definition import Attribute
from ..timing.timers import Timers
from .confirmation import Effects
from .reading import Reading
from .state import State

FIRST_LOOK = 1.0
"""Seconds until the first look at the values; doubled each time."""
LOOKS = 2
"""A value that is the same in so many looks has settled."""
MOVING_LOOK, MOST_MOVING = 2.0, 180.0
"""Seconds from one look to the next at what moves, such as a shade, and for how long at most."""
_ANYTHING = object()
"""What is wanted of a value that only shows where something is."""


@dataclass(slots=True)
class _Changing:
    """A value that may still change, until it is the one that is wanted."""

    component: str
    attribute: Attribute[Any]
    wanted: object
    seen: object
    looks: int = 0
    """In how many looks it was the same."""
    moves: bool = False
    """Whether it shows where something is that moves."""


class Settling:
    """Reads one device until the values that its commands change have settled.

    A lamp may dim for half a minute, and be read only every five. Nothing is read if the device has
    reported the values meanwhile, and nothing more once its usual reads come sooner. What moves, is
    read as long as it does: people look at it, and stop it by what they see.
    """

    __slots__ = (
        "_cancel",
        "_moves_until",
        "_reading",
        "_state",
        "_timers",
        "_until",
        "_wait",
        "changing",
    )

    def __init__(self, state: State, reading: Reading, timers: Timers) -> None:
        """Follow nothing yet."""
        self._state = state
        self._reading = reading
        self._timers = timers
        self.changing: list[_Changing] = []
        """The values that have not settled."""
        self._moves_until = 0.0
        """Until when what moves is looked at, in loop time."""
        self._until = 0.0
        """When the changes are over, in loop time, as far as that is known."""
        self._wait = FIRST_LOOK
        self._cancel: Callable[[], None] | None = None

    def follow(
        self,
        effects: Effects,
        component: str,
        seconds: float,
        moving: Iterable[Attribute[Any]] = (),
    ) -> None:
        """Read until the effects show, which may take `seconds`, and as long as something moves."""
        get, loop = self._state.get, asyncio.get_running_loop()
        mobile, known = {*moving}, {attribute for attribute, _ in effects}
        effects = [*effects, *((each, _ANYTHING) for each in mobile - known)]
        self._moves_until = loop.time() + MOST_MOVING
        self.forget(component, (attribute for attribute, _ in effects))
        if not self.changing:
            self._until = 0.0
        self.changing += [
            _Changing(component, a, wanted, get(a, component), moves=a in mobile)
            for a, wanted in effects
        ]
        self._until = max(self._until, loop.time() + seconds)
        self._wait = FIRST_LOOK
        self._look_later()

    def forget(self, component: str, attributes: Iterable[Attribute[Any]]) -> None:
        """Do not follow these attributes any more: a newer command sets them."""
        newer = set(attributes)
        self.changing = [
            c for c in self.changing if c.component != component or c.attribute not in newer
        ]

    def _look_later(self) -> None:
        if self._cancel is not None:
            self._cancel()
        self._cancel = self._timers.after(self._wait, self._look)

    async def _look(self) -> None:
        """Read, if a value has not settled yet; look again later, if one still has not."""
        self._cancel = None
        self.changing = [each for each in self.changing if not self._has_arrived(each)]
        if not self.changing:
            return
        await self._reading.refresh()
        self.changing = [each for each in self.changing if self._is_changing(each)]
        now = asyncio.get_running_loop().time()
        left = self._until - now
        self._wait = min(2 * self._wait, left + FIRST_LOOK) if left > 0 else 2 * self._wait
        if now < self._moves_until and any(
            each.moves and each.looks == 0 for each in self.changing
        ):
            self._wait = MOVING_LOOK
        if self.changing and self._wait < self._reading.interval:
            self._look_later()
        else:
            self.changing.clear()

    def _has_arrived(self, each: _Changing) -> bool:
        now = self._state.get(each.attribute, each.component)
        return now is None or now == each.wanted

    def _is_changing(self, each: _Changing) -> bool:
        """Return whether a value is not the wanted one, and was not the same in enough looks."""
        now = self._state.get(each.attribute, each.component)
        each.looks = each.looks + 1 if now == each.seen else 0
        each.seen = now
        is_over = self._until <= asyncio.get_running_loop().time()
        return not self._has_arrived(each) and (each.looks < LOOKS or not is_over)
