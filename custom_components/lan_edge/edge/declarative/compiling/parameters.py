"""The parameters of a description as the settings of its driver, and their values."""

from collections.abc import Mapping
from dataclasses import field, make_dataclass
from enum import Enum, StrEnum
from typing import Annotated, Any

from ...capabilities.schema import Range
from ...capabilities.spelling import camel
from ...driver.settings import Label
from ..description import Description, Parameter, ParameterKind
from .own_capabilities import module_of


def settings_class(description: Description) -> type[Any] | None:
    """Return the dataclass with a field for each parameter; None if there are none."""
    if not description.parameters:
        return None
    fields = [_field(name, each) for name, each in description.parameters.items()]
    name = f"{camel(description.id)[:1].upper()}{camel(description.id)[1:]}Settings"
    return make_dataclass(name, fields, frozen=True, module=module_of(description))


def parameter_values(settings: Any) -> dict[str, Any]:
    """Return the values of a driver's settings by name, as they are put into what is sent."""
    values: Mapping[str, Any] = vars(settings) if settings is not None else {}
    return {n: v.value if isinstance(v, Enum) else v for n, v in values.items()}


def initial_values(description: Description) -> dict[str, Any]:
    """Return the values that the parameters have until the user enters others."""
    kind = settings_class(description)
    return parameter_values(kind() if kind is not None else None)


def secret_parameters(description: Description) -> frozenset[str]:
    """Return the names of the parameters that are secrets."""
    secret = ParameterKind.SECRET
    return frozenset(n for n, each in description.parameters.items() if each.kind is secret)


def template_values(description: Description, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of parameters that templates see: a secret must not become a value."""
    secret = secret_parameters(description)
    return {name: value for name, value in values.items() if name not in secret}


def _field(name: str, parameter: Parameter) -> tuple[str, Any, Any]:
    kind = type_of(name, parameter)
    label = Label(
        parameter.label,
        parameter.help,
        parameter.unit,
        secret=parameter.kind is ParameterKind.SECRET,
        asked=parameter.asked,
        required=parameter.asked and parameter.required,
        choices=parameter.choices,
    )
    default = default_of(kind, parameter)
    if parameter.kind is ParameterKind.NUMBER:
        limits = Range(parameter.minimum, parameter.maximum)
        return name, Annotated[kind, limits, label], field(default=default)
    return name, Annotated[kind, label], field(default=default, repr=not label.secret)


def type_of(name: str, parameter: Parameter) -> Any:
    """Return the type of a parameter's value."""
    match parameter.kind:
        case ParameterKind.NUMBER:
            known = (parameter.default, parameter.minimum, parameter.maximum)
            given = [each for each in known if each is not None]
            return int if given and all(isinstance(each, int) for each in given) else float
        case ParameterKind.SWITCH:
            return bool
        case ParameterKind.CHOICE:
            members = {f"CHOICE_{at}": key for at, key in enumerate(parameter.choices)}
            return StrEnum(name, members)
        case _:
            return str


def default_of(kind: Any, parameter: Parameter) -> Any:
    """Return the value of a parameter until the user enters another."""
    default = parameter.default
    if parameter.kind is ParameterKind.CHOICE:
        return kind(default) if default is not None else next(iter(kind))
    if default is None:
        low, high = parameter.minimum or 0, parameter.maximum
        return kind(min(low, high) if high is not None else low) if kind in {int, float} else kind()
    return kind(default)
