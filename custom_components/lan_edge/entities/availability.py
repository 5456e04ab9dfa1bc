"""The updates of a device's entities when its availability changes, in slices."""

from collections.abc import Callable, Iterator
import logging

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from lan_edge import run_in_slices

_LOGGER = logging.getLogger(__name__)


class AvailabilityListeners:
    """Calls each listener after a change, in turn; a device may have hundreds of entities."""

    __slots__ = ("_hass", "_listeners", "_loggable", "_outdated", "_starts_at_once", "_title")

    def __init__(
        self, hass: HomeAssistant, title: str, loggable: Callable[[Exception], Exception]
    ) -> None:
        """Start without listeners; `title` names the device in the log.

        `loggable` returns an error without what must not get into the log.
        """
        self._hass = hass
        self._title = title
        self._loggable = loggable
        self._listeners: dict[CALLBACK_TYPE, None] = {}
        self._outdated: dict[CALLBACK_TYPE, None] = {}
        """The listeners that have not been called yet since the last change."""
        self._starts_at_once = True
        """Whether the next change is the first in this round of the event loop."""

    @callback
    def add(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `listener` after each change; return what ends this."""
        self._listeners[listener] = None

        @callback
        def remove() -> None:
            self._listeners.pop(listener)
            self._outdated.pop(listener, None)

        return remove

    @callback
    def notify(self) -> None:
        """Call the listeners, the first ones at once."""
        is_updating = bool(self._outdated)
        self._outdated |= self._listeners  # those that wait already keep their places
        if not is_updating:
            steps, at_once = run_in_slices(self._update()), self._starts_at_once
            self._hass.async_create_task(steps, eager_start=at_once)
        if self._starts_at_once:  # the components of a device may change one after another
            self._starts_at_once = False
            self._hass.loop.call_soon(self._end_round)

    @callback
    def _end_round(self) -> None:
        self._starts_at_once = True

    def _update(self) -> Iterator[object]:
        while self._outdated:
            listener = next(iter(self._outdated))
            del self._outdated[listener]
            try:
                listener()
            except Exception as err:
                shown = self._loggable(err)
                _LOGGER.exception("%s: an entity cannot be updated", self._title, exc_info=shown)
            yield None
