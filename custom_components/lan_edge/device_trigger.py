"""Device triggers: the events of a device's event entities.

`type` is the event type, `subtype` the component.
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
    """Return the validated config; raise InvalidDeviceAutomationConfig if it can never trigger.

    Home Assistant calls this only while the device's entry is loaded. Every event type of the
    attribute is valid, as a device may list others later.
    """
    validated: ConfigType = TRIGGER_SCHEMA(config)
    event_type, component = validated[CONF_TYPE], validated[CONF_SUBTYPE]
    events = events_of(hass, validated[CONF_DEVICE_ID])
    if not any(e.component == component and e.can_fire(event_type) for e in events):
        msg = f"the device has no trigger {event_type!r} of its component {component!r}"
        raise InvalidDeviceAutomationConfig(msg)
    return validated


async def async_get_triggers(hass: HomeAssistant, device_id: str) -> list[dict[str, Any]]:
    """Return the triggers of a device, for the event types that it lists now."""
    base = {CONF_PLATFORM: "device", CONF_DOMAIN: DOMAIN, CONF_DEVICE_ID: device_id}
    return [
        {**base, CONF_TYPE: event_type, CONF_SUBTYPE: event.component}
        for event in events_of(hass, device_id)
        for event_type in event.event_types
    ]


async def async_attach_trigger(
    hass: HomeAssistant, config: ConfigType, action: TriggerActionType, trigger_info: TriggerInfo
) -> CALLBACK_TYPE:
    """Run the action at each event, also after the device or its entities were reloaded.

    It does not use the state of the event entity, which also changes with the availability.
    """
    job = HassJob(action, f"device trigger {trigger_info['name']}")
    expected = (config[CONF_SUBTYPE], config[CONF_TYPE])
    description = ": ".join(expected)
    data = {**trigger_info["trigger_data"], **config, "description": description}

    @callback
    def handle_event(component: str, event_type: str, attributes: Mapping[str, Any]) -> None:
        if (component, event_type) == expected:
            hass.async_run_hass_job(job, {"trigger": {**data, **attributes}})

    signal = SIGNAL_EVENT.format(config[CONF_DEVICE_ID])
    return async_dispatcher_connect(hass, signal, handle_event)
