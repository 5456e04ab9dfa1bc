"""What the user enters: parameters, and settings that are changed later."""

from typing import Any, override

import voluptuous as vol

from ..description import Parameter, ParameterKind
from .compound import Each, FieldSet, Named, Reference
from .shapes import Flag, Number, OneOf, Scalar, Shape, Text
from .wrong import Wrong

SIMPLE_NAME = r"[a-z][a-z0-9_]{0,63}"
"""The name of a parameter, request, message or component."""
SIMPLE_NAME_WORDS = t"use lowercase letters, digits and _, beginning with a letter"
_DEFAULTS: dict[ParameterKind, Shape] = {
    ParameterKind.TEXT: Text(loose=True),
    ParameterKind.SECRET: Text(),
    ParameterKind.NUMBER: Number(),
    ParameterKind.SWITCH: Flag(),
}


class Words(Named):
    """Words by the device's values; or only the words, as a list, where both are the same."""

    def __init__(self) -> None:
        """Take any words."""
        super().__init__(Text(200, loose=True))
        self._list = Each(Text(200, loose=True))

    @override
    def __call__(self, value: Any) -> dict[str, str]:
        """Return the words."""
        if isinstance(value, list):
            return {word: word for word in self._list(value)}
        return super().__call__(value)

    @override
    def json(self) -> dict[str, Any]:
        """Return both ways of writing them."""
        return {"anyOf": [super().json(), self._list.json()]}


def parameter_of(kind: ParameterKind = ParameterKind.TEXT, **fields: Any) -> Parameter:
    """Return a parameter made of its fields; raise vol.Invalid."""
    if (kind is ParameterKind.CHOICE) is not bool(fields.get("choices")):
        is_choice = kind is ParameterKind.CHOICE
        remedy = (
            t"write the possible values" if is_choice else t"write `kind: choice`, or remove it"
        )
        raise Wrong(t"is missing" if is_choice else t"is only for a choice", remedy, ["choices"])
    for name in ("minimum", "maximum", "unit"):
        if kind is not ParameterKind.NUMBER and name in fields:
            raise Wrong(t"is only for a number", t"write `kind: number`, or remove it", [name])
    if fields.get("minimum", -1e15) > fields.get("maximum", 1e15):
        raise Wrong(t"is more than the maximum", t"exchange them", ["minimum"])
    if "default" in fields:
        fields["default"] = _default(kind, fields)
    return Parameter(kind=kind, **fields)


def _default(kind: ParameterKind, fields: dict[str, Any]) -> Any:
    """Return the default as a value of the parameter's kind; raise vol.Invalid."""
    shape = _DEFAULTS.get(kind) or OneOf({word: word for word in fields["choices"]})
    if kind is ParameterKind.NUMBER:
        shape = Number(fields.get("minimum", -1e15), fields.get("maximum", 1e15))
    value = fields["default"]
    try:
        return shape(str(value) if kind is ParameterKind.CHOICE else value)
    except vol.Invalid as err:
        err.prepend(["default"])
        raise


_PARAMETER_FIELDS = {
    vol.Optional("kind", description="How it is asked for; text by default."): OneOf(
        {each.value: each for each in ParameterKind}
    ),
    vol.Optional("label", description="What users see."): Text(200),
    vol.Optional("help", description="A sentence of explanation."): Text(1000),
    vol.Optional("default", description="The value until the user enters another."): Scalar(),
    vol.Optional("required", description="Whether it must not be empty; yes by default."): Flag(),
    vol.Optional("minimum", description="The least number."): Number(),
    vol.Optional("maximum", description="The greatest number."): Number(),
    vol.Optional("unit", description="The unit of the number."): Text(40),
    vol.Optional("choices", description="The words for the possible values."): Words(),
}


def _setting_of(**fields: Any) -> Parameter:
    return parameter_of(**{"required": False, **fields}, asked=False)


PARAMETERS = Named(
    Reference("parameter", FieldSet(_PARAMETER_FIELDS, parameter_of)),
    SIMPLE_NAME,
    SIMPLE_NAME_WORDS,
    32,
)
"""What is asked when the device is added."""
SETTINGS = Named(
    Reference("setting", FieldSet(_PARAMETER_FIELDS, _setting_of)),
    SIMPLE_NAME,
    SIMPLE_NAME_WORDS,
    32,
)
"""What is only changed later."""
