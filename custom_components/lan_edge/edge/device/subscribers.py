"""The subscribers of a device's attributes, and how they are called after a change."""

from collections.abc import Callable, Sequence
from functools import partial
import logging
from time import perf_counter
from typing import Any

from ..capabilities.definition import Attribute
from ..diagnostics.privacy import Privacy
from ..timing.backlog import Backlog
from .guard import Labelled
from .value_order import StateKey

_LOGGER = logging.getLogger(__name__)

type Subscriber = Callable[[], None]


class Subscribers:
    """The subscribers of one device; a bad one does not keep the others from being called."""

    __slots__ = ("_by_key", "_failed", "_owner", "_privacy", "_restore", "backlog")

    def __init__(
        self,
        owner: Labelled,
        privacy: Privacy,
        backlog: Backlog,
        restore: Callable[[StateKey, object], bool],
    ) -> None:
        """Start without subscribers; `owner` and `privacy` are for the log.

        `restore` makes the value of an event that is reported later the present one, if it is not
        None, and returns whether the attribute is still there.
        """
        self._owner = owner
        self._privacy = privacy
        self._restore = restore
        self._by_key: dict[StateKey, tuple[Subscriber, ...]] = {}
        self._failed = set[str]()
        """The attributes of which a subscriber has failed."""
        self.backlog = backlog
        """The subscribers that have not been called yet, since one message changed so much."""

    def __len__(self) -> int:
        """Return how many attributes have subscribers."""
        return len(self._by_key)

    def add(
        self, attributes: Sequence[Attribute[Any]], component: str, subscriber: Subscriber
    ) -> Callable[[], None]:
        """Call `subscriber` after each change of the attributes; return how to unsubscribe."""
        for attribute in attributes:
            key = component, attribute.id
            self._by_key[key] = (*self._by_key.get(key, ()), subscriber)
        return partial(self._remove, attributes, component, subscriber)

    def _remove(
        self, attributes: Sequence[Attribute[Any]], component: str, subscriber: Subscriber
    ) -> None:
        for attribute in attributes:
            key = component, attribute.id
            left = list(self._by_key.pop(key))
            left.remove(subscriber)
            if left:
                self._by_key[key] = tuple(left)

    def notify(self, key: StateKey, event: object = None) -> None:
        """Call the subscribers of an attribute, now or later; `event` is the value of an event."""
        backlog = self.backlog
        for subscriber in self._by_key.get(key, ()):
            try:
                if backlog.waiting or perf_counter() > backlog.begins_at:
                    self._notify_later(key, subscriber, event)
                else:
                    subscriber()
            except Exception as err:  # noqa: BLE001  # the others get the value, too
                self._count_failure(key[1], err)

    def _notify_later(self, key: StateKey, subscriber: Subscriber, event: object) -> None:
        call = partial(self._call, key, subscriber, event)
        self.backlog.add((key, subscriber) if event is None else object(), call)

    def _call(self, key: StateKey, subscriber: Subscriber, event: object) -> None:
        """Call a subscriber, unless it has unsubscribed meanwhile or the attribute is gone."""
        if subscriber not in self._by_key.get(key, ()) or not self._restore(key, event):
            return
        try:
            subscriber()
        except Exception as err:  # noqa: BLE001  # the others get the value, too
            self._count_failure(key[1], err)

    def _count_failure(self, attribute_id: str, err: Exception) -> None:
        """Log that a subscriber failed, once for each attribute."""
        if attribute_id not in self._failed:
            self._failed.add(attribute_id)
            shown = self._privacy.loggable(err)
            label = self._owner.label
            _LOGGER.error("%s: a subscriber of %s failed", label, attribute_id, exc_info=shown)
