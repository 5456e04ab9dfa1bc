"""The arguments of a command: what its declaration says, and whether what is given fits."""

from annotationlib import Format
from collections.abc import Callable, Mapping
from dataclasses import dataclass
import inspect
from typing import Any

from ..errors import ArgumentError
from .schema import Schema, schema_of


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a command."""

    name: str
    schema: Schema[Any]
    required: bool


def arguments_of(declaration: Callable[..., None]) -> tuple[Argument, ...]:
    """Return the parameters of a method, without `self`; raise DriverError by `schema_of`."""
    signature = inspect.signature(declaration, annotation_format=Format.VALUE)
    parameters = list(signature.parameters.values())[1:]
    return tuple(
        Argument(p.name, schema_of(p.annotation), p.default is p.empty) for p in parameters
    )


def bind(user: str, arguments: tuple[Argument, ...], given: Mapping[str, object]) -> dict[str, Any]:
    """Return the checked arguments of the command `user`, all of them; raise ArgumentError.

    Optional ones that are not given are None.
    """
    unknown = set(given) - {a.name for a in arguments}
    if unknown:
        raise ArgumentError(f"{user} has no argument {', '.join(sorted(unknown))}")
    return {a.name: _bind_one(user, a, given.get(a.name)) for a in arguments}


def _bind_one(user: str, argument: Argument, value: object) -> object:
    if value is None:
        if argument.required:
            raise ArgumentError(f"{user} needs the argument {argument.name}")
        return None
    try:
        return argument.schema.check(value)
    except ValueError as err:
        raise ArgumentError(f"{user}, argument {argument.name}: {err}") from None
