"""What operations send and answer: the values in their contents, by the type of these."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from ....sentences import said
from ..notes import Notes
from .references import References
from .samples import values_of_sample
from .schema_value import SchemaValue
from .schemas import Schemas
from .values import list_in, object_in, text_in

_FORM = "application/x-www-form-urlencoded"
_GOOD = ("200", "201", "202", "203", "2XX", "2xx", "default")


class BodyKind(StrEnum):
    """How values are sent in a body; each but `none` as in a description."""

    NONE = ""
    JSON = "json"
    FORM = "form"
    TEXT = "text"


class Contents:
    """Reads the contents of one document."""

    def __init__(
        self, document: dict[str, Any], references: References, schemas: Schemas, notes: Notes
    ) -> None:
        """Take the whole document."""
        self._document = document
        self._references = references
        self._schemas = schemas
        self._notes = notes

    # what is sent

    def body(
        self, operation: dict[str, Any], parameters: list[dict[str, Any]], place: str
    ) -> tuple[BodyKind, list[SchemaValue]]:
        """Return how a body is sent, and its values.

        Raises ValueError if the operation needs a body that cannot be.
        """
        if "swagger" in self._document:
            body, is_required = self._body_of_version_2(operation, parameters)
        else:
            request = self._references.resolved(operation.get("requestBody"))
            body, is_required = object_in(request, "content"), request.get("required") is True
        if not body:
            return BodyKind.NONE, []
        kind, media = _sent(body)
        if kind is BodyKind.NONE:
            sent = next(iter(body))[:80]
            what = said(t"its body is {sent}, not JSON, a form or a text")
            if is_required:
                raise ValueError(what)
            self._notes.left_out(place, t"{what}, and not needed")
            return kind, []
        values = self._schemas.values(media.get("schema"), place)
        return kind, values or self._of_example(media)

    def _body_of_version_2(
        self, operation: dict[str, Any], parameters: list[dict[str, Any]]
    ) -> tuple[dict[str, Any], bool]:
        """Return the body of an operation of version 2 as version 3 has it."""
        kinds = list_in(operation, "consumes") or list_in(self._document, "consumes")
        fields = {
            text_in(each, "name"): each for each in parameters if each.get("in") == "formData"
        }
        if fields:
            required = [name for name, each in fields.items() if each.get("required") is True]
            is_file = any(each.get("type") == "file" for each in fields.values())
            kind = "multipart/form-data" if is_file or kinds == ["multipart/form-data"] else _FORM
            schema = {"type": "object", "properties": fields, "required": required}
            return {kind: {"schema": schema}}, bool(required)
        for each in parameters:
            if each.get("in") == "body":
                media = {"schema": each.get("schema")}
                names = [kind for kind in kinds if isinstance(kind, str)] or ["application/json"]
                return dict.fromkeys(names, media), each.get("required") is True
        return {}, False

    # what is answered

    def answer(self, operation: dict[str, Any], place: str) -> list[SchemaValue] | None:
        """Return the values in a good answer, None if it has no content; note what is not JSON."""
        responses = object_in(operation, "responses")
        code = next((each for each in _GOOD if each in responses), "")
        response = self._references.resolved(responses.get(code))
        contents = object_in(response, "content")
        if "swagger" in self._document:
            contents = self._contents_of_version_2(operation, response)
        for kind, media in contents.items():
            if is_json(kind) and isinstance(media, dict):
                return self._values(media, place)
        for kind, media in contents.items():
            if _type(kind) in {"text/plain", "*/*"} and isinstance(media, dict):
                return self._schemas.values(media.get("schema") or {"type": "string"}, place)
        if not contents:
            return None
        answered = next(iter(contents))[:80]
        self._notes.not_understood(place, t"answers {answered}, not JSON")
        return []

    def _contents_of_version_2(
        self, operation: dict[str, Any], response: dict[str, Any]
    ) -> dict[str, Any]:
        examples = object_in(response, "examples")
        if "schema" not in response and not examples:
            return {}
        kinds = list_in(operation, "produces") or list_in(self._document, "produces")
        names = [each for each in kinds if isinstance(each, str)] or ["application/json"]
        return {
            name: {"schema": response.get("schema"), "example": examples.get(name)}
            for name in names
        }

    def _values(self, media: dict[str, Any], place: str) -> list[SchemaValue]:
        return self._schemas.values(media.get("schema"), place) or self._of_example(media)

    def _of_example(self, media: dict[str, Any]) -> list[SchemaValue]:
        """Return the values in an example of some content."""
        several = object_in(media, "examples")
        candidates = [
            media.get("example"),
            *(self._references.resolved(each).get("value") for each in several.values()),
            object_in(media, "schema").get("example"),
        ]
        example = next((each for each in candidates if isinstance(each, dict | list)), None)
        return [] if example is None else list(values_of_sample(example))


def is_json(kind: str) -> bool:
    """Return whether a type of content is JSON."""
    name = _type(kind)
    return name == "application/json" or name.endswith(("+json", "/json"))


def _type(kind: str) -> str:
    return kind.partition(";")[0].strip().lower()


def _sent(contents: Mapping[str, Any]) -> tuple[BodyKind, dict[str, Any]]:
    """Return how one of some contents can be sent, and what is said of it."""
    kinds = {kind: media for kind, media in contents.items() if isinstance(media, dict)}
    for kind, media in kinds.items():
        if is_json(kind):
            return BodyKind.JSON, media
    for kind, media in kinds.items():
        if _type(kind) in {_FORM, "text/plain", "*/*"}:
            return {_FORM: BodyKind.FORM, "*/*": BodyKind.JSON}.get(
                _type(kind), BodyKind.TEXT
            ), media
    return BodyKind.NONE, {}
