"""Diagnostics: what a bug report needs, without secrets and personal data."""

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
    "challenge",
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
OTHER_ID = r"(?<=[\d\]] is )(?s:.+)(?=, not )"
"""The id of another device, in the message of an IdentityError."""


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: LanEdgeConfigEntry
) -> dict[str, Any]:
    """Return the diagnostics of an entry's device."""
    return _redacted(entry, _diagnostics(entry))


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: LanEdgeConfigEntry, device: AnyDeviceEntry
) -> dict[str, Any]:
    """Return the entry's diagnostics, and the component of this registry device, if it exists."""
    component = entry.runtime_data.registry_devices.component_of(device)
    return _redacted(entry, {"component": component, **_diagnostics(entry)})


def _diagnostics(entry: LanEdgeConfigEntry) -> dict[str, Any]:
    device = entry.runtime_data.device
    connection = device.connection
    secret_keys = secret_options(type(device.driver))
    return {
        "entry": async_redact_data(entry.as_dict(), TO_REDACT | secret_keys),
        "device": async_redact_data(device.record.as_dict(), TO_REDACT),
        "driver": device.driver.id,
        "class": type(device.driver).__name__,
        "profile": device.profile.as_dict(),
        "state": {f"{c}: {a}": _printable(v) for (c, a), v in device.state.values().items()},
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


def _printable(value: object) -> str | bytes:
    return value if isinstance(value, bytes) else str(value)


def _redacted(entry: LanEdgeConfigEntry, data: dict[str, Any]) -> dict[str, Any]:
    return cast("dict[str, Any]", redact(data, _private_texts(entry), MAC, OTHER_ID))


def _private_texts(entry: LanEdgeConfigEntry) -> list[str]:
    """Return the texts to redact wherever they occur, such as in messages and the trace."""
    device = entry.runtime_data.device
    identity = device.identity
    texts = [entry.title, str(entry.unique_id), entry.data[CONF_SEEN_AS], entry.data[CONF_HOST]]
    texts += [identity.unique_id, identity.serial_number, identity.mac, identity.name]
    texts += secrets_of(device, entry.options)
    texts += [a.host for a in device.connection.addresses]
    texts += [change.address.host for change in device.history.changes() if change.address]
    return texts
