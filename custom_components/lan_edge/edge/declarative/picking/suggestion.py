"""What a picked value may be: guessed by its name and its value, for the user to correct."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
import re
from types import MappingProxyType

from ...errors import ReplyError
from ..description import ValueKind
from ..reading.fitted import number_of, truth_of
from .answer_field import AnswerField
from .size import PLAIN_WORDS, by_size


@dataclass(frozen=True, slots=True)
class Quantity:
    """A kind of quantity: its unit, and Home Assistant's name for it."""

    unit: str = ""
    """Empty: none is known."""
    device_class: str = ""
    """Home Assistant's name for it."""
    total: bool = False
    """Whether it is a counter: it only grows, or begins again at 0."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a value is, as far as it can be guessed."""

    kind: ValueKind
    """A number, a text, or on and off."""
    quantity: Quantity = Quantity()
    """Of a number."""
    scale: float = 1
    """By what the number seems to be multiplied."""


_POWER = Quantity("W", "power")
_ENERGY = Quantity("kWh", "energy", total=True)
_TEMPERATURE = Quantity("°C", "temperature")
_BATTERY = Quantity("%", "battery")
_POWER_FACTOR = Quantity(device_class="power_factor")
PERCENT, MOST_PERCENT = "%", 100
_PERCENT = Quantity(PERCENT)
QUANTITIES: Mapping[str, Quantity] = MappingProxyType(
    {
        "kwh": _ENERGY,
        "wh": Quantity("Wh", "energy", total=True),
        "energy": _ENERGY,
        "kw": Quantity("kW", "power"),
        "mw": Quantity("mW", "power"),
        "w": _POWER,
        "watt": _POWER,
        "watts": _POWER,
        "power": _POWER,
        "temp": _TEMPERATURE,
        "temperature": _TEMPERATURE,
        "°c": _TEMPERATURE,
        "celsius": _TEMPERATURE,
        "°f": Quantity("°F", "temperature"),
        "fahrenheit": Quantity("°F", "temperature"),
        "hum": Quantity("%", "humidity"),
        "humid": Quantity("%", "humidity"),
        "humidity": Quantity("%", "humidity"),
        "rh": Quantity("%", "humidity"),
        "v": Quantity("V", "voltage"),
        "volt": Quantity("V", "voltage"),
        "volts": Quantity("V", "voltage"),
        "voltage": Quantity("V", "voltage"),
        "mv": Quantity("mV", "voltage"),
        "a": Quantity("A", "current"),
        "amp": Quantity("A", "current"),
        "amps": Quantity("A", "current"),
        "ampere": Quantity("A", "current"),
        "current": Quantity("A", "current"),
        "ma": Quantity("mA", "current"),
        "hz": Quantity("Hz", "frequency"),
        "frequency": Quantity("Hz", "frequency"),
        "pf": _POWER_FACTOR,
        "powerfactor": _POWER_FACTOR,
        "factor": _POWER_FACTOR,
        "battery": _BATTERY,
        "bat": _BATTERY,
        "soc": _BATTERY,
        "hpa": Quantity("hPa", "atmospheric_pressure"),
        "mbar": Quantity("mbar", "atmospheric_pressure"),
        "bar": Quantity("bar", "pressure"),
        "pressure": Quantity("hPa", "pressure"),
        "rssi": Quantity("dBm", "signal_strength"),
        "dbm": Quantity("dBm", "signal_strength"),
        "lux": Quantity("lx", "illuminance"),
        "lx": Quantity("lx", "illuminance"),
        "illuminance": Quantity("lx", "illuminance"),
        "co2": Quantity("ppm", "carbon_dioxide"),
        "ppm": Quantity("ppm"),
        "pm10": Quantity("µg/m³", "pm10"),
        "pm25": Quantity("µg/m³", "pm25"),
        "uptime": Quantity("s", "duration"),
        "seconds": Quantity("s", "duration"),
        "ms": Quantity("ms", "duration"),
        "minutes": Quantity("min", "duration"),
        "rpm": Quantity("rpm"),
        "%": _PERCENT,
        "percent": _PERCENT,
        "pct": _PERCENT,
        "level": _PERCENT,
        "brightness": _PERCENT,
        "volume": _PERCENT,
    }
)
"""By a word in a field's name, or a unit after its value."""
_UNITS: Mapping[str, Quantity] = MappingProxyType(
    {
        "C": _TEMPERATURE,
        "F": Quantity("°F", "temperature"),
        "MW": Quantity("MW", "power"),
        "mW": Quantity("mW", "power"),
    }
)
"""By a unit whose case or meaning differs from that of a name."""
_STATE_CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "charging": "battery_charging",
        "connected": "connectivity",
        "connection": "connectivity",
        "door": "door",
        "error": "problem",
        "fault": "problem",
        "flood": "moisture",
        "leak": "moisture",
        "leakage": "moisture",
        "motion": "motion",
        "moving": "moving",
        "occupancy": "occupancy",
        "occupied": "occupancy",
        "online": "connectivity",
        "pir": "motion",
        "plugged": "plug",
        "presence": "presence",
        "problem": "problem",
        "running": "running",
        "smoke": "smoke",
        "tamper": "tamper",
        "vibration": "vibration",
        "window": "window",
    }
)
"""Home Assistant's names for what is on or off, by a word in a field's name."""
_OPPOSITE_WORDS = {"closed", "disconnected", "no", "not", "ok", "offline"}
"""Words with which on may mean the opposite."""
_LIMIT_WORDS = {"limit", "limited", "max", "maximum", "min", "minimum"}
"""Words of what limits the power, which is in percent at some devices, or the energy."""
_STORE_WORDS = {"available", "capacity", "left", "remaining", "stored"}
"""Words of energy that is there, and becomes less: it is no counter."""
_SWITCH_WORDS = {"on", "off", "true", "false", "yes", "no"}
_SWITCH_NAMES = {"on", "relay", "switch", "state", "enabled", "ison", "output", "mute", "muted"}
_NAME_WORD = re.compile(r"[kKM]?Wh|[A-Z]?[a-z]+\d*|[A-Z]+(?![a-z])\d*|[a-z]\w*|°[CF]|%")
_CONDITIONS = re.compile(r"\[[^\]]*\]")


