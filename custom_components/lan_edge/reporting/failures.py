"""One error for all devices that failed in the same action.

Home Assistant runs an action on all targeted entities concurrently, waits for all of them, and
then raises the error of one. So that it names every device that failed, all errors of an action
are rewritten whenever there is another one, whichever will be raised.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
import math
from weakref import WeakKeyDictionary

from homeassistant.core import Context, callback
from homeassistant.exceptions import HomeAssistantError

from lan_edge import EdgeError

from ..errors import to_home_assistant_error


@dataclass(slots=True, eq=False)
class _Action:
    """The failures of one action so far."""

    context_id: str
    all_started_at: float = math.inf
    """When all entities had started, in seconds of the event loop's clock."""
    messages: dict[str, str] = field(default_factory=dict[str, str])
    """The error message of each device, by the device's name."""


class ActionFailures:
    """Translates the errors of entities; each names all devices that failed in its action."""

    def __init__(self) -> None:
        """Start without failures."""
        self._actions = WeakKeyDictionary[HomeAssistantError, _Action]()
        """The action of each error; an error is removed once Home Assistant no longer holds it."""

    def __len__(self) -> int:
        """Return how many errors are still referenced elsewhere."""
        return len(self._actions)

    @callback
    def translate(
        self,
        error: EdgeError,
        device: str,
        reason: str = "",
        *,
        context: Context | None,
        started_at: float,
    ) -> HomeAssistantError:
        """Return what an entity of `device` raises for an error in an action.

        `reason` is what the error says in Home Assistant's language, `started_at` is when the
        entity started, on the event loop's clock.
        """
        action = self._action(context or Context(), started_at)
        translated = to_home_assistant_error(error, device, reason)
        self._actions[translated] = action
        action.messages[device] = str(to_home_assistant_error(error, device, reason))
        if len(action.messages) > 1:
            failures = join_messages(action.messages.values())
            for raised in [e for e, of_action in self._actions.items() if of_action is action]:
                raised.translation_key = "several"
                raised.translation_placeholders = {"failures": failures}
        return translated

    def _action(self, context: Context, started_at: float) -> _Action:
        """Return the action that an entity started at that time.

        All actions of an automation's run share a context, but an action starts only after every
        entity has finished the previous one.
        """
        for action in self._actions.values():
            if action.context_id == context.id and started_at <= action.all_started_at:
                return action
        action = _Action(context.id)
        # Home Assistant starts all entities of an action in one iteration of the event loop.
        loop = asyncio.get_running_loop()
        loop.call_soon(lambda: setattr(action, "all_started_at", loop.time()))
        return action


def join_messages(messages: Iterable[str]) -> str:
    """Return several error messages as one text."""
    return " ".join(f"{message}." for message in messages)
