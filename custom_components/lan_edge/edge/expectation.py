"""Whether the state shows what a command was for, or that the device did nothing."""

import asyncio
from collections.abc import Callable
import math
from typing import Any, override

from .capabilities import ColorControl, SwitchLevel
from .capability import Attribute
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
    """Waits until each of some commands shows: something that it sets changed, or is as asked.

    What the device never told cannot be judged, and counts as shown. So does a number near the
    one that was asked for, and any change: who dims slowly is on the way.
    """

    def __init__(self, state: State, component: str, commands: list[Effects]) -> None:
        """Begin to watch; do so before the command is sent."""
        self._state = state
        self._component = component
        self._sets = {a for effects in commands for a, _ in effects}
        self._open: list[Effects] = []
        self._seen = asyncio.Event()
        self._ends: list[Callable[[], None]] = []
        for effects in commands:
            self._watch(judged(effects))
        self._look()

    def _watch(self, effects: Effects) -> None:
        missing = [(a, v) for a, v in effects if not self._holds(a, v)]
        if not missing:
            return
        self._open.append(missing)
        for attribute, _ in missing:

            def changed() -> None:
                if missing in self._open:
                    self._open.remove(missing)
                self._look()

            self._ends.append(self._state.subscribe(attribute, self._component, changed))

    def _holds(self, attribute: Attribute[Any], wanted: object) -> bool:
        value = self._state.get(attribute, self._component)
        return value is None or close(attribute, value, wanted)

    def _look(self) -> None:
        if not self._open:
            self.close()

    def close(self) -> None:
        """Watch no more, and let go who waits: it shows, or a newer command took over."""
        self._open.clear()
        while self._ends:
            self._ends.pop()()
        self._seen.set()

    @property
    def met(self) -> bool:
        """Whether nothing is waited for any more."""
        return self._seen.is_set()

    async def wait(self, seconds: float) -> bool:
        """Wait until all of it shows, at most so long; return whether it does."""
        if not self.met:
            try:
                async with asyncio.timeout(seconds):
                    await self._seen.wait()
            except TimeoutError:
                return False
        return True

    def waits_for(self, attribute: Attribute[Any], component: str) -> bool:
        """Whether the attribute does not show yet what it should."""
        return component == self._component and attribute in self._attributes()

    def overtaken(self, newer: Expectation) -> bool:
        """Whether something newer sets what this waits for."""
        same = self._component == newer._component
        return same and not self._attributes().isdisjoint(newer._sets)

    def _attributes(self) -> set[Attribute[Any]]:
        return {a for effects in self._open for a, _ in effects}

    @override
    def __str__(self) -> str:
        """Say what does not show."""
        return ", ".join(
            f"{a.id} is still {self._state.get(a, self._component)!s}, not {v!s}"
            for effects in self._open
            for a, v in effects
        )


def judged(effects: Effects) -> Effects:
    """Return those effects that a device which does its duty must show.

    Level 0 is off to many, who keep their level; and white has no hue.
    """
    pale = any(a is ColorControl.saturation and v < PALE for a, v in effects)
    return [
        (a, v)
        for a, v in effects
        if not (a is SwitchLevel.level and v == 0) and not (a is ColorControl.hue and pale)
    ]


def close(attribute: Attribute[Any], value: Any, wanted: Any) -> bool:
    """Whether a value is as wanted, but for how devices round."""
    if isinstance(wanted, bool) or not isinstance(wanted, int | float):
        return bool(value == wanted)
    limits = attribute.schema.limits
    if attribute.step is not None:
        return math.isclose(value, wanted, abs_tol=attribute.step)
    span = (
        math.inf
        if limits.minimum is None or limits.maximum is None
        else limits.maximum - limits.minimum
    )
    return math.isclose(value, wanted, rel_tol=CLOSE, abs_tol=CLOSE * span if span <= WIDE else 0)
