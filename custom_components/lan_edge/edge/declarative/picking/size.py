"""What the size of a number says of its unit: many devices send whole numbers of small units."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class _WholeNumbers(NamedTuple):
    """What whole numbers of a size mostly are."""

    least: int
    most: int
    unit: str
    scale: float = 1


_NO_LIMIT = 10**12
_WHOLE_NUMBERS: Mapping[str, Sequence[_WholeNumbers]] = {
    "kWh": (_WholeNumbers(1000, _NO_LIMIT, "Wh"),),
    "A": (_WholeNumbers(125, _NO_LIMIT, "mA"),),
    "V": (
        _WholeNumbers(1900, 2600, "V", 0.1),
        _WholeNumbers(2700, 5500, "mV"),
        _WholeNumbers(9000, _NO_LIMIT, "mV"),
    ),
    "°C": (_WholeNumbers(100, 999, "°C", 0.1), _WholeNumbers(1000, 9999, "°C", 0.01)),
}
"""By the unit that a name stands for: 1187642 kWh are Wh, 468 A are mA, 384 °C are tenths."""
_WORDS_OF_LARGE_UNITS = ("kwh", "a", "ampere", "v", "volt", "volts", "°c", "celsius")
_HOT_WORDS = (
    *("boiler", "burner", "chip", "cpu", "exhaust", "extruder", "flue", "grill", "heatsink"),
    *("hotend", "kiln", "nozzle", "oven", "smoker", "steam", "stove"),
)
PLAIN_WORDS = frozenset((*_WORDS_OF_LARGE_UNITS, *_HOT_WORDS))
"""Words in a name that say the unit themselves, or of what may be 200 °C hot."""


def by_size(unit: str, value: object) -> tuple[str, float]:
    """Return the unit that a number seems to have, and by what it has to be multiplied.

    It is the `unit` that its name stands for, unless it is a whole number that is too large for it.
    """
    try:
        number = abs(int(str(value)))
    except ValueError:  # it has a fraction, which a small unit needs not
        return unit, 1
    for least, most, other, scale in _WHOLE_NUMBERS.get(unit, ()):
        if least <= number <= most:
            return other, scale
    return unit, 1
