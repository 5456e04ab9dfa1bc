"""Shapes of lists and mappings, made of the shapes of what is in them."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
import re
from string.templatelib import Template
from typing import Any, override

import voluptuous as vol

from .shapes import Json, Shape
from .wrong import Wrong, choices, collect, mapping, raise_all, shown, unknown

MOST_ENTRIES = 256
"""The most entries of a list or mapping."""
_MOST_UNKNOWN = 50
"""The most unknown fields of one mapping that are reported at once."""


class Each(Shape):
    """A list of values of one shape; `alone`, or just one of them without a list."""

    def __init__(self, item: Shape, most: int = MOST_ENTRIES, *, alone: bool = False) -> None:
        """Take the shape of each, and how many there may be."""
        self._item, self._most, self._alone = item, most, alone

    @override
    def __call__(self, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            if self._alone:
                return (self._item(value),)
            raise Wrong(t"is {shown(value)}, not a list", t"write `- ` before each entry")
        items: list[Any] = value
        if len(items) > self._most:
            count, most = len(items), self._most
            raise Wrong(t"has {count} entries", t"at most {most} are possible")
        errors: list[Any] = []
        checked = tuple(collect(errors, n, self._item, each) for n, each in enumerate(items))
        raise_all(errors)
        return checked

    @override
    def json(self) -> Json:
        item = self._item.json()
        many = {"type": "array", "items": item, "maxItems": self._most}
        return {"anyOf": [item, many]} if self._alone else many


class Named(Shape):
    """A mapping of names to values of one shape."""

    def __init__(
        self,
        item: Shape,
        key: str = "",
        words: Template | Callable[[str], Template] = t"",
        most: int = MOST_ENTRIES,
    ) -> None:
        """Take the shape of each value.

        The whole of each name must match `key`, as `words` say, or what they return for a name.
        """
        self.item, self._key, self._words, self._most = item, key, words, most

    @override
    def __call__(self, value: Any) -> dict[str, Any]:
        fields = mapping(value)
        if len(fields) > self._most:
            count, most = len(fields), self._most
            raise Wrong(t"has {count} entries", t"at most {most} are possible")
        errors: list[Any] = []
        checked: dict[str, Any] = {}
        for key, each in fields.items():
            if self._key and not re.fullmatch(self._key, key):
                errors.append(Wrong(t"is not a possible name", self._remedy(key), [key]))
            checked[key] = collect(errors, key, self.item, each)
        raise_all(errors)
        return checked

    def _remedy(self, name: str) -> Template:
        return self._words if isinstance(self._words, Template) else self._words(name)

    @override
    def json(self) -> Json:
        names = {"propertyNames": {"pattern": f"^({self._key})$"}} if self._key else {}
        limits = {"maxProperties": self._most}
        return {"type": "object", "additionalProperties": self.item.json(), **names, **limits}


class FieldSet(Shape):
    """A mapping with known fields, of which something is made."""

    def __init__(
        self,
        fields: Mapping[Any, Shape],
        make: Callable[..., Any] = dict,
        *,
        names: Mapping[str, str] | None = None,
        one_of: Iterable[str] = (),
    ) -> None:
        """Take voluptuous's markers with the shapes of their values.

        `make` gets the fields as arguments, whose `names` are given where they differ. Of the
        fields `one_of`, one at least must be there, which is only for JSON Schema.
        """
        self.fields = {str(marker): (marker, shape) for marker, shape in fields.items()}
        self._check = vol.Schema(dict(fields))
        self._make, self._names = make, names or {}
        self._one_of = tuple(one_of)

    @override
    def __call__(self, value: Any) -> Any:
        values = mapping(value)
        known = {key: each for key, each in values.items() if key in self.fields}
        others = (key for key in values if key not in known)
        errors: list[Any] = [
            unknown(t"is an unknown field", key, self.fields, choices(self.fields, 40))
            for key in islice(others, _MOST_UNKNOWN)
        ]
        checked: dict[str, Any] = {}
        try:
            checked = self._check(known)
        except vol.MultipleInvalid as err:
            errors += [_translated(each) for each in err.errors]
        raise_all(errors)
        return self._make(**{self._names.get(key, key): each for key, each in checked.items()})

    @override
    def json(self) -> Json:
        properties = {
            name: with_text(shape.json(), marker.description)
            for name, (marker, shape) in self.fields.items()
        }
        required = [n for n, (m, _) in self.fields.items() if isinstance(m, vol.Required)]
        made: Json = {"type": "object", "properties": properties, "additionalProperties": False}
        if required:
            made["required"] = required
        if self._one_of:
            made["anyOf"] = [{"required": [name]} for name in self._one_of]
        return made


class Reference(Shape):
    """A shape that stands in the JSON Schema under a name of its own."""

    def __init__(self, name: str, shape: Shape) -> None:
        """Take its name."""
        self.name, self.shape = name, shape

    @override
    def __call__(self, value: Any) -> Any:
        return self.shape(value)

    @override
    def json(self) -> Json:
        return {"$ref": f"#/$defs/{self.name}"}


def with_text(schema: Json, text: str | None) -> Json:
    """Return a JSON Schema with a description."""
    return {"description": text, **schema} if text else schema


def _translated(error: Any) -> Any:
    """Return what voluptuous says in our words."""
    if isinstance(error, vol.RequiredFieldInvalid):
        *around, name = map(str, error.path)  # the name is one of voluptuous's markers
        return Wrong(t"is missing", t"write `{name}: ...`", [*around, name])
    return error
