"""Form fields to choose one of some options, in the user's language."""

from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)


def choice(key: str, *options: str, is_list: bool = False) -> SelectSelector:
    """Return a field to choose one of some options, as a dropdown or as a list."""
    mode = SelectSelectorMode.LIST if is_list else SelectSelectorMode.DROPDOWN
    config = SelectSelectorConfig(options=list(options), translation_key=key, mode=mode)
    return SelectSelector(config)
