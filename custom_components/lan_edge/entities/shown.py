"""The components of a device that are shown: they follow its profile, within limits.

A device decides which components it has. Home Assistant takes about a millisecond to add an entity,
and remembers each that was removed, so changes are made a few at a time, in slices, and there are
limits for the number of components, for that of new ones, and for that of changes.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice, zip_longest
from sys import getsizeof
from typing import Any

from homeassistant.core import HomeAssistant, callback

from lan_edge import Component, Device, Driver, run_in_slices

from ..const import DOMAIN
from .budget import Budget
from .mapping import EntitySpec, component_specs

MAX_SHOWN = 128
"""The most components that are shown, in addition to those that the driver declares."""
MAX_NEW = 64
"""The most components that are shown for the first time, within `PERIOD`."""
PERIOD = 3600.0
"""Seconds."""
MAX_KNOWN = 512
"""How many components are remembered as having been shown before."""
MAX_KNOWN_SIZE = 64 * 1024
"""The most bytes of memory that their ids may take."""
CHANGES_AT_ONCE = 2 * MAX_SHOWN
"""The most changes at once: all that is shown may go, and come back."""
INTERVAL = 10.0
"""Seconds after which one more change is allowed."""
AT_A_TIME = 4
"""The most components that change without a pause."""
PAUSE = 0.05
"""Seconds of a pause, so that changes take only a part of the processor."""
RETRY = 60.0
"""Seconds until what waits for a limit is tried again."""


@dataclass(frozen=True, slots=True)
class ShownComponent:
    """A component that is shown, and its entities."""

    component: Component
    driver: type[Driver[Any]]
    """The driver or sub-driver, which decides what its entities can do."""
    specs: tuple[EntitySpec, ...] = field(compare=False)


class ShownComponents:
    """The components of one device that are shown."""

    __slots__ = (
        "_budget",
        "_device",
        "_hass",
        "_is_stopped",
        "_known",
        "_new_at",
        "_on_change",
        "_on_limit",
        "_retry",
        "_task",
        "components",
    )

    def __init__(
        self,
        hass: HomeAssistant,
        device: Device,
        on_change: Callable[[Collection[str]], Iterator[object]],
        on_limit: Callable[[bool], None],
    ) -> None:
        """Show nothing yet.

        `on_change` is called with the components that were added, replaced or removed, and returns
        the steps of what is to be done; `on_limit` with whether components wait for a limit.
        """
        self._hass = hass
        self._device = device
        self._on_change = on_change
        self._on_limit = on_limit
        self.components: dict[str, ShownComponent] = {}
        """The components that are shown, by their ids."""
        self._known: dict[str, None] = {}
        """The components that were shown before, the latest last."""
        self._new_at: list[float] = []
        """When the last new components were shown, on the event loop's clock."""
        self._budget = Budget(CHANGES_AT_ONCE, INTERVAL, hass.loop.time)
        self._task: asyncio.Task[None] | None = None
        self._retry: asyncio.TimerHandle | None = None
        self._is_stopped = False

    def start(self, is_registered: Callable[[EntitySpec], bool]) -> Iterator[object]:
        """Show the stored profile, in steps: what has registered entities first, within limits."""
        names, declared = self._device.profile.components, self._declared
        is_new = dict[str, bool]()
        for name in names:
            if name not in declared:
                is_new[name] = not any(map(is_registered, component_specs(self._device, name)))
                yield None
        chosen = {*declared, *sorted(is_new, key=is_new.__getitem__)[:MAX_SHOWN]}
        for name in names:
            if name in chosen:
                self._update([name])
                yield None
        self._check_limit()

    @callback
    def follow(self) -> None:
        """Follow the device's profile: begin at once, and go on for as long as it changes."""
        if not self._is_stopped and (self._task is None or self._task.done()):
            self._task = self._hass.async_create_task(self._follow(), f"{DOMAIN} profile")

    async def driver_replaced(self) -> None:
        """Show at once what the device's new driver can do; the user has replaced it.

        What comes or goes with its profile follows as always.
        """
        present = self._device.profile.components
        names = [name for name in self.components if name in present]
        self._update(names)
        await run_in_slices(self._on_change(names))
        self.follow()

    @callback
    def stop(self) -> None:
        """Follow the profile no longer."""
        self._is_stopped = True
        if self._task is not None:
            self._task.cancel()
        if self._retry is not None:
            self._retry.cancel()

    async def _follow(self) -> None:
        while names := self._next_changes():
            self._count(names)
            self._update(names)
            await run_in_slices(self._on_change(names))
            self._check_limit()  # here too: there may be no end to the changes
            await asyncio.sleep(PAUSE)
        self._check_limit()
        if self._retry is None and next(self._changes(), None) is not None:
            self._retry_later()

    def _next_changes(self) -> list[str]:
        """Return the components to change now; none if too many have changed lately."""
        is_allowed = self._budget.left >= AT_A_TIME  # fewer might always be of the same kind
        return list(islice(self._changes(), AT_A_TIME if is_allowed else 0))

    def _changes(self) -> Iterator[str]:
        """Yield the components to remove, then those to add and to replace, in turn."""
        wanted, shown = self._device.profile.components, self.components
        gone = (name for name in shown if name not in wanted)
        changed = (name for name in shown if name in wanted and self._is_outdated(name))
        pairs = zip_longest(self._admitted(), changed)
        return chain(gone, (name for pair in pairs for name in pair if name is not None))

    def _is_outdated(self, name: str) -> bool:
        shown = self.components[name]
        is_same = shown.component == self._device.profile.components[name]
        return not is_same or shown.driver is not type(self._device.driver)

    def _admitted(self) -> Iterator[str]:
        """Yield the components that the limits allow to add, after all that is gone is removed."""
        wanted, declared = self._device.profile.components, self._declared
        room = MAX_SHOWN - sum(n in wanted and n not in declared for n in self.components)
        now = self._hass.loop.time()
        room_for_new = MAX_NEW - sum(now - then < PERIOD for then in self._new_at)
        for name in self._waiting():
            if name in declared:
                yield name
            elif room > 0 and (room_for_new > 0 or not self._is_new(name)):
                room -= 1
                room_for_new -= self._is_new(name)
                yield name

    def _is_new(self, name: str) -> bool:
        return name not in self._known and name not in self._declared

    def _count(self, names: Collection[str]) -> None:
        """Count components that are about to change."""
        self._budget.spend(len(names))
        now, waiting = self._hass.loop.time(), set(self._waiting())
        new = [now for name in names if name in waiting and self._is_new(name)]
        self._new_at = [*self._new_at, *new][-MAX_NEW:]

    def _waiting(self) -> Iterator[str]:
        return (name for name in self._device.profile.components if name not in self.components)

    @property
    def _declared(self) -> Collection[str]:
        """The components that the driver itself declares."""
        return type(self._device.driver).profile.components

    def _update(self, names: Iterable[str]) -> None:
        """Take these components from the device's profile, or remove them with it."""
        device = self._device
        components, driver = device.profile.components, type(device.driver)
        for name in names:
            if name not in components:
                del self.components[name]
                continue
            specs = component_specs(device, name)
            self.components.pop(name, None)  # the latest change is the last
            self.components[name] = ShownComponent(components[name], driver, specs)
            self._remember(name)

    def _remember(self, name: str) -> None:
        self._known.pop(name, None)
        self._known[name] = None
        while len(self._known) > MAX_KNOWN or sum(map(getsizeof, self._known)) > MAX_KNOWN_SIZE:
            del self._known[next(iter(self._known))]

    def _check_limit(self) -> None:
        """Report whether components wait; as long as they do, try again every minute."""
        if self._retry is None:
            is_limited = _length(self._admitted()) < _length(self._waiting())
            self._on_limit(is_limited)
            if is_limited:
                self._retry_later()

    def _retry_later(self) -> None:
        self._retry = self._hass.loop.call_later(RETRY, self._try_again)

    @callback
    def _try_again(self) -> None:
        self._retry = None
        self.follow()


def _length(names: Iterator[str]) -> int:
    return sum(1 for _ in names)