def suggested_state(field: AnswerField) -> str:
    """Return Home Assistant's name for what is on or off, by its name; empty: none is known.

    Only names are known that mean the same in all devices: a lock that is on may be locked or open.
    """
    words = _words(field)
    known = (_STATE_CLASSES[word] for word in reversed(words) if word in _STATE_CLASSES)
    return "" if _OPPOSITE_WORDS & {*words} else next(known, "")


def suggest(field: AnswerField, called: str = "", scale: float = 1) -> Suggestion:
    """Return what a value may be, by its own name, else by what its user has `called` it.

    `scale` is by what the user multiplies it: another one than 1 leaves the unit that is named.
    """
    words = _words(field)
    if _is_switch(field, words):
        return Suggestion(ValueKind.SWITCH)
    try:
        number = number_of(field.value)
    except ReplyError:
        return Suggestion(ValueKind.TEXT)
    named = _quantity(words)
    if named == Quantity():
        named = _quantity_called(_words_in(called))
    written = _UNITS.get(field.unit) or QUANTITIES.get(field.unit.lower(), named)
    if named.unit == PERCENT != field.unit and not _may_be_percent(number):
        named = written = Quantity()
    if named is _POWER and not field.unit and _LIMIT_WORDS & {*words} and number <= MOST_PERCENT:
        named = written = Quantity()  # it may be in percent
    # the name says more than a unit does: 40 % may be a humidity
    quantity = named if written.unit == named.unit else written
    if field.unit or scale != 1 or PLAIN_WORDS & {*words}:
        return Suggestion(ValueKind.NUMBER, quantity)
    smaller, factor = by_size(quantity.unit, field.value)
    return Suggestion(ValueKind.NUMBER, replace(quantity, unit=smaller), factor)


def class_of_unit(unit: str) -> str:
    """Return Home Assistant's name for the quantity that has a unit; empty if several have."""
    found = {each.device_class for each in QUANTITIES.values() if each.unit == unit}
    return found.pop() if len(found) == 1 else ""


def _is_switch(field: AnswerField, words: list[str]) -> bool:
    value = field.value
    if isinstance(value, bool):
        return True
    try:
        truth_of(value)
    except ReplyError:
        return False
    is_word = str(value).strip().lower() in _SWITCH_WORDS
    return is_word or bool(_SWITCH_NAMES.intersection(words[-1:]))


def _may_be_percent(number: float) -> bool:
    """Return whether a number may be of a hundred: a fraction, or one of 255, is not."""
    return number == 0 or 1 <= number <= MOST_PERCENT


def _quantity(words: list[str]) -> Quantity:
    """Return the quantity that the last word names, or one before it."""
    named = (QUANTITIES[word] for word in reversed(words) if word in QUANTITIES)
    quantity = next(named, Quantity())
    if not quantity.total or not (_STORE_WORDS | _LIMIT_WORDS) & {*words}:
        return quantity
    stored = "energy_storage" if _STORE_WORDS & {*words} else quantity.device_class
    return Quantity(quantity.unit, stored)


def _quantity_called(words: list[str]) -> Quantity:
    """Return the quantity that a user means: `current` before another word is the present one."""
    *before, last = words or [""]
    return _quantity([*(word for word in before if word != "current"), last])


def _words(field: AnswerField) -> list[str]:
    """Return the words in the names that lead to a field, in lower case."""
    return _words_in(_CONDITIONS.sub(" ", field.place))


def _words_in(name: str) -> list[str]:
    return [word.lower() for word in _NAME_WORD.findall(name.replace("_", " "))]
