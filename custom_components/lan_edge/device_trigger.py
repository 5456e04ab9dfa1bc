"""Device triggers: whatever an event entity of a device tells can start an automation.

`type` is the event type, `subtype` the component that it happens on.
"""

from collections.abc import Mapping
from typing import Any

from homeassistant.components.device_automation import (
    DEVICE_TRIGGER_BASE_SCHEMA,
    InvalidDeviceAutomationConfig,
)
from homeassistant.const import CONF_DEVICE_ID, CONF_DOMAIN, CONF_PLATFORM, CONF_TYPE
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.trigger import TriggerActionType, TriggerInfo
from homeassistant.helpers.typing import ConfigType

from . import vol
from .const import DOMAIN, SIGNAL_EVENT
from .event import events_of

CONF_SUBTYPE = "subtype"

TRIGGER_SCHEMA = DEVICE_TRIGGER_BASE_SCHEMA.extend(
    {vol.Required(CONF_TYPE): str, vol.Required(CONF_SUBTYPE): str}
)


async def async_validate_trigger_config(hass: HomeAssistant, config: ConfigType) -> ConfigType:
    """Return the checked config; raise InvalidDeviceAutomationConfig if it can never happen.

    Home Assistant asks only while the device's entry is loaded. What the device lists may change,
    so that whatever its attribute knows at all is taken.
    """
    checked: ConfigType = TRIGGER_SCHEMA(config)
    kind, part = checked[CONF_TYPE], checked[CONF_SUBTYPE]
    events = events_of(hass, checked[CONF_DEVICE_ID])
    if not any(e.component == part and e.can_be(kind) for e in events):
        msg = f"the device has no trigger {kind!r} of {part!r}"
        raise InvalidDeviceAutomationConfig(msg)
    return checked


async def async_get_triggers(hass: HomeAssistant, device_id: str) -> list[dict[str, Any]]:
    """Return the triggers of a device, as far as it lists them now."""
    base = {CONF_PLATFORM: "device", CONF_DOMAIN: DOMAIN, CONF_DEVICE_ID: device_id}
    return [
        {**base, CONF_TYPE: kind, CONF_SUBTYPE: event.component}
        for event in events_of(hass, device_id)
        for kind in event.event_types
    ]


async def async_attach_trigger(
    hass: HomeAssistant, config: ConfigType, action: TriggerActionType, trigger_info: TriggerInfo
) -> CALLBACK_TYPE:
    """Run the action each time; the device, its entry and its entities may come and go.

    It hears the event itself, not the entity's state, which also changes when the device comes
    back.
    """
    job = HassJob(action, f"device trigger {trigger_info['name']}")
    kind, part = config[CONF_TYPE], config[CONF_SUBTYPE]
    known = {**trigger_info["trigger_data"], **config, "description": f"{part}: {kind}"}

    @callback
    def happened(component: str, word: str, more: Mapping[str, Any]) -> None:
        if (component, word) == (part, kind):
            hass.async_run_hass_job(job, {"trigger": {**known, **more}})

    return async_dispatcher_connect(hass, SIGNAL_EVENT.format(config[CONF_DEVICE_ID]), happened)
