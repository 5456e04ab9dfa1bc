"""The arguments of a command: read from its declaration, and checked in each call."""

from annotationlib import Format
from collections.abc import Callable, Mapping
from dataclasses import dataclass
import inspect
from typing import Any

from ..errors import ArgumentError, DriverError
from .schema import Schema, schema_of


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a command: its `name` in Python, its values, and whether it is `required`."""

    name: str
    schema: Schema[Any]
    """The values that it takes."""
    required: bool


def arguments_of(declaration: Callable[..., None]) -> tuple[Argument, ...]:
    """Return the parameters of a method, without `self`; raise DriverError as `schema_of`."""
    # annotations may be text: with quotes, or by `from __future__ import annotations`
    signature = inspect.signature(declaration, eval_str=True, annotation_format=Format.VALUE)
    parameters = list(signature.parameters.values())[1:]
    try:
        return tuple(Argument(p.name, _schema_of(p), p.default is p.empty) for p in parameters)
    except DriverError as err:
        code = declaration.__code__
        err.place = code.co_filename, code.co_firstlineno
        raise


def _schema_of(parameter: inspect.Parameter) -> Schema[Any]:
    if parameter.annotation is parameter.empty:
        name = parameter.name
        raise DriverError(f"the argument {name} has no type", f"write its type: {name}: int")
    return schema_of(parameter.annotation)


def bind(
    command_id: str, arguments: tuple[Argument, ...], given: Mapping[str, object]
) -> dict[str, Any]:
    """Return all arguments of a command, checked; raise ArgumentError.

    An optional argument that is not given is None.
    """
    unknown = set(given) - {a.name for a in arguments}
    if unknown:
        raise ArgumentError(t"{command_id} has no argument {', '.join(sorted(unknown))}")
    return {a.name: _bind_one(command_id, a, given.get(a.name)) for a in arguments}


def _bind_one(command_id: str, argument: Argument, value: object) -> object:
    if value is None:
        if argument.required:
            raise ArgumentError(t"{command_id} needs the argument {argument.name}")
        return None
    try:
        return argument.schema.check(value)
    except ValueError as err:
        raise ArgumentError(t"{command_id}, argument {argument.name}: {err}") from None
