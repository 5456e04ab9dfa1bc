"""The values of a device's attributes, and their subscribers."""

from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, is_dataclass
from functools import partial
import logging
from sys import getsizeof
from time import perf_counter
from typing import Any, cast

from ..capabilities.definition import Attribute
from ..capabilities.kinds import Kind
from ..capabilities.profile import MAIN, Profile
from ..diagnostics.trace import Trace
from ..timing.backlog import Backlog
from .guard import Labelled
from .unlisted import Unlisted

_LOGGER = logging.getLogger(__name__)

MAX_SIZE, MAX_SIZE_OF_COMPONENT = 64 * 1024, 8 * 1024
"""Bytes of memory that all texts and lists of a device may take, and more for each component."""
MAX_IMAGES = 8 * 1024 * 1024
"""Bytes that all images of a device may take."""
_SMALL = frozenset((bool, int, float, type(None)))

type StateKey = tuple[str, str]
"""Component and attribute id."""
type Subscriber = Callable[[], None]


@dataclass(slots=True)
class _Read:
    """A read that is under way."""

    state: State
    began_at: int
    """In the clock of the state."""
    is_first: bool
    """Whether it is the first of a connection."""
    told: set[StateKey] = field(default_factory=set[StateKey])
    """The attributes of which it has told a value."""


_READ: ContextVar[_Read | None] = ContextVar("read", default=None)
"""The read that is under way in this task."""


