"""Values of the device's own, for which there is no standard capability, and buttons."""

from collections.abc import Mapping
from string.templatelib import Template
from typing import Any, override

import voluptuous as vol

from ...capabilities.spelling import camel
from ..description import OwnAttribute, ValueKind
from .attribute import MAY_LACK, OPTIONAL
from .compound import FieldSet, Named, Reference
from .parameters import Words
from .reading import READING_FIELDS, reading_of
from .sending import SENDINGS
from .shapes import Flag, Json, Number, Shape, Text
from .wrong import Wrong, choices, collect, raise_all

OWN_NAME = r"[a-z][A-Za-z0-9]{0,63}"
"""The name of a value of the device's own."""
_OWN_KINDS = tuple(each.value for each in ValueKind)


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
    vol.Optional("total", description="Whether it only grows, or begins again at 0."): Flag(),
    vol.Optional("diagnostic", description="Whether it is about the device itself."): Flag(),
    vol.Optional("set", description="What is sent to change it, with `{value}`."): SENDINGS,
    vol.Optional(
        "assumed", description="Whether it is not read: what was sent last is shown."
    ): Flag(),
    vol.Optional(OPTIONAL, description=MAY_LACK): Flag(),
    **READING_FIELDS,
}
_OF_OWN = (
    *("name", "unit", "step", "device_class", "total", "diagnostic", "set", "assumed"),
    OPTIONAL,
)


def _own_of(**fields: Any) -> OwnAttribute:
    kinds = [name for name in _OWN_KINDS if name in fields]
    if not kinds:
        raise Wrong(t"does not say what it is", choices(_OWN_KINDS))
    if len(kinds) > 1:
        first = kinds[0]
        raise Wrong(t"cannot be there beside {first}", t"make two values of it", [kinds[1]])
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
    wrong = [name for name in ("set", OPTIONAL) if name in own] + [*fields]
    if wrong:
        raise Wrong(t"is not for a button", t"remove it", wrong[:1])
    return OwnAttribute(kind=ValueKind.BUTTON, set=sendings, **own)


OWN = Named(
    Reference("own", FieldSet(_OWN_FIELDS, _own_of, one_of=_OWN_KINDS)),
    OWN_NAME,
    _own_name_words,
    64,
)
"""What a component has that no standard capability has."""
