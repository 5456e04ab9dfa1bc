"""The handlers of a description's commands: methods like those that an author writes."""

from collections.abc import Callable, Collection, Coroutine, Mapping
import inspect
from typing import Any

from ...capabilities.definition import Command
from ...capabilities.spelling import uncamel
from ...driver.confirm import Confirm
from ...driver.handlers import handles
from .described import DescribedDriver

type Method = Callable[..., Coroutine[Any, Any, None]]


def handlers_for(
    commands: Mapping[str, Command[...]],
    file: str,
    lines: Mapping[str, int],
    assumed: Collection[str],
) -> dict[str, Method]:
    """Return a method for each command, by its name; the commands and their lines are by id.

    The results of those that are `assumed`, by id, are not read.
    """
    methods: dict[str, Method] = {}
    for each in commands.values():
        name = method_name(each)
        if name in methods:  # the ids differ only in capitals or where their parts begin
            name = f"{name}_{len(methods)}"
        method = _function(each, name, file, lines.get(each.id, 0))
        confirm = Confirm.ECHO if each.id in assumed else None
        methods[name] = handles(each, confirm=confirm)(method)
    return methods


def method_name(command: Command[...]) -> str:
    """Return the name of a command's method, such as `handle_switch_level_set_level`."""
    owner = command.capability.id.replace(".", "_")
    return f"handle_{uncamel(owner).replace(' ', '_')}_{uncamel(command.name).replace(' ', '_')}"


def _function(command: Command[...], name: str, file: str, line: int) -> Method:
    """Return the method of a command; its place in errors is that in the text."""

    async def carry_out(self: DescribedDriver[Any], **arguments: Any) -> None:
        await self.carry_out(command.id, arguments)

    carry_out.__code__ = carry_out.__code__.replace(
        co_filename=file, co_firstlineno=max(line, 1), co_name=name
    )
    carry_out.__name__ = name
    carry_out.__qualname__ = f"DescribedDriver.{name}"
    parameters = [
        inspect.Parameter(each, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        for each in ("self", *(argument.name for argument in command.arguments))
    ]
    carry_out.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return carry_out
