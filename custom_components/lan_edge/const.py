"""Names that Home Assistant knows the integration by."""

from typing import Final

DOMAIN: Final = "lan_edge"
CONF_DRIVER: Final = "driver"
CONF_IDENTITY: Final = "identity"
CONF_SEEN_AS: Final = "seen_as"
"""The id that discovery sees of a device; empty until it has seen one that cannot tell its own."""
CONF_RECORD: Final = "record"
"""What else a device told when it was added, until its own record is kept."""
CONF_SECRETS: Final = "secrets"
SIGNAL_LOST: Final = f"{DOMAIN}_lost"
"""A device became unavailable."""
SIGNAL_EVENT: Final = f"{DOMAIN}_event_{{}}"
"""Something happened at the device of the registry with that id: on which component, and what."""
SIGNAL_GROUP: Final = f"{DOMAIN}_group_{{}}"
"""Which players of a driver play together changed."""
