"""Numbers in forms."""

from typing import overload

from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)

ANY_NUMBER = NumberSelector(NumberSelectorConfig(mode=NumberSelectorMode.BOX, step="any"))


@overload
def plain(number: float) -> float: ...


@overload
def plain(number: None) -> None: ...


def plain(number: float | None) -> float | None:
    """Return a number as people write it: selectors return floats."""
    return int(number) if number is not None and float(number).is_integer() else number
