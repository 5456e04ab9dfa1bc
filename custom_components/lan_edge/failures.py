"""The failures of one action: whichever of its errors is raised tells of all devices.

Home Assistant sends an action to many entities at once, waits for all, and raises the error of
one of them.
"""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .edge import EdgeError
from .errors import as_home_assistant

_ACTIONS: HassKey[dict[str, Failures]] = HassKey(f"{DOMAIN}_failures")


@dataclass(slots=True)
class Failures:
    """What failed of one action so far."""

    running: int = 0
    """Entities that are not done with it."""
    errors: list[HomeAssistantError] = field(default_factory=list[HomeAssistantError])
    told: dict[str, str] = field(default_factory=dict[str, str])
    """What each device's error says."""

    def add(self, error: EdgeError, device: str) -> HomeAssistantError:
        """Return what is raised for one more device; those before tell of it from now on."""
        raised = as_home_assistant(error, device)
        self.errors.append(raised)
        self.told[device] = str(as_home_assistant(error, device))
        if len(self.told) > 1:
            for each in self.errors:
                each.translation_key = "several"
                each.translation_placeholders = {"failures": several(self.told.values())}
        return raised


def several(texts: Iterable[str]) -> str:
    """Return several errors' texts as one."""
    return " ".join(f"{text}." for text in texts)


@contextmanager
def telling(hass: HomeAssistant, context: Context | None, device: str) -> Generator[None]:
    """Raise what a device raises inside as Home Assistant's, with others of the same action."""
    actions = hass.data.setdefault(_ACTIONS, {})
    key = (context or Context()).id
    failures = actions.setdefault(key, Failures())
    failures.running += 1

    @callback
    def forget() -> None:
        if not failures.running:
            actions.pop(key, None)

    try:
        yield
    except EdgeError as err:
        raise failures.add(err, device) from err
    finally:
        failures.running -= 1
        if not failures.running:
            hass.loop.call_soon(forget)  # what began together has begun by then
