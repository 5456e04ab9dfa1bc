"""Constants: the keys of entries, and the dispatcher's signals."""

from typing import Final

DOMAIN: Final = "lan_edge"
CONF_DRIVER: Final = "driver"
CONF_IDENTITY: Final = "identity"
CONF_SEEN_AS: Final = "seen_as"
"""The unique id of the device in its sightings.

Empty for a device that was added by its address and reports no id, until it is discovered.
"""
CONF_REGISTERED_AS: Final = "registered_as"
"""The id by which the registries know the device, if it has got another one since."""
CONF_RECORD: Final = "record"
"""The first record of the device, from the config flow; used until one is stored."""
CONF_REJECTED: Final = "rejected"
"""What the user has decided not to believe of the device: ids, and addresses as texts."""
CONF_UNEXPECTED: Final = "unexpected_certificate"
"""The fingerprint of the device's new certificate, and since when it has presented that."""
CONF_SECRETS: Final = "secrets"
CONF_HIDDEN: Final = "hidden"
"""The ids of the drivers whose new devices are not offered."""
SIGNAL_LOST: Final = f"{DOMAIN}_lost"
"""A device became unavailable."""
SIGNAL_SEARCH: Final = f"{DOMAIN}_search"
"""New devices are to be searched for now."""
SIGNAL_LISTENER: Final = f"{DOMAIN}_listener"
"""The listener for devices that call has started or stopped, or has other settings."""
SIGNAL_EVENT: Final = f"{DOMAIN}_event_{{}}"
"""An event of the device with that registry id; arguments: component, event type, attributes."""
SIGNAL_GROUP: Final = f"{DOMAIN}_group_{{}}"
"""The groups of the players of the driver with that id changed."""
