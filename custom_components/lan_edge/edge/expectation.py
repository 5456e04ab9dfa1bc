"""Whether the state shows what a command was for, or that the device did nothing."""

import asyncio
import math
from typing import Any, override

from .capabilities import ColorControl, SwitchLevel
from .capability import Attribute
from .errors import EdgeError
from .flag import Flag
from .state import State

type Effects = list[tuple[Attribute[Any], Any]]
"""What a command should make of attributes."""

CLOSE = 0.1
"""Devices round: a number this near, as a part of itself or of its range, is the one asked for."""
WIDE = 1000
"""A range wider than this says nothing about how a device rounds."""
PALE = 5
"""The saturation in percent below which a colour's hue says nothing."""


class Expectation:
    """Waits until each of some commands shows: what it sets is as asked, or on its way there.

    What the device never told cannot be judged, and counts as shown. So does a number near the
    one that was asked for, or nearer to it than before: who dims slowly is on the way. One that
    went elsewhere was somebody else's doing. Of what is no number any change counts, but between
    on and off there is no way: the other of the two is not what was asked for.
    """

    __slots__ = ("_before", "_closed", "_component", "_failure", "_open", "_state", "callers")

    def __init__(self, state: State, component: str, commands: list[Effects]) -> None:
        """Note what there is; do so before the commands are sent.

        Of their effects, those that are `judged`.
        """
        self._state = state
        self._component = component
        self._open = commands
        self._before = {
            a: state.get(a, component)
            for effects in commands
            for a, wanted in effects
            if type(wanted) is not bool
        }
        self._closed: Flag | None = None
        """For who waits."""
        self.callers = 0
        """How many wait: all whose values gave way to the one that was sent."""
        self._failure: EdgeError | None = None

    def _now(self, attribute: Attribute[Any]) -> Any:
        return self._state.get(attribute, self._component)

    @property
    def met(self) -> bool:
        """Whether nothing is waited for any more."""
        self._open = [each for each in self._open if not self._shows(each)]
        return not self._open

    def _shows(self, command: Effects) -> bool:
        missing = False
        for attribute, wanted in command:
            now = self._state.get(attribute, self._component)
            if now == wanted or now is None or close(attribute, now, wanted):
                continue
            if on_its_way(attribute, self._before.get(attribute), now, wanted):
                return True
            missing = True
        return not missing

    def close(self) -> None:
        """Wait no more, and let go who does: a newer command took over, or the time is over."""
        self._open = []
        if self._closed is not None:
            self._closed.set()

    def fail(self, failure: EdgeError) -> None:
        """Have all who wait raise what one of them learned."""
        self._failure = failure
        self.close()

    async def wait(self, seconds: float) -> bool:
        """Wait until all of it shows, at most so long; return whether it does."""
        shown = self.met or (bool(seconds) and await self._shown_within(seconds))
        if self._failure is not None:
            raise self._failure
        return shown

    async def _shown_within(self, seconds: float) -> bool:
        ends = [self._state.subscribe(a, self._component, self._look) for a in self._attributes()]
        self._closed = closed = self._closed or Flag()
        try:
            async with asyncio.timeout(seconds):
                await closed.wait()
        except TimeoutError:
            return False
        finally:
            for end in ends:
                end()
        return True

    def _look(self) -> None:
        if self.met:
            self.close()

    def waits_for(self, attributes: set[Attribute[Any]], component: str) -> bool:
        """Whether one of the attributes does not show yet what it should."""
        mine = component == self._component and not self.met
        return mine and not self._attributes().isdisjoint(attributes)

    def _attributes(self) -> set[Attribute[Any]]:
        return {a for command in self._open for a, _ in command}

    @override
    def __str__(self) -> str:
        """Say what does not show."""
        return ", ".join(
            f"{a.id} is still {self._now(a)!s}, not {wanted!s}"
            for command in self._open
            for a, wanted in command
            if not close(a, self._now(a), wanted)
        )


def judged(effects: Effects) -> Effects:
    """Return those effects that a device which does its duty must show.

    Level 0 is off to many, who keep their level; and white has no hue.
    """
    kept = [(a, v) for a, v in effects if not (a is SwitchLevel.level and v == 0)]
    if any(a is ColorControl.saturation and v < PALE for a, v in kept):
        return [(a, v) for a, v in kept if a is not ColorControl.hue]
    return kept


def on_its_way(attribute: Attribute[Any], before: Any, now: Any, wanted: Any) -> bool:
    """Whether a value changed in a way that leads to the one that is wanted."""
    if now == before or isinstance(wanted, bool):
        return False
    if not isinstance(wanted, int | float) or before is None or attribute is ColorControl.hue:
        return True  # a hue may go either way round
    return bool(abs(now - wanted) < abs(before - wanted))


def close(attribute: Attribute[Any], value: Any, wanted: Any) -> bool:
    """Whether a value is as wanted, but for how devices round."""
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
    return math.isclose(value, wanted, rel_tol=CLOSE, abs_tol=CLOSE * span if span <= WIDE else 0)
