"""Writes how values are read: where each stands in a message, and what it means."""

import ast
from collections.abc import Mapping
from enum import Enum
from typing import Any

from ...capabilities.definition import Attribute
from ...declarative.places import Path
from ...declarative.reading import ByteType, Conversion, ValueReading
from ...declarative.reading.byte_fields import STRUCTS
from ...declarative.reading.path_steps import Condition, Index, Name, json_steps
from ...declarative.reading.xml_path import xml_steps
from .names import Names
from .python_text import text_in
from .refusal import UnwritableError
from .source_file import SourceFile

_TEMPLATE_NODES = (
    *(ast.Expression, ast.IfExp, ast.Compare, ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.Constant),
    *(
        ast.Name,
        ast.Load,
        ast.Subscript,
        ast.Dict,
        ast.operator,
        ast.cmpop,
        ast.boolop,
        ast.unaryop,
    ),
)
"""What a template and Python have in common."""
_BY_TYPE = {bool: "truth", float: "number", int: "whole", str: "text_of"}
"""What makes a value of a type of the device's."""
_PYTHON_WORDS = {"true": "True", "false": "False", "none": "None"}


_FORMS: Mapping[tuple[str, str], str] = {
    ("text", "json"): "{json_of}({message})",
    ("text", "binary"): "{message}.encode()",
    ("binary", "json"): "{json_of}({message})",
    ("binary", "text"): '{message}.decode(errors="replace").strip()',
    ("response", "json"): "{message}.json()",
    ("response", "xml"): "{message}.xml()",
    ("response", "text"): "{message}.text()",
}
"""How a message of one form is read in another."""


