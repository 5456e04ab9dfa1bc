"""The way back: which of the device's values means a value."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal, DecimalException
from typing import Any

from ...capabilities.schema import MAX_NUMBER, short
from ...errors import ArgumentError, ReplyError
from ...sentences import said, said_by
from ..faults import field_fault
from .conversion import calculation, check_conversion, decimal_of, has_numbers, plain, rounded
from .received import THE_VALUE, as_text
from .value_reading import Conversion

_MAX_DIGITS = 9
"""The most digits after the point of a number that is sent."""
_EQUAL = Decimal("1e-9")
"""By how much two numbers may differ, relatively, and be the same."""


def inverse(conversion: Conversion, *, whole: bool = False) -> Callable[[Any], Any]:
    """Return a function that returns what to send for a value; raise DescriptionError if none can.

    Of the numbers that read as the value, it returns the one with the fewest digits. `whole`: the
    values are whole numbers. The function raises ArgumentError.
    """
    check_conversion(conversion)
    if conversion.template:
        raw = "{name.raw}"
        raise field_fault(
            "template",
            t"has no way back, so the value cannot be sent",
            t"use map or scale, or send {raw}",
        )
    if conversion.map:
        return _unmapped_by(_reversed(conversion.map))
    if conversion.invert:
        return _inverted
    if has_numbers(conversion):
        digits = 0 if whole and conversion.digits is None else conversion.digits
        return _solver(conversion, digits)
    return lambda value: value


def _inverted(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ArgumentError(said(t"{short(value)} is not true or false"))
    return not value


def _reversed(words: Mapping[str, Any]) -> dict[str, str]:
    """Return the device's values by what they mean: of several that mean the same, the first."""
    sent: dict[str, str] = {}
    for key, value in words.items():
        sent.setdefault(as_text(value), key)
    return sent


def _unmapped_by(sent: Mapping[str, str]) -> Callable[[Any], Any]:
    def back(value: Any) -> Any:
        try:
            return _typed(sent[as_text(value)])
        except KeyError, ReplyError:
            known = ", ".join(sent)
            raise ArgumentError(said(t"{short(value)} is not one of {known:.100}")) from None

    return back


def _typed(key: str) -> str | int | float | bool:
    """Return a key of a map as JSON has it: true, false, or a number that reads as this key.

    `1.0` is a text: the number 1.0 of a device is read as `1`.
    """
    if key in {"true", "false"}:
        return key == "true"
    for kind in (int, float):
        try:
            number = kind(key)
        except ValueError:
            continue
        if abs(number) <= MAX_NUMBER and as_text(number) == key:
            return number
    return key


def _solver(conversion: Conversion, digits: int | None) -> Callable[[Any], Any]:
    scale, offset = Decimal(repr(conversion.scale)), Decimal(repr(conversion.offset))
    read = calculation(replace(conversion, digits=digits))

    def back(value: Any) -> Any:
        try:
            wanted = decimal_of(value, THE_VALUE)
            wanted = wanted if digits is None else rounded(wanted, digits)
            exact = (wanted - offset) / scale
            if abs(exact) > MAX_NUMBER:
                raise ArgumentError(said(t"{short(value)} is more than can be sent"))
            return plain(_shortest(exact, lambda raw: _is_same(read(raw), wanted)), THE_VALUE)
        except (ReplyError, DecimalException) as err:
            raise ArgumentError(said_by(err)) from None

    return back


def _shortest(exact: Decimal, is_right: Callable[[Decimal], bool]) -> Decimal:
    for digits in range(_MAX_DIGITS):
        if is_right(raw := rounded(exact, digits)):
            return raw
    return rounded(exact, _MAX_DIGITS)


def _is_same(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= _EQUAL * max(abs(other), Decimal(1))
