"""Why a device has no driver: its file is gone, or cannot be used as it is."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryNotReady

from ..const import CONF_DRIVER, DOMAIN
from ..reporting.folders import path_in
from ..reporting.markdown import as_plain_text
from ..runtime import domain_data


class NoDriverError(ConfigEntryNotReady):
    """A device has no driver; that may change at any time."""


@callback
def no_driver(hass: HomeAssistant, entry: ConfigEntry[Any]) -> NoDriverError:
    """Return why there is no driver for the device of an entry."""
    driver_id = entry.data[CONF_DRIVER]
    for status in domain_data(hass).files:
        if status.failure is not None and driver_id in status.claims:
            return NoDriverError(
                translation_domain=DOMAIN,
                translation_key="driver_file_slow" if status.is_loading else "driver_file_failed",
                translation_placeholders={
                    "driver": driver_id,
                    "reason": as_plain_text(str(status.failure)),
                },
            )
    return NoDriverError(
        translation_domain=DOMAIN,
        translation_key="no_driver",
        translation_placeholders={
            "driver": driver_id,
            "folder": path_in(hass.config.config_dir, domain_data(hass).driver_folder.path),
        },
    )


@callback
def is_shown(entry: ConfigEntry[Any], error: NoDriverError) -> bool:
    """Return whether an entry says already why it has no driver."""
    return (
        entry.error_reason_translation_key == error.translation_key
        and entry.error_reason_translation_placeholders == error.translation_placeholders
    )
