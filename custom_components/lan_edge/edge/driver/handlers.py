"""How methods of a driver become handlers of commands and intents."""

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
import inspect
from typing import Any, Concatenate, overload

from ..capabilities.definition import Command
from ..capabilities.intents import Intent
from .confirm import Confirm

_MARK = "__lan_edge_handles__"

type _Method[D, **P] = Callable[Concatenate[D, P], Coroutine[Any, Any, None]]
type _Mark = tuple[str, Callable[..., Any], Command[...] | type[Intent], Confirm | None]


@dataclass(frozen=True, slots=True, eq=False)
class Handler:
    """A handler's name in its class, and where it is defined."""

    name: str
    owner: str
    where: str
    intent: type[Intent] | None = None
    """The intent that it takes, if it does not take a command's arguments."""
    confirm: Confirm | None = None
    """How its result gets into the state, if not as the driver says for all."""

    @classmethod
    def of(
        cls,
        function: Callable[..., Any],
        intent: type[Intent] | None = None,
        confirm: Confirm | None = None,
    ) -> Handler:
        """Describe a function in a class body."""
        code = inspect.unwrap(function).__code__
        owner = function.__qualname__.rpartition(".")[0]
        where = f"{code.co_filename}:{code.co_firstlineno}"
        return cls(function.__name__, owner, where, intent, confirm)


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
    """Make a method the handler of a command or of an intent.

    A command's arguments are passed by name; an optional one that is not given is None. An intent
    is passed as the only argument, and for each single command that it covers as well. `confirm`
    says how the result gets into the state, if not as the driver says for all.
    """

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        setattr(function, _MARK, (*getattr(function, _MARK, ()), (what, confirm)))
        return function

    return mark


def marked_methods(driver: type) -> Iterator[_Mark]:
    """Yield what the methods in a class body handle: name, function, what, and how."""
    for name, function in vars(driver).items():
        for what, confirm in getattr(function, _MARK, ()):
            yield name, function, what, confirm


def handlers_of(driver: type) -> Iterator[tuple[str, Handler]]:
    """Yield the handlers in a class body, by the id of what they handle."""
    for _, function, what, confirm in marked_methods(driver):
        intent = None if isinstance(what, Command) else what
        yield what.id, Handler.of(function, intent, confirm)
