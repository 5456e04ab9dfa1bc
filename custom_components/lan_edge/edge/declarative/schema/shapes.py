"""Shapes: what a value of a field may be, checked with the remedy, and as JSON Schema."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Mapping
from difflib import get_close_matches
from itertools import islice
import math
import re
from typing import Any, ClassVar, cast, override

import voluptuous as vol

from ...capabilities.schema import short
from ...network.text import is_encodable

type Json = dict[str, Any]

MAX_FIELD_TEXT = 4096
"""The longest text of a field, unless it says otherwise."""
MOST_ENTRIES = 256
"""The most entries of a list or mapping."""
_MOST_UNKNOWN = 50
"""The most unknown fields of one mapping that are reported at once."""
_LONGEST_MISSPELT = 64
"""The longest name for which a similar one is looked for, in characters."""
PLACEHOLDER = r"\{\w+(\.\w+)?(:[^{}]*)?\}"
"""A text that is one placeholder."""
_ONE_PLACEHOLDER = re.compile(PLACEHOLDER)


class Wrong(vol.Invalid):
    """A value that a field does not take."""

    def __init__(
        self, reason: str, remedy: str = "", path: Iterable[Hashable] = (), *, meant: str = ""
    ) -> None:
        """Take what is wrong, what to write instead, and which field within the value it is."""
        super().__init__(reason, list(path))
        self.remedy = remedy
        self.meant = meant
        """The field that is probably meant by one that is unknown."""


def raise_all(errors: list[Any]) -> None:
    """Raise all that is wrong in a value, if anything is."""
    if errors:
        raise vol.MultipleInvalid(errors)


def collect(errors: list[Any], key: str | int, check: Callable[[Any], Any], value: Any) -> Any:
    """Return a checked part of a value; None, and what is wrong in `errors`, if it is wrong."""
    try:
        return check(value)
    except vol.Invalid as err:
        err.prepend([key])
        errors += err.errors if isinstance(err, vol.MultipleInvalid) else [err]
    return None


def unknown(reason: str, name: str, known: Iterable[str], otherwise: str) -> Wrong:
    """Return what is wrong with a field that is unknown, with what is probably meant."""
    meant = nearest(name, known)
    return Wrong(reason, f"is {meant} meant?" if meant else otherwise, [name], meant=meant)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return which of the known names is probably meant; empty if none is close."""
    if len(name) > _LONGEST_MISSPELT:
        return ""
    lower = {each.lower(): each for each in known}
    close = get_close_matches(name.lower(), lower, n=1, cutoff=0.6)
    return lower[close[0]] if close else ""


def choices(names: Iterable[str], most: int = 12) -> str:
    """Return names as a remedy: which there are."""
    words = list(names)
    rest = f", and {len(words) - most} more" if len(words) > most else ""
    return f"use one of {', '.join(words[:most])}{rest}"


class Shape(ABC):
    """What a value may be. Calling it returns the value as it is used, or raises vol.Invalid."""

    @abstractmethod
    def __call__(self, value: Any) -> Any:
        """Return the value as it is used; raise vol.Invalid."""

    @abstractmethod
    def json(self) -> Json:
        """Return it as JSON Schema."""


class Text(Shape):
    """A text of at most `most` characters that a whole `pattern` matches."""

    def __init__(
        self, most: int = MAX_FIELD_TEXT, pattern: str = "", words: str = "", *, loose: bool = False
    ) -> None:
        """`words` say what it is; with `loose`, numbers and booleans count as their texts."""
        self._most, self._pattern, self._words, self._loose = most, pattern, words, loose

    @override
    def __call__(self, value: Any) -> str:
        if self._loose and isinstance(value, bool):
            value = "true" if value else "false"
        elif self._loose and isinstance(value, int | float):
            value = str(value)
        if not isinstance(value, str):
            remedy = "put it in quotes" if isinstance(value, int | float) else ""
            raise Wrong(f"is {_shown(value)}, not a text", remedy)
        if len(value) > self._most:
            raise Wrong(f"has {len(value)} characters", f"at most {self._most} are possible")
        if not is_encodable(value):
            raise Wrong("has characters that are not valid text")
        if self._pattern and not re.fullmatch(self._pattern, value):
            raise Wrong(f"is {short(value)}, not {self._words or 'of the right form'}")
        return value

    @override
    def json(self) -> Json:
        kinds: Any = ["string", "number", "boolean"] if self._loose else "string"
        pattern = {"pattern": f"^({self._pattern})$"} if self._pattern else {}
        return {"type": kinds, "maxLength": self._most, **pattern}


