"""The failures of one action: what fails together is told together.

Home Assistant sends an action to many entities at once, waits for all, and raises the error of
one of them.
"""

from collections.abc import Iterable
from types import TracebackType

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .edge import EdgeError
from .errors import as_home_assistant

_ACTIONS: HassKey[dict[str, Failures]] = HassKey(f"{DOMAIN}_failures")


class Failures:
    """What failed of one action so far."""

    __slots__ = ("errors", "running", "told")

    def __init__(self) -> None:
        """Start with nothing under way."""
        self.running = 0
        """Entities that are not done with it."""
        self.errors: list[HomeAssistantError] = []
        self.told: dict[str, str] = {}
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


class Telling:
    """Raises what a device raises inside as Home Assistant's, with others of the same action."""

    __slots__ = ("_actions", "_device", "_failures", "_hass", "_key")

    def __init__(self, hass: HomeAssistant, context: Context | None, device: str) -> None:
        """Be for one entity of the action with that context."""
        self._hass = hass
        self._key = (context or Context()).id
        self._device = device
        self._actions = hass.data.setdefault(_ACTIONS, {})

    def __enter__(self) -> None:
        """Begin."""
        found = self._actions.get(self._key)
        if found is None:
            found = self._actions[self._key] = Failures()
        self._failures = found
        found.running += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Be done, or raise Home Assistant's error."""
        failures = self._failures
        failures.running -= 1
        if not failures.running:
            if failures.errors or error:
                self._hass.loop.call_soon(self._forget)  # what began together has begun by then
            else:
                self._forget()
        if isinstance(error, EdgeError):
            raise failures.add(error, self._device) from error

    @callback
    def _forget(self) -> None:
        if not self._failures.running:
            self._actions.pop(self._key, None)
