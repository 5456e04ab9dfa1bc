"""Names that Home Assistant knows the integration by."""

from typing import Final

DOMAIN: Final = "lan_edge"
CONF_DRIVER: Final = "driver"
CONF_IDENTITY: Final = "identity"
CONF_SEEN_AS: Final = "seen_as"
"""The id that discovery saw of a device that was added by its address."""
