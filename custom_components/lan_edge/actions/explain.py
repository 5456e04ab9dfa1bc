"""Why a device is driven as it is: what was chosen, by what, and how it fares."""

from collections.abc import Iterable
from typing import Any

from homeassistant.util.json import JsonObjectType

from lan_edge import Command

from ..reporting.redaction import redact, secrets_of
from .targets import Target


def explanation(target: Target, commands: Iterable[Command[...]]) -> JsonObjectType:
    """Return who drives a device, who carries out `commands`, and how it fares."""
    device = target.coordinator.device
    connection = device.connection
    told: dict[str, Any] = {
        "device": target.name,
        "component": target.component,
        "model": device.identity.model,
        "firmware": device.identity.firmware,
        "driver": device.driver.id,
        "class": type(device.driver).__name__,
        "status": str(connection.status),
        "available": device.available,
        "reason": str(connection.reason or ""),
        "address": str(connection.address or ""),
        "confirmed_by": str(device.driver.confirm_by),
        "read_every": device.driver.poll_interval,
        "components": {
            name: [capability.id for capability in part.capabilities]
            for name, part in device.profile.components.items()
        },
        "commands": {command.id: device.explain(command) for command in commands},
    }
    cleaned: JsonObjectType = redact(
        told, secrets_of(device, target.coordinator.config_entry.options)
    )
    return cleaned