class State:
    """The values of one device's attributes.

    A wrong value is counted, and logged once; from then on, the attribute's value is unknown.
    """

    __slots__ = (
        "_clock",
        "_failed",
        "_owner",
        "_size",
        "_stamps",
        "_subscribers",
        "_told",
        "_trace",
        "_unlisted",
        "_values",
        "backlog",
        "is_proven",
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
        self._values: dict[StateKey, Any] = {}
        self._stamps: dict[StateKey, int] = {}
        self._size = 0
        """The memory that the texts and lists among the values take, in bytes."""
        self._subscribers: dict[StateKey, tuple[Subscriber, ...]] = {}
        self.backlog = Backlog() if backlog is None else backlog
        """The subscribers that have not been called yet, since one message changed so much."""
        self._failed = set[str]()
        """The attributes of which a subscriber has failed."""
        self._clock = 0
        self._told = set[StateKey]()
        """The attributes of which the last read of everything has told a value."""
        self.is_proven = False
        """Whether the identity of the connected device is proven; before, values are ignored."""
        self._unlisted = Unlisted(self)
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
        for attribute in attributes:
            key = component, attribute.id
            self._subscribers[key] = (*self._subscribers.get(key, ()), subscriber)
        return partial(self._unsubscribe, attributes, component, subscriber)

    def _unsubscribe(
        self, attributes: Sequence[Attribute[Any]], component: str, subscriber: Subscriber
    ) -> None:
        for attribute in attributes:
            key = component, attribute.id
            left = list(self._subscribers.pop(key))
            left.remove(subscriber)
            if left:
                self._subscribers[key] = tuple(left)

    def watch_unlisted(self, on_found: Callable[[], None]) -> None:
        """Call `on_found` when the device reports by itself what it has not listed."""
        self._unlisted.on_found = on_found

    def check_component(self, component: str) -> None:
        """Take note of a component that is said to be there; the profile may not have it."""
        self._unlisted.check_component(component)

    def take_unlisted(self) -> bool:
        """Return whether anything is still unlisted that has not been read about."""
        return self._unlisted.take()

    @contextmanager
    def reading(self, *, is_first: bool = False, of_all: bool = False) -> Generator[None]:
        """Mark the values that the current task emits as those of a read that begins now.

        They do not overwrite values that the device reports by itself in the meantime. `is_first`:
        it is the first read of a connection. `of_all`: it reads everything, so what it does not
        tell, though the last such read did, is unknown from now on.
        """
        self._clock += 1
        read = _Read(self, self._clock, is_first)
        token = _READ.set(read)
        try:
            yield
            if of_all:
                self._forget_untold(read)
        finally:
            _READ.reset(token)

    @property
    def is_reading(self) -> bool:
        """Whether the value that is emitted now comes from a read that waits for its replies."""
        return self._present_read() is not None

    @property
    def is_first_read(self) -> bool:
        """Whether the value that is emitted now comes from the first read of a connection.

        An event in such a read may have happened long ago.
        """
        read = self._present_read()
        return read is not None and read.is_first

    def _present_read(self) -> _Read | None:
        """Return the read of this device in the current task, if one is under way."""
        read = _READ.get()
        return read if read is not None and read.state is self else None

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
        if known is None and not self._has(attribute, component):
            self.reject(attribute, f"the profile has no such attribute on {component}", component)
            self._unlisted.check_component(component)
            return
        growth = 0
        if known is None or type(known) is not type(value) or known != value:
            try:
                value = attribute.schema.check(value)
                if type(value) not in _SMALL:
                    growth = self._growth(known, value)
            except ValueError as err:
                self.reject(attribute, str(err), component)
                return
        is_event = attribute.kind is Kind.EVENT
        if not is_event and self._is_outdated(key):
            return
        if is_event or known != value:
            self._values[key] = value
            self._size += growth
            shown = f"{len(value)} bytes" if isinstance(value, bytes) else value
            self._trace.add("emit", f"{component} {attribute.id}: {shown}")
            if attribute.options is not None:
                self._unlisted.check_value(attribute, component)
            self._notify(key, is_event=is_event)

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
        if (read := self._present_read()) is not None:
            read.told.add((component, attribute.id))

    def _forget(self, attribute: Attribute[Any], component: str) -> None:
        """Make a value unknown, unless a newer one is known; an event has happened anyway."""
        key = (component, attribute.id)
        if attribute.kind is Kind.EVENT or not self._has(attribute, component):
            return
        if not self._is_outdated(key):
            if (read := self._present_read()) is not None:
                read.told.discard(key)
            self._drop(key)

    def _forget_untold(self, read: _Read) -> None:
        for key in self._told - read.told:
            if self._stamps.get(key, 0) <= read.began_at:
                self._stamps[key] = read.began_at
                self._drop(key)
        self._told = read.told

    def _drop(self, key: StateKey) -> None:
        """Drop a value, and tell its subscribers."""
        if (known := self._values.pop(key, None)) is not None:
            self._size -= _size(known)
            self._trace.add("emit", f"{key[0]} {key[1]}: unknown")
            self._notify(key)

    def change_profile(self, profile: Profile) -> None:
        """Use another profile; drop the values of attributes that it does not have."""
        self.profile = profile
        keys = {
            (name, a.id)
            for name, component in profile.components.items()
            for c in component.capabilities
            for a in c.attributes
        }
        self._values = {k: v for k, v in self._values.items() if k in keys}
        self._unlisted.profile_changed()
        self._size = sum(_size(value) for value in self._values.values())
        self._stamps = {k: stamp for k, stamp in self._stamps.items() if k in keys}

    def replace_values(self, profile: Profile, renew: Callable[[Any], Any]) -> None:
        """Use the same profile of another driver; drop the values that do not fit it any more."""
        self.change_profile(profile)
        for name, component in profile.components.items():
            for attribute in (a for c in component.capabilities for a in c.attributes):
                if (key := (name, attribute.id)) in self._values:
                    try:
                        self._values[key] = attribute.schema.check(renew(self._values[key]))
                    except ValueError:
                        del self._values[key]
        self._size = sum(_size(value) for value in self._values.values())

    def forget(self, components: Collection[str]) -> None:
        """Drop the values of components, without a call of their subscribers."""
        if components:
            self._values = {k: v for k, v in self._values.items() if k[0] not in components}
            self._size = sum(_size(value) for value in self._values.values())

    def _growth(self, known: object, value: object) -> int:
        """Return the bytes that a new value takes more; raise ValueError if there is no room.

        Images have room of their own.
        """
        if isinstance(value, bytes):
            self._check_room_for_image(known, value)
        growth = _size(value) - _size(known)
        limit = MAX_SIZE + MAX_SIZE_OF_COMPONENT * len(self.profile.components)
        if growth > 0 and self._size + growth > limit:
            raise ValueError(f"the values of the device would take more than {limit} bytes")
        return growth

    def _check_room_for_image(self, known: object, image: bytes) -> None:
        kept = sum(len(v) for v in self._values.values() if isinstance(v, bytes) and v is not known)
        if kept + len(image) > MAX_IMAGES:
            raise ValueError(f"the images of the device would take more than {MAX_IMAGES} bytes")

    def _has(self, attribute: Attribute[Any], component: str) -> bool:
        known = self.profile.components.get(component)
        return known is not None and known.has(attribute)

    def _is_outdated(self, key: StateKey) -> bool:
        """Return whether a value is older than the known one; if not, stamp it as the newest."""
        if (read := self._present_read()) is None:
            self._clock += 1
            self._stamps[key] = self._clock
            return False
        read.told.add(key)
        if self._stamps.get(key, 0) > read.began_at:
            return True
        self._stamps[key] = read.began_at
        return False

    def _notify(self, key: StateKey, *, is_event: bool = False) -> None:
        backlog = self.backlog
        for subscriber in self._subscribers.get(key, ()):
            try:
                if backlog.waiting or perf_counter() > backlog.begins_at:
                    self._notify_later(key, subscriber, is_event=is_event)
                else:
                    subscriber()
            except Exception as err:  # noqa: BLE001  # the others get the value, too
                self._count_failure(key[1], err)

    def _notify_later(self, key: StateKey, subscriber: Subscriber, *, is_event: bool) -> None:
        call = partial(self._call, key, subscriber, self._values[key] if is_event else None)
        self.backlog.add(object() if is_event else (key, subscriber), call)

    def _call(self, key: StateKey, subscriber: Subscriber, event: object) -> None:
        """Call a subscriber, unless it has unsubscribed meanwhile or the attribute is gone.

        `event` is the value of an event, which others may have followed; None: it is no event.
        """
        is_gone = key not in self._values and key not in self._stamps
        if is_gone or subscriber not in self._subscribers.get(key, ()):
            return
        if event is not None:
            self._values[key] = event
        try:
            subscriber()
        except Exception as err:  # noqa: BLE001  # the others get the value, too
            self._count_failure(key[1], err)

    def _count_failure(self, attribute_id: str, err: Exception) -> None:
        """Log that a subscriber failed, once for each attribute."""
        if attribute_id not in self._failed:
            self._failed.add(attribute_id)
            shown = self._trace.privacy.loggable(err)
            label = self._owner.label
            _LOGGER.error("%s: a subscriber of %s failed", label, attribute_id, exc_info=shown)


def _size(value: object) -> int:
    """Return the memory that a text, or a list or object of texts, takes, in bytes."""
    if isinstance(value, str):
        return getsizeof(value)
    if isinstance(value, tuple):
        return getsizeof(value) + sum(map(_size, cast("tuple[object, ...]", value)))
    if is_dataclass(value):
        return getsizeof(value) + sum(_size(getattr(value, f.name)) for f in fields(value))
    return 0  # numbers, words and images
