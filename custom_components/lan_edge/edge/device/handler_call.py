"""A call of a driver's handler, for one command or for all of an intent."""

from collections.abc import Callable, Coroutine
from functools import lru_cache, partial
from typing import Any

from ..capabilities.definition import Command
from ..capabilities.intents.base import BoundCommand, Intent
from ..driver.confirm import Confirm
from ..driver.driver import Driver
from ..driver.handlers import Handler
from .confirmation import Effects, observable

REPORTED_BY_DEVICE = (Confirm.PUSH, Confirm.READ)
"""The ways of confirming in which the device itself reports the result."""


class HandlerCall:
    """A call of a handler, and the commands that it carries out."""

    __slots__ = ("_handler", "_intent", "commands", "confirm", "effects", "expected", "slow")

    def __init__(
        self,
        handler: Handler,
        commands: list[BoundCommand],
        confirm: Confirm,
        intent: Intent | None,
    ) -> None:
        """Call `handler` with the arguments of the only command, or with `intent`."""
        self._handler = handler
        self._intent = intent
        self.commands = commands
        self.confirm = confirm
        """How the result gets into the state."""
        self.effects: list[Effects] = [c.effects(arguments) for c, arguments in commands]
        """The effects of each of the commands."""
        self.expected: list[Effects] = []
        """The effects that the device must report soon, for each of the commands."""
        self.slow: Effects = []
        """Those that take a while, and that the device does not report by itself."""
        if confirm in REPORTED_BY_DEVICE:
            results = list(zip(commands, self.effects, strict=True))
            self.expected = [observable(effects) for (c, _), effects in results if not c.slow]
            if confirm is Confirm.READ:
                self.slow = [e for (c, _), effects in results if c.slow for e in effects]

    @property
    def seconds(self) -> float:
        """The seconds that its results take, as far as the caller has said."""
        if self._intent is not None:
            return getattr(self._intent, "transition", None) or 0
        return max((arguments.get("rate") or 0 for _, arguments in self.commands), default=0)

    def method(self, driver: Driver[Any]) -> Callable[[], Coroutine[Any, Any, None]]:
        """Return the driver's method, with its arguments bound."""
        method: Callable[..., Coroutine[Any, Any, None]] = getattr(driver, self._handler.name)
        if self._intent is not None:
            return partial(method, self._intent)
        arguments = self.commands[0][1]
        return partial(method, **arguments) if arguments else method


@lru_cache(maxsize=1024)
def call_without_arguments(
    handler: Handler, command: Command[...], confirm: Confirm
) -> HandlerCall:
    """Return the call for a command without arguments; it is always the same."""
    return handler_call(handler, (command, {}), confirm)


def handler_call(handler: Handler, command: BoundCommand, confirm: Confirm) -> HandlerCall:
    """Return the call for a command."""
    intent = handler.intent.from_command(*command) if handler.intent else None
    return HandlerCall(handler, [command], confirm, intent)
