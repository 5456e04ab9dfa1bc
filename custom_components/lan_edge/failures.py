"""The failures of one action: what fails together is told together.

Home Assistant sends an action to many entities at once, waits for all, and raises the error of
one of them.
"""

from collections import OrderedDict
from collections.abc import Iterable
import math
from weakref import WeakSet

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .edge import EdgeError
from .errors import as_home_assistant

_ACTIONS: HassKey[OrderedDict[str, Failures]] = HassKey(f"{DOMAIN}_failures")

MAX_ACTIONS = 32
"""The actions that are kept: those that are under way, and some that are over."""


class Failures:
    """What failed of one action so far."""

    __slots__ = ("_errors", "_told", "all_began_by")

    def __init__(self) -> None:
        """Start with nothing."""
        self._errors = WeakSet[HomeAssistantError]()
        self._told: dict[str, str] = {}
        """What each device's error says."""
        self.all_began_by = math.inf
        """When all entities had begun with it."""

    def add(self, error: EdgeError, device: str) -> HomeAssistantError:
        """Return what is raised for one more device; those before tell of it from now on."""
        raised = as_home_assistant(error, device)
        self._errors.add(raised)
        self._told[device] = str(as_home_assistant(error, device))
        if len(self._told) > 1:
            for each in self._errors:
                each.translation_key = "several"
                each.translation_placeholders = {"failures": several(self._told.values())}
        return raised


def several(texts: Iterable[str]) -> str:
    """Return several errors' texts as one."""
    return " ".join(f"{text}." for text in texts)


@callback
def failures_of(hass: HomeAssistant, context: Context | None, began: float) -> Failures:
    """Return what failed of the action with that context that an entity `began` with then.

    The actions of an automation have one context; each begins after all entities were done with
    the one before.
    """
    actions = hass.data.setdefault(_ACTIONS, OrderedDict())
    key = (context or Context()).id
    found = actions.get(key)
    if found is None or began > found.all_began_by:
        found = actions[key] = Failures()
        hass.loop.call_soon(_all_began, hass, found)  # they begin in one step of the event loop
    actions.move_to_end(key)
    if len(actions) > MAX_ACTIONS:
        actions.popitem(last=False)
    return found


@callback
def _all_began(hass: HomeAssistant, failures: Failures) -> None:
    failures.all_began_by = hass.loop.time()
