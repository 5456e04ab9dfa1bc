"""The form for the listener's settings."""

from typing import Any

from homeassistant.const import CONF_PORT
from homeassistant.helpers.selector import NumberSelectorConfig, TextSelector
from homeassistant.util.network import is_host_valid

from lan_edge import ListenerSettings

from ..vol import All, Coerce, Optional, Required, Schema
from .ranged_number import RangedNumberSelector

CONF_ADVERTISED_HOST = "advertised_host"
CONF_ADVERTISED_PORT = "advertised_port"

PORT_FIELD = All(RangedNumberSelector(NumberSelectorConfig(min=1, max=65535)), Coerce(int))


class AdvertisedHostError(Exception):
    """The entered text is not a valid host name or address."""


def listener_schema(current: ListenerSettings) -> Schema:
    """Return the form with the current settings."""
    host = {"suggested_value": current.advertised_host}
    port = {"suggested_value": current.advertised_port or None}
    return Schema(
        {
            Required(CONF_PORT, default=current.port): PORT_FIELD,
            Optional(CONF_ADVERTISED_HOST, description=host): TextSelector(),
            Optional(CONF_ADVERTISED_PORT, description=port): PORT_FIELD,
        }
    )


def entered_listener_settings(user_input: dict[str, Any]) -> ListenerSettings:
    """Return the settings that were entered; raise AdvertisedHostError."""
    host = user_input.get(CONF_ADVERTISED_HOST, "").strip()
    if host and not is_host_valid(host):
        raise AdvertisedHostError(host)
    return ListenerSettings(
        port=int(user_input[CONF_PORT]),
        advertised_host=host,
        advertised_port=int(user_input.get(CONF_ADVERTISED_PORT) or 0),
    )
