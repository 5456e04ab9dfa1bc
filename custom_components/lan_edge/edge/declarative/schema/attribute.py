"""An attribute of a standard capability: where it is read from, or what it always is."""

from collections.abc import Mapping
from typing import Any, NamedTuple, override

import voluptuous as vol

from ...capabilities.definition import Attribute
from ..reading import ValueReading
from .compound import FieldSet
from .reading import READING_FIELDS, reading_of
from .shapes import Anything, Flag, Json, Shape
from .wrong import Wrong

FIXED = "fixed"
OPTIONAL = "optional"
MAY_LACK = "Whether a device may lack it: it has it once it was read."
OF_ATTRIBUTE: Mapping[Any, Shape] = {
    **READING_FIELDS,
    vol.Optional(FIXED, description="The value that it always has."): Anything(),
    vol.Optional(OPTIONAL, description=MAY_LACK): Flag(),
}
"""The fields of all attributes of standard capabilities."""


class AttributeShape(FieldSet):
    """Where an attribute is read from; or `fixed`, the value that it always has."""

    def __init__(self, attribute: Attribute[Any]) -> None:
        """Take the attribute."""
        self._attribute = attribute
        super().__init__(OF_ATTRIBUTE, self._made)

    def _made(self, **fields: Any) -> Any:
        if FIXED not in fields:
            is_optional = fields.pop(OPTIONAL, False)
            return ReadAttribute(reading_of(**fields), is_optional)
        if len(fields) > 1:
            raise Wrong(t"cannot be there beside fixed", t"remove one of them", [_other(fields)])
        value = fields[FIXED]
        words = self._attribute.words
        if words and value in words:
            value = bool(words.index(value))
        try:
            return Fixed(self._attribute.schema.check(value))
        except ValueError as err:
            raise Wrong(str(err), "", [FIXED]) from None

    @override
    def json(self) -> Json:
        """Refer to the one schema of all attributes."""
        return {"$ref": "#/$defs/attribute"}


class ReadAttribute(NamedTuple):
    """Where a value is read from."""

    reading: ValueReading
    is_optional: bool


class Fixed:
    """A value that never changes."""

    def __init__(self, value: Any) -> None:
        """Keep the value."""
        self.value = value


def _other(fields: Mapping[str, Any]) -> str:
    return next(name for name in fields if name != FIXED)


ATTRIBUTE = FieldSet(OF_ATTRIBUTE)
"""What all attributes have in common, for JSON Schema."""
