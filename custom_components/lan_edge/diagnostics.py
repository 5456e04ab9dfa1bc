"""What a bug report needs to know of a device, without what is nobody's business."""

from dataclasses import asdict
from typing import Any, cast

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import AnyDeviceEntry

from .const import CONF_SEEN_AS
from .coordinator import LanEdgeConfigEntry
from .reporting.redaction import redact, secret_options, secrets_of

TO_REDACT = {
    "address",
    "addresses",
    "discovery_keys",
    "fields",
    "host",
    "mac",
    "name",
    "secrets",
    "seen_as",
    "serial_number",
    "title",
    "unique_id",
    "url",
}
MAC = r"\b[0-9a-f]{2}([:-]?)(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}\b"
STRANGER = r"(?<=[\d\]] is )(?s:.+)(?=, not )"
"""Who answered instead of the device, as an IdentityError says it."""


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: LanEdgeConfigEntry
) -> dict[str, Any]:
    """Return everything that is known of an entry's device."""
    return _cleaned(entry, _told(entry))


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: LanEdgeConfigEntry, device: AnyDeviceEntry
) -> dict[str, Any]:
    """Return the same, and which part of it the device is to people; None: one that is gone."""
    component = entry.runtime_data.registry_devices.component_of(device)
    return _cleaned(entry, {"component": component, **_told(entry)})


def _told(entry: LanEdgeConfigEntry) -> dict[str, Any]:
    device = entry.runtime_data.device
    connection = device.connection
    return {
        "entry": async_redact_data(
            entry.as_dict(), TO_REDACT | secret_options(type(device.driver))
        ),
        "device": async_redact_data(device.record.as_dict(), TO_REDACT),
        "driver": device.driver.id,
        "class": type(device.driver).__name__,
        "profile": device.profile.as_dict(),
        "state": {f"{c}: {a}": _shown(v) for (c, a), v in device.state.values().items()},
        "connection": {
            "status": connection.status,
            "available": device.available,
            "reason": str(connection.reason or ""),
            "attempts": connection.attempts,
            **async_redact_data(device.history.as_dict(), TO_REDACT),
        },
        "handlers": {c.id: device.explain(c) for c in device.profile.commands()},
        **device.counts,
        "trace": [asdict(entry) for entry in device.trace.entries()],
    }


def _shown(value: object) -> str | bytes:
    return value if isinstance(value, bytes) else str(value)


def _cleaned(entry: LanEdgeConfigEntry, told: dict[str, Any]) -> dict[str, Any]:
    return cast("dict[str, Any]", redact(told, _private(entry), MAC, STRANGER))


def _private(entry: LanEdgeConfigEntry) -> list[str]:
    """Return the texts that must not get out, wherever they are quoted."""
    device = entry.runtime_data.device
    identity = device.identity
    texts = [entry.title, str(entry.unique_id), entry.data[CONF_SEEN_AS], entry.data[CONF_HOST]]
    texts += [identity.unique_id, identity.serial_number, identity.mac, identity.name]
    texts += secrets_of(device, entry.options)
    texts += [a.host for a in device.connection.addresses]
    texts += [change.address.host for change in device.history.changes() if change.address]
    return texts
