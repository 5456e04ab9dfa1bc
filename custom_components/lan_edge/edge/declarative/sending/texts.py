"""Texts that are filled: how a value is put in depends on the place, so that it stays one value."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

import orjson

from ...capabilities.schema import short
from ...errors import ArgumentError
from ...network.markup import without_controls
from ...network.text import is_sendable
from ...sentences import said
from ..faults import field_fault
from ..places import Path
from .formats import TEXT_FORMATS, is_text_format, text_of
from .placeholders import Filling, Piece, Placeholder, pieces_of_text, placeholders_of

type _Put = Callable[[Any, Placeholder], str]
"""Returns a value as it stands in the text."""
_QUOTES = {'"': "&quot;", "'": "&apos;"}


class TextPlace(Enum):
    """Where a text is sent."""

    PATH = "path"
    VALUE = "value"
    """A value that is encoded as a whole, in a query or a form."""
    HEADER = "header"
    LINE = "line"
    """A line, or another text that is not in one of the following formats."""
    XML = "xml"
    JSON_TEXT = "json_text"
    """JSON that is written as a text."""


@dataclass(frozen=True, slots=True)
class FilledText:
    """A text with what puts each of its values in."""

    parts: tuple[str | tuple[Placeholder, _Put], ...]
    place: TextPlace

    @property
    def placeholders(self) -> list[Placeholder]:
        """The placeholders in it."""
        return [part[0] for part in self.parts if isinstance(part, tuple)]

    def fill(self, filling: Filling) -> str:
        """Return the text with its values; raise ArgumentError for one that cannot be there."""
        texts: list[str] = []
        for part in self.parts:
            if isinstance(part, str):
                texts.append(part)
            else:
                placeholder, put = part
                texts.append(filling.hide(placeholder, put(filling.get(placeholder), placeholder)))
        text = "".join(texts)
        if self.place is TextPlace.PATH:
            _check_path(text)
        return text

    def is_left_out(self, filling: Filling) -> bool:
        """Return whether it is only one value, which is not given."""
        return len(self.parts) == 1 == len(self.placeholders) and (
            filling.get(self.placeholders[0]) is None
        )


def parse_placeholders(text: str, place: TextPlace, path: Path = ("text",)) -> FilledText:
    """Return a text that can be filled; raise DescriptionError for the field at `path`."""
    pieces = pieces_of_text(text, path)
    for each in placeholders_of(pieces):
        if not is_text_format(each.format):
            placeholder = f"{{{each.key}:{each.format}}}"
            reason = t"has {placeholder}, which is not possible here"
            raise field_fault(path, reason, t"the formats of a text are {TEXT_FORMATS}")
    before, parts = "", list[str | tuple[Placeholder, _Put]]()
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(piece)
            before += piece
        else:
            parts.append((piece, _putting(place, before, path)))
            before += "0"
    return FilledText(tuple(parts), place)


def place_of_text(pieces: tuple[Piece, ...], content_type: str = "") -> TextPlace:
    """Return in which format a text is, by its content type or how it is written."""
    kind = content_type.lower()
    text = "".join(piece if isinstance(piece, str) else "0" for piece in pieces).strip()
    if "xml" in kind or "html" in kind or _is_markup(text):
        return TextPlace.XML
    return TextPlace.JSON_TEXT if "json" in kind or _is_json(text) else TextPlace.LINE


def _is_markup(text: str) -> bool:
    """Return whether a text is XML, unlike `< SET 1 GAIN 0 >`."""
    return text.startswith("<") and any(sign in text for sign in ("</", "/>", "<?"))


def _is_json(text: str) -> bool:
    """Return whether a text is a list or an object, unlike `[VOL 0]`."""
    try:
        return text.startswith(("{", "[")) and orjson.loads(text) is not None
    except orjson.JSONDecodeError:
        return False


def _putting(place: TextPlace, before: str, path: Path) -> _Put:
    """Return what puts a value in after the text `before`."""
    match place:
        case TextPlace.PATH:
            return _in_query_of_path if "?" in before else _in_path
        case TextPlace.VALUE:
            return _as_it_is
        case TextPlace.HEADER:
            return _in_line
        case TextPlace.XML:
            return _xml_putting(before, path)
        case TextPlace.JSON_TEXT:
            return _in_json_string if _is_in_string(before) else _in_json
        case TextPlace.LINE:
            return _in_quotes if _is_in_string(before) else _in_line


def _as_it_is(value: Any, placeholder: Placeholder) -> str:
    return text_of(value, placeholder.format, placeholder.name)


def _in_path(value: Any, placeholder: Placeholder) -> str:
    if not (text := _as_it_is(value, placeholder)):
        raise ArgumentError(said(t"{placeholder.name} is empty, but a part of a path"))
    return quote(text, safe="")


def _in_query_of_path(value: Any, placeholder: Placeholder) -> str:
    return quote(_as_it_is(value, placeholder), safe="")


def _check_path(path: str) -> None:
    """Raise ArgumentError for a path that leads elsewhere than it is written."""
    for segment in path.partition("?")[0].split("/"):
        if unquote(segment) in {".", ".."}:
            raise ArgumentError(said(t"the path {short(path)} has a part that is only dots"))


def _in_line(value: Any, placeholder: Placeholder) -> str:
    text = _as_it_is(value, placeholder)
    if not is_sendable(text):
        words = t"{placeholder.name} has a line break or another control character"
        raise ArgumentError(said(words))
    return text


def _in_quotes(value: Any, placeholder: Placeholder) -> str:
    text = _in_line(value, placeholder)
    if '"' in text or "\\" in text:
        words = t"{placeholder.name} has a quote or a backslash, but stands in quotes"
        raise ArgumentError(said(words))
    return text


def _xml_putting(before: str, path: Path) -> _Put:
    tag = before[before.rfind("<") :] if before.rfind("<") > before.rfind(">") else ""
    if tag and not (tag.count('"') % 2 or tag.count("'") % 2):
        example = 'level="{level}"'
        remedy = t"put it between elements, or in quotes: {example}"
        raise field_fault(path, t"has a placeholder within a tag", remedy)
    return _in_xml


def _in_xml(value: Any, placeholder: Placeholder) -> str:
    text = _in_line(value, placeholder)
    if without_controls(text) != text:
        raise ArgumentError(said(t"{placeholder.name} has a character that XML cannot contain"))
    return escape(text, _QUOTES)


def _is_in_string(before: str) -> bool:
    """Return whether a quote is open at the end of JSON, or of a line."""
    is_open = is_escaped = False
    for character in before:
        if is_escaped:
            is_escaped = False
        elif character == "\\":
            is_escaped = is_open
        elif character == '"':
            is_open = not is_open
    return is_open


def _in_json_string(value: Any, placeholder: Placeholder) -> str:
    return orjson.dumps(_as_it_is(value, placeholder)).decode()[1:-1]


def _in_json(value: Any, placeholder: Placeholder) -> str:
    value = value.value if isinstance(value, Enum) else value
    text = _as_it_is(value, placeholder)
    return orjson.dumps(text).decode() if isinstance(value, str) else text
