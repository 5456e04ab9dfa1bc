"""Waits until the results of commands show in the state."""

import asyncio
from collections.abc import Mapping
from functools import reduce
from string.templatelib import Template
from typing import Any

from ..capabilities.definition import Attribute
from ..capabilities.spelling import uncamel
from ..errors import EdgeError
from ..sentences import Said, said
from ..timing.lazy_event import LazyEvent
from ..timing.moving_timeout import moving_timeout
from .closeness import are_numbers, is_approaching, is_close, is_rounded, is_towards
from .state import State

type Effects = list[tuple[Attribute[Any], Any]]
"""The attributes that a command sets, with their new values."""
type Rounded = dict[tuple[str, str], tuple[Any, Any]]
"""By component and attribute id: a number that was wanted last, and that which the device chose."""
_STAYED: Mapping[str, Template] = {
    "closed": t"closed",
    "disabled": t"disabled",
    "enabled": t"enabled",
    "muted": t"muted",
    "off": t"off",
    "on": t"on",
    "open": t"open",
    "unmuted": t"unmuted",
}
"""The words of what can be switched, to be said in other languages."""


class Confirmation:
    """Waits until the results of some commands show: each attribute has its new value, or nearly.

    A number that is near the new value counts only if it has moved towards it: a device that stays
    where it was has not obeyed, however near that is. If it stays, it counts only once it was read
    after the commands, and if the device may not be able to come closer (`is_rounded`), or has
    chosen the same number before when the same one was wanted (`Rounded`). A number that is still
    far from the new value also counts if it has come closer: a lamp that is dimming has accepted
    the command. If it moved away, something else changed it. A value that is neither a number nor
    on or off counts as soon as it changes, except to another one of those that the device lists. An
    attribute that the device has never reported cannot be checked, and counts as shown.
    """

    __slots__ = (
        "_before",
        "_effects",
        "_failure",
        "_open",
        "_rounded",
        "_settled",
        "_state",
        "callers",
        "component",
        "newer",
        "replaces",
        "seconds",
        "sent_at",
        "slow",
        "was_read",
        "within",
    )

    def __init__(
        self, state: State, component: str, commands: list[Effects], rounded: Rounded
    ) -> None:
        """Remember the current state, before the commands are sent; `commands` are `observable`.

        `rounded` is what all confirmations of the device have in common.
        """
        self._state = state
        self.component = component
        self._effects = commands
        self._open = commands
        """The effects of the commands that do not show yet."""
        self._before = {
            attribute: state.get(attribute, component)
            for effects in commands
            for attribute, _ in effects
        }
        self._rounded = rounded
        for attribute, before in self._before.items():
            if rounded.get(key := (component, attribute.id), (None, before))[1] != before:
                del rounded[key]  # it was on its way, or was changed since
        self.sent_at = asyncio.get_running_loop().time()
        """When the commands were sent, or a little earlier."""
        self.was_read = False
        """Whether the device was read after the commands."""
        self.slow: Effects = []
        """More effects, which are not waited for."""
        self.seconds = self.within = 0.0
        """The seconds that the changes take, as far as the caller has said; the longest wait."""
        self._settled: LazyEvent | None = None
        self.callers = 0
        """How many callers wait, including those whose requests were replaced."""
        self._failure: EdgeError | None = None
        self.replaces: list[Confirmation] = []
        """Those of older commands whose place this one takes once its commands are carried out."""
        self.newer: Confirmation | None = None
        """The one that has taken its place: what becomes of that counts for both."""

    @property
    def is_over(self) -> bool:
        """Whether all results showed at the last `update`, or waiting was stopped."""
        return not self._open

    def update(self) -> bool:
        """Check which results show now; return whether all do."""
        self._open = [effects for effects in self._open if not self._shows(effects)]
        return not self._open

    @property
    def is_shown(self) -> bool:
        """Whether all results show now, also if a newer one has taken its place."""
        return all(map(self._shows, self._effects))

    def _shows(self, effects: Effects) -> bool:
        is_missing = False
        for attribute, wanted in effects:
            now, before = self._state.get(attribute, self.component), self._before[attribute]
            if self._has(attribute, wanted):
                continue
            if before is None:
                self._before[attribute] = now  # its first report: any movement begins here
                if self._has(attribute, wanted):
                    continue  # on its way, or as near as the device can come
            elif self._is_approaching(attribute, before, now, wanted):
                return True
            is_missing = True
        return not is_missing

    def _has(self, attribute: Attribute[Any], wanted: Any) -> bool:
        """Return whether an attribute has the value that is wanted, or nearly."""
        now, before = self._state.get(attribute, self.component), self._before[attribute]
        if now == wanted:
            return True
        if now is None:
            return before is None
        if now == before:
            has_rounded = self._rounded.get((self.component, attribute.id)) == (wanted, now)
            may_stay = has_rounded or is_rounded(attribute, now, self._soon(now, wanted))
            return self.was_read and may_stay
        if before is None or not is_close(attribute, now, wanted):
            return is_close(attribute, now, wanted)
        if has_moved := is_towards(attribute, before, now, wanted):
            self._rounded[self.component, attribute.id] = wanted, now
        return has_moved

    def _soon(self, now: Any, wanted: Any) -> Any:
        """Return which value to expect by the end of the wait, since the change may take longer."""
        if self.seconds <= self.within or not are_numbers(now, wanted):
            return wanted
        return now + (wanted - now) * self.within / self.seconds

    def _is_approaching(
        self, attribute: Attribute[Any], before: Any, now: Any, wanted: Any
    ) -> bool:
        """Return whether a value has changed towards the one that is wanted.

        Another value of those that the device lists is not on the way to the wanted one.
        """
        listed: Any = attribute.options and self._state.get(attribute.options, self.component)
        is_another = bool(listed) and now in listed and wanted in listed
        return now is not None and not is_another and is_approaching(attribute, before, now, wanted)

    @property
    def on_the_way(self) -> Effects:
        """The effects of which the values are not those that are wanted, though they may show."""
        every = [*self.slow, *(each for effects in self._effects for each in effects)]
        return [(a, wanted) for a, wanted in every if not self._is_settled(a, wanted)]

    def _is_settled(self, attribute: Attribute[Any], wanted: Any) -> bool:
        now = self._state.get(attribute, self.component)
        return now is None or now == wanted or is_rounded(attribute, now, wanted)

    def take_over(self) -> None:
        """Take the place of older ones: the device has accepted what is newer."""
        for older in self.replaces:
            if not older.is_over:
                older.newer = self
                older.close()
        self.replaces = []

    def close(self) -> None:
        """Stop waiting and end the waits: a newer one takes its place, or the time is over."""
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
            self._state.subscribe(a, self.component, self._changed) for a in self._attributes
        ]
        self._settled = settled = self._settled or LazyEvent()
        try:
            until = asyncio.get_running_loop().time() + seconds
            async with moving_timeout(lambda: until):
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
        return self._attributes if component == self.component else set()

    @property
    def _attributes(self) -> set[Attribute[Any]]:
        return {attribute for effects in self._open for attribute, _ in effects}

    @property
    def words(self) -> Said:
        """The results that do not show: "stayed off", or else "its level is still ...".

        It is empty if all show, or if waiting was stopped.
        """
        missing = [
            (attribute, self._state.get(attribute, self.component), wanted)
            for effects in self._open
            for attribute, wanted in effects
            if not self._has(attribute, wanted)
        ]
        switches = [each for each in missing if _is_switch(each[0])]
        described = [*dict.fromkeys(_unchanged(*each) for each in switches or missing)] or [
            said("")
        ]
        return reduce(lambda words, more: said(t"{words} and {more}"), described)


def _unchanged(attribute: Attribute[Any], now: object, wanted: object) -> Said:
    """Describe in words that an attribute has not taken the value that is wanted."""
    name = said(uncamel(attribute.name) if attribute.noun is None else attribute.noun)
    expected = _in_words(wanted, attribute.unit)
    if now is None:
        return said(t"its {name} is unknown, not {expected}")
    if attribute.words is not None and _is_switch(attribute):
        word = said(_STAYED.get(attribute.words[bool(now)], attribute.words[bool(now)]))
        return said(t"stayed {word}")
    present = _in_words(now, attribute.unit)
    return said(t"its {name} is still {present}, not {expected}")


def _is_switch(attribute: Attribute[Any]) -> bool:
    return attribute.schema.type is bool and attribute.words is not None


def _in_words(value: object, unit: str | None) -> Said:
    if isinstance(value, bool):
        return said(t"on") if value else said(t"off")
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    return said(f"{text} {unit}" if unit else text)


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
