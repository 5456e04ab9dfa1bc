"""How one value is read from what a device sends: where it stands, and how it is converted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["ByteType", "Conversion", "ValueReading"]


class ByteType(StrEnum):
    """How bytes are a number or a text."""

    U8 = "u8"
    I8 = "i8"
    U16BE = "u16be"
    U16LE = "u16le"
    I16BE = "i16be"
    I16LE = "i16le"
    U32BE = "u32be"
    U32LE = "u32le"
    I32BE = "i32be"
    I32LE = "i32le"
    F32BE = "f32be"
    F32LE = "f32le"
    ASCII = "ascii"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """What is done to a raw value, in this order; each but `template` has a way back.

    `map`, or else `scale`, `offset` and `digits` for numbers, `invert` for true and false.
    """

    map: Mapping[str, str | float | bool] = field(default_factory=dict[str, str | float | bool])
    """What the device's values mean, by the value as text: `{"1": true, "0": false}`."""
    scale: float = 1.0
    """By what the device's number is multiplied."""
    offset: float = 0.0
    """What is added then."""
    digits: int | None = None
    """To how many digits after the point the result is rounded; 0: a whole number."""
    invert: bool = False
    """Whether true means false."""
    template: str = ""
    """A Jinja expression without loops, with the result so far as `value`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueReading:
    """Where a value stands, and how it is converted.

    First, one of `path`, `xml`, `bytes_at` or nothing (the whole message) selects; then `pattern`
    or `word` selects from the text of that; then `conversion` applies.
    """

    source: str = ""
    """The request or message that it is read from; empty: the only one."""
    path: str = ""
    """A path in JSON: `relay.on`, `meters[0].w`, `meters[id=3].w`, `["odd key"].x`."""
    xml: str = ""
    """A path in XML: names of elements with `/`, the last one may be `@attribute`."""
    bytes_at: int | None = None
    """Where the value begins in a binary message; negative: from its end."""
    bytes_type: ByteType = ByteType.U8
    bytes_length: int = 0
    """The length of a text in bytes; 0: to the end."""
    bit: int | None = None
    """The bit of the number that is meant, 0 the lowest; None: the number."""
    pattern: str = ""
    """A regular expression; its first group, or all that it matches, is the value."""
    group: str = ""
    """The group of the message's own pattern that is the value."""
    word: int | None = None
    """Which part of the text it is, from 0; negative: from the end."""
    separator: str = ""
    """What is between the parts; empty: blanks."""
    conversion: Conversion = field(default_factory=Conversion)
