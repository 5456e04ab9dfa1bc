"""Home Assistant's end of what all devices share: the listener that they call."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from homeassistant.const import CONF_PORT, EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
)
from homeassistant.helpers.singleton import singleton
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.network import is_host_valid

from .const import DOMAIN
from .edge import Hub, Listener, ListenerSettings, read_settings
from .issues import port_issue
from .vol import All, Coerce, Optional, Required, Schema

CONF_ADVERTISED_HOST = "advertised_host"
CONF_ADVERTISED_PORT = "advertised_port"

PORT_FIELD = All(
    NumberSelector(NumberSelectorConfig(min=1, max=65535, mode=NumberSelectorMode.BOX)),
    Coerce(int),
)

_HUB: HassKey[Hub] = HassKey(f"{DOMAIN}_hub")


class AdvertisedHostError(Exception):
    """What was typed is no name or address that a device could be told."""


@singleton(_HUB, async_=True)
async def async_get_hub(hass: HomeAssistant) -> Hub:
    """Return what all devices share; it is made at the first call."""
    listener = Listener(stored_settings(await _store(hass).async_load() or {}))
    hub = Hub(listener=listener)

    async def close(_event: Event) -> None:
        await hub.close()

    listener.changed = partial(port_issue, hass, listener)
    # after the devices, which say goodbye when Home Assistant stops
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, close)
    return hub


async def async_configure_listener(hass: HomeAssistant, settings: ListenerSettings) -> None:
    """Listen by other settings from now on; devices learn of it."""
    await _store(hass).async_save(asdict(settings))
    await (await async_get_hub(hass)).listener.configure(settings)


def stored_settings(data: Mapping[str, Any]) -> ListenerSettings:
    """Return the settings that were stored, perhaps by an older or newer version."""
    found: ListenerSettings = read_settings(ListenerSettings, data)[0]
    return found


def _store(hass: HomeAssistant) -> Store[dict[str, Any]]:
    return Store(hass, 1, f"{DOMAIN}.listener")


def listener_schema(now: ListenerSettings) -> Schema:
    """Return the form of the listener's settings, filled with those of now."""
    told = (
        {"suggested_value": now.advertised_host},
        {"suggested_value": now.advertised_port or None},
    )
    return Schema(
        {
            Required(CONF_PORT, default=now.port): PORT_FIELD,
            Optional(CONF_ADVERTISED_HOST, description=told[0]): TextSelector(),
            Optional(CONF_ADVERTISED_PORT, description=told[1]): PORT_FIELD,
        }
    )


def listener_settings(typed: dict[str, Any]) -> ListenerSettings:
    """Return what was typed into the form; raise AdvertisedHostError."""
    host = typed.get(CONF_ADVERTISED_HOST, "").strip()
    if host and not is_host_valid(host):
        raise AdvertisedHostError(host)
    return ListenerSettings(
        port=int(typed[CONF_PORT]),
        advertised_host=host,
        advertised_port=int(typed.get(CONF_ADVERTISED_PORT) or 0),
    )
