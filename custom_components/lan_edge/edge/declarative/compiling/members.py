"""What the components of a description have: attributes with their readings, and commands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...capabilities.definition import APART, Attribute, Capability, Command, capability
from ...capabilities.profile import Component
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
    is_optional: bool = False
    """Whether a device may lack it."""


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

    def may_lack(self, component: str) -> Iterator[Attribute[Any] | type[Capability]]:
        """Yield what of a component a device may lack.

        That is a standard capability if all that is read of it is optional.
        """
        for kind in self.capabilities[component]:
            of_component = (each for each in self.reads if each.component == component)
            read = [each for each in of_component if each.attribute.capability is kind]
            optional = [each.attribute for each in read if each.is_optional]
            is_whole = len(optional) == len(read) and not kind.__module__.startswith(APART)
            if optional and is_whole:
                yield kind
            if not is_whole or len(optional) > 1:
                yield from optional


def component_of(description: Description, members: Members, name: str) -> Component:
    """Return a component of the profile."""
    text = description.components[name]
    return Component(
        members.capabilities[name],
        text.name,
        text.child,
        text.category,
        optional=text.optional,
        may_lack=tuple(members.may_lack(name)),
    )


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
            is_optional = name in text.optional
            member = ReadMember((*path, name), component, attribute, reading, is_optional)
            members.reads.append(member)
        else:
            fixed = _fixed_value(text.fixed[name])
            members.fixed.append(FixedMember((*path, name), component, attribute, fixed))
    readings = {attributes[n]: r for n, r in text.attributes.items() if n in attributes}
    for name, command in _known(commands, text.commands, path, faults):
        conversions = _conversions(command, readings)
        sent = CommandMember((*path, name), component, command, text.commands[name], conversions)
        members.commands.append(sent)
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
        members.reads.append(ReadMember(path, component, attribute, reading, own.optional))
    if own.set:
        command: Command[...] = vars(kind)[setter_name(name)]
        if own.assumed:
            members.assumed.add(command.id)
        conversions = {"value": (conversion, attribute.schema.type is int)}
        members.commands.append(
            CommandMember((*path, "set"), component, command, own.set, conversions)
        )
