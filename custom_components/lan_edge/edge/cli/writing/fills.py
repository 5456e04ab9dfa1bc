"""Writes what is put into what is sent: arguments and settings, in texts, JSON and bytes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from ...declarative.compiling.numbers import NUMBER, largest_number
from ...declarative.places import Path
from ...declarative.reading import ByteType
from ...declarative.reading.byte_fields import STRUCTS
from ...declarative.sending.placeholders import Placeholder, pieces_of_text, placeholders_of
from .python_text import text_in, value_in
from .refusal import UnwritableError
from .source_file import SourceFile


@dataclass(slots=True)
class Substitutes:
    """What placeholders stand for where something is sent."""

    code: Mapping[str, str] = field(default_factory=dict[str, str])
    """The expression for each, by the placeholder's key."""
    types: Mapping[str, type[Any]] = field(default_factory=dict[str, type[Any]])
    """What each is, where that is not a text."""
    optional: frozenset[str] = frozenset()
    """Those that may be None."""


class Filler:
    """Writes the texts and bytes in which values are put."""

    def __init__(self, file: SourceFile) -> None:
        """Take the file that is written."""
        self._file = file

    def text(
        self,
        path: Path,
        text: str,
        values: Substitutes,
        quote: Callable[[str, str], str] | None = None,
    ) -> str:
        """Return the expression for a text; `quote` encodes a value in it, after what is before."""
        pieces = pieces_of_text(text, path)
        for placeholder in placeholders_of(pieces):
            if placeholder.key in values.optional:
                reason = f"{placeholder.key}, which may be missing, in a text"
                raise UnwritableError(path, reason)
        if len(pieces) == 1 and isinstance(pieces[0], Placeholder) and quote is None:
            return self._as_text(path, pieces[0], values)
        if all(isinstance(each, str) for each in pieces):
            return text_in("".join(map(str, pieces)))
        made = ""
        for each in pieces:
            if isinstance(each, str):
                made += text_in(each)[1:-1].replace("{", "{{").replace("}", "}}")
            elif quote is not None and not self._is_number(each, values):
                made += f"{{{quote(self._as_text(path, each, values), made)}}}"
            else:
                made += f"{{{self._in_text(path, each, values)}}}"
        return f'f"{made}"'

    def value(self, path: Path, value: Any, values: Substitutes) -> str:
        """Return the expression for a value of JSON, with the values put in by their types."""
        if isinstance(value, dict):
            return self._object(path, value, values)
        if isinstance(value, list | tuple):
            return f"[{', '.join(self.value(path, each, values) for each in value)}]"
        if not isinstance(value, str):
            return value_in(value)
        pieces = pieces_of_text(value, path)
        if len(pieces) == 1 and isinstance(one := pieces[0], Placeholder):
            return self._unless_missing(one, self._alone(path, value, one, values), values)
        return self.text(path, value, values)

    def _alone(self, path: Path, value: str, placeholder: Placeholder, values: Substitutes) -> str:
        """Return the expression for a value of JSON that is nothing but a placeholder."""
        code, kind = self._code(path, placeholder, values), placeholder.format
        if kind in {"", "d"}:
            is_whole = kind == "" or values.types.get(placeholder.key) is int
            return code if is_whole else f"round({code})"
        if kind.endswith("f"):
            return f"round({code}, {kind[-2]})"
        return self.text(path, value, replace(values, optional=frozenset()))

    def _unless_missing(self, placeholder: Placeholder, code: str, values: Substitutes) -> str:
        """Return an expression that is None if a value is that may be missing."""
        name = values.code.get(placeholder.key, "")
        is_there = placeholder.key not in values.optional or code == name
        return code if is_there else f"None if {name} is None else {code}"

    def fields(self, path: Path, texts: Mapping[str, str], values: Substitutes) -> str:
        """Return the expression for the texts of a query, a form or headers."""
        missing = {name for name, text in texts.items() if self._may_be_missing(text, values)}
        made: dict[str, str] = {}
        for name, text in texts.items():
            place, given = (*path, name), replace(values, optional=frozenset())
            if name in missing:
                [one] = placeholders_of(pieces_of_text(text, place))
                made[name] = self._unless_missing(one, self.text(place, text, given), values)
            else:
                made[name] = self.text(place, text, values)
        return self._written(path, made, missing)

    def bytes(self, path: Path, text: str, values: Substitutes) -> str:
        """Return the expression for bytes."""
        parts: list[str] = []
        for each in pieces_of_text(text, path):
            if isinstance(each, str):
                parts.append(value_in(bytes.fromhex(each)))
            else:
                parts.append(self._packed(path, each, values))
        return " + ".join(each for each in parts if each != 'b""')

    def _object(self, path: Path, value: Mapping[str, Any], values: Substitutes) -> str:
        """Return the expression for an object, without what is not given."""
        written = {key: self.value((*path, key), each, values) for key, each in value.items()}
        missing = {key for key, each in value.items() if self._may_be_missing(each, values)}
        return self._written(path, written, missing)

    def _written(self, path: Path, written: Mapping[str, str], missing: set[str]) -> str:
        """Return the expression for fields, without those of `missing` that are not given."""
        if not missing:
            inner = ", ".join(f"{text_in(key)}: {code}" for key, code in written.items())
            return f"{{{inner}}}"
        if not all(key.isidentifier() for key in written):
            raise UnwritableError(path, "a field that may be missing beside one that is no name")
        inner = ", ".join(f"{key}={code}" for key, code in written.items())
        return f"{self._file.uses('given')}({inner})"

    def _may_be_missing(self, value: Any, values: Substitutes) -> bool:
        is_one = isinstance(value, str) and value.startswith("{") and value.endswith("}")
        return is_one and value[1:-1].partition(":")[0] in values.optional

    def _code(self, path: Path, placeholder: Placeholder, values: Substitutes) -> str:
        if (code := values.code.get(placeholder.key)) is None:
            raise UnwritableError(path, f"{{{placeholder.key}}}")
        kind = values.types.get(placeholder.key, str)
        return f"{code}.value" if issubclass(kind, Enum) else code

    def _as_text(self, path: Path, placeholder: Placeholder, values: Substitutes) -> str:
        code = self._code(path, placeholder, values)
        kind = values.types.get(placeholder.key, str)
        if placeholder.format == "md5":
            return f"{self._file.uses('md5_of')}({code})"
        if placeholder.format not in {"", "s"}:
            return f'f"{{{self._formatted(placeholder, code, values)}}}"'
        is_text = issubclass(kind, str)
        return code if is_text else f"{self._file.uses('text_of')}({code})"

    def _in_text(self, path: Path, placeholder: Placeholder, values: Substitutes) -> str:
        """Return what stands between the braces of a text."""
        code = self._code(path, placeholder, values)
        kind = values.types.get(placeholder.key, str)
        if placeholder.format and placeholder.format not in {"s", "md5"}:
            return self._formatted(placeholder, code, values)
        is_plain = issubclass(kind, str | int) and kind is not bool and not placeholder.format
        return code if is_plain else self._as_text(path, placeholder, values)

    def _is_number(self, placeholder: Placeholder, values: Substitutes) -> bool:
        """Return whether a value is a number as text, in which nothing can be escaped."""
        kind = values.types.get(placeholder.key, str)
        return placeholder.format not in {"", "s", "md5"} or issubclass(kind, int | float)

    def _formatted(self, placeholder: Placeholder, code: str, values: Substitutes) -> str:
        spec, kind = placeholder.format, values.types.get(placeholder.key, str)
        code = f"round({code})" if spec[-1] in "dxX" and kind is not int else code
        return code if spec == "d" else f"{code}:{spec}"

    def _packed(self, path: Path, placeholder: Placeholder, values: Substitutes) -> str:
        kind = ByteType(placeholder.format)
        code = self._code(path, placeholder, values)
        if kind is ByteType.ASCII:
            return f"{self._as_text(path, Placeholder(placeholder.name), values)}.encode()"
        if kind is ByteType.HEX:
            return f"bytes.fromhex({code})"
        self._file.imports("from struct import pack")
        if placeholder.name == NUMBER:
            code = f"{code} % {largest_number([placeholder])} + 1"
        whole = values.types.get(placeholder.key, str) is not int
        is_float = kind in (ByteType.F32BE, ByteType.F32LE)
        code = f"round({code})" if whole and not is_float else code
        return f"pack({text_in(STRUCTS[kind].format)}, {code})"
