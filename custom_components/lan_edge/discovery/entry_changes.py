"""Offers follow the entries of all integrations: what another one controls is not offered."""

from collections.abc import Callable
from datetime import datetime
import logging
from typing import Any

from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ..const import DOMAIN
from .controllers import CORE_DOMAINS
from .new_devices import end_offers

_LOGGER = logging.getLogger(__name__)

END_INTERVAL = 1.0
"""Seconds between two checks of all offers, while other integrations add their devices."""


@callback
def async_follow_entries(
    hass: HomeAssistant, search_now: Callable[[datetime | None], None]
) -> None:
    """Withdraw offers as entries and devices are added, and search as entries are removed."""

    @callback
    def check_offers() -> None:
        end_offers(hass)

    check = Debouncer(hass, _LOGGER, cooldown=END_INTERVAL, immediate=True, function=check_offers)

    @callback
    def entry_changed(change: ConfigEntryChange, entry: ConfigEntry[Any]) -> None:
        if change is ConfigEntryChange.REMOVED:
            if entry.domain in {DOMAIN, *CORE_DOMAINS}:
                search_now(None)
        elif entry.domain != DOMAIN:
            check.async_schedule_call()

    @callback
    def device_changed(event: Event[dr.EventDeviceRegistryUpdatedData]) -> None:
        if event.data["action"] == "create":  # an entry may not tell which devices it has
            check.async_schedule_call()

    @callback
    def stop(_event: Event) -> None:
        check.async_shutdown()

    async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, entry_changed)
    hass.bus.async_listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, device_changed)
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop)
