"""The formats of placeholders: `{level:03d}`, `{temperature:.1f}`, `{colour:06X}`, `{level:u8}`."""

from decimal import Decimal
from enum import Enum
from hashlib import md5
import math
import re
import struct
from typing import Any

from ...capabilities.schema import MAX_NUMBER, short
from ...errors import ArgumentError
from ...network.text import is_encodable
from ...sentences import said
from ..reading.byte_fields import FLOATS, STRUCTS
from ..reading.value_reading import ByteType

_WHOLE_FORMAT = re.compile(r"0?\d{0,2}d")
_HEX_FORMAT = re.compile(r"0?\d{0,2}[xX]")
_FRACTION_FORMAT = re.compile(r"0?\d{0,2}\.[0-6]f")
_AS_NUMBER = re.compile(r"d|\.[0-6]f")
TEXT_FORMATS = "d, 03d, x, 02X, .1f, s or md5"
MD5 = "md5"
"""What devices that log in by the MD5 of a password want, in small hexadecimal digits."""
BYTE_FORMATS = ", ".join(ByteType)
_PRINTABLE = re.compile(r"[ -~]*")


def is_text_format(spec: str) -> bool:
    """Return whether a format makes text; an empty one does."""
    return spec in {"", "s", MD5} or any(
        each.fullmatch(spec) for each in (_WHOLE_FORMAT, _HEX_FORMAT, _FRACTION_FORMAT)
    )


def text_of(value: Any, spec: str, name: str) -> str:
    """Return a value as text in a format; raise ArgumentError."""
    if spec in {"", "s"}:
        return _plain_text(value, name)
    if spec == MD5:
        return md5(_plain_text(value, name).encode(), usedforsecurity=False).hexdigest()
    if _FRACTION_FORMAT.fullmatch(spec):
        return format(_number(value, name), spec)
    whole = _whole(value, name)
    if whole < 0 and not spec.endswith("d"):
        raise ArgumentError(said(t"{name} is {whole}, which has no hexadecimal form"))
    return format(whole, spec)


def json_of(value: Any, spec: str, name: str) -> Any:
    """Return a value as JSON has it, with its type; raise ArgumentError.

    The formats `d` and `.1f` round a number; the others make text.
    """
    if not spec:
        kind = type(value)
        is_plain = kind is bool or (kind is int and -MAX_NUMBER <= value <= MAX_NUMBER)  # as usual
        return value if is_plain else _json_value(value, name)
    if not _AS_NUMBER.fullmatch(spec):
        return text_of(value, spec, name)
    return _whole(value, name) if spec == "d" else float(text_of(value, spec, name))


def bytes_of(value: Any, spec: ByteType, name: str) -> bytes:
    """Return a value as bytes of a type; raise ArgumentError."""
    if spec is ByteType.ASCII:
        text = _plain_text(value, name)
        if _PRINTABLE.fullmatch(text) is None:
            raise ArgumentError(said(t"{name} is {short(text)}, which is not only ASCII"))
        return text.encode()
    if spec is ByteType.HEX:
        return _from_hex(_plain_text(value, name), name)
    number = _number(value, name) if spec in FLOATS else _whole(value, name)
    try:
        return STRUCTS[spec].pack(number)
    except struct.error, OverflowError:
        words = t"{name} is {short(value)}, which does not fit into {spec}"
        raise ArgumentError(said(words)) from None


def _from_hex(text: str, name: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise ArgumentError(said(t"{name} is {short(text)}, not hexadecimal digits")) from None


def _plain_text(value: Any, name: str) -> str:
    value = _scalar(value, name)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        value = _number(value, name)
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    return str(value)


def _json_value(value: Any, name: str) -> Any:
    if isinstance(value, list | tuple):
        return [_scalar(each, name) for each in value]
    return _scalar(value, name)


def _scalar(value: Any, name: str) -> str | int | float | bool:
    """Return a value that is one text, number, true or false; raise ArgumentError."""
    value = value.value if isinstance(value, Enum) else value
    if value is None:
        raise ArgumentError(said(t"{name} is missing"))
    if isinstance(value, str):
        if not is_encodable(value):
            raise ArgumentError(said(t"{name} is {short(value)}, which is not valid text"))
        return value
    if isinstance(value, bool):
        return value
    if not isinstance(value, int | float):
        raise ArgumentError(said(t"{name} is {short(value)}, which cannot be sent"))
    return _finite(value, name)


def _finite[N: (int, float)](value: N, name: str) -> N:
    if not math.isfinite(value) or abs(value) > MAX_NUMBER:
        raise ArgumentError(said(t"{name} is {short(value)}, not a number that can be sent"))
    return value


def _number(value: Any, name: str) -> float:
    value = _scalar(value, name)
    if isinstance(value, str):
        raise ArgumentError(said(t"{name} is {short(value)}, not a number"))
    return float(value)


def _whole(value: Any, name: str) -> int:
    """Return a number rounded to a whole one, half of it up."""
    return math.floor(_number(value, name) + 0.5)
