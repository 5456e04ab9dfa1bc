"""Writes the classes beside the driver: its own capabilities, and its settings."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

from ...capabilities.definition import Capability
from ...capabilities.kinds import Kind
from ...declarative import Description
from ...declarative.compiling.own_capabilities import choices_name, kind_of, setter_name, type_of
from ...declarative.compiling.parameters import default_of, type_of as type_of_parameter
from ...declarative.description import OwnAttribute, Parameter, ParameterKind, ValueKind
from .layout import laid_out
from .python_text import class_name, constant_name, member_name, text_in, value_in
from .source_file import SourceFile


def capability_lines(
    file: SourceFile, name: str, capability: type[Capability], own: dict[str, OwnAttribute]
) -> str:
    """Return the class of a component's own capability."""
    lines = [f"class {name}({file.uses('Capability')}, id={text_in(capability.id)}):"]
    commands: list[str] = []
    for key, each in own.items():
        if each.kind is not ValueKind.BUTTON:
            lines += _attribute(file, key, each)
        commands += _command(file, key, each)
    return "\n".join(map(laid_out, [*lines, *commands]))


def _attribute(file: SourceFile, key: str, own: OwnAttribute) -> Iterator[str]:
    name, kind = member_name(key), kind_of(own)
    is_number = own.kind is ValueKind.NUMBER
    given = {
        "minimum": own.minimum if is_number else None,
        "maximum": own.maximum if is_number else None,
        "unit": own.unit or None,
        "device_class": own.device_class or None,
        "words": ("off", "on") if own.kind is ValueKind.SWITCH else None,
        "options": member_name(choices_name(key)) if own.kind is ValueKind.CHOICE else None,
        "step": own.step,
        "label": own.name or None,
    }
    parts = [type_of(own).__name__]
    parts += (f"{n}={value_in(value)}" for n, value in given.items() if value is not None)
    if kind is not Kind.STATE:
        parts.append(f"kind={file.uses('Kind')}.{kind.name}")
    yield f"    {name} = {file.uses('Attribute')}({', '.join(parts)})"
    if own.kind is ValueKind.CHOICE:
        listed = member_name(choices_name(key))
        yield f"    {listed} = Attribute(tuple[str, ...], kind={file.uses('Kind')}.HIDDEN)"


def _command(file: SourceFile, key: str, own: OwnAttribute) -> Iterator[str]:
    if not own.set:
        return
    if own.kind is ValueKind.BUTTON:
        label = f"(label={text_in(own.name)})" if own.name else "()"
        yield f"\n    @{file.uses('command')}{label}"
        yield f"    def {member_name(key)}(self) -> None: ..."
        return
    annotation = type_of(own).__name__
    if own.kind is ValueKind.NUMBER and own.minimum is not None:
        file.imports("from typing import Annotated")
        limits = f"{file.uses('Range')}({own.minimum!r}, {own.maximum!r})"
        annotation = f"Annotated[{annotation}, {limits}]"
    yield f"\n    @{file.uses('command')}(sets={text_in(member_name(key))})"
    yield f"    def {member_name(setter_name(key))}(self, value: {annotation}) -> None: ..."


def settings_lines(file: SourceFile, description: Description) -> Iterator[str]:
    """Yield the classes of the settings: the dataclass, and before it the enums of its choices."""
    file.imports("from dataclasses import dataclass")
    file.imports("from typing import Annotated")
    lines = ["@dataclass(frozen=True)", f"class {settings_name(description)}:"]
    for name, parameter in description.parameters.items():
        if parameter.kind is ParameterKind.CHOICE:
            yield _enum(file, name, parameter)
        lines.append(f"    {_field(file, name, parameter)}")
    yield "\n".join(map(laid_out, lines))


def settings_name(description: Description) -> str:
    """Return the name of the class of a description's settings."""
    return f"{class_name(description.id)}Settings"


def _enum(file: SourceFile, name: str, parameter: Parameter) -> str:
    file.imports("from enum import StrEnum")
    members = [
        f"    {_member(key, at)} = {text_in(key)}" for at, key in enumerate(parameter.choices)
    ]
    return "\n".join([f"class {class_name(name)}(StrEnum):", *members])


def _member(key: str, at: int) -> str:
    return constant_name(key) if key.isidentifier() else f"CHOICE_{at}"


def _field(file: SourceFile, name: str, parameter: Parameter) -> str:
    kind = type_of_parameter(name, parameter)
    is_choice = parameter.kind is ParameterKind.CHOICE
    written = class_name(name) if is_choice else kind.__name__
    parts = [text_in(parameter.label)] if parameter.label else []
    parts += [f"help={text_in(parameter.help)}"] * bool(parameter.help)
    parts += [f"unit={text_in(parameter.unit)}"] * bool(parameter.unit)
    parts += ["secret=True"] * (parameter.kind is ParameterKind.SECRET)
    parts += ["asked=True"] * parameter.asked
    parts += ["required=True"] * (parameter.asked and parameter.required)
    parts += [f"choices={value_in(dict(parameter.choices))}"] * is_choice
    limits = ""
    if parameter.kind is ParameterKind.NUMBER:
        limits = f"{file.uses('Range')}({parameter.minimum!r}, {parameter.maximum!r}), "
    label = f"{file.uses('Label')}({', '.join(parts)})"
    default: Any = default_of(kind, parameter)
    shown = value_in(default)
    if isinstance(default, Enum):
        at = [*parameter.choices].index(default.value)
        shown = f"{class_name(name)}.{_member(default.value, at)}"
    return f"{name}: Annotated[{written}, {limits}{label}] = {shown}"
