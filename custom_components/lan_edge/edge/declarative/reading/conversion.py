"""Conversions: what a device's value means."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
import math
from typing import Any

from ...capabilities.schema import MAX_NUMBER, short
from ...errors import ReplyError
from ...sentences import said
from ..faults import Faults, field_fault
from .fitted import number_of, truth_of
from .received import Raw, as_text
from .value_reading import Conversion

type Convert = Callable[[Raw, str], Raw]
"""Converts a value, which the second argument names in errors."""
MAX_DIGITS = 6


def check_conversion(conversion: Conversion) -> None:
    """Raise DescriptionError for what cannot be combined, or is out of range."""
    faults = Faults()
    faults.of(lambda: _check_numbers(conversion))
    faults.of(lambda: _check_combination(conversion))
    faults.raise_any()


def _check_numbers(conversion: Conversion) -> None:
    for name in ("scale", "offset"):
        value = getattr(conversion, name)
        if not math.isfinite(value) or abs(value) > MAX_NUMBER:
            raise field_fault(name, t"is {value}", t"write a number")
    if not conversion.scale:
        raise field_fault("scale", t"is 0, so every value would be the same")
    if conversion.digits is not None and not 0 <= conversion.digits <= MAX_DIGITS:
        raise field_fault("round", t"is {conversion.digits}, not 0 to {MAX_DIGITS}")


def _check_combination(conversion: Conversion) -> None:
    if conversion.map and has_numbers(conversion):
        raise field_fault("map", t"does not go with scale, offset or round", t"leave one out")
    if conversion.invert and (conversion.map or has_numbers(conversion)):
        raise field_fault("invert", t"is only for true and false, alone", t"leave it out")


def has_numbers(conversion: Conversion) -> bool:
    """Return whether a conversion calculates."""
    return conversion.scale != 1 or conversion.offset != 0 or conversion.digits is not None


def converter_of(conversion: Conversion) -> Convert | None:
    """Return what a conversion without its template does; None: nothing."""
    if conversion.map:
        return _mapped_by(conversion.map)
    if conversion.invert:
        return lambda value, name: not truth_of(value, name)
    if has_numbers(conversion):
        calculate = calculation(conversion)
        return lambda value, name: plain(calculate(decimal_of(value, name)), name)
    return None


def _mapped_by(words: Mapping[str, Any]) -> Convert:
    def convert(value: Raw, name: str) -> Raw:
        text = as_text(value, name)
        if text not in words and (text := text.strip()) not in words:
            raise ReplyError(said(t"{name} is {short(value)}, which the map does not have"))
        return words[text]

    return convert


def calculation(conversion: Conversion) -> Callable[[Decimal], Decimal]:
    """Return what a conversion calculates."""
    # as decimals: 214 times 0.1 is 21.4, not 21.400000000000002
    scale, offset = Decimal(repr(conversion.scale)), Decimal(repr(conversion.offset))
    digits = conversion.digits

    def calculate(number: Decimal) -> Decimal:
        result = number * scale + offset
        return result if digits is None else rounded(result, digits)

    return calculate


def rounded(number: Decimal, digits: int) -> Decimal:
    """Return a number rounded to so many digits after the point."""
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def decimal_of(value: Raw, name: str) -> Decimal:
    """Return a number, also from a text; raise ReplyError."""
    number = Decimal(repr(number_of(value, name)))
    if abs(number) > MAX_NUMBER:
        raise ReplyError(said(t"{name} is {short(value)}, which is too large a number"))
    return number


def plain(number: Decimal, name: str) -> int | float:
    """Return a number as Python has it; raise ReplyError if it is too large."""
    if abs(number) > MAX_NUMBER:
        value = f"{number:.6g}"
        raise ReplyError(said(t"{name} is {value}, which is too large a number"))
    return int(number) if number == number.to_integral_value() else float(number)
