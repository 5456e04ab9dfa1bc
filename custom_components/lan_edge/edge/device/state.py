"""The values of a device's attributes: the only way in, and who is told of changes."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
import logging
from typing import Any

from ..capabilities.definition import Attribute, Kind
from ..capabilities.profile import MAIN, Profile
from ..diagnostics.trace import Trace

_LOGGER = logging.getLogger(__name__)

_ASKING: ContextVar[tuple[State, int, bool] | None] = ContextVar("asking", default=None)
"""Whose read is under way in this task, when it began, and whether it is a connection's first."""

type StateKey = tuple[str, str]
"""Component and attribute id."""
type Subscriber = Callable[[], None]


class State:
    """The attributes of one device. Wrong values stay out: counted, and logged once."""

    __slots__ = (
        "_clock",
        "_owner",
        "_stamps",
        "_subscribers",
        "_trace",
        "_values",
        "is_proven",
        "profile",
        "rejected",
    )

    def __init__(self, owner: str, profile: Profile, trace: Trace) -> None:
        """Start with nothing known; `owner` names the device and its driver in the log."""
        self._owner = owner
        self.profile = profile
        self._trace = trace
        self._values: dict[StateKey, Any] = {}
        self._stamps: dict[StateKey, int] = {}
        self._subscribers: dict[StateKey, list[Subscriber]] = {}
        self._clock = 0
        self.is_proven = False
        """Whether the right device is connected; otherwise nothing is taken."""
        self.rejected: dict[str, tuple[int, str]] = {}
        """The values refused, by attribute: how many, and the last reason."""

    def get[T](self, attribute: Attribute[T], component: str = MAIN) -> T | None:
        """Return the last value, or None if none is known."""
        value: T | None = self._values.get((component, attribute.id))
        return value

    def values(self) -> dict[StateKey, Any]:
        """Return every known value."""
        return dict(self._values)

    def subscribe(
        self, attribute: Attribute[Any], component: str, subscriber: Subscriber
    ) -> Callable[[], None]:
        """Call `subscriber` after each change of the attribute; return what ends that."""
        return self.subscribe_all((attribute,), component, subscriber)

    def subscribe_all(
        self, attributes: Sequence[Attribute[Any]], component: str, subscriber: Subscriber
    ) -> Callable[[], None]:
        """Call `subscriber` after each change of one of the attributes; return what ends that."""
        for attribute in attributes:
            self._subscribers.setdefault((component, attribute.id), []).append(subscriber)
        return partial(self._unsubscribe, attributes, component, subscriber)

    def _unsubscribe(
        self, attributes: Sequence[Attribute[Any]], component: str, subscriber: Subscriber
    ) -> None:
        for attribute in attributes:
            self._subscribers[component, attribute.id].remove(subscriber)

    @contextmanager
    def asking(self, *, is_first: bool = False) -> Generator[None]:
        """Mark what the current task emits as answers to a read that begins now.

        Such an answer does not overwrite what the device reported by itself meanwhile. `is_first`:
        it is the first read of a connection.
        """
        self._clock += 1
        token = _ASKING.set((self, self._clock, is_first))
        try:
            yield
        finally:
            _ASKING.reset(token)

    @property
    def is_first_read(self) -> bool:
        """Whether what is emitted now belongs to a connection's first read.

        An event that such a read tells may have happened long ago.
        """
        owner, _, is_first = _ASKING.get() or (None, 0, False)
        return owner is self and is_first

    def emit[T](self, attribute: Attribute[T], value: T, component: str = MAIN) -> None:
        """Take a value from the device. Never raises: a wrong one is refused and counted."""
        if not self.is_proven:
            return
        key = (component, attribute.id)
        known = self._values.get(key)
        if known is None and not self._has(attribute, component):
            self.reject(attribute, f"the profile has no such attribute on {component}")
            return
        if known is None or type(known) is not type(value) or known != value:
            try:
                value = attribute.schema.check(value)
            except ValueError as err:
                self.reject(attribute, str(err))
                return
        is_event = attribute.kind is Kind.EVENT
        if not is_event and self._is_outdated(key):
            return
        if is_event or known != value:
            self._values[key] = value
            self._trace.add("emit", f"{component} {attribute.id}: {_brief(value)}")
            self._tell(key)

    def reject(self, attribute: Attribute[Any], reason: str) -> None:
        """Count a value that cannot be taken, and log the first one."""
        count, _ = self.rejected.get(attribute.id, (0, ""))
        self.rejected[attribute.id] = (count + 1, reason)
        if not count:
            _LOGGER.warning("%s: %s refused: %s", self._owner, attribute.id, reason)

    def change_profile(self, profile: Profile) -> None:
        """Use another profile; the values of what it does not have are dropped."""
        self.profile = profile
        keys = {
            (name, a.id)
            for name, part in profile.components.items()
            for c in part.capabilities
            for a in c.attributes
        }
        self._values = {k: v for k, v in self._values.items() if k in keys}

    def _has(self, attribute: Attribute[Any], component: str) -> bool:
        part = self.profile.components.get(component)
        return part is not None and part.has(attribute)

    def _is_outdated(self, key: StateKey) -> bool:
        """Return whether a value answers an older read than what is known already; stamp it."""
        asking = _ASKING.get()
        if asking is None or asking[0] is not self:
            self._clock += 1
            self._stamps[key] = self._clock
            return False
        asked_at = asking[1]
        if self._stamps.get(key, 0) > asked_at:
            return True
        self._stamps[key] = asked_at
        return False

    def _tell(self, key: StateKey) -> None:
        for subscriber in tuple(self._subscribers.get(key, ())):
            try:
                subscriber()
            except Exception:
                _LOGGER.exception("%s: a subscriber of %s failed", self._owner, key[1])


def _brief(value: object) -> object:
    """Return what the trace keeps of a value: of an image, its size."""
    return f"{len(value)} bytes" if isinstance(value, bytes) else value
