"""One call of a driver's handler: with a command's arguments, or with an intent."""

from collections.abc import Callable, Coroutine
from functools import lru_cache, partial
from typing import Any

from .capability import Command
from .confirm import Confirm
from .dispatcher import Dispatcher, Handler
from .expectation import Effects, judged
from .intents import Intent, Step
from .pilot import Pilot

WATCHED = (Confirm.PUSH, Confirm.READ)
"""Where the device itself shows whether something was done."""


class Call:
    """A handler, and what it is called for."""

    __slots__ = ("_handler", "_intent", "confirm", "effects", "shown", "steps")

    def __init__(
        self, handler: Handler, steps: list[Step], confirm: Confirm, intent: Intent | None
    ) -> None:
        """Call for the commands in `steps`, with all their arguments, or for all of `intent`."""
        self._handler = handler
        self._intent = intent
        self.steps = steps
        self.confirm = confirm
        """How what it does gets into the state."""
        self.effects: list[Effects] = [c.effects(arguments) for c, arguments in steps]
        """What each of the commands makes of the attributes."""
        self.shown: list[Effects] = []
        """What the device shows soon of that, if it did it."""
        if confirm in WATCHED:
            done = zip(steps, self.effects, strict=True)
            self.shown = [judged(effects) for (c, _), effects in done if not c.slow]

    def of(self, driver: Any) -> Callable[[], Coroutine[Any, Any, None]]:
        """Return what calls the driver's method."""
        method: Callable[..., Coroutine[Any, Any, None]] = getattr(driver, self._handler.name)
        if self._intent is not None:
            return partial(method, self._intent)
        arguments = self.steps[0][1]
        return partial(method, **arguments) if arguments else method


def single(dispatcher: Dispatcher, driver: Pilot, step: Step) -> Call | None:
    """Return the call for one command; None if the driver does not handle it."""
    command, arguments = step
    handler = dispatcher.find(type(driver), command)
    if handler is None:
        return None
    confirm = handler.confirm or driver.confirm_by
    return _call(handler, step, confirm) if arguments else _bare(handler, command, confirm)


@lru_cache(maxsize=1024)
def _bare(handler: Handler, command: Command[...], confirm: Confirm) -> Call:
    """Return the call for a command without arguments; it is the same each time."""
    return _call(handler, (command, {}), confirm)


def _call(handler: Handler, step: Step, confirm: Confirm) -> Call:
    intent = handler.intent.of(*step) if handler.intent else None
    return Call(handler, [step], confirm, intent)


def whole(dispatcher: Dispatcher, driver: Pilot, intent: Intent, steps: list[Step]) -> Call | None:
    """Return the one call for all of an intent; None if it must go step by step."""
    handler = dispatcher.find_whole(type(driver), type(intent), steps)
    if handler is None:
        return None
    return Call(handler, steps, handler.confirm or driver.confirm_by, intent)
