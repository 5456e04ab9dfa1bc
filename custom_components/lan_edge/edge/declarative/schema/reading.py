"""How a text says where a value stands in what a device sends."""

from typing import Any

import voluptuous as vol

from ...network.patterns import MAX_PATTERN
from ..reading import ByteType, Conversion, ValueReading
from ..reading.conversion import MAX_DIGITS
from .compound import FieldSet, Named, Reference
from .shapes import Flag, Number, OneOf, Scalar, Text
from .wrong import Wrong, choices

MAX_READ_TEMPLATE = 1000
SELECTORS = ("path", "xml", "bytes")
"""What selects a value from a message; at most one."""
PARTS = ("pattern", "group", "word")
"""What selects a part of the text of that; at most one."""
_OF_BYTES = ("type", "length")
_CONVERSION = {
    "map": "map",
    "scale": "scale",
    "offset": "offset",
    "round": "digits",
    "invert": "invert",
    "template": "template",
}
_READING = {
    "from": "source",
    "bytes": "bytes_at",
    "type": "bytes_type",
    "length": "bytes_length",
}
READING_FIELDS = {
    vol.Optional("from", description="The request or message that it is read from."): Text(100),
    vol.Optional(
        "path", description="Where it is in JSON: `relay.on`, `meters[0].w`, `meters[id=3].w`."
    ): Text(500),
    vol.Optional(
        "xml", description="Where it is in XML: names with `/`, the last may be `@attribute`."
    ): Text(500),
    vol.Optional(
        "bytes", description="Where it begins in a binary message; negative: from the end."
    ): Number(-65536, 65536, whole=True),
    vol.Optional("type", description="How the bytes are a number or a text."): OneOf(
        {each.value: each for each in ByteType}
    ),
    vol.Optional("length", description="The length of a text in bytes; 0: to the end."): Number(
        0, 65536, whole=True
    ),
    vol.Optional("bit", description="Which bit of the number, 0 the lowest."): Number(
        0, 31, whole=True
    ),
    vol.Optional(
        "pattern", description="A regular expression; its first group, or all, is the value."
    ): Text(MAX_PATTERN),
    vol.Optional("group", description="The named group of the message's own pattern."): Text(100),
    vol.Optional(
        "word", description="Which part of the text, from 0; negative: from the end."
    ): Number(-1000, 1000, whole=True),
    vol.Optional("separator", description="What is between the parts; blanks by default."): Text(
        20
    ),
    vol.Optional("map", description="What the device's values mean."): Named(Scalar(), most=500),
    vol.Optional("scale", description="By what the device's number is multiplied."): Number(),
    vol.Optional("offset", description="What is added then."): Number(),
    vol.Optional("round", description="Digits after the point; 0: a whole number."): Number(
        0, MAX_DIGITS, whole=True
    ),
    vol.Optional("invert", description="Whether true means false."): Flag(),
    vol.Optional("template", description="A Jinja expression without loops, of `value`."): Text(
        MAX_READ_TEMPLATE
    ),
}
"""The fields of a reading, for all that is read."""


def reading_of(**fields: Any) -> ValueReading:
    """Return a reading made of its fields; raise vol.Invalid."""
    _check_one(fields, SELECTORS)
    _check_one(fields, PARTS)
    if "bytes" not in fields:
        _check_needed(fields, _OF_BYTES, "bytes")
    if "word" not in fields:
        _check_needed(fields, ("separator",), "word")
    numbers = [name for name in ("scale", "offset", "round", "invert") if name in fields]
    if "map" in fields and numbers:
        raise Wrong(t"cannot be there beside map", t"map the values to the result", [numbers[0]])
    if "invert" in fields and len(numbers) > 1:
        first = numbers[0]
        raise Wrong(t"cannot be there beside {first}", t"invert is for true and false", ["invert"])
    if fields.get("scale") == 0:
        raise Wrong(t"is 0", t"write what the number is multiplied by", ["scale"])
    conversion = {own: fields.pop(name) for name, own in _CONVERSION.items() if name in fields}
    own = {_READING.get(name, name): value for name, value in fields.items()}
    return ValueReading(**own, conversion=Conversion(**conversion))


def _check_one(fields: dict[str, Any], names: tuple[str, ...]) -> None:
    given = [name for name in names if name in fields]
    if len(given) > 1:
        first, second = given[:2]
        raise Wrong(t"cannot be there beside {first}", choices(names), [second])


def _check_needed(fields: dict[str, Any], names: tuple[str, ...], needed: str) -> None:
    for name in names:
        if name in fields:
            raise Wrong(t"is only for a value with {needed}", t"add {needed}, or remove it", [name])


READING = Reference("reading", FieldSet(READING_FIELDS, reading_of))
"""A reading alone."""
