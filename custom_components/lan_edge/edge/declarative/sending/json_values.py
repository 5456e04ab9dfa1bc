"""JSON with placeholders: a text that is one placeholder becomes the value, with its type."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

import orjson

from ...capabilities.schema import MAX_NUMBER
from ..faults import Faults, field_fault
from ..places import Path
from .formats import TEXT_FORMATS, is_text_format, json_of, text_of
from .placeholders import Filling, Placeholder, literal_text, pieces_of_text, placeholders_of

MAX_JSON_DEPTH = 16
"""How deeply lists and objects may be nested."""
_LEFT_OUT: Any = object()
"""Stands for a value that is not given."""

type JsonBuilder = Callable[[Filling], Any]
type Uses = list[tuple[Path, Placeholder]]


def json_builder(value: Any, field: str, uses: Uses) -> JsonBuilder:
    """Return what builds a JSON value; raise DescriptionError, whose paths begin with `field`.

    What it uses is appended to `uses`, by the path. A value that is not given is left out of an
    object, and is null elsewhere.
    """
    build = _built(value, (field,), uses)

    def whole(filling: Filling) -> Any:
        made = build(filling)
        return None if made is _LEFT_OUT else made

    return whole


def _built(value: Any, path: Path, uses: Uses) -> JsonBuilder:
    if len(path) > MAX_JSON_DEPTH:
        raise field_fault(path, t"is nested more than {MAX_JSON_DEPTH} deep")
    match value:
        case str():
            return _text(value, path, uses)
        case Mapping():
            return _object(cast("Mapping[str, Any]", value), path, uses)
        case list() | tuple():
            return _list(cast("list[Any]", value), path, uses)
        case None | bool() | int() | float():
            _check_number(value, path)
            return lambda _: value
        case _:
            kind = type(value).__name__
            raise field_fault(path, t"is of the type {kind}, which JSON does not have")


def _check_number(value: float | None, path: Path) -> None:
    if value is not None and not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise field_fault(path, t"is not a number that can be sent")


def _text(text: str, path: Path, uses: Uses) -> JsonBuilder:
    pieces = pieces_of_text(text, path)
    for each in placeholders_of(pieces):
        if not is_text_format(each.format):
            placeholder = f"{{{each.key}:{each.format}}}"
            reason = t"has {placeholder}, which is not possible here"
            raise field_fault(path, reason, t"the formats in JSON are {TEXT_FORMATS}")
        uses.append((path, each))
    match pieces:
        case (Placeholder() as only,):
            return _value_of(only)
        case _:
            return lambda filling: "".join(
                piece if isinstance(piece, str) else _part(filling, piece) for piece in pieces
            )


def _value_of(placeholder: Placeholder) -> JsonBuilder:
    key, name, form = placeholder.key, placeholder.name, placeholder.format

    def value_of(filling: Filling) -> Any:
        if (value := filling.values.get(key)) is None:
            return _LEFT_OUT
        made = json_of(value, form, name)
        if name in filling.secrets:
            _hide(filling, placeholder, made)
        return made

    return value_of


def _part(filling: Filling, placeholder: Placeholder) -> str:
    text = text_of(filling.get(placeholder), placeholder.format, placeholder.name)
    _hide(filling, placeholder, text)
    return text


def _hide(filling: Filling, placeholder: Placeholder, value: Any) -> None:
    """Hide a value as it stands in the JSON that is sent."""
    written = orjson.dumps(value).decode()
    filling.hide(placeholder, written[1:-1] if isinstance(value, str) else written)


def _object(values: Mapping[str, Any], path: Path, uses: Uses) -> JsonBuilder:
    faults = Faults()
    fields = {
        faults.of(partial(literal_text, key, (*path, key))): faults.of(
            partial(_built, each, (*path, key), uses)
        )
        for key, each in values.items()
    }
    faults.raise_any()
    builders = [(str(key), build) for key, build in fields.items() if build is not None]

    def build(filling: Filling) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, each in builders:
            if (value := each(filling)) is not _LEFT_OUT:
                made[key] = value
        return made

    return build


def _list(values: list[Any], path: Path, uses: Uses) -> JsonBuilder:
    faults = Faults()
    items = [faults.of(partial(_built, each, (*path, at), uses)) for at, each in enumerate(values)]
    faults.raise_any()
    known = [build for build in items if build is not None]

    def build(filling: Filling) -> list[Any]:
        made = [each(filling) for each in known]
        return [None if value is _LEFT_OUT else value for value in made]

    return build
