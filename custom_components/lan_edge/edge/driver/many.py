"""Handlers that carry out the same for several components in one call."""

from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
import inspect
from typing import Any, Concatenate, Protocol, overload

from ..capabilities.definition import Command
from ..capabilities.fading import FadingCommand
from ..capabilities.intents import INTENTS, Intent
from ..capabilities.intents.base import BoundCommand
from ..capabilities.schema import short
from ..errors import DriverError
from .confirm import Confirm
from .handler_arguments import demanded, passed
from .handlers import Handler, members_of
from .mistakes import Mistake
from .signatures import can_take

_HANDLES_MANY = "__lan_edge_handles_many__"

type Components = tuple[str, ...]
type ManyMethod[D, **P] = Callable[Concatenate[D, Components, P], Coroutine[Any, Any, None]]
"""An async method of a driver D, with the components and the parameters P beside `self`."""


class FadingManyMark[V, **P](Protocol):
    """Marks a handler of several lights, which takes a time only if they can fade."""

    @overload
    def __call__[D](self, method: ManyMethod[D, P], /) -> ManyMethod[D, P]: ...
    @overload
    def __call__[D](self, method: ManyMethod[D, [V]], /) -> ManyMethod[D, [V]]: ...


type ManyHandlers = Mapping[str, Handler]
"""By the id of their command or intent."""


@overload
def handles_many[V, **P](
    what: FadingCommand[V, P], *, confirm: Confirm | None = None
) -> FadingManyMark[V, P]: ...


@overload
def handles_many[D, **P](
    what: Command[P], *, confirm: Confirm | None = None
) -> Callable[[ManyMethod[D, P]], ManyMethod[D, P]]: ...


@overload
def handles_many[D, I: Intent](
    what: type[I], *, confirm: Confirm | None = None
) -> Callable[[ManyMethod[D, [I]]], ManyMethod[D, [I]]]: ...


def handles_many(
    what: Command[...] | type[Intent], *, confirm: Confirm | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a method the handler of a command or of an intent for several components at once.

    It takes the components, as a tuple of their ids, and then what a method of `@handles` takes; it
    is called once for all that are to become the same. What is asked of a device in the same turn
    of the event loop is put together, such as one action for the lamps of a room. For a single
    component, the method of `@handles` is called, or this one if there is none. The result is
    confirmed for each component, and an error is reported to everyone who asked.

        @handles_many(LightIntent)
        async def change(self, components: tuple[str, ...], intent: LightIntent) -> None:
            await self.io.put("/lamps", {"lamps": list(components), **intent.asked()})
    """
    if not isinstance(what, Command) and not (isinstance(what, type) and issubclass(what, Intent)):
        raise DriverError(f"@handles_many takes a command such as Switch.on, not {short(what)}")

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        setattr(function, _HANDLES_MANY, (*getattr(function, _HANDLES_MANY, ()), (what, confirm)))
        return function

    return mark


def many_handlers_of(driver: type) -> Iterator[tuple[str, Handler]]:
    """Yield the handlers for several components in a class body, by their command or intent."""
    for _, function, what, confirm in marked_for_many(driver):
        yield what.id, Handler.of(function, what, confirm, is_many=True)


def many_mistakes(driver: type[Any]) -> Iterator[Mistake]:
    """Yield what is wrong with the handlers for several components in a class body."""
    for name, function, what, _ in marked_for_many(driver):
        if not inspect.iscoroutinefunction(function):
            reason = f"{name} handles {what.id} for several components but is not async"
            yield Mistake(reason, f"write async def {name}(...)", name)
        if isinstance(what, Command):
            names = passed(function, what, fades=driver.fades)
            expected, is_right = demanded(what, fades=driver.fades), can_take(function, 1, names)
        else:
            expected, is_right = ["intent"], can_take(function, 2)
        if not is_right:
            words = ", ".join(["components", *expected])
            reason = f"{name} handles {what.id} for several components, but does not take them"
            yield Mistake(reason, f"write def {name}(self, {words})", name)


def marked_for_many(
    driver: type,
) -> Iterator[tuple[str, Callable[..., Any], Command[...] | type[Intent], Confirm | None]]:
    """Yield name, function, command or intent, and `confirm` of each of them in a class body."""
    for name, function in members_of(driver):
        for what, confirm in getattr(function, _HANDLES_MANY, ()):
            yield name, function, what, confirm


def many_handler_for(
    driver: type, operation: BoundCommand | Intent
) -> tuple[Handler, BoundCommand | Intent] | None:
    """Return the handler that takes an operation for several components, and what it is given.

    A command can be given as an intent, and an intent that is a single command as that. A parent's
    handler is not used if a sub-driver handles what is asked for otherwise.
    """
    forms = dict(_forms(operation))
    for each in driver.__mro__:
        many: ManyHandlers = vars(each).get("many_handlers", {})
        for key, form in forms.items():
            if key in many:
                return many[key], form
        if forms.keys() & vars(each).get("handlers", {}).keys():
            return None
    return None


def _forms(operation: BoundCommand | Intent) -> Iterable[tuple[str, BoundCommand | Intent]]:
    """Yield how an operation can be expressed, the plainest first, by the id of its handler."""
    if isinstance(operation, Intent):
        yield operation.id, operation
        commands = [
            (command, command.bind(given)) for command, given in operation.single_commands()
        ]
        if len(commands) == 1:
            yield commands[0][0].id, commands[0]
        return
    command, arguments = operation
    yield command.id, operation
    for intent in INTENTS:
        if intent.covers(command):
            yield intent.id, intent.from_command(command, arguments)