class Number(Shape):
    """A number within limits; `fillable`, or a placeholder for one."""

    def __init__(
        self,
        low: float = -1e15,
        high: float = 1e15,
        *,
        whole: bool = False,
        fillable: bool = False,
    ) -> None:
        """Take the limits, which are included."""
        self._low, self._high, self._whole, self._fillable = low, high, whole, fillable

    @override
    def __call__(self, value: Any) -> Any:
        if self._fillable and isinstance(value, str) and _ONE_PLACEHOLDER.fullmatch(value):
            return value
        kind = "a whole number" if self._whole else "a number"
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value) or (self._whole and value != int(value)):
            is_quoted = isinstance(value, str) and value.strip().isdecimal()
            raise Wrong(f"is {_shown(value)}, not {kind}", "remove the quotes" * is_quoted)
        if not self._low <= value <= self._high:
            raise Wrong(f"is {value:g}, not {self._low:g} to {self._high:g}")
        return int(value) if self._whole else value

    @override
    def json(self) -> Json:
        limits = {"minimum": self._low, "maximum": self._high}
        used: Json = {k: v for k, v in limits.items() if abs(v) < 1e15}  # noqa: PLR2004
        number: Json = {"type": "integer" if self._whole else "number", **used}
        if not self._fillable:
            return number
        return {"anyOf": [number, {"type": "string", "pattern": f"^{PLACEHOLDER}$"}]}


class Flag(Shape):
    """True or false; also yes, no, on and off."""

    WORDS: ClassVar[Mapping[str, bool]] = {"yes": True, "on": True, "no": False, "off": False}

    @override
    def __call__(self, value: Any) -> bool:
        if isinstance(value, str) and value.lower() in self.WORDS:
            return self.WORDS[value.lower()]
        if not isinstance(value, bool):
            raise Wrong(f"is {_shown(value)}, not true or false")
        return value

    @override
    def json(self) -> Json:
        return {"type": "boolean"}


class OneOf[T](Shape):
    """One of some words, each with the value for which it stands."""

    def __init__(self, words: Mapping[str, T]) -> None:
        """Take the words."""
        self._words = words

    @override
    def __call__(self, value: Any) -> T:
        if not isinstance(value, str) or value not in self._words:
            meant = nearest(value, self._words) if isinstance(value, str) else ""
            remedy = f"is {meant} meant?" if meant else choices(self._words)
            raise Wrong(f"is {_shown(value)}", remedy)
        return self._words[value]

    @override
    def json(self) -> Json:
        return {"enum": list(self._words)}


class Scalar(Shape):
    """A text, a number, true or false."""

    @override
    def __call__(self, value: Any) -> str | float | bool:
        if isinstance(value, bool):
            return value
        return Number()(value) if isinstance(value, int | float) else Text()(value)

    @override
    def json(self) -> Json:
        return {"type": ["string", "number", "boolean"]}


class Anything(Shape):
    """Any value of JSON; it is bounded by the limits of the text."""

    @override
    def __call__(self, value: Any) -> Any:
        return value

    @override
    def json(self) -> Json:
        return {}


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
            raise Wrong(f"is {_shown(value)}, not a list", "write `- ` before each entry")
        items: list[Any] = value
        if len(items) > self._most:
            raise Wrong(f"has {len(items)} entries", f"at most {self._most} are possible")
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
        words: str | Callable[[str], str] = "",
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
            raise Wrong(f"has {len(fields)} entries", f"at most {self._most} are possible")
        errors: list[Any] = []
        checked: dict[str, Any] = {}
        for key, each in fields.items():
            if self._key and not re.fullmatch(self._key, key):
                words = self._words if isinstance(self._words, str) else self._words(key)
                errors.append(Wrong("is not a possible name", words, [key]))
            checked[key] = collect(errors, key, self.item, each)
        raise_all(errors)
        return checked

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
            unknown("is no field that is known here", key, self.fields, choices(self.fields, 40))
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


def mapping(value: Any) -> dict[str, Any]:
    """Return a value that is a mapping; raise Wrong."""
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)
    raise Wrong(f"is {_shown(value)}, not a mapping", "write fields below it, as `name: value`")


def _translated(error: Any) -> Any:
    """Return what voluptuous says in our words."""
    if isinstance(error, vol.RequiredFieldInvalid):
        *around, name = map(str, error.path)  # the name is one of voluptuous's markers
        return Wrong("is missing", f"write `{name}: ...`", [*around, name])
    return error


def _shown(value: Any) -> str:
    """Return a value as it is written in the text."""
    if value is None:
        return "empty"
    return str(value).lower() if isinstance(value, bool) else short(value)
