"""The units of numbers, as documents name them: in fields of their own, or in words."""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import Any

from ...picking.answer_field import AnswerField, FieldKind
from ...picking.suggestion import suggest
from ...reading.value_reading import ValueReading
from .values import text_in

_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("MW", "VA", "kVA", "var", "kHz", "MHz", "hPa", "kPa", "Pa", "mbar", "bar"), ()
    ),
    **dict.fromkeys(("psi", "ppm", "ppb", "dBm", "dB", "rpm", "mm", "cm", "km", "kg", "g"), ()),
    **dict.fromkeys(
        ("km/h", "m/s", "mm/h", "KB", "MB", "GB", "kB", "KiB", "MiB", "GiB", "MWh"), ()
    ),
    "W": ("watt", "watts"),
    "kW": ("kilowatt", "kilowatts"),
    "Wh": ("watt-hours", "watt hours"),
    "kWh": ("kilowatt-hours", "kilowatt hours"),
    "V": ("volt", "volts"),
    "mV": ("millivolts",),
    "A": ("amp", "amps", "ampere", "amperes"),
    "mA": ("milliamps", "milliamperes"),
    "Hz": ("hertz",),
    "°C": ("℃", "celsius", "celcius", "degree celsius", "degrees celsius"),
    "°F": ("℉", "fahrenheit", "degrees fahrenheit"),
    "K": ("kelvin",),
    "%": ("percent", "percents", "percentage"),
    "lx": ("lux",),
    "s": ("seconds",),
    "ms": ("milliseconds",),
    "min": ("minutes",),
    "h": ("hours",),
    "B": ("bytes",),
    "m": ("meters", "metres"),
    "kn": ("knots",),
    "L": ("liters", "litres"),
    "L/min": ("l/min",),
    "m³": ("m3",),
    "m³/h": ("m3/h",),
}
"""Units as Home Assistant writes them, with other spellings."""
_NO_UNITS_ALONE = ("B", "L")
"""Letters that mean too much else."""
_UNIT_SYMBOLS = {unit: unit for unit in _SPELLINGS if unit not in _NO_UNITS_ALONE}
_UNIT_WORDS = {word: unit for unit, words in _SPELLINGS.items() for word in words}
_ANY_SYMBOL = "|".join(re.escape(each) for each in sorted(_UNIT_SYMBOLS, key=len, reverse=True))
_ANY_WORD = "|".join(re.escape(each) for each in sorted(_UNIT_WORDS, key=len, reverse=True))
_FACTOR = r"(?:(0\.0{0,2}1|1/1000?) ?)?"
_END = r"(?![\w/°%])"
_NAMED = re.compile(
    rf"(?:\b(?:in|units?:?|unit is) |(?<=\s)[(\[]){_FACTOR}"
    rf"(?:({_ANY_SYMBOL}){_END}|(?i:({_ANY_WORD}))\b)"
)
_FACTORS = {"1/10": 0.1, "1/100": 0.01, "1/1000": 0.001}
_UNIT_FIELDS = ("x-unit", "x-units", "unit", "units", "x-unit-of-measurement")
_UNIT_AT_END = re.compile(
    r"(?:[_ -]|(?<=[a-z]))(kWh|Wh|kW|mA|mV|Hz|dBm)$|[_ -](kwh|wh|kw|ma|mv|hz|ms|dbm|ppm)$"
)
_SPELT = {"kwh": "kWh", "wh": "Wh", "kw": "kW", "ma": "mA", "mv": "mV", "hz": "Hz", "dbm": "dBm"}
_MAX_DESCRIPTION = 1000


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of a number."""

    name: str = ""
    """Empty: the document does not say it."""
    scale: float = 1.0
    """By what the device's number is multiplied to be in this unit."""

    def device_class(self, place: str) -> str:
        """Return Home Assistant's name for the quantity of a value; empty if it is not clear."""
        if not self.name:
            return ""
        field = AnswerField(FieldKind.PATH, place, 0, ValueReading(), self.name)
        quantity = suggest(field).quantity
        return quantity.device_class if quantity.unit == self.name else ""


NO_UNIT = Unit()


def unit_named(text: str) -> str:
    """Return the unit that a text is, as Home Assistant writes it; empty if it is none."""
    return _UNIT_SYMBOLS.get(text) or _UNIT_WORDS.get(text.lower(), "")


def unit_of(schema: Mapping[str, Any], name: str) -> Unit:
    """Return the unit of the number that a schema describes, as far as it says it."""
    for field in _UNIT_FIELDS:
        text = text_in(schema, field).strip()
        if text and len(text) <= 40:  # noqa: PLR2004  # what a description takes
            return Unit(_UNIT_SYMBOLS.get(text) or _UNIT_WORDS.get(text.lower()) or text)
    for field in ("description", "title"):
        text = text_in(schema, field)[:_MAX_DESCRIPTION].strip(" .")
        if text.lower() in _UNIT_WORDS or text in _UNIT_SYMBOLS:
            return Unit(_UNIT_SYMBOLS.get(text) or _UNIT_WORDS[text.lower()])
        if found := _NAMED.search(text):
            factor, unit, word = found.groups()
            scale = (_FACTORS.get(factor) or float(factor)) if factor else 1.0
            return Unit(_UNIT_SYMBOLS[unit] if unit else _UNIT_WORDS[word.lower()], scale)
    at_end = _UNIT_AT_END.search(name[-40:])
    spelt = (at_end[1] or at_end[2]) if at_end else ""
    return Unit(_SPELT.get(spelt, spelt)) if spelt else NO_UNIT
