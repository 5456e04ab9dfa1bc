"""The errors that a form displays."""

from homeassistant.const import CONF_HOST

from lan_edge import EdgeError

from ..errors import error_key
from .address_form import UnknownHostError


def form_errors(error: EdgeError | UnknownHostError) -> tuple[dict[str, str], str]:
    """Return a form's errors by field, and the reason, for the placeholder in their texts."""
    if isinstance(error, UnknownHostError):
        return {CONF_HOST: "unknown_host"}, str(error)
    return {"base": error_key(error)}, str(error)
