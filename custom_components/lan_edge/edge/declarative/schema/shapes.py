"""Shapes of single values: what a value may be, checked with the remedy, and as JSON Schema."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
import math
import re
from string.templatelib import Template
from typing import Any, ClassVar, override

from ...capabilities.schema import short
from ...network.text import is_encodable
from ...sentences import said
from .wrong import Wrong, choices, nearest, shown

type Json = dict[str, Any]

MAX_FIELD_TEXT = 4096
"""The longest text of a field, unless it says otherwise."""
PLACEHOLDER = r"\{\w+(\.\w+)?(:[^{}]*)?\}"
"""A text that is one placeholder."""
_ONE_PLACEHOLDER = re.compile(PLACEHOLDER)


class Shape(ABC):
    """What a value may be. Calling it returns the value as it is used, or raises vol.Invalid."""

    @abstractmethod
    def __call__(self, value: Any) -> Any:
        """Return the value as it is used; raise vol.Invalid."""

    @abstractmethod
    def json(self) -> Json:
        """Return it as JSON Schema."""


class Text(Shape):
    """A text of at most `most` characters that a whole `pattern` matches."""

    def __init__(
        self,
        most: int = MAX_FIELD_TEXT,
        pattern: str = "",
        words: Template | None = None,
        *,
        loose: bool = False,
    ) -> None:
        """`words` say what it is; with `loose`, numbers and booleans count as their texts."""
        self._most, self._pattern, self._words, self._loose = most, pattern, words, loose

    @override
    def __call__(self, value: Any) -> str:
        if self._loose and isinstance(value, bool):
            value = "true" if value else "false"
        elif self._loose and isinstance(value, int | float):
            value = str(value)
        if not isinstance(value, str):
            remedy = t"put it in quotes" if isinstance(value, int | float) else ""
            raise Wrong(t"is {shown(value)}, not a text", remedy)
        if len(value) > self._most:
            count, most = len(value), self._most
            raise Wrong(t"has {count} characters", t"at most {most} are possible")
        if not is_encodable(value):
            raise Wrong(t"has characters that are not valid text")
        if self._pattern and not re.fullmatch(self._pattern, value):
            if self._words is None:
                raise Wrong(t"is {short(value)}, which is not of the right form")
            kind = said(self._words)
            raise Wrong(t"is {short(value)}, not {kind}")
        return value

    @override
    def json(self) -> Json:
        kinds: Any = ["string", "number", "boolean"] if self._loose else "string"
        pattern = {"pattern": f"^({self._pattern})$"} if self._pattern else {}
        return {"type": kinds, "maxLength": self._most, **pattern}


class Number(Shape):
    """A number within limits; `fillable`, or a placeholder for one."""

    def __init__(
        self,
        low: float = -1e15,
        high: float = 1e15,
        *,
        whole: bool = False,
        fillable: bool = False,
    ) -> None:
        """Take the limits, which are included."""
        self._low, self._high, self._whole, self._fillable = low, high, whole, fillable

    @override
    def __call__(self, value: Any) -> Any:
        if self._fillable and isinstance(value, str) and _ONE_PLACEHOLDER.fullmatch(value):
            return value
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value) or (self._whole and value != int(value)):
            is_quoted = isinstance(value, str) and value.strip().isdecimal()
            remedy = t"remove the quotes" if is_quoted else ""
            if self._whole:
                raise Wrong(t"is {shown(value)}, not a whole number", remedy)
            raise Wrong(t"is {shown(value)}, not a number", remedy)
        if not self._low <= value <= self._high:
            low, high = self._low, self._high
            raise Wrong(t"is {value:g}, not {low:g} to {high:g}")
        return int(value) if self._whole else value

    @override
    def json(self) -> Json:
        limits = {"minimum": self._low, "maximum": self._high}
        used: Json = {k: v for k, v in limits.items() if abs(v) < 1e15}  # noqa: PLR2004
        number: Json = {"type": "integer" if self._whole else "number", **used}
        if not self._fillable:
            return number
        return {"anyOf": [number, {"type": "string", "pattern": f"^{PLACEHOLDER}$"}]}


class Flag(Shape):
    """True or false; also yes, no, on and off."""

    WORDS: ClassVar[Mapping[str, bool]] = {"yes": True, "on": True, "no": False, "off": False}

    @override
    def __call__(self, value: Any) -> bool:
        if isinstance(value, str) and value.lower() in self.WORDS:
            return self.WORDS[value.lower()]
        if not isinstance(value, bool):
            raise Wrong(t"is {shown(value)}, not true or false")
        return value

    @override
    def json(self) -> Json:
        return {"type": "boolean"}


class OneOf[T](Shape):
    """One of some words, each with the value for which it stands."""

    def __init__(self, words: Mapping[str, T]) -> None:
        """Take the words."""
        self._words = words

    @override
    def __call__(self, value: Any) -> T:
        if not isinstance(value, str) or value not in self._words:
            meant = nearest(value, self._words) if isinstance(value, str) else ""
            remedy = t"did you mean {meant}?" if meant else choices(self._words)
            raise Wrong(t"is {shown(value)}", remedy)
        return self._words[value]

    @override
    def json(self) -> Json:
        return {"enum": list(self._words)}


class Scalar(Shape):
    """A text, a number, true or false."""

    @override
    def __call__(self, value: Any) -> str | float | bool:
        if isinstance(value, bool):
            return value
        return Number()(value) if isinstance(value, int | float) else Text()(value)

    @override
    def json(self) -> Json:
        return {"type": ["string", "number", "boolean"]}


class Anything(Shape):
    """Any value of JSON; it is bounded by the limits of the text."""

    @override
    def __call__(self, value: Any) -> Any:
        return value

    @override
    def json(self) -> Json:
        return {}
