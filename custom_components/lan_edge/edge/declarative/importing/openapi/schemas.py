"""Schemas of JSON as the single values that they describe, within limits."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..notes import Notes
from .merged import Merger
from .references import References
from .schema_value import MAX_CHOICES, SchemaValue, ValueType, are_opposites, opposite_words
from .units import unit_of
from .values import is_scalar, list_in, number_in, object_in, one_line, text_in

MAX_OF_SCHEMA = 250
"""The most values of one schema."""
_MAX_KEYS = 10
_MAX_SCHEMAS = 20_000
"""The most schemas that are looked at in a document, each as often as it is referred to."""
_MAX_INDEXED = 16
"""The most items of a list of known length that are values of their own."""
_MAX_WORD = 200
_NUMBER_TYPES = ("number", "integer")

type Keys = tuple[str | int, ...]


class Schemas:
    """Reads schemas of one document."""

    def __init__(self, references: References, notes: Notes) -> None:
        """Take how references are followed, and where to note what is not understood."""
        self._merger = Merger(references, notes)
        self._notes = notes
        self._looked_at = 0

    def values(self, schema: Any, place: str) -> list[SchemaValue]:
        """Return the single values that a schema describes, at most MAX_OF_SCHEMA."""
        values: list[SchemaValue] = []
        if not isinstance(schema, dict) or not schema:
            return values
        for value in self._values(schema, (), place, frozenset(), is_required=True):
            if len(values) == MAX_OF_SCHEMA:
                self._notes.not_understood(
                    place, t"only the first {MAX_OF_SCHEMA} values are offered"
                )
                break
            values.append(value)
        return values

    def whole(self, schema: Any, name: str, place: str) -> SchemaValue | None:
        """Return the only value that a schema describes, under a name; None if it is no such."""
        merged, _ = self._merger.merged(schema, place)
        if merged.get("properties") or _type_of(merged) in {"object", "array"}:
            return None
        return _value(merged, (name,), is_required=False)

    def _values(
        self, schema: Any, keys: Keys, place: str, around: frozenset[str], *, is_required: bool
    ) -> Iterator[SchemaValue]:
        self._looked_at += 1
        merged, passed = self._merger.merged(schema, place)
        if self._looked_at > _MAX_SCHEMAS or len(keys) > _MAX_KEYS:
            self._notes.not_understood(place, t"is described too deeply or at too great length")
            return
        if passed & around:
            name = next((key for key in reversed(keys) if isinstance(key, str)), "")
            reason = t"{name} has parts of its own kind" if name else t"has parts of its own kind"
            self._notes.left_out(place, reason)
            return
        kind, around = _type_of(merged), around | passed
        if kind == "object":
            yield from self._properties(merged, keys, place, around)
        elif kind == "array":
            for at, item in _items(merged):
                yield from self._values(item, (*keys, at), place, around, is_required=False)
        elif kind != "null" and (merged or not passed):
            yield _value(merged, keys, is_required=is_required)

    def _properties(
        self, schema: dict[str, Any], keys: Keys, place: str, around: frozenset[str]
    ) -> Iterator[SchemaValue]:
        properties, required = object_in(schema, "properties"), list_in(schema, "required")
        for name, each in properties.items():
            if isinstance(each, dict):
                yield from self._values(
                    each, (*keys, name), place, around, is_required=name in required
                )
        if not properties and schema.get("additionalProperties"):
            where = ".".join(map(str, keys))
            reason = t"has names that are not in the document"
            if where:
                reason = t"{where} has names that are not in the document"
            self._notes.not_understood(place, reason)


def _type_of(schema: dict[str, Any]) -> str:
    """Return the type of a schema, also of one that does not say it; empty: it can be any."""
    given = schema.get("type")
    types = [each for each in given if each != "null"] if isinstance(given, list) else [given]
    if types and isinstance(types[0], str):
        return types[0]
    if isinstance(schema.get("properties"), dict) or schema.get("additionalProperties"):
        return "object"
    if "items" in schema or "prefixItems" in schema:
        return "array"
    samples = [*list_in(schema, "enum"), *(schema.get(key) for key in ("default", "example"))]
    return next((_type_of_sample(each) for each in samples if is_scalar(each)), "")


def _type_of_sample(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "string" if isinstance(value, str) else "number"


def _items(schema: dict[str, Any]) -> Iterator[tuple[int, Any]]:
    """Yield the items of a list that are values: all of one of known length, else the first."""
    several = list_in(schema, "prefixItems") or list_in(schema, "items")
    if several:
        yield from enumerate(several[:_MAX_INDEXED])
        return
    least, most = number_in(schema, "minItems"), number_in(schema, "maxItems")
    is_fixed = least is not None and least == most and 1 < least <= _MAX_INDEXED
    for at in range(int(least) if is_fixed and least else 1):
        yield at, schema.get("items")


def _value(schema: dict[str, Any], keys: Keys, *, is_required: bool) -> SchemaValue:
    kind = _type_of(schema)
    name = str(keys[-1]) if keys else ""
    known: dict[str, Any] = {
        "keys": keys,
        "details": one_line(text_in(schema, "description") or text_in(schema, "title")),
        "title": one_line(text_in(schema, "title"), 60),
        "is_read_only": schema.get("readOnly") is True,
        "is_write_only": schema.get("writeOnly") is True,
        "is_required": is_required,
        "is_password": text_in(schema, "format") == "password",
        "default": _default(schema),
        "example": _example(schema),
    }
    words = [each for each in list_in(schema, "enum") if is_scalar(each)]
    if (truth := _truth(words)) or kind == "boolean":
        on, off = truth or (True, False)
        return SchemaValue(**known, type=ValueType.TRUTH, on=on, off=off)
    if 1 < len(words) <= MAX_CHOICES:
        originals = {as_word(each): each for each in words}
        choices = _choices(schema, words)
        return SchemaValue(**known, type=ValueType.CHOICE, choices=choices, originals=originals)
    if kind not in _NUMBER_TYPES:
        return SchemaValue(**known)
    least, most = number_in(schema, "minimum"), number_in(schema, "maximum")
    return SchemaValue(
        **known,
        type=ValueType.NUMBER,
        minimum=least,
        maximum=most,
        step=number_in(schema, "multipleOf") or (1 if kind == "integer" else None),
        unit=unit_of(schema, name),
    )


def _default(schema: dict[str, Any]) -> Any:
    """Return what is sent if nothing else is: a constant, the only word, or the default."""
    words = list_in(schema, "enum")
    candidates = (schema.get("const"), *(words if len(words) == 1 else ()), schema.get("default"))
    return next((each for each in candidates if is_scalar(each)), None)


def _example(schema: dict[str, Any]) -> Any:
    examples = schema.get("examples")
    several = examples if isinstance(examples, list) else []
    candidates = (schema.get("example"), schema.get("x-example"), *several[:1])
    return next((each for each in candidates if is_scalar(each)), None)


def _truth(words: list[Any]) -> tuple[Any, Any] | None:
    """Return a word that means true and one that means false; None if others are there."""
    originals = {as_word(each): each for each in words}
    pair = opposite_words(originals) if are_opposites(originals) else None
    return pair and (originals[pair[0]], originals[pair[1]])


def _choices(schema: Mapping[str, Any], words: list[Any]) -> dict[str, str]:
    """Return the words of a choice, by the values of the device."""
    names = next(
        (
            found
            for key in ("x-enum-varnames", "x-enumNames", "x-enum-names")
            if len(found := list_in(schema, key)) == len(words)
        ),
        words,
    )
    made: dict[str, str] = {}
    for word, name in zip(words, names, strict=True):
        shown = one_line(as_word(name), 100) if is_scalar(name) else as_word(word)
        if 0 < len(as_word(word).strip()) <= _MAX_WORD and shown and shown not in made.values():
            made[as_word(word)] = shown
    return made


def as_word(value: Any) -> str:
    """Return a value as the text that stands for it in JSON."""
    return str(value).lower() if isinstance(value, bool) else str(value)
