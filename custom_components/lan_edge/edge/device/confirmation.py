"""Whether a command's result shows in the state, or the device did nothing."""

import asyncio
import math
from typing import Any, override

from ..capabilities.definition import Attribute
from ..errors import EdgeError
from ..timing.lazy_event import LazyEvent
from .state import State

type Effects = list[tuple[Attribute[Any], Any]]
"""What a command makes of attributes."""

TOLERANCE = 0.1
"""Devices round: a number counts if it is this near, as a part of itself or of its range."""
WIDE_RANGE = 1000
"""A range that is wider says nothing about how a device rounds."""


class Confirmation:
    """Waits until each of some commands shows: what it sets is as asked, or on its way there.

    What the device never reported cannot be judged, and counts as shown. So does a number near the
    one asked for, or nearer to it than before: a lamp that dims slowly is on its way. A value
    that went elsewhere was changed by somebody else. Anything but a number counts as soon as it
    changes; but between on and off there is no way, so the opposite is not what was asked for.
    """

    __slots__ = ("_before", "_component", "_failure", "_open", "_settled", "_state", "callers")

    def __init__(self, state: State, component: str, commands: list[Effects]) -> None:
        """Note the current state, before the commands are sent; their effects are `judgeable`."""
        self._state = state
        self._component = component
        self._open = commands
        """The commands that do not show yet."""
        self._before = {
            attribute: state.get(attribute, component)
            for effects in commands
            for attribute, wanted in effects
            if type(wanted) is not bool
        }
        self._settled: LazyEvent | None = None
        self.callers = 0
        """How many wait: all whose values gave way to the one that was sent."""
        self._failure: EdgeError | None = None

    @property
    def is_met(self) -> bool:
        """Whether nothing is waited for any more, as of the last `update`."""
        return not self._open

    def update(self) -> bool:
        """Look what shows by now; return whether that is all."""
        self._open = [effects for effects in self._open if not self._shows(effects)]
        return not self._open

    def _shows(self, effects: Effects) -> bool:
        is_missing = False
        for attribute, wanted in effects:
            now = self._state.get(attribute, self._component)
            if now == wanted or now is None or is_close(attribute, now, wanted):
                continue
            if is_on_its_way(attribute, self._before.get(attribute), now, wanted):
                return True
            is_missing = True
        return not is_missing

    def close(self) -> None:
        """Stop waiting, and release whoever does: a newer command took over, or time is up."""
        self._open = []
        if self._settled is not None:
            self._settled.set()

    def fail(self, failure: EdgeError) -> None:
        """Have everybody who waits raise what one of them learnt."""
        self._failure = failure
        self.close()

    async def wait(self, seconds: float) -> bool:
        """Wait until everything shows, at most so long; return whether it does."""
        is_shown = self.update() or (bool(seconds) and await self._is_shown_within(seconds))
        if self._failure is not None:
            raise self._failure
        return is_shown

    async def _is_shown_within(self, seconds: float) -> bool:
        ends = [self._state.subscribe(a, self._component, self._changed) for a in self._attributes]
        self._settled = settled = self._settled or LazyEvent()
        try:
            async with asyncio.timeout(seconds):
                await settled.wait()
        except TimeoutError:
            return False
        finally:
            for end in ends:
                end()
        return True

    def _changed(self) -> None:
        if self.update():
            self.close()

    def open_attributes(self, component: str) -> set[Attribute[Any]]:
        """Return the component's attributes that do not show yet what they should."""
        return self._attributes if component == self._component else set()

    @property
    def _attributes(self) -> set[Attribute[Any]]:
        return {attribute for effects in self._open for attribute, _ in effects}

    @override
    def __str__(self) -> str:
        """Say what does not show."""
        return ", ".join(
            f"{attribute.id} is still {now!s}, not {wanted!s}"
            for effects in self._open
            for attribute, wanted in effects
            if not is_close(attribute, now := self._state.get(attribute, self._component), wanted)
        )


def judgeable(effects: Effects) -> Effects:
    """Return those effects that a device must show if it does what it is told."""
    wanted = dict(effects)
    return [
        (attribute, value)
        for attribute, value in effects
        if (attribute.off_value is None or value != attribute.off_value)
        and not _is_void(attribute, wanted)
    ]


def _is_void(attribute: Attribute[Any], wanted: dict[Attribute[Any], Any]) -> bool:
    if attribute.meaningless_below is None:
        return False
    other, least = attribute.meaningless_below
    return other in wanted and bool(wanted[other] < least)


def is_on_its_way(attribute: Attribute[Any], before: Any, now: Any, wanted: Any) -> bool:
    """Return whether a value changed in a way that leads to the one that is wanted."""
    if now == before or isinstance(wanted, bool):
        return False
    if not isinstance(wanted, int | float) or before is None or attribute.circular:
        return True
    return bool(abs(now - wanted) < abs(before - wanted))


def is_close(attribute: Attribute[Any], value: Any, wanted: Any) -> bool:
    """Return whether a value is as wanted, allowing for how devices round."""
    if value == wanted:
        return True
    if isinstance(wanted, bool) or not isinstance(wanted, int | float):
        return False
    limits = attribute.schema.limits
    if attribute.step is not None:
        return math.isclose(value, wanted, abs_tol=attribute.step)
    span = (
        math.inf
        if limits.minimum is None or limits.maximum is None
        else limits.maximum - limits.minimum
    )
    tolerance = TOLERANCE * span if span <= WIDE_RANGE else 0
    return math.isclose(value, wanted, rel_tol=TOLERANCE, abs_tol=tolerance)
