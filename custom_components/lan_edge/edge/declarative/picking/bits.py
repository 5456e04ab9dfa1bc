"""The bits of a number that is called flags, to pick from."""

from collections.abc import Iterator
from dataclasses import replace
import re

from .answer_field import AnswerField, FieldKind

_FLAGS = re.compile(
    r"(?:.*[^A-Za-z]|.*[a-z](?=[A-Z]))?(?:[Ff]lags?|[Bb]its|[Bb]it_?[Ff]ield|[Bb]it_?[Mm]a(?:sk|p)|FLAGS)",
    re.DOTALL,
)
_BY_INDEX = re.compile(r"\[\d+\]")
_BYTE, _MOST = 8, 32
_TYPED_BIT = re.compile(r"(.+) bit (\d{1,2})(?: = .*)?", re.DOTALL)


def bits_of(field: AnswerField) -> Iterator[AnswerField]:
    """Yield the bits of a number that its name calls flags, all of each byte that is in use.

    Those of the items of a list are at the place by which the items are told apart.
    """
    number = field.value
    if type(number) is not int or not 0 <= number < 1 << _MOST or field.reading.bit is not None:
        return
    if field.kind is not FieldKind.PATH or _BY_INDEX.search(field.place):
        return
    if _FLAGS.fullmatch(field.place):
        for bit in range(max(-(-number.bit_length() // _BYTE), 1) * _BYTE):
            place, is_set = f"{field.place} bit {bit}", bool(number >> bit & 1)
            yield replace(field, place=place, value=is_set, reading=replace(field.reading, bit=bit))


def typed_bit(text: str) -> tuple[str, int] | None:
    """Return the place of a number and the bit that are meant by `flags bit 4`; None: no bit is."""
    match = _TYPED_BIT.fullmatch(text.strip())
    return None if match is None or int(match[2]) >= _MOST else (match[1], int(match[2]))
