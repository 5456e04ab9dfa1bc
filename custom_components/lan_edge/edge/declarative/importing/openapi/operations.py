"""The operations of a document: method, path, what is sent, and what is answered."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ....sentences import said
from ..notes import Notes
from .bodies import BodyKind, Contents
from .references import References
from .schema_value import SchemaValue
from .schemas import Schemas
from .values import list_in, object_in, one_line, text_in

_MAX_OPERATIONS = 1000
_MAX_API_PARAMETERS = 64
_API_METHODS = ("get", "post", "put", "patch", "delete")
_OTHER_METHODS = ("head", "options", "trace")
_PLACES = ("path", "query", "header")
_SENT_ELSEWHERE = {"accept", "content-type", "authorization"}
"""Headers that documents must not describe as parameters (OpenAPI 3)."""


@dataclass(frozen=True, slots=True)
class Input:
    """A value that is sent with an operation."""

    where: str
    """`path`, `query`, `header` or `body`."""
    value: SchemaValue

    @property
    def name(self) -> str:
        """Its name within where it is sent; empty: it is the whole body."""
        return self.value.path


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    details: str
    inputs: tuple[Input, ...] = ()
    body: BodyKind = BodyKind.NONE
    answers: tuple[SchemaValue, ...] = ()
    """The values in a good answer."""
    is_answered: bool = False
    """Whether a good answer has a content."""
    security: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def id(self) -> str:
        """Its name in the document."""
        return f"{self.method} {self.path}"


class Operations:
    """Reads the operations of one document."""

    def __init__(self, document: dict[str, Any], references: References, notes: Notes) -> None:
        """Take the whole document."""
        self._document = document
        self._references = references
        self._notes = notes
        self._schemas = Schemas(references, notes)
        self._contents = Contents(document, references, self._schemas, notes)

    def all(self) -> list[Operation]:
        """Return the operations that can be used, in their order; note why others cannot."""
        for name in ("webhooks", "x-webhooks"):
            if self._document.get(name):
                self._notes.not_understood(name, t"the device calls others: look for `inbound`")
        made: list[Operation] = []
        for path, method, operation, around in self._found():
            if len(made) == _MAX_OPERATIONS:
                self._notes.not_understood("paths", t"only the first {_MAX_OPERATIONS} are read")
                break
            if (each := self._operation(path, method, operation, around)) is not None:
                made.append(each)
        return made

    def _found(self) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
        """Yield path, method, operation, and what is said for all operations of the path."""
        for path, each in object_in(self._document, "paths").items():
            item = self._references.resolved(each)
            if not path.startswith("/"):
                continue
            for method in _OTHER_METHODS:
                if method in item:
                    self._notes.left_out(f"{method.upper()} {path}", t"neither reads nor commands")
            for method in _API_METHODS:
                if isinstance(item.get(method), dict):
                    yield path, method.upper(), object_in(item, method), item

    def _operation(
        self, path: str, method: str, given: dict[str, Any], around: dict[str, Any]
    ) -> Operation | None:
        place = f"{method} {path}"
        self._note_others(place, given, around)
        parameters = self._parameters(given, around)
        try:
            inputs = [each for p in parameters for each in self._inputs(p, place)]
            kind, values = self._contents.body(given, parameters, place)
        except ValueError as err:
            self._notes.not_understood(place, str(err))
            return None
        inputs += [Input("body", each) for each in values]
        answer = self._contents.answer(given, place)
        return Operation(
            method,
            path,
            one_line(text_in(given, "summary") or text_in(given, "description")),
            tuple(inputs),
            kind,
            tuple(answer or ()),
            answer is not None,
            given,
        )

    def _note_others(self, place: str, given: dict[str, Any], around: dict[str, Any]) -> None:
        """Note what an operation has that a description does not."""
        if given.get("callbacks"):
            self._notes.not_understood(place, t"the device calls others, in its callbacks")
        if given.get("servers") or around.get("servers"):
            self._notes.not_understood(place, t"has a server of its own, which is not used")
        if given.get("deprecated") is True:
            self._notes.changed(place, t"is deprecated: a later device may not have it")

    def _parameters(self, given: dict[str, Any], around: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the parameters of an operation, its own before those of its path."""
        made: dict[tuple[str, str], dict[str, Any]] = {}
        for each in (*list_in(around, "parameters"), *list_in(given, "parameters")):
            parameter = self._references.resolved(each)
            made[text_in(parameter, "name"), text_in(parameter, "in")] = parameter
        return [each for (name, _), each in made.items() if name][:_MAX_API_PARAMETERS]

    def _inputs(self, parameter: dict[str, Any], place: str) -> Iterator[Input]:
        """Yield the input of a parameter; raise ValueError if it is needed, but cannot be sent."""
        where, name = text_in(parameter, "in"), text_in(parameter, "name")
        is_required = parameter.get("required") is True or where == "path"
        if where in {"body", "formData"} or name.lower() in _SENT_ELSEWHERE:
            return
        value = self._schemas.whole(schema_of(parameter), name, place)
        if where in _PLACES and value is not None and name.isprintable():
            yield Input(where, with_details(value, parameter, is_required=is_required))
            return
        if where == "cookie":
            what = said(t"the parameter {name:.60} is in a cookie")
        else:
            what = said(t"the parameter {name:.60} is a list or an object")
        if is_required:
            raise ValueError(what)
        self._notes.left_out(place, t"{what}, and not needed")


def schema_of(parameter: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter; in version 2 it is the parameter itself."""
    if isinstance(parameter.get("schema"), dict):
        return object_in(parameter, "schema")
    contents = object_in(parameter, "content")
    if contents:
        return object_in(next(iter(contents.values())), "schema")
    return parameter


def with_details(
    value: SchemaValue, parameter: dict[str, Any], *, is_required: bool
) -> SchemaValue:
    """Return the value of a parameter with what the parameter itself says of it."""
    details = one_line(text_in(parameter, "description")) or value.details
    example = parameter.get("example", parameter.get("x-example", value.example))
    return replace(value, details=details, is_required=is_required, example=example)
