"""One call of a driver's handler: with a command's arguments, or with an intent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from .confirm import Confirm
from .dispatcher import Dispatcher, Handler
from .expectation import Effects
from .intents import Intent, Step
from .pilot import Pilot


@dataclass(frozen=True, slots=True)
class Call:
    """A handler, and what it is called for."""

    handler: Handler
    steps: list[Step]
    """The commands that it carries out, with all their arguments."""
    confirm: Confirm
    """How what it does gets into the state."""
    intent: Intent | None = None
    """What the handler takes, where it is not a command's arguments."""

    def of(self, driver: Any) -> Callable[[], Awaitable[None]]:
        """Return what calls the driver's method."""
        method = getattr(driver, self.handler.name)
        if self.intent is not None:
            return partial(method, self.intent)
        return partial(method, **self.steps[0][1])

    @property
    def effects(self) -> list[Effects]:
        """What each of the commands makes of the attributes."""
        return [command.effects(arguments) for command, arguments in self.steps]

    @property
    def soon(self) -> list[Effects]:
        """The effects of those commands that do not take their time."""
        return [c.effects(arguments) for c, arguments in self.steps if not c.slow]


def single(dispatcher: Dispatcher, driver: Pilot, step: Step) -> Call | None:
    """Return the call for one command; None if the driver does not handle it."""
    handler = dispatcher.find(type(driver), step[0])
    if handler is None:
        return None
    intent = handler.intent.of(*step) if handler.intent else None
    return Call(handler, [step], handler.confirm or driver.confirm_by, intent)


def whole(dispatcher: Dispatcher, driver: Pilot, intent: Intent, steps: list[Step]) -> Call | None:
    """Return the one call for all of an intent; None if it must go step by step."""
    handler = dispatcher.find_whole(type(driver), type(intent), steps)
    if handler is None:
        return None
    return Call(handler, steps, handler.confirm or driver.confirm_by, intent)
