"""The errors that a form displays."""

from homeassistant.const import CONF_HOST

from lan_edge import EdgeError

from ..errors import error_key
from .entered_address import EnteredAddressError


def form_errors(error: EdgeError | EnteredAddressError) -> tuple[dict[str, str], str]:
    """Return a form's errors by field, and the reason, for the placeholder in their texts."""
    if isinstance(error, EnteredAddressError):
        return {CONF_HOST: error.key}, str(error)
    return {"base": error_key(error)}, str(error)
