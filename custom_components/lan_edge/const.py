"""Constants: the keys of entries, and the dispatcher's signals."""

from typing import Final

DOMAIN: Final = "lan_edge"
CONF_DRIVER: Final = "driver"
CONF_IDENTITY: Final = "identity"
CONF_SEEN_AS: Final = "seen_as"
"""The unique id by which discovery knows the device.

Empty for a device that was added by its address and cannot tell its id, until it is discovered.
"""
CONF_RECORD: Final = "record"
"""What the config flow learned of the device, used until the device has a record of its own."""
CONF_SECRETS: Final = "secrets"
SIGNAL_LOST: Final = f"{DOMAIN}_lost"
"""A device became unavailable."""
SIGNAL_EVENT: Final = f"{DOMAIN}_event_{{}}"
"""An event of the device with that registry id: component, event type, further attributes."""
SIGNAL_GROUP: Final = f"{DOMAIN}_group_{{}}"
"""The groups of the players of the driver with that id changed."""
