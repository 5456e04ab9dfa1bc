"""Schemas that consist of others, as one."""

from typing import Any

from ..notes import Notes
from .references import References
from .values import is_scalar, list_in, object_in

_MAX_PARTS = 32
_MAX_NESTED_PARTS = 8
_NULL: dict[str, Any] = {"type": "null"}


class Merger:
    """Makes one schema of a reference, of `allOf`, and of `oneOf` and `anyOf`."""

    def __init__(self, references: References, notes: Notes) -> None:
        """Take how references are followed, and where to note what is left out."""
        self._references = references
        self._notes = notes

    def merged(
        self, schema: Any, place: str, depth: int = 0
    ) -> tuple[dict[str, Any], frozenset[str]]:
        """Return a schema without references and parts, and the references that led to it."""
        found, passed = self._references.followed(schema)
        if depth > _MAX_NESTED_PARTS or not {"allOf", "oneOf", "anyOf"} & {*found}:
            return found, passed
        made = {k: v for k, v in found.items() if k not in {"allOf", "oneOf", "anyOf"}}
        for part in list_in(found, "allOf")[:_MAX_PARTS]:
            merged, through = self.merged(part, place, depth + 1)
            made, passed = _together(made, merged), passed | through
        for key in ("oneOf", "anyOf"):
            parts = [
                self.merged(each, place, depth + 1) for each in list_in(found, key)[:_MAX_PARTS]
            ]
            passed = passed.union(*(through for _, through in parts))
            made = _together(made, self._either([schema for schema, _ in parts], place))
        return made, passed

    def _either(self, schemas: list[dict[str, Any]], place: str) -> dict[str, Any]:
        """Return a schema for a value that may be of several."""
        several = [each for each in schemas if each and each != _NULL]
        if len(several) <= 1:
            return several[0] if several else {}
        if all(is_scalar(each.get("const")) for each in several):
            return _choice(several)
        if all("properties" in each for each in several):
            made: dict[str, Any] = {}
            for each in several:
                made = _together(made, {**each, "required": []})
            return made
        if len({str(each.get("type")) for each in several}) > 1:
            self._notes.left_out(place, t"a value of several types is read as the first of them")
        return several[0]


def _choice(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a schema for one of some constants, with their titles as words."""
    words = [each["const"] for each in schemas]
    names = [each.get("title") or each["const"] for each in schemas]
    return {"enum": words, "x-enumNames": names}


def _together(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return a schema for what is as both say; where they differ, as the first says."""
    made = {**other, **one}
    if properties := {**object_in(other, "properties"), **object_in(one, "properties")}:
        made["properties"] = properties
    required = [*list_in(one, "required"), *list_in(other, "required")]
    return {**made, "required": required} if required else made
