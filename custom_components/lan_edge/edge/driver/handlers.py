"""Handlers: the methods of a driver that carry out commands and intents."""

from collections.abc import Callable, Coroutine, Hashable, Iterator
from dataclasses import dataclass, field
import inspect
from typing import Any, Concatenate, Protocol, overload

from ..capabilities.definition import Command
from ..capabilities.fading import FadingCommand
from ..capabilities.intents import Intent
from ..capabilities.schema import short
from ..errors import DriverError
from .confirm import Confirm
from .handler_arguments import left_out

HANDLES = "__lan_edge_handles__"
"""The attribute of a method that has what it handles."""
WRITTEN = "__lan_edge_written__"
"""The attribute of a method that the framework has made: the one of the author that it calls."""

type HandlerMethod[D, **P] = Callable[Concatenate[D, P], Coroutine[Any, Any, None]]
"""An async method of a driver D, with the parameters P beside `self`."""


class FadingMark[V, **P](Protocol):
    """Marks a handler of a light, which takes a time only if the light can fade."""

    @overload
    def __call__[D](self, method: HandlerMethod[D, P], /) -> HandlerMethod[D, P]: ...
    @overload
    def __call__[D](self, method: HandlerMethod[D, [V]], /) -> HandlerMethod[D, [V]]: ...


type _Mark = tuple[str, Callable[..., Any], Command[...] | type[Intent], Confirm | None]


@dataclass(frozen=True, slots=True, eq=False)
class Handler:
    """A method that handles a command or an intent."""

    name: str
    """The name of the method."""
    title: str
    """What its author knows it as, such as `Lamp.change`."""
    where: str
    """The file and the line where that is."""
    intent: type[Intent] | None = None
    """The intent that it takes; None: it takes the arguments of a command."""
    confirm: Confirm | None = None
    """How its result gets into the state; None: as for the whole driver."""
    is_many: bool = False
    """Whether it takes several components."""
    left_out: frozenset[str] = frozenset()
    """The arguments of its command that it does not take."""
    calls: dict[Hashable, Any] = field(default_factory=dict[Hashable, Any])
    """Calls of it that are always the same, kept here so that they go with it."""

    @classmethod
    def of(
        cls,
        function: Callable[..., Any],
        what: Command[...] | type[Intent],
        confirm: Confirm | None = None,
        *,
        is_many: bool = False,
    ) -> Handler:
        """Return the handler of a command or an intent that is a function in a class body."""
        lacks = left_out(function, what) if isinstance(what, Command) else frozenset[str]()
        written = getattr(function, WRITTEN, function)
        code = inspect.unwrap(written).__code__
        where = f"{code.co_filename}:{code.co_firstlineno}"
        intent = None if isinstance(what, Command) else what
        name, title = function.__name__, written.__qualname__
        return cls(name, title, where, intent, confirm, is_many, lacks)


@overload
def handles[V, **P](
    what: FadingCommand[V, P], *, confirm: Confirm | None = None
) -> FadingMark[V, P]: ...


@overload
def handles[D, **P](
    what: Command[P], *, confirm: Confirm | None = None
) -> Callable[[HandlerMethod[D, P]], HandlerMethod[D, P]]: ...


@overload
def handles[D, I: Intent](
    what: type[I], *, confirm: Confirm | None = None
) -> Callable[[HandlerMethod[D, [I]]], HandlerMethod[D, [I]]]: ...


def handles(
    what: Command[...] | type[Intent], *, confirm: Confirm | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a method the handler of a command or of an intent.

    A command's arguments are passed by name; an optional one that is not given is None. An intent
    is passed as the only argument; its handler is also called for each single command that the
    intent covers. `confirm` sets how the result gets into the state, instead of the driver's
    `confirm`. Raises DriverError for anything else.
    """
    if not isinstance(what, Command) and not (isinstance(what, type) and issubclass(what, Intent)):
        raise DriverError(
            f"@handles takes a command such as Switch.on, not {short(what)}",
            "write the command itself, without quotes: @handles(Switch.on)",
        )
    if confirm is not None and not isinstance(confirm, Confirm):
        members = "one of Confirm.PUSH, READ, ECHO and ANSWER"
        raise DriverError(
            f"@handles: confirm is {short(confirm)}, not {members}",
            "write the member itself, such as confirm=Confirm.READ",
        )

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        setattr(function, HANDLES, (*getattr(function, HANDLES, ()), (what, confirm)))
        return function

    return mark


def marked_methods(driver: type) -> Iterator[_Mark]:
    """Yield name, function, command or intent, and `confirm` of each handler in a class body."""
    for name, function in members_of(driver):
        for what, confirm in getattr(function, HANDLES, ()):
            yield name, function, what, confirm


def members_of(driver: type) -> Iterator[tuple[str, Any]]:
    """Yield what is defined in a class body, and in classes mixed in that are no drivers."""
    parents = [each for each in driver.__bases__ if hasattr(each, "handlers")]
    known = {kind for parent in parents for kind in parent.__mro__}
    own: dict[str, Any] = {}
    for kind in reversed(driver.__mro__):
        if kind not in known:
            own.update(vars(kind))
    yield from own.items()


def handlers_of(driver: type) -> Iterator[tuple[str, Handler]]:
    """Yield the handlers in a class body, with the id of their command or intent."""
    for _, function, what, confirm in marked_methods(driver):
        yield what.id, Handler.of(function, what, confirm)
