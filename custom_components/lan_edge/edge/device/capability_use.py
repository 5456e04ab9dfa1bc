"""A capability of one device, as a program uses it: `await lamp[Switch].on()`."""

from collections.abc import Coroutine
from functools import partial
from typing import Any, override

from ..capabilities.definition import Attribute, Capability, Command
from .commands import CommandRunner
from .state import State


class CapabilityUse:
    """The commands of a capability as coroutines, its attributes as values.

    Type checkers take it for the capability itself, so its commands have their own arguments there
    and its attributes the types of their values.
    """

    __slots__ = ("_capability", "_commands", "_component", "_state")

    def __init__(
        self,
        capability: type[Capability],
        component: str,
        commands: CommandRunner,
        state: State,
    ) -> None:
        """Use a capability of a component of the device that has these commands and this state."""
        self._commands = commands
        self._state = state
        self._capability = capability
        self._component = component

    def __getattr__(self, name: str) -> Any:
        """Return the value of an attribute, or what carries out a command."""
        member = getattr(self._capability, name, None)
        if isinstance(member, Attribute):
            return self._state.get(member, self._component)
        if isinstance(member, Command):
            return partial(self._execute, member)
        raise AttributeError(f"{self._capability.__name__} has no command or attribute {name!r}")

    @override
    def __dir__(self) -> list[str]:
        """Return the names of the commands and attributes."""
        members = vars(self._capability).items()
        return [name for name, each in members if isinstance(each, Attribute | Command)]

    def _execute(
        self, command: Command[...], /, *values: object, **named: object
    ) -> Coroutine[Any, Any, None]:
        if len(values) > len(command.arguments):
            raise TypeError(f"{command.id} takes {len(command.arguments)} arguments at most")
        given = dict(zip((a.name for a in command.arguments), values, strict=False))
        return self._commands.execute(command, {**given, **named}, self._component)
