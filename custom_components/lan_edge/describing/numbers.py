"""Numbers in forms."""

from decimal import Decimal
from typing import overload

from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)

_PLAIN_BELOW = 1e15
"""From here on, an exponent is easier to read."""
ANY_NUMBER = NumberSelector(NumberSelectorConfig(mode=NumberSelectorMode.BOX, step="any"))


@overload
def plain(number: float) -> float: ...


@overload
def plain(number: None) -> None: ...


def plain(number: float | None) -> float | None:
    """Return a number as people write it: selectors return floats."""
    return int(number) if number is not None and float(number).is_integer() else number


def number_text(number: float) -> str:
    """Return a number as its owner reads it: with all its digits, without an exponent."""
    text = f"{number:.12g}"
    return text if "e" not in text or abs(number) >= _PLAIN_BELOW else f"{Decimal(text):f}"
