"""What a device's attributes are: the one place where values come in, and who is told."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
import logging
from typing import Any

from .capability import Attribute, Kind
from .profile import MAIN, Profile
from .trace import Trace

_LOGGER = logging.getLogger(__name__)

_ASKED: ContextVar[tuple[State, int, bool] | None] = ContextVar("asked", default=None)

type Key = tuple[str, str]
"""Component and attribute id."""
type Listener = Callable[[], None]


class State:
    """The attributes of one device. Wrong values stay out: counted, and logged once."""

    def __init__(self, owner: str, profile: Profile, trace: Trace) -> None:
        """Start with nothing known; `owner` names the device and its driver in the log."""
        self._owner = owner
        self.profile = profile
        self._trace = trace
        self._values: dict[Key, Any] = {}
        self._stamps: dict[Key, int] = {}
        self._listeners: dict[Key, list[Listener]] = {}
        self._clock = 0
        self.proven = False
        """Whether it is the right device that talks; else nothing is taken from it."""
        self.rejected: dict[str, tuple[int, str]] = {}
        """What was refused: how often, and the last reason."""

    def get[T](self, attribute: Attribute[T], component: str = MAIN) -> T | None:
        """Return the last value, or None if none is known."""
        found: T | None = self._values.get((component, attribute.id))
        return found

    def values(self) -> dict[Key, Any]:
        """Return every known value."""
        return dict(self._values)

    def subscribe(
        self, attribute: Attribute[Any], component: str, listener: Listener
    ) -> Callable[[], None]:
        """Call `listener` after each change of the attribute; return what ends that."""
        return self.subscribe_all((attribute,), component, listener)

    def subscribe_all(
        self, attributes: Sequence[Attribute[Any]], component: str, listener: Listener
    ) -> Callable[[], None]:
        """Call `listener` after each change of one of the attributes; return what ends that."""
        for attribute in attributes:
            self._listeners.setdefault((component, attribute.id), []).append(listener)
        return partial(self._unsubscribe, attributes, component, listener)

    def _unsubscribe(
        self, attributes: Sequence[Attribute[Any]], component: str, listener: Listener
    ) -> None:
        for attribute in attributes:
            self._listeners[component, attribute.id].remove(listener)

    @contextmanager
    def asking(self, *, first: bool = False) -> Generator[None]:
        """Mark what the task emits meanwhile as asked for now, `first` thing in a connection.

        Such an answer is older than anything that comes in on its own before it.
        """
        self._clock += 1
        token = _ASKED.set((self, self._clock, first))
        try:
            yield
        finally:
            _ASKED.reset(token)

    @property
    def looks_back(self) -> bool:
        """Whether what is emitted now was read first thing in a connection.

        What happened, as such a read says, may be long past.
        """
        owner, _, first = _ASKED.get() or (None, 0, False)
        return owner is self and first

    def emit[T](self, attribute: Attribute[T], value: T, component: str = MAIN) -> None:
        """Take a value from the device. Never raises: a wrong one is refused and counted."""
        if not self.proven:
            return
        key = (component, attribute.id)
        known = self._values.get(key)
        if known is None and not self._has(attribute, component):
            self._reject(attribute, f"the profile has no such attribute on {component}")
            return
        if known is None or type(known) is not type(value) or known != value:
            try:
                value = attribute.schema.check(value)
            except ValueError as err:
                self._reject(attribute, str(err))
                return
        happened = attribute.kind is Kind.EVENT
        if not happened and self._outdated(key):
            return
        if happened or known != value:
            self._values[key] = value
            self._trace.add("emit", f"{component} {attribute.id}: {brief(value)}")
            self._tell(key)

    def _has(self, attribute: Attribute[Any], component: str) -> bool:
        part = self.profile.components.get(component)
        return part is not None and part.has(attribute)

    def forget(self, profile: Profile) -> None:
        """Go over to another profile; the values of what is gone are dropped."""
        self.profile = profile
        ids = {
            (name, a.id)
            for name, part in profile.components.items()
            for c in part.capabilities
            for a in c.attributes
        }
        self._values = {k: v for k, v in self._values.items() if k in ids}

    def _outdated(self, key: Key) -> bool:
        asking = _ASKED.get()
        if asking is None or asking[0] is not self:
            self._clock += 1
            self._stamps[key] = self._clock
            return False
        asked = asking[1]
        if self._stamps.get(key, 0) > asked:
            return True
        self._stamps[key] = asked
        return False

    def _tell(self, key: Key) -> None:
        for listener in tuple(self._listeners.get(key, ())):
            try:
                listener()
            except Exception:
                _LOGGER.exception("%s: a listener of %s failed", self._owner, key[1])

    def _reject(self, attribute: Attribute[Any], reason: str) -> None:
        count, _ = self.rejected.get(attribute.id, (0, ""))
        self.rejected[attribute.id] = (count + 1, reason)
        if not count:
            _LOGGER.warning("%s: %s refused: %s", self._owner, attribute.id, reason)


def brief(value: object) -> object:
    """Return what the trace keeps of a value: of an image, how long it is."""
    return f"{len(value)} bytes" if isinstance(value, bytes) else value
