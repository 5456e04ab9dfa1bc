"""Whether a device still posts to the URL that it was given: it may have forgotten it."""

from collections.abc import Callable, Iterable
from typing import Any


class Reporting:
    """Compares what is read with what was posted; a driver has a new one for each connection.

    A change that is read, and that no post tells until the next read either, was not reported.
    """

    def __init__(self) -> None:
        """Expect nothing yet."""
        self._is_judged = False
        """Whether the next read can show a change that should have been posted."""
        self._was_posted = True
        self._is_owed = False
        """Whether the last read showed a change that was not posted before."""

    def excuse(self) -> None:
        """Do not expect a post for what the next read shows: a new connection, or a command."""
        self._is_judged = False

    def posted(self) -> None:
        """Take note that the device has posted something."""
        self._was_posted, self._is_owed = True, False

    def compare(self, before: Iterable[Any], now: Callable[[], Iterable[Any]]) -> bool:
        """Return whether the device has to be given its URL again, after a read."""
        is_forgotten = self._is_owed
        is_changed = self._is_judged and not self._was_posted and list(before) != list(now())
        self._is_owed = is_changed and not is_forgotten
        self._is_judged, self._was_posted = True, False
        return is_forgotten
