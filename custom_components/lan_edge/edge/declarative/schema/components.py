"""What a described device can do: components with standard capabilities and values of its own."""

from collections.abc import Mapping
from functools import cache
from typing import Any, override

import voluptuous as vol

from ...capabilities.definition import Capability, Command
from ...capabilities.vocabulary import STANDARD
from ..description import CapabilityText, ComponentText
from ..walk import command_key
from .attribute import AttributeShape, Fixed, ReadAttribute
from .compound import FieldSet, Named, Reference
from .own import OWN
from .parameters import SIMPLE_NAME, SIMPLE_NAME_WORDS
from .sending import SENDING_KINDS, SENDINGS
from .shapes import Flag, Json, Shape, Text
from .wrong import Wrong, collect, mapping, raise_all, unknown

CAPABILITIES: Mapping[str, type[Capability]] = {each.id: each for each in STANDARD}


class CapabilityShape(FieldSet):
    """A standard capability: its attributes and commands by their names in the vocabulary."""

    def __init__(self, capability: type[Capability]) -> None:
        """Take the capability."""
        self._capability = capability
        self._commands = {command_key(each): each for each in capability.commands}
        fields: dict[Any, Shape] = {}
        for attribute in capability.attributes:
            text = f"Where {attribute.name} is read from."
            fields[vol.Optional(attribute.name, description=text)] = AttributeShape(attribute)
        for key, command in self._commands.items():
            fields[vol.Optional(key, description=_description_of(command))] = SENDINGS
        super().__init__(fields, self._made)

    @override
    def __call__(self, value: Any) -> Any:
        """Return what the text says of the capability; a command needs its own field."""
        for key, each in mapping(value).items():
            is_sending = isinstance(each, list) or (
                isinstance(each, dict) and bool({*SENDING_KINDS[:5]} & {*each})
            )
            if is_sending and f"{key}()" in self._commands:
                reason = t"is an attribute, where it is read from"
                raise Wrong(reason, t"write the command as `{key}()`", [key])
        return super().__call__(value)

    def _made(self, **fields: Any) -> CapabilityText:
        given = {n: v for n, v in fields.items() if n not in self._commands}
        read = {name: value for name, value in given.items() if isinstance(value, ReadAttribute)}
        return CapabilityText(
            id=self._capability.id,
            attributes={name: each.reading for name, each in read.items()},
            fixed={name: each.value for name, each in given.items() if isinstance(each, Fixed)},
            optional=frozenset(name for name, each in read.items() if each.is_optional),
            commands={c.name: fields[key] for key, c in self._commands.items() if key in fields},
        )


def _description_of(command: Command[...]) -> str:
    arguments = ", ".join(f"{{{each.name}}}" for each in command.arguments)
    first = command.description.partition("\n")[0]
    return f"{first} Placeholders: {arguments}." if arguments else first


@cache
def capability_shape(id_: str) -> CapabilityShape:
    """Return the shape of a standard capability."""
    return CapabilityShape(CAPABILITIES[id_])


_COMPONENT_FIELDS: Mapping[str, tuple[Shape, str]] = {
    "name": (Text(200), "What users see."),
    "child": (Flag(), "Whether it is shown as a device of its own."),
    "category": (Text(60), "What it is, such as light or outlet, where that matters."),
    "optional": (Flag(), "Whether a device may lack it: it has it once anything of it was read."),
    "own": (OWN, "What it has that no standard capability has."),
}


class ComponentShape(Shape):
    """A component: a few fields, and capabilities by their ids."""

    @override
    def __call__(self, value: Any) -> ComponentText:
        """Return the component."""
        errors: list[Any] = []
        plain: dict[str, Any] = {}
        capabilities: list[CapabilityText] = []
        for key, each in mapping(value).items():
            if key in _COMPONENT_FIELDS:
                plain[key] = collect(errors, key, _COMPONENT_FIELDS[key][0], each)
            elif key in CAPABILITIES:
                capabilities.append(collect(errors, key, capability_shape(key), each))
            else:
                known = [*CAPABILITIES, *_COMPONENT_FIELDS]
                remedy = (
                    t"docs/capabilities.md lists them all; what none of them has goes into `own`"
                )
                errors.append(unknown(t"is not a capability", key, known, remedy))
        raise_all(errors)
        if not capabilities and not plain.get("own"):
            raise Wrong(t"has nothing", t"add a capability, or a value in `own`")
        return ComponentText(capabilities=tuple(capabilities), **plain)

    @override
    def json(self) -> Json:
        """Return the fields and all capabilities."""
        plain = {n: {"description": w, **s.json()} for n, (s, w) in _COMPONENT_FIELDS.items()}
        ids = {each: {"$ref": f"#/$defs/{each}"} for each in CAPABILITIES}
        return {"type": "object", "properties": {**plain, **ids}, "additionalProperties": False}


COMPONENTS = Named(Reference("component", ComponentShape()), SIMPLE_NAME, SIMPLE_NAME_WORDS, 64)
