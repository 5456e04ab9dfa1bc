"""How a driver's methods become handlers of commands and intents."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Concatenate, overload

from .capability import Command
from .confirm import Confirm
from .dispatcher import Handler
from .intents import Intent

_MARK = "__lan_edge_handles__"


type _Method[D, **P] = Callable[Concatenate[D, P], Coroutine[Any, Any, None]]


@overload
def handles[D, **P](
    what: Command[P], *, confirm: Confirm | None = None
) -> Callable[[_Method[D, P]], _Method[D, P]]: ...


@overload
def handles[D, I: Intent](
    what: type[I], *, confirm: Confirm | None = None
) -> Callable[[_Method[D, [I]]], _Method[D, [I]]]: ...


def handles(
    what: Command[...] | type[Intent], *, confirm: Confirm | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a method the handler of a command, or of an intent.

    A command's arguments come by name; an optional one that is not given arrives as None. An
    intent comes as one argument, for each single command that it covers too. `confirm` says how
    the result gets into the state, where not as the driver says for all.
    """

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        setattr(function, _MARK, (*getattr(function, _MARK, ()), (what, confirm)))
        return function

    return mark


type _Mark = tuple[str, Callable[..., Any], Command[...] | type[Intent], Confirm | None]


def marked(driver: type) -> Iterator[_Mark]:
    """Yield what the methods in a class body handle: their name, function, what, and how."""
    for name, function in vars(driver).items():
        for what, confirm in getattr(function, _MARK, ()):
            yield name, function, what, confirm


def handlers_of(driver: type) -> Iterator[tuple[str, Handler]]:
    """Yield the handlers in a class body, by the id of what they handle."""
    for _, function, what, confirm in marked(driver):
        intent = None if isinstance(what, Command) else what
        yield what.id, Handler.of(function, intent, confirm)
