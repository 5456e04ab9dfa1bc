"""Readers: what takes one value out of a message."""

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

from ...sentences import said
from ..faults import Faults, field_fault
from .bits import bit_of
from .byte_fields import byte_field
from .conversion import Convert, check_conversion, converter_of
from .json_path import json_path
from .path_steps import Name, json_steps
from .received import MISSING, THE_MESSAGE, Raw, Received, as_text
from .text_parts import Part, pattern_part, word_part
from .value_reading import ValueReading
from .xml_path import xml_path

type Reader = Callable[[Received], Raw]
type _Select = Callable[[Received], Raw]
_NO_PARAMETERS: Mapping[str, Any] = MappingProxyType({})


def reader_of(reading: ValueReading, parameters: Mapping[str, Any] = _NO_PARAMETERS) -> Reader:
    """Return a function that reads one value; raise DescriptionError with all its faults.

    The faults' paths are relative to the reading, with the fields' names in the text. `parameters`
    are for templates, and looked at whenever a value is read.

    The function returns None for null, and MISSING for what a message does not contain. It raises
    ReplyError for what cannot be read; the error says where it stands.
    """
    faults = Faults()
    faults.of(lambda: _check_sources(reading))
    select = faults.of(lambda: _selector(reading))
    part = faults.of(lambda: _part(reading))
    faults.of(lambda: check_conversion(reading.conversion))
    convert = converter_of(reading.conversion)
    template = faults.of(lambda: _template(reading, parameters))
    faults.raise_any()
    assert select is not None  # noqa: S101  # otherwise a fault was raised
    bit = bit_of(reading.bit) if reading.bytes_at is None else None  # else of the bytes
    converts = [each for each in (bit, convert, template) if each is not None]
    return _reader(select, part, converts, place_of(reading))


def field_of(reading: ValueReading) -> str | None:
    """Return the name of the field of a JSON object that is all that is read; None: it is more."""
    if reading != ValueReading(source=reading.source, path=reading.path):
        return None
    return _only_name(reading.path)


def place_of(reading: ValueReading) -> str:
    """Return where a value stands, as errors name it."""
    at = reading.bytes_at
    return reading.path or reading.xml or (THE_MESSAGE if at is None else said(t"byte {at}"))


def _reader(select: _Select, part: Part | None, converts: list[Convert], place: str) -> Reader:
    if part is None and not converts:
        return select

    def read(message: Received) -> Raw:
        value = select(message)
        if value is None or value is MISSING:
            return value
        name = message.what if place is THE_MESSAGE else place
        if part is not None and (value := part(as_text(value, name), name)) is MISSING:
            return value
        for convert in converts:
            value = convert(value, name)
        return value

    return read


def _check_sources(reading: ValueReading) -> None:
    chosen = {
        "path": bool(reading.path),
        "xml": bool(reading.xml),
        "bytes": reading.bytes_at is not None,
        "group": bool(reading.group),
    }
    names = [name for name, is_chosen in chosen.items() if is_chosen]
    if len(names) > 1:
        first, second = names[:2]
        raise field_fault(second, t"is given beside {first}", t"leave one out")
    if reading.pattern and reading.word is not None:
        raise field_fault("word", t"is given beside pattern", t"leave one out")
    if reading.separator and reading.word is None:
        raise field_fault("separator", t"is given without word", t"say which part: word: 0")


def _selector(reading: ValueReading) -> _Select:
    if reading.path:
        return _at_path(reading.path)
    if reading.xml:
        xml = xml_path(reading.xml)
        return lambda message: xml(message.xml())
    if reading.bytes_at is not None:
        field = byte_field(reading.bytes_at, reading.bytes_type, reading.bytes_length, reading.bit)
        return lambda message: field(message.data())
    if reading.group:
        return lambda message: _group(message, reading.group)
    if reading.pattern or reading.word is not None:
        return Received.text
    return Received.whole


def _at_path(text: str) -> _Select:
    path, name = json_path(text), _only_name(text)
    if name is None:
        return lambda message: path(message.json())

    def select(message: Received) -> Raw:
        fields = message.fields
        return path(message.json()) if fields is None else fields.get(name, MISSING)

    return select


def _only_name(path: str) -> str | None:
    """Return the name that is all of a path; None for another one."""
    match json_steps(path):
        case [(Name(name), _)]:
            return name
        case _:
            return None


def _group(message: Received, name: str) -> Raw:
    value = message.groups.get(name, MISSING)
    return MISSING if value is None else value  # it took no part in the match


def _part(reading: ValueReading) -> Part | None:
    if reading.pattern:
        return pattern_part(reading.pattern)
    return None if reading.word is None else word_part(reading.word, reading.separator)


def _template(reading: ValueReading, parameters: Mapping[str, Any]) -> Convert | None:
    if not (text := reading.conversion.template):
        return None
    try:  # not at the top: it needs Jinja2, unlike all else
        templates = import_module("..templating.expression", __package__)
    except ImportError:
        remedy = t"install lan-edge[descriptions]"
        raise field_fault("template", t"needs the package Jinja2", remedy) from None
    made: Convert = templates.template_of(text, parameters)
    return made
