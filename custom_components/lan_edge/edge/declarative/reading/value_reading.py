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
    HEX = "hex"
    """As text in hexadecimal digits, such as a serial number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """What is done to a raw value, in this order; each but `template` has a way back.

    `map`, or else `scale`, `offset` and `digits` for numbers, `invert` for true and false.
    """

    map: Mapping[str, str | float | bool] = field(default_factory=dict[str, str | float | bool])
    """What the device's values mean, by the value as text: `{"1": true, "0": false}`.

    On the way back, a text that is a number, `true` or `false` is put into JSON as that.
    """
    scale: float = 1.0
    """By what the device's number is multiplied."""
    offset: float = 0.0
    """What is added then."""
    digits: int | None = None
    """To how many digits after the point the result is rounded, 0 to 6; 0: a whole number."""
    invert: bool = False
    """Whether true means false."""
    template: str = ""
    """A Jinja expression, with the result so far as `value` and the parameters by their names.

    It may have operators, `a if b else c`, indices and the usual filters and tests. It has no
    methods or attributes: `value["x"]`, not `value.x`.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueReading:
    """Where a value stands, and how it is converted.

    First, one of `path`, `xml`, `bytes_at` or nothing (the whole message) selects; then `pattern`
    or `word` selects from the text of that; then `conversion` applies.
    """

    source: str = ""
    """The request or message that it is read from; empty: the only one."""
    path: str = ""
    """A path in JSON: `relay.on`, `meters[0].w`, `meters[id=3].w`, `["odd key"].x`.

    An index may be negative: from the end.
    """
    xml: str = ""
    """A path in XML: names of elements with `/`, the last one may be `@attribute`.

    It begins within the root element, whose name may stand before it; `//name` is an element
    anywhere. Of several of one name, `zone[1]` is the second, and `zone[@id=3]` or `zone[id=3]` the
    one with such an attribute or element. Prefixes of namespaces are left out.
    """
    bytes_at: int | None = None
    """Where the value begins in a binary message; negative: from its end."""
    bytes_type: ByteType = ByteType.U8
    bytes_length: int = 0
    """The length of a text in bytes; 0: to the end."""
    bit: int | None = None
    """The bit of the number that is meant, 0 the lowest; None: the number."""
    pattern: str = ""
    """A regular expression that is searched for; its first group, or all of it, is the value."""
    group: str = ""
    """The group of the message's own pattern that is the value."""
    word: int | None = None
    """Which part of the text it is, from 0; negative: from the end."""
    separator: str = ""
    """What is between the parts; empty: blanks."""
    conversion: Conversion = field(default_factory=Conversion)
