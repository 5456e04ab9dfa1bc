"""Waits until the results of commands show in the state."""

import asyncio
import math
from typing import Any, override

from ..capabilities.definition import Attribute
from ..capabilities.spelling import uncamel
from ..errors import EdgeError
from ..timing.lazy_event import LazyEvent
from .state import State

type Effects = list[tuple[Attribute[Any], Any]]
"""The attributes that a command sets, with their new values."""

TOLERANCE = 0.1
"""Devices round, so a number may differ by this fraction of itself or of its range."""
WIDE_RANGE = 1000
"""A wider range says nothing about how a device rounds."""


class Confirmation:
    """Waits until the results of some commands show: each attribute has its new value, or nearly.

    A number also counts if it is closer to the new value than before: a lamp that is still dimming
    has accepted the command. If it moved away, something else changed it. A value that is neither a
    number nor on or off counts as soon as it changes. An attribute that the device has never
    reported cannot be checked, and counts as shown.
    """

    __slots__ = ("_before", "_component", "_failure", "_open", "_settled", "_state", "callers")

    def __init__(self, state: State, component: str, commands: list[Effects]) -> None:
        """Remember the current state, before the commands are sent; `commands` are `observable`."""
        self._state = state
        self._component = component
        self._open = commands
        """The effects of the commands that do not show yet."""
        self._before = {
            attribute: state.get(attribute, component)
            for effects in commands
            for attribute, wanted in effects
            if type(wanted) is not bool
        }
        self._settled: LazyEvent | None = None
        self.callers = 0
        """How many callers wait, including those whose requests were replaced."""
        self._failure: EdgeError | None = None

    @property
    def is_over(self) -> bool:
        """Whether all results showed at the last `update`, or waiting was stopped."""
        return not self._open

    def update(self) -> bool:
        """Check which results show now; return whether all do."""
        self._open = [effects for effects in self._open if not self._shows(effects)]
        return not self._open

    def _shows(self, effects: Effects) -> bool:
        is_missing = False
        for attribute, wanted in effects:
            now = self._state.get(attribute, self._component)
            if now == wanted or now is None or is_close(attribute, now, wanted):
                continue
            if is_approaching(attribute, self._before.get(attribute), now, wanted):
                return True
            is_missing = True
        return not is_missing

    def close(self) -> None:
        """Stop waiting and end the waits: a newer command replaces it, or the time is over."""
        self._open = []
        if self._settled is not None:
            self._settled.set()

    def fail(self, failure: EdgeError) -> None:
        """Let all callers that wait raise `failure`, which one of them met."""
        self._failure = failure
        self.close()

    async def wait(self, seconds: float) -> bool:
        """Wait at most `seconds` until all results show; return whether no more is to show."""
        is_shown = self.update() or (bool(seconds) and await self._is_shown_within(seconds))
        if self._failure is not None:
            raise self._failure
        return is_shown

    async def _is_shown_within(self, seconds: float) -> bool:
        unsubscribes = [
            self._state.subscribe(a, self._component, self._changed) for a in self._attributes
        ]
        self._settled = settled = self._settled or LazyEvent()
        try:
            async with asyncio.timeout(seconds):
                await settled.wait()
        except TimeoutError:
            return False
        finally:
            for unsubscribe in unsubscribes:
                unsubscribe()
        return True

    def _changed(self) -> None:
        if self.update():
            self.close()

    def open_attributes(self, component: str) -> set[Attribute[Any]]:
        """Return the attributes of the component that do not show their new values yet."""
        return self._attributes if component == self._component else set()

    @property
    def _attributes(self) -> set[Attribute[Any]]:
        return {attribute for effects in self._open for attribute, _ in effects}

    @override
    def __str__(self) -> str:
        """Describe the results that do not show: "stayed off", or else "its level is still ..."."""
        missing = [
            (attribute, now, wanted)
            for effects in self._open
            for attribute, wanted in effects
            if not is_close(attribute, now := self._state.get(attribute, self._component), wanted)
        ]
        switches = [each for each in missing if _is_switch(each[0])]
        return " and ".join(dict.fromkeys(_unchanged(*each) for each in switches or missing))


def _unchanged(attribute: Attribute[Any], now: object, wanted: object) -> str:
    """Describe in words that an attribute has not taken the value that is wanted."""
    if attribute.words is not None and _is_switch(attribute):
        return f"stayed {attribute.words[bool(now)]}"
    values = (_in_words(value, attribute.unit) for value in (now, wanted))
    return f"its {uncamel(attribute.name)} is still {', not '.join(values)}"


def _is_switch(attribute: Attribute[Any]) -> bool:
    return attribute.schema.type is bool and attribute.words is not None


def _in_words(value: object, unit: str | None) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    return f"{text} {unit}" if unit else text


def observable(effects: Effects) -> Effects:
    """Return the effects that a device must report if it carries out the command."""
    wanted = dict(effects)
    return [
        (attribute, value)
        for attribute, value in effects
        if (attribute.off_value is None or value != attribute.off_value)
        and not _is_meaningless(attribute, wanted)
    ]


def _is_meaningless(attribute: Attribute[Any], wanted: dict[Attribute[Any], Any]) -> bool:
    if attribute.meaningless_below is None:
        return False
    other, least = attribute.meaningless_below
    return other in wanted and bool(wanted[other] < least)


def is_approaching(attribute: Attribute[Any], before: Any, now: Any, wanted: Any) -> bool:
    """Return whether a value has changed towards the one that is wanted."""
    if now == before or isinstance(wanted, bool):
        return False
    if not isinstance(wanted, int | float) or before is None or attribute.circular:
        return True
    return bool(abs(now - wanted) < abs(before - wanted))


def is_close(attribute: Attribute[Any], value: Any, wanted: Any) -> bool:
    """Return whether a value is the wanted one, allowing for the rounding of devices."""
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
