"""The failures of one action: what fails together is told together.

Home Assistant sends an action to many entities at once, waits for all, and raises the error of
one of them.
"""

from collections.abc import Iterable
import math
from weakref import WeakKeyDictionary

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from lan_edge import EdgeError

from ..errors import as_home_assistant


class Failures:
    """What failed of one action so far."""

    __slots__ = ("action", "all_began_by", "told")

    def __init__(self, action: str) -> None:
        """Start with nothing of the action with that context's id."""
        self.action = action
        self.all_began_by = math.inf
        """When all entities had begun with it."""
        self.told: dict[str, str] = {}
        """What each device's error says."""


@callback
def failure(
    hass: HomeAssistant,
    failed: WeakKeyDictionary[HomeAssistantError, Failures],
    context: Context | None,
    began: float,
    error: EdgeError,
    *,
    device: str,
) -> HomeAssistantError:
    """Return what an entity raises that `began` with an action then.

    What others of the same action raised tells of it too from now on. The actions of an
    automation have one context; each begins after all entities were done with the one before.
    """
    action = (context or Context()).id
    same = (f for f in failed.values() if f.action == action and began <= f.all_began_by)
    if (failures := next(same, None)) is None:
        failures = Failures(action)
        hass.loop.call_soon(_all_began, hass, failures)  # in one step of the event loop
    raised = as_home_assistant(error, device)
    failed[raised] = failures
    failures.told[device] = str(as_home_assistant(error, device))
    if len(failures.told) > 1:
        for each in [e for e, theirs in failed.items() if theirs is failures]:
            each.translation_key = "several"
            each.translation_placeholders = {"failures": several(failures.told.values())}
    return raised


@callback
def _all_began(hass: HomeAssistant, failures: Failures) -> None:
    failures.all_began_by = hass.loop.time()


def several(texts: Iterable[str]) -> str:
    """Return several errors' texts as one."""
    return " ".join(f"{text}." for text in texts)
