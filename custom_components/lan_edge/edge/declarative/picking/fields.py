"""All values in an example answer, whatever it is written in."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice

from ...errors import ReplyError
from ...network.text import is_encodable
from ..places import DescriptionError
from ..reading.reader import reader_of
from ..reading.received import Received
from .answer_field import MAX_FIELDS, AnswerField, FieldKind
from .bits import bits_of
from .byte_fields import byte_fields
from .json_fields import json_fields
from .text_fields import fields_within, text_fields
from .xml_fields import xml_fields

_TRIED = 4 * MAX_FIELDS
"""How many values are looked at for as many as are returned."""
_CONTROLS = frozenset(map(chr, (*range(9), 11, 12, *range(14, 32), 0x7F, 0xFFFD)))


def fields_of(message: Received, most: int = MAX_FIELDS) -> list[AnswerField]:
    """Return the values in a message that can be picked, at most so many, in its order.

    The reading of each finds this value in this message.
    """
    known = set[str]()
    fields: list[AnswerField] = []
    for field in islice(_with_parts(_candidates(message)), _TRIED):
        if len(fields) == most:
            break
        if (reading := repr(field.reading)) not in known and _is_found(field, message):
            known.add(reading)
            fields.append(field)
    return fields


def _with_parts(fields: Iterator[AnswerField]) -> Iterator[AnswerField]:
    """Yield fields, and what may be picked within those that are texts at a path, or flags."""
    for field in fields:
        yield field
        yield from bits_of(field)
        if field.kind is FieldKind.PATH and isinstance(field.value, str):
            parts = fields_within(field.value, field.reading, field.place)
            yield from (replace(each, called=field.called) for each in parts)


def _candidates(message: Received) -> Iterator[AnswerField]:
    if (structured := _structured(message)) is not None:
        return structured
    text = message.text()
    return byte_fields(message.data()) if _is_no_text(text) else text_fields(text)


def _structured(message: Received) -> Iterator[AnswerField] | None:
    """Return the values of JSON and XML; None for anything else."""
    text = message.text()
    if message.is_parsed or text.startswith(("{", "[")):
        with suppress(ReplyError):
            return json_fields(message.json())
    if text.startswith("<"):
        with suppress(ReplyError):
            return xml_fields(message.xml())
    return None


def is_bytes(message: Received) -> bool:
    """Return whether a message is neither a text nor written in any language."""
    return _is_no_text(message.text()) and _structured(message) is None


def _is_no_text(text: str) -> bool:
    return bool(_CONTROLS & set(text)) or not is_encodable(text)


def _is_found(field: AnswerField, message: Received) -> bool:
    """Return whether a field's reading finds its value: another may stand before it."""
    try:
        return bool(reader_of(field.reading)(message) == field.value)
    except DescriptionError, ReplyError:
        return False
