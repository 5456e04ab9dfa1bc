"""The errors that a form displays."""

from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant

from lan_edge import EdgeError, error_in

from ..errors import error_key
from ..reporting.language import Patterns, async_patterns
from .entered_address import EnteredAddressError

type FormErrors = tuple[dict[str, str], str]
"""A form's errors by field, and the reason, for the placeholder in their texts."""


def form_errors(error: EdgeError | EnteredAddressError, patterns: Patterns) -> FormErrors:
    """Return what a form says of an error, in the language of these patterns."""
    if isinstance(error, EnteredAddressError):
        return {CONF_HOST: error.key}, str(error)
    return {"base": error_key(error)}, error_in(error, patterns)


async def async_form_errors(
    hass: HomeAssistant, error: EdgeError | EnteredAddressError | None
) -> FormErrors:
    """Return the same in the language of the user; nothing without an error."""
    return form_errors(error, await async_patterns(hass)) if error is not None else ({}, "")
