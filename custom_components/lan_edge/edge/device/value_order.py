"""The order of a device's values: which of two values of an attribute is newer.

A report counts from when it arrives; what a read returns counts from when the read began, since the
device may have reported something newer in the meantime.
"""

from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

type StateKey = tuple[str, str]
"""Component and attribute id."""


@dataclass(slots=True)
class _Read:
    """A read that is under way."""

    order: ValueOrder
    began_at: int
    """In the clock of the order."""
    is_first: bool
    """Whether it is the first of a connection."""
    reported: set[StateKey] = field(default_factory=set[StateKey])
    """The attributes for which it has returned a value."""


_READ: ContextVar[_Read | None] = ContextVar("read", default=None)
"""The read that is under way in this task."""


class ValueOrder:
    """The order of the values of one device, and the reads that are under way."""

    __slots__ = ("_clock", "_last_reported", "_stamps")

    def __init__(self) -> None:
        """Start without values."""
        self._clock = 0
        self._stamps: dict[StateKey, int] = {}
        self._last_reported = set[StateKey]()
        """The attributes for which the last read of everything has returned a value."""

    def __contains__(self, key: StateKey) -> bool:
        """Return whether the attribute has had a value."""
        return key in self._stamps

    @property
    def is_reading(self) -> bool:
        """Whether the current task is in a read of this device."""
        return self._present_read() is not None

    @property
    def is_first_read(self) -> bool:
        """Whether the current task is in the first read of a connection."""
        read = self._present_read()
        return read is not None and read.is_first

    @contextmanager
    def reading(
        self, *, is_first: bool, drop: Callable[[StateKey], None] | None
    ) -> Generator[None]:
        """Mark the values of the current task as those of a read that begins now.

        `drop` is called in the end for each value that the last read with a `drop` has returned and
        this one has not, unless a newer one is known.
        """
        self._clock += 1
        read = _Read(self, self._clock, is_first)
        token = _READ.set(read)
        try:
            yield
            if drop is not None:
                self._drop_missing(read, drop)
        finally:
            _READ.reset(token)

    def _drop_missing(self, read: _Read, drop: Callable[[StateKey], None]) -> None:
        for key in self._last_reported - read.reported:
            if self._stamps.get(key, 0) <= read.began_at:
                self._stamps[key] = read.began_at
                drop(key)
        self._last_reported = read.reported

    def _present_read(self) -> _Read | None:
        """Return the read of this device in the current task, if one is under way."""
        read = _READ.get()
        return read if read is not None and read.order is self else None

    def is_outdated(self, key: StateKey) -> bool:
        """Return whether a value is older than the known one; if not, stamp it as the newest."""
        if (read := self._present_read()) is None:
            self._clock += 1
            self._stamps[key] = self._clock
            return False
        read.reported.add(key)
        if self._stamps.get(key, 0) > read.began_at:
            return True
        self._stamps[key] = read.began_at
        return False

    def keep(self, key: StateKey) -> None:
        """Count a value as returned by the read that is under way."""
        if (read := self._present_read()) is not None:
            read.reported.add(key)

    def discard(self, key: StateKey) -> None:
        """Count a value as not returned by the read that is under way."""
        if (read := self._present_read()) is not None:
            read.reported.discard(key)

    def retain(self, keys: Collection[StateKey]) -> None:
        """Forget all attributes but these."""
        self._stamps = {key: stamp for key, stamp in self._stamps.items() if key in keys}