class ReadingWriter:
    """Writes the readings of one file."""

    def __init__(self, file: SourceFile, names: Names, settings: set[str], form: str) -> None:
        """Take the file, the names of the settings, which templates see, and what messages are.

        `form` is text, json, binary, or empty where each message is what its readings take.
        """
        self._file = file
        self.form = form
        self._names = names
        self._settings = settings

    def parent_and_key(self, reading: ValueReading, message: str) -> tuple[str, str] | None:
        """Return the object in which a field of JSON stands, and the field; None: it is none."""
        is_part = reading.pattern or reading.word is not None or reading.bit is not None
        is_field = reading.path and not is_part
        steps = [step for step, _ in json_steps(reading.path)] if is_field else []
        if not steps or not isinstance(last := steps[-1], Name):
            return None
        return self._at(self.as_form(("path",), "json", message), steps[:-1]), text_in(last.name)

    def part(self, path: Path, within: str, message: str, reader: str = "at") -> str:
        """Return the expression for the part of a message in which all is read."""
        if not within:
            return message
        if self.form not in {"", "json"}:
            raise UnwritableError((*path, "within"), f"a part of a message that is {self.form}")
        steps = ", ".join(_step(step) for step, _ in json_steps(within))
        return f"{self._file.uses(reader)}({message}, {steps})"

    def as_form(self, path: Path, form: str, message: str, given: str = "") -> str:
        """Return a message, as `given` or else as messages are, as an expression for a form."""
        given = given or self.form
        if given in {"", form}:
            return message
        if (way := _FORMS.get((given, form))) is None:
            raise UnwritableError(path, f"{form} in a message that is {given}")
        json_of = self._file.uses("json_of") if "{json_of}" in way else ""
        return way.format(message=message, json_of=json_of)

    def value(self, path: Path, reading: ValueReading, message: str, form: str = "") -> str:
        """Return the expression for the device's value in a message; None if it is missing.

        `form` is what the message is, if that is not what all are.
        """
        found = self._found(path, reading, message, form)
        if reading.bit is None or reading.bytes_at is not None:
            return found
        return f"{self._file.uses('flag_in')}({found}, {reading.bit})"

    def _found(self, path: Path, reading: ValueReading, message: str, form: str) -> str:
        base = self._selected(path, reading, message, form)
        is_part = reading.group or reading.bytes_at is not None
        is_text = not (reading.path or reading.xml or is_part)
        text = base if is_text else f"{self._file.uses('text_of')}({base})"
        if reading.pattern:
            pattern = self._file.pattern(str(path[-1]), reading.pattern)
            return f"{self._file.uses('found_in')}({pattern}, {text})"
        if reading.word is not None:
            more = f", {text_in(reading.separator)}" if reading.separator else ""
            return f"{self._file.uses('part_of')}({text}, {reading.word}{more})"
        return base

    @staticmethod
    def is_text(reading: ValueReading) -> bool:
        """Return whether the value in the message is a text for certain."""
        is_part = bool(reading.group) or reading.bytes_type in (ByteType.ASCII, ByteType.HEX)
        return is_part and not (reading.pattern or reading.word is not None)

    def _selected(self, path: Path, reading: ValueReading, message: str, form: str) -> str:
        if reading.path:
            message = self.as_form((*path, "path"), "json", message, form)
            return self._at(message, [step for step, _ in json_steps(reading.path)])
        if reading.xml:
            return self._element(
                path, reading.xml, self.as_form((*path, "xml"), "xml", message, form)
            )
        if reading.group:
            return f"match[{text_in(reading.group)}]"
        if reading.bytes_at is not None:
            message = self.as_form((*path, "bytes"), "binary", message, form)
            return self._bytes(reading, reading.bytes_at, message)
        return self.as_form(path, "text", message, form)

    def _at(self, message: str, steps: list[Any]) -> str:
        if not steps:
            return message
        written = ", ".join(map(_step, steps))
        return f"{self._file.uses('at')}({message}, {written})"

    def _element(self, path: Path, xml: str, message: str) -> str:
        *steps, last = xml_steps(xml)
        attribute = f", {text_in(last.name)}" if last.is_attribute else ""
        steps = steps if last.is_attribute else [*steps, last]
        found = "".join(_xml_step(path, step) for step in steps).lstrip("/") or "."
        found = f".//{found}" if steps and steps[0].is_anywhere else found
        return f"{self._file.uses('element_at')}({message}, {text_in(found)}{attribute})"

    def _bytes(self, reading: ValueReading, at: int, message: str) -> str:
        kind, length = reading.bytes_type, reading.bytes_length
        if kind in (ByteType.ASCII, ByteType.HEX):
            more = f", {length}" if length else ""
            return f"{self._file.uses(f'{kind}_in')}({message}, {at}{more})"
        place = f"{message}, {at}, {text_in(STRUCTS[kind].format)}"
        if reading.bit is not None:
            return f"{self._file.uses('bit_in')}({place}, {reading.bit})"
        return f"{self._file.uses('number_in')}({place})"

    # what it means

    def convert(self, path: Path, reading: ValueReading, attribute: Attribute[Any]) -> str:
        """Return the function that makes the attribute's value of the device's; empty: none."""
        meaning = self.meaning(path, reading, attribute)
        if meaning != (called := meaning.removesuffix("(value)")) and called.isidentifier():
            return called
        return "" if meaning == "value" else f"lambda value: {meaning}"

    def meaning(self, path: Path, reading: ValueReading, attribute: Attribute[Any]) -> str:
        """Return the expression for what `value` means."""
        conversion = reading.conversion
        if conversion.template:
            return self._template(path, conversion)
        if conversion.map:
            return self._mapped(reading, attribute)
        if conversion.invert:
            return f"not {self._file.uses('truth')}(value)"
        calculated = self._calculated(conversion, whole=attribute.schema.type is int)
        return calculated or self._of_type(attribute)

    def _of_type(self, attribute: Attribute[Any]) -> str:
        """Return the expression that makes a value of an attribute's type of `value`."""
        kind = attribute.schema.type
        if kind in _BY_TYPE:
            return f"{self._file.uses(_BY_TYPE[kind])}(value)"
        if issubclass(kind, Enum):
            text = f"{self._file.uses('text_of')}(value)"
            return f"{self._names.of_attribute(attribute)}.parse({text})"
        return "value"

    def _mapped(self, reading: ValueReading, attribute: Attribute[Any]) -> str:
        """Return the expression for what `value` means by the words of a map."""
        is_text = reading.bytes_type in (ByteType.ASCII, ByteType.HEX)
        is_number = bool(reading.path) or (reading.bytes_at is not None and not is_text)
        is_number &= not reading.pattern and reading.word is None and reading.bit is None
        words = reading.conversion.map
        name, kind = self._names.map_constant(attribute, words, is_number=is_number)
        is_plain = kind is int or not reading.path
        key = "value" if is_plain else f"{self._file.uses('text_of')}(value)"
        return f"{self._file.uses('word_of')}({name}, {key})"

    def _calculated(self, conversion: Conversion, *, whole: bool) -> str | None:
        is_scaled, is_moved = conversion.scale != 1, conversion.offset != 0
        if not (is_scaled or is_moved or conversion.digits is not None):
            return None
        made = f"{self._file.uses('number')}(value)"
        made += f" * {conversion.scale!r}" if is_scaled else ""
        offset = conversion.offset
        made += f" {'-' if offset < 0 else '+'} {abs(offset)!r}" if is_moved else ""
        if whole or conversion.digits == 0:
            return f"round({made})"
        digits = 9 if conversion.digits is None else conversion.digits  # no 21.400000000000002
        return f"round({made}, {digits})"

    def _template(self, path: Path, conversion: Conversion) -> str:
        others = Conversion(template=conversion.template) != conversion
        try:
            tree = ast.parse(conversion.template.strip(), mode="eval")
        except SyntaxError:
            tree = None
        nodes = [*ast.walk(tree)] if tree is not None else []
        if any(isinstance(node, ast.BitOr) for node in nodes):
            raise UnwritableError((*path, "template"), "a template with filters")
        known = {"value", *self._settings, *_PYTHON_WORDS}
        names = {node.id for node in nodes if isinstance(node, ast.Name)}
        is_plain = names <= known and all(isinstance(node, _TEMPLATE_NODES) for node in nodes)
        if tree is None or others or not is_plain:
            raise UnwritableError((*path, "template"), "a template that is no Python")
        for node in nodes:
            if isinstance(node, ast.Name):
                node.id = _PYTHON_WORDS.get(node.id, node.id)
                node.id = f"self.settings.{node.id}" if node.id in self._settings else node.id
        return ast.unparse(tree).replace("'", '"')


def _step(step: Name | Index | Condition) -> str:
    match step:
        case Name(name):
            return text_in(name)
        case Index(at):
            return str(at)
        case Condition(field, value):
            return f"({text_in(field)}, {text_in(value)})"


def _xml_step(path: Path, step: Any) -> str:
    """Return a step of a path in XML as ElementTree writes it, in whatever namespace."""
    slashes = "//" if step.is_anywhere else "/"
    match step.which:
        case Index(at):
            which = "" if at == 0 else f"[{at + 1}]" if at > 0 else f"[last(){at + 1 or ''}]"
        case Condition(field, value) if '"' not in value:
            inner = field if field.startswith("@") else f"{{*}}{field}"
            which = f"[{inner}='{value}']"
        case _:
            raise UnwritableError((*path, "xml"), "a condition with quotes")
    return f"{slashes}{{*}}{step.name}{which}"
