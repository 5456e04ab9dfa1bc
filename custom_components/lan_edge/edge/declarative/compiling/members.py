"""What the components of a description have: attributes with their readings, and commands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...capabilities.definition import Attribute, Capability, Command, capability
from ..description import CapabilityText, Description, OwnAttribute, ValueKind
from ..places import Path
from ..reading import Conversion, ValueReading
from ..sending import Sending
from ..walk import own_conversion
from .faults import CompilerFaults
from .own_capabilities import choices_name, own_capability, setter_name


@dataclass(frozen=True, slots=True)
class ReadMember:
    """An attribute, and where it is read."""

    path: Path
    component: str
    attribute: Attribute[Any]
    reading: ValueReading


@dataclass(frozen=True, slots=True)
class FixedMember:
    """An attribute that never changes."""

    path: Path
    component: str
    attribute: Attribute[Any]
    value: Any


@dataclass(frozen=True, slots=True)
class CommandMember:
    """A command, and what is sent for it."""

    path: Path
    component: str
    command: Command[...]
    sendings: tuple[Sending, ...]
    conversions: Mapping[str, tuple[Conversion, bool]]
    """How the attributes are converted that its arguments set, by the argument's name.

    The second is whether their values are whole numbers.
    """


@dataclass(slots=True)
class Members:
    """All that the components of a description have."""

    capabilities: dict[str, tuple[type[Capability], ...]] = field(
        default_factory=dict[str, tuple[type[Capability], ...]]
    )
    """By component."""
    reads: list[ReadMember] = field(default_factory=list[ReadMember])
    fixed: list[FixedMember] = field(default_factory=list[FixedMember])
    commands: list[CommandMember] = field(default_factory=list[CommandMember])
    assumed: set[str] = field(default_factory=set[str])
    """The ids of the commands whose results are not read."""


def members_of(description: Description, faults: CompilerFaults) -> Members:
    """Return what the components of a description have; note what is unknown."""
    members = Members()
    for name, component in description.components.items():
        defined: list[type[Capability]] = []
        for text in component.capabilities:
            path: Path = ("components", name, text.id)
            if (kind := capability(text.id)) is None:
                faults.add(path, f"there is no capability {text.id!r}", "use one of the vocabulary")
                continue
            defined.append(kind)
            _add_standard(members, kind, text, path, faults)
        if (own := own_capability(description, name)) is not None:
            defined.append(own)
            for key, each in component.own.items():
                _add_own(members, own, key, each, ("components", name, "own", key))
        members.capabilities[name] = tuple(defined)
    return members


def _add_standard(
    members: Members,
    kind: type[Capability],
    text: CapabilityText,
    path: Path,
    faults: CompilerFaults,
) -> None:
    attributes = {each.name: each for each in kind.attributes}
    commands = {each.name: each for each in kind.commands}
    component = str(path[1])
    for name, attribute in _known(attributes, (*text.attributes, *text.fixed), path, faults):
        if (reading := text.attributes.get(name)) is not None:
            members.reads.append(ReadMember((*path, name), component, attribute, reading))
        else:
            fixed = _fixed_value(text.fixed[name])
            members.fixed.append(FixedMember((*path, name), component, attribute, fixed))
    readings = {attributes[n]: r for n, r in text.attributes.items() if n in attributes}
    for name, command in _known(commands, text.commands, path, faults):
        conversions = _conversions(command, readings)
        sendings = text.commands[name]
        member = CommandMember((*path, name), component, command, sendings, conversions)
        members.commands.append(member)
    for name, command in commands.items():
        if name not in text.commands and not (command.optional or command.builtin):
            faults.add(path, f"the command {name} is missing", f"write what is sent for {name}")


def _known[M](
    known: Mapping[str, M],
    names: Mapping[str, Any] | tuple[str, ...],
    path: Path,
    faults: CompilerFaults,
) -> Iterator[tuple[str, M]]:
    for name in names:
        if name in known:
            yield name, known[name]
        else:
            faults.add((*path, name), f"{path[-1]} has no {name!r}", f"use {', '.join(known)}")


def _fixed_value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _conversions(
    command: Command[...], readings: Mapping[Attribute[Any], ValueReading]
) -> dict[str, tuple[Conversion, bool]]:
    """Return the conversions of the attributes that a command's arguments set."""
    if command.sets is None or command.sets_to is not None:
        return {}
    names = {argument.name: argument.name for argument in command.arguments}
    return {
        name: (readings[attribute].conversion, attribute.schema.type is int)
        for attribute, name in command.effects(names)
        if attribute in readings
    }


def _add_own(
    members: Members, kind: type[Capability], name: str, own: OwnAttribute, path: Path
) -> None:
    component = str(path[1])
    if own.kind is ValueKind.BUTTON:
        pressed: Command[...] = vars(kind)[name]
        members.commands.append(CommandMember(path, component, pressed, own.set, {}))
        return
    attribute: Attribute[Any] = vars(kind)[name]
    conversion = own_conversion(own)
    if own.kind is ValueKind.CHOICE:
        listed, words = vars(kind)[choices_name(name)], tuple(dict.fromkeys(own.choices.values()))
        members.fixed.append(FixedMember(path, component, listed, words))
    if own.reading is not None:
        reading = replace(own.reading, conversion=conversion)
        members.reads.append(ReadMember(path, component, attribute, reading))
    if own.set:
        command: Command[...] = vars(kind)[setter_name(name)]
        if own.assumed:
            members.assumed.add(command.id)
        conversions = {"value": (conversion, attribute.schema.type is int)}
        members.commands.append(
            CommandMember((*path, "set"), component, command, own.set, conversions)
        )
