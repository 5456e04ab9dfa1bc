"""Home Assistant's end of what all devices share: the listener that they call."""

from dataclasses import asdict
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store
from homeassistant.util.async_ import create_eager_task
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .edge import Hub, Listener, ListenerSettings

PORT_TAKEN = "port_taken"
"""The issue that another program has the port which devices know."""

_HUB: HassKey[Any] = HassKey(f"{DOMAIN}_hub")


async def async_get_hub(hass: HomeAssistant) -> Hub:
    """Return what all devices share; it is made at the first call."""
    if _HUB not in hass.data:
        hass.data[_HUB] = create_eager_task(_make_hub(hass))
    hub: Hub = await hass.data[_HUB]
    return hub


async def async_configure_listener(hass: HomeAssistant, settings: ListenerSettings) -> None:
    """Listen by other settings from now on; devices learn of it."""
    await _store(hass).async_save(asdict(settings))
    await (await async_get_hub(hass)).listener.configure(settings)


async def _make_hub(hass: HomeAssistant) -> Hub:
    settings = await _store(hass).async_load() or {}
    listener = Listener(ListenerSettings(**settings))
    hub = Hub(listener=listener)

    @callback
    def changed() -> None:
        if not listener.port_taken:
            ir.async_delete_issue(hass, DOMAIN, PORT_TAKEN)
            return
        ir.async_create_issue(
            hass,
            DOMAIN,
            PORT_TAKEN,
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key=PORT_TAKEN,
            translation_placeholders={
                "port": str(listener.settings.port),
                "used": str(listener.port),
            },
        )

    async def close(_event: Event) -> None:
        await hub.close()

    listener.changed = changed
    # after the devices, which say goodbye when Home Assistant stops
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, close)
    return hub


def _store(hass: HomeAssistant) -> Store[dict[str, Any]]:
    return Store(hass, 1, f"{DOMAIN}.listener")
