"""A log of the messages between a device and its hub: the last entries, for people to read."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import batched
import logging
import time
from typing import Any

from ..network.text import printable
from .failures import place_of
from .privacy import Privacy
from .redaction import CUT

_LOGGER = logging.getLogger(__name__)

MAX_ENTRIES = 200
MAX_ENTRY = 500
"""An entry is cut to this many characters, or bytes if not all of them are ASCII."""
_FIELDS = 3
"""The number of fields of an entry: time, kind and content."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message, command, value or event."""

    at: float
    """When it happened, in seconds since the epoch."""
    kind: str
    """What it is, in one word, such as `sent`, `received`, `command` or `emit`."""
    text: str
    """The content, cut to a bounded length; without secrets, unprintable characters escaped."""


class Trace:
    """The last entries of one device; subscribers receive each new one."""

    __slots__ = ("_fields", "_oldest", "_subscribers", "privacy")

    def __init__(self, privacy: Privacy | None = None) -> None:
        """Start empty; `privacy` knows what no entry may contain."""
        self.privacy = privacy or Privacy()
        """Cleans each entry that is read."""
        self._fields: list[Any] = []
        """The fields of all entries in one list, which takes half the memory of tuples."""
        self._oldest = 0
        self._subscribers: list[Callable[[Entry], None]] = []

    def add(self, kind: str, content: str | bytes) -> None:
        """Add an entry; bytes are decoded only when it is read.

        Only what can be shown is kept: an entry takes at most 600 bytes of memory.
        """
        content = content[: MAX_ENTRY + 1]  # one more shows that it was cut
        if type(content) is str and not content.isascii():  # up to 4 bytes for each character
            content = content.encode(errors="replace")[: MAX_ENTRY + 1]
        at = time.time()
        if len(self._fields) < _FIELDS * MAX_ENTRIES:
            self._fields += (at, kind, content)
        else:
            self._fields[self._oldest : self._oldest + _FIELDS] = at, kind, content
            self._oldest = (self._oldest + _FIELDS) % (_FIELDS * MAX_ENTRIES)
        if self._subscribers:
            self._notify(_entry(at, kind, content, self.privacy.scrub))

    def _notify(self, entry: Entry) -> None:
        for subscriber in tuple(self._subscribers):
            try:
                subscriber(entry)
            except Exception as err:  # noqa: BLE001  # it must not stop what is traced
                _LOGGER.error("a subscriber of the trace failed: %s", place_of(err))  # noqa: TRY400

    def entries(self) -> list[Entry]:
        """Return the entries, oldest first."""
        return self.reader()()

    def reader(self) -> Callable[[], list[Entry]]:
        """Return what returns the present entries, which takes long and may run in a thread."""
        in_order = self._fields[self._oldest :] + self._fields[: self._oldest]
        entries, scrub = list(batched(in_order, _FIELDS, strict=True)), self.privacy.scrubber()
        return lambda: [_entry(at, kind, content, scrub) for at, kind, content in entries]

    def subscribe(self, subscriber: Callable[[Entry], None]) -> Callable[[], None]:
        """Call `subscriber` with each new entry; return the function that unsubscribes."""
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)


def _entry(at: float, kind: str, content: str | bytes, scrub: Callable[[str], str]) -> Entry:
    """Return an entry as people may see it."""
    is_cut = len(content) > MAX_ENTRY
    text = content.decode(errors="replace") if isinstance(content, bytes) else content
    if is_cut:
        text = text.removesuffix("\ufffd")  # a part of a character
    text = printable(scrub(_shortened(text, is_cut=is_cut)))
    return Entry(at, kind, _shortened(text, is_cut=len(text) > MAX_ENTRY))


def _shortened(text: str, *, is_cut: bool) -> str:
    return text[: MAX_ENTRY - len(CUT)] + CUT if is_cut else text
