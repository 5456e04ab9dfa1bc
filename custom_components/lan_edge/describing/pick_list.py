"""A list from which several are picked."""

from collections.abc import Sequence

from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

MAX_OPTIONS = 500
"""What can be picked in one list."""
MAX_CHECKBOXES = 12
"""More are picked from a list in which one can search."""


def several_of(options: Sequence[SelectOptionDict]) -> SelectSelector:
    """Return the field in which any of the options are picked; the first MAX_OPTIONS of them."""
    is_short = len(options) <= MAX_CHECKBOXES
    mode = SelectSelectorMode.LIST if is_short else SelectSelectorMode.DROPDOWN
    shown = list(options)[:MAX_OPTIONS]
    return SelectSelector(SelectSelectorConfig(options=shown, multiple=True, mode=mode))
