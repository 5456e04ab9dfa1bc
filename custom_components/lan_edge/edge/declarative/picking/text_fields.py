"""The words and numbers in an example answer that is text."""

from collections.abc import Iterator
from dataclasses import replace
import re

from ..reading.value_reading import ValueReading
from .answer_field import AnswerField, FieldKind
from .undivided import Span, spans_of

_MAX_LOOKED_AT = 4096
"""How much of a text is looked at, in characters."""
_MAX_WORDS = 16
_MAX_WHOLE = 64
_NUMBER_PATTERN = r"-?\d{1,9}(?:\.\d{1,6})?"
_WORD_PATTERN = r"[A-Za-z][\w-]{0,31}"
_NAMED_NUMBER = re.compile(
    rf"([^\d\r\n]{{0,24}})(?<![\w.])({_NUMBER_PATTERN})(?![\w.])|([A-Za-z_]{{1,16}})(\d{{1,9}})(?![\w.])"
)
_NAMED_WORD = re.compile(rf"([A-Za-z_][\w ]{{0,23}}\s?[:=]\s?)({_WORD_PATTERN})")
_NUMBER_AND_UNIT = re.compile(rf"\s*({_NUMBER_PATTERN}) ?([^\d\s.,:-]{{1,6}})\s*")
_UNIT = re.compile(r" ?([^\d\s.,:;<>\"'|/-]{1,6})")


def text_fields(text: str) -> Iterator[AnswerField]:
    """Yield the values that a text may have in it, each with a pattern or a place that finds it."""
    reading = ValueReading()
    if len(text) <= _MAX_WHOLE:
        yield AnswerField(FieldKind.WHOLE, "", text, reading)
    yield from fields_within(text, reading)
    words = text.split(maxsplit=_MAX_WORDS)[:_MAX_WORDS]
    if len(words) > 1:
        for at, word in enumerate(words):
            yield AnswerField(FieldKind.WORD, str(at + 1), word, ValueReading(word=at))


def fields_within(text: str, reading: ValueReading, path: str = "") -> Iterator[AnswerField]:
    """Yield the values within a text that `reading` finds, at a `path` if there is one."""
    if path and (match := _NUMBER_AND_UNIT.fullmatch(text)):
        number = replace(reading, pattern=_NUMBER_PATTERN)
        yield AnswerField(FieldKind.NUMBER, path, match[1], number, match[2])
        return
    part = text[:_MAX_LOOKED_AT]
    spans = spans_of(part)
    for pattern, value in ((_NAMED_WORD, _WORD_PATTERN), (_NAMED_NUMBER, _NUMBER_PATTERN)):
        for match in pattern.finditer(part):
            before, taken = _named(match, part, spans)
            if before:
                search = replace(reading, pattern=f"{_as_pattern(before)}({value})")
                unit = _UNIT.match(part, match.end()) if value == _NUMBER_PATTERN else None
                place = f"{path}: {before}" if path else before
                yield AnswerField(FieldKind.AFTER, place, taken, search, unit[1] if unit else "")


def _named(match: re.Match[str], text: str, spans: list[Span]) -> tuple[str, str]:
    """Return what is before a value, and the value; nothing if it is a part of one in `spans`."""
    group = match.lastindex or 0
    start, end = match.span(group)
    if any(first < end and start < last for first, last in spans):
        return "", ""
    begin = max([match.start(), *(last for _, last in spans if last <= start)])
    return text[begin:start].lstrip(), match[group]


def _as_pattern(text: str) -> str:
    return re.escape(text).replace(r"\ ", " ")
