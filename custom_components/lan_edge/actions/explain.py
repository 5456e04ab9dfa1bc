"""The response of `lan_edge.explain`: a device's driver, handlers and connection."""

from collections.abc import Iterable
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.json import JsonObjectType

from lan_edge import Command

from ..const import CONF_DRIVER
from ..driver_files.overview import source_of
from .targets import Target, WithoutDriver


async def explanation(
    hass: HomeAssistant, target: Target, commands: Iterable[Command[...]]
) -> JsonObjectType:
    """Return the device's driver and connection, and the handlers of `commands`."""
    device = target.coordinator.device
    connection = device.connection
    part = device.profile.components.get(target.component)
    own = part.details if part is not None else {}
    response: dict[str, Any] = {
        "device": target.name,
        "component": target.component,
        "model": own.get("model", device.identity.model),
        "firmware": own.get("firmware", device.identity.firmware),
        "driver": device.driver.id,
        "class": type(device.driver).__name__,
        "driver_file": source_of(hass, device.driver.id),
        "status": str(connection.status),
        "available": device.available,
        "reason": str(connection.reason or ""),
        "address": str(connection.address or ""),
        "ways": device.ways,
        "confirmed_by": str(device.driver.confirm_by),
        "read_every": device.read_every,
        "components": {
            name: [capability.id for capability in component.capabilities]
            for name, component in device.profile.components.items()
        },
        "failed_readings": device.failed_readings,
        "waiting_commands": device.waiting_commands,
        "commands": {command.id: device.explain(command) for command in commands},
    }
    return await hass.async_add_executor_job(device.privacy.cleaner(), response)


@callback
def explanation_without_driver(hass: HomeAssistant, found: WithoutDriver) -> JsonObjectType:
    """Return what is known of a device that has no driver, and why it has none."""
    driver_id: str = found.entry.data[CONF_DRIVER]
    return {
        "device": found.entry.title,
        "component": "",
        "model": getattr(found.device, "model", None) or "",
        "firmware": getattr(found.device, "sw_version", None) or "",
        "driver": driver_id,
        "class": "",
        "driver_file": source_of(hass, driver_id),
        "status": "no_driver",
        "available": False,
        "reason": str(found.error),
        "address": "",
        "ways": [],
        "confirmed_by": "",
        "read_every": None,
        "components": {},
        "failed_readings": [],
        "waiting_commands": [],
        "commands": {},
    }
