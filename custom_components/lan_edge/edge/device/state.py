"""The values of a device's attributes, and their subscribers."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
import logging
from typing import Any

from ..capabilities.definition import Attribute
from ..capabilities.kinds import Kind
from ..capabilities.profile import MAIN, Profile
from ..diagnostics.trace import Trace
from ..timing.backlog import Backlog
from .bounded_values import BoundedValues
from .guard import Labelled
from .subscribers import Subscriber, Subscribers
from .unlisted import Unlisted
from .value_order import StateKey, ValueOrder

_LOGGER = logging.getLogger(__name__)

_SMALL = frozenset((bool, int, float, type(None)))


class State:
    """The values of one device's attributes.

    A wrong value is counted, and logged once; from then on, the attribute's value is unknown.
    """

    __slots__ = (
        "_order",
        "_owner",
        "_subscribers",
        "_trace",
        "_unlisted",
        "_values",
        "backlog",
        "is_proven",
        "on_told",
        "profile",
        "rejected",
    )

    def __init__(
        self, owner: Labelled, profile: Profile, trace: Trace, backlog: Backlog | None = None
    ) -> None:
        """Start without values; `owner` has the name of the device for the log."""
        self._owner = owner
        self.profile = profile
        self._trace = trace
        self._values = BoundedValues()
        self._order = ValueOrder()
        self.backlog = Backlog() if backlog is None else backlog
        """The subscribers that have not been called yet, since one message changed so much."""
        self._subscribers = Subscribers(owner, trace.privacy, self.backlog, self._restore)
        self.is_proven = False
        """Whether the identity of the connected device is proven; before, values are ignored."""
        self._unlisted = Unlisted(self)
        self.on_told: Callable[[str, Attribute[Any]], bool] = lambda _component, _attribute: False
        """Called for a value that the profile lacks; returns whether it has it from now on."""
        self.rejected: dict[str, tuple[int, str]] = {}
        """The count of refused values and the last reason, by attribute."""

    def get[T](self, attribute: Attribute[T], component: str = MAIN) -> T | None:
        """Return the last value, or None if no value is known."""
        value: T | None = self._values.get((component, attribute.id))
        return value

    def values(self) -> dict[StateKey, Any]:
        """Return every known value."""
        return dict(self._values)

    def subscribe(
        self, attribute: Attribute[Any], component: str, subscriber: Subscriber
    ) -> Callable[[], None]:
        """Call `subscriber` after each change of the attribute; return how to unsubscribe."""
        return self.subscribe_all((attribute,), component, subscriber)

    def subscribe_all(
        self, attributes: Sequence[Attribute[Any]], component: str, subscriber: Subscriber
    ) -> Callable[[], None]:
        """Call `subscriber` after each change of the attributes; return how to unsubscribe.

        It is called at once, or later if the driver has been emitting for longer than a slice: then
        in the same order, before the device's next message is handled where that can wait, and at
        the latest before a command or a read returns. Of several changes that happen meanwhile,
        only the last is seen; of events, each.
        """
        return self._subscribers.add(attributes, component, subscriber)

    def watch_unlisted(self, on_found: Callable[[], None]) -> None:
        """Call `on_found` when the device reports by itself what it has not listed."""
        self._unlisted.on_found = on_found

    def check_component(self, component: str) -> None:
        """Take note of a component that is said to be there; the profile may not have it."""
        self._unlisted.check_component(component)

    def take_unlisted(self) -> bool:
        """Return whether anything is still unlisted that has not been read about."""
        return self._unlisted.take()

    def reading(
        self, *, is_first: bool = False, of_all: bool = False
    ) -> AbstractContextManager[None]:
        """Mark the values that the current task emits as those of a read that begins now.

        They do not overwrite values that the device reports by itself in the meantime. `is_first`:
        it is the first read of a connection. `of_all`: it reads everything, so what it does not
        tell, though the last such read did, is unknown from now on.
        """
        return self._order.reading(is_first=is_first, drop=self._drop if of_all else None)

    @property
    def is_reading(self) -> bool:
        """Whether the value that is emitted now comes from a read that waits for its replies."""
        return self._order.is_reading

    @property
    def is_first_read(self) -> bool:
        """Whether the value that is emitted now comes from the first read of a connection.

        An event in such a read may have happened long ago.
        """
        return self._order.is_first_read

    def emit[T](self, attribute: Attribute[T], value: T | None, component: str = MAIN) -> None:
        """Set a value that the device reported, or None if it did not. Never raises.

        A wrong value is counted, and makes the value unknown, too.
        """
        if not self.is_proven:
            return
        if value is None:
            self._forget(attribute, component)
            return
        key = (component, attribute.id)
        known = self._values.get(key)
        is_new = known is None and not self._has(attribute, component)
        if is_new and not self.on_told(component, attribute):
            self.reject(attribute, f"the profile has no such attribute on {component}", component)
            self._unlisted.check_component(component)
            return
        growth = 0
        if known is None or type(known) is not type(value) or known != value:
            try:
                value = attribute.schema.check(value)
                if type(value) not in _SMALL:
                    growth = self._values.growth(known, value, len(self.profile.components))
            except ValueError as err:
                self.reject(attribute, str(err), component)
                return
        is_event = attribute.kind is Kind.EVENT
        if not is_event and self._order.is_outdated(key):
            return
        if is_event or known != value:
            self._values[key] = value
            self._values.size += growth
            shown = f"{len(value)} bytes" if isinstance(value, bytes) else value
            self._trace.add("emit", f"{component} {attribute.id}: {shown}")
            if attribute.options is not None:
                self._unlisted.check_value(attribute, component)
            self._subscribers.notify(key, value if is_event else None)

    def reject(self, attribute: Attribute[Any], reason: str, component: str = MAIN) -> None:
        """Count a value that cannot be used, and log the first one; the value is unknown."""
        count, _ = self.rejected.get(attribute.id, (0, ""))
        self.rejected[attribute.id] = (count + 1, reason)
        if not count:
            shown = self._trace.privacy.text(reason)
            _LOGGER.warning("%s: %s refused: %s", self._owner.label, attribute.id, shown)
        if self.is_proven:
            self._forget(attribute, component)

    def keep(self, attribute: Attribute[Any], component: str = MAIN) -> None:
        """Keep the last value, though the read that is under way does not tell it."""
        self._order.keep((component, attribute.id))

    def _forget(self, attribute: Attribute[Any], component: str) -> None:
        """Make a value unknown, unless a newer one is known; an event has happened anyway."""
        key = (component, attribute.id)
        if attribute.kind is Kind.EVENT or not self._has(attribute, component):
            return
        if not self._order.is_outdated(key):
            self._order.discard(key)
            self._drop(key)

    def _drop(self, key: StateKey) -> None:
        """Drop a value, and call its subscribers."""
        if self._values.drop(key):
            self._trace.add("emit", f"{key[0]} {key[1]}: unknown")
            self._subscribers.notify(key)

    def _restore(self, key: StateKey, event: object) -> bool:
        """Return whether the profile still has an attribute; other events may have followed one."""
        if key not in self._values and key not in self._order:
            return False
        if event is not None:
            self._values[key] = event
        return True

    def change_profile(self, profile: Profile) -> None:
        """Use another profile; drop the values of attributes that it does not have."""
        self.profile = profile
        keys = {
            (name, attribute.id)
            for name, component in profile.components.items()
            for attribute in component.attributes
        }
        self._values.retain(keys.__contains__)
        self._order.retain(keys)
        self._unlisted.profile_changed()

    def replace_values(self, profile: Profile, renew: Callable[[Any], Any]) -> None:
        """Use the same profile of another driver; drop the values that do not fit it any more."""
        self.change_profile(profile)
        for name, component in profile.components.items():
            for attribute in component.attributes:
                if (key := (name, attribute.id)) in self._values:
                    try:
                        self._values[key] = attribute.schema.check(renew(self._values[key]))
                    except ValueError:
                        del self._values[key]
        self._values.measure()

    def forget(self, components: Collection[str]) -> None:
        """Drop the values of components, without a call of their subscribers."""
        if components:
            self._values.retain(lambda key: key[0] not in components)

    def _has(self, attribute: Attribute[Any], component: str) -> bool:
        known = self.profile.components.get(component)
        return known is not None and known.has(attribute)
