"""What a described device can do: components with standard capabilities and values of its own."""

from collections.abc import Mapping
from functools import cache
from string.templatelib import Template
from typing import Any, override

import voluptuous as vol

from ...capabilities.definition import Attribute, Capability, Command
from ...capabilities.spelling import camel
from ...capabilities.vocabulary import STANDARD
from ..description import CapabilityText, ComponentText, OwnAttribute, ValueKind
from ..walk import command_key
from .compound import FieldSet, Named, Reference
from .parameters import SIMPLE_NAME, SIMPLE_NAME_WORDS, Words
from .reading import READING_FIELDS, reading_of
from .sending import SENDING_KINDS, SENDINGS
from .shapes import Anything, Flag, Json, Number, Shape, Text
from .wrong import Wrong, choices, collect, mapping, raise_all, unknown

OWN_NAME = r"[a-z][A-Za-z0-9]{0,63}"
"""The name of a value of the device's own."""
CAPABILITIES: Mapping[str, type[Capability]] = {each.id: each for each in STANDARD}
_OWN_KINDS = tuple(each.value for each in ValueKind)
_FIXED = "fixed"


class AttributeShape(FieldSet):
    """Where an attribute is read from; or `fixed`, the value that it always has."""

    def __init__(self, attribute: Attribute[Any]) -> None:
        """Take the attribute."""
        self._attribute = attribute
        fixed = {vol.Optional(_FIXED, description="The value that it always has."): Anything()}
        super().__init__({**READING_FIELDS, **fixed}, self._made)

    def _made(self, **fields: Any) -> Any:
        if _FIXED not in fields:
            return reading_of(**fields)
        if len(fields) > 1:
            raise Wrong(t"cannot be there beside fixed", t"remove one of them", [_other(fields)])
        value = fields[_FIXED]
        words = self._attribute.words
        if words and value in words:
            value = bool(words.index(value))
        try:
            return Fixed(self._attribute.schema.check(value))
        except ValueError as err:
            raise Wrong(str(err), "", [_FIXED]) from None

    @override
    def json(self) -> Json:
        """Refer to the one schema of all attributes."""
        return {"$ref": "#/$defs/attribute"}


class Fixed:
    """A value that never changes."""

    def __init__(self, value: Any) -> None:
        """Keep the value."""
        self.value = value


def _other(fields: Mapping[str, Any]) -> str:
    return next(name for name in fields if name != _FIXED)


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
        fixed = {name: value.value for name, value in given.items() if isinstance(value, Fixed)}
        return CapabilityText(
            id=self._capability.id,
            attributes={name: value for name, value in given.items() if name not in fixed},
            fixed=fixed,
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


class _Range(Shape):
    """The least and the greatest number; or true for any."""

    @override
    def __call__(self, value: Any) -> tuple[float | None, float | None]:
        if value is True:
            return None, None
        if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004  # from and to
            raise Wrong(t"is not the range of the number", t"write as in [0, 100], or true")
        errors: list[Any] = []
        low, high = (collect(errors, n, Number(), each) for n, each in enumerate(value))
        raise_all(errors)
        if low >= high:
            raise Wrong(t"begins with the greater number", t"write [{high:g}, {low:g}]")
        return low, high

    @override
    def json(self) -> Json:
        pair = {"type": "array", "items": Number().json(), "minItems": 2, "maxItems": 2}
        return {"anyOf": [{"const": True}, pair]}


class _Yes(Shape):
    """Just true: which kind of value it is."""

    @override
    def __call__(self, value: Any) -> bool:
        if value is not True:
            raise Wrong(t"takes no value", t"write true")
        return True

    @override
    def json(self) -> Json:
        return {"const": True}


_OWN_FIELDS: Mapping[Any, Shape] = {
    vol.Optional("number", description="It is a number: its range, or true."): _Range(),
    vol.Optional("switch", description="It is on or off."): _Yes(),
    vol.Optional("choice", description="It is one of words, by the device's values."): Words(),
    vol.Optional("text", description="It is a text."): _Yes(),
    vol.Optional("button", description="What is sent when it is pressed."): SENDINGS,
    vol.Optional("name", description="What users see."): Text(200),
    vol.Optional("unit", description="The unit of the number."): Text(40),
    vol.Optional("step", description="The least change of the number."): Number(1e-9),
    vol.Optional("device_class", description="Home Assistant's name for the quantity."): Text(60),
    vol.Optional("total", description="Whether it is a counter that only grows."): Flag(),
    vol.Optional("diagnostic", description="Whether it is about the device itself."): Flag(),
    vol.Optional("set", description="What is sent to change it, with `{value}`."): SENDINGS,
    vol.Optional(
        "assumed", description="Whether it is not read: what was sent last is shown."
    ): Flag(),
    **READING_FIELDS,
}
_OF_OWN = ("name", "unit", "step", "device_class", "total", "diagnostic", "set", "assumed")


def _own_of(**fields: Any) -> OwnAttribute:
    kinds = [name for name in _OWN_KINDS if name in fields]
    if not kinds:
        raise Wrong(t"does not say what it is", choices(_OWN_KINDS))
    if len(kinds) > 1:
        first = kinds[0]
        raise Wrong(t"cannot be there beside {first}", t"make two of it", [kinds[1]])
    kind, value = kinds[0], fields.pop(kinds[0])
    for name in ("unit", "step", "total"):
        if kind != "number" and name in fields:
            raise Wrong(t"is only for a number", t"remove it", [name])
    own = {name: fields.pop(name) for name in _OF_OWN if name in fields}
    if kind == "button":
        return _button_of(value, own, fields)
    if not fields and "set" not in own:
        raise Wrong(t"is neither read nor set", t"write `path: ...`, or how else it is read")
    low, high = value if kind == "number" else (None, None)
    return OwnAttribute(
        kind=ValueKind(kind),
        minimum=low,
        maximum=high,
        choices=value if kind == "choice" else {},
        reading=reading_of(**fields) if fields else None,
        **own,
    )


def _own_name_words(name: str) -> Template:
    """Return how a name that is not possible is written in camelCase."""
    meant = camel(name.replace("-", "_").replace(" ", "_"))
    is_possible = meant.isascii() and meant.isalnum() and meant[0].islower()
    shown = meant if is_possible else "filterLife"
    return t"write it in camelCase, as in {shown}"


def _button_of(sendings: Any, own: dict[str, Any], fields: dict[str, Any]) -> OwnAttribute:
    if "set" in own or fields:
        name = "set" if "set" in own else next(iter(fields))
        raise Wrong(t"is not for a button", t"remove it", [name])
    return OwnAttribute(kind=ValueKind.BUTTON, set=sendings, **own)


OWN = Named(
    Reference("own", FieldSet(_OWN_FIELDS, _own_of, one_of=_OWN_KINDS)),
    OWN_NAME,
    _own_name_words,
    64,
)
"""What a component has that no standard capability has."""
_COMPONENT_FIELDS: Mapping[str, tuple[Shape, str]] = {
    "name": (Text(200), "What users see."),
    "child": (Flag(), "Whether it is shown as a device of its own."),
    "category": (Text(60), "What it is, such as light or outlet, where that matters."),
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
                remedy = t"docs/capabilities.md lists all; what they do not have goes into `own`"
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
ATTRIBUTE = FieldSet(
    {
        **READING_FIELDS,
        vol.Optional(_FIXED, description="The value that it always has."): Anything(),
    }
)
"""What all attributes have in common, for JSON Schema."""
