"""Diagnostics: what a bug report needs, without secrets and personal data."""

from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import AnyDeviceEntry

from lan_edge import settings_of

from .const import CONF_DRIVER, CONF_SEEN_AS
from .coordinator import LanEdgeConfigEntry
from .discovery.new_devices import offers
from .driver_files.overview import overview, source_of, stuck
from .reporting.folders import without_folders
from .runtime import domain_data
from .service_entry import is_service
from .storage import registered_as

TO_REDACT = {  # the profile as it was; the present one is there as it is
    "address",
    "advertised_host",
    "addresses",
    "call_token",
    "challenge",
    "discovery_keys",
    "fields",
    "host",
    "mac",
    "name",
    "profile",
    "registered_as",
    "rejected",
    "secrets",
    "seen_as",
    "serial_number",
    "title",
    "unexpected_certificate",
    "unique_id",
    "url",
}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: LanEdgeConfigEntry
) -> dict[str, Any]:
    """Return the diagnostics of an entry's device, or of LAN Edge itself."""
    if is_service(entry):
        return without_folders(_service_diagnostics(hass, entry), hass.config.config_dir)
    if entry.state is not ConfigEntryState.LOADED:
        return without_folders(_unloaded_diagnostics(hass, entry), hass.config.config_dir)
    return await _async_published(hass, entry, _diagnostics(hass, entry))


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: LanEdgeConfigEntry, device: AnyDeviceEntry
) -> dict[str, Any]:
    """Return the entry's diagnostics, and the component of this registry device, if it exists."""
    component = entry.runtime_data.registry_devices.component_of(device)
    return await _async_published(
        hass, entry, {"component": component, **_diagnostics(hass, entry)}
    )


def _service_diagnostics(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> dict[str, Any]:
    data = domain_data(hass)
    listener = data.runtime.listener
    return {
        "options": dict(entry.options),
        "drivers": sorted(data.registry.drivers),
        "driver_files": {**overview(hass), "stuck": stuck(hass)},
        "offered": len(offers(hass)),
        "listener": {
            "port": listener.port,
            "settings": async_redact_data(asdict(listener.settings), TO_REDACT),
            "rejections": dict(listener.rejections),
        },
        "beacons": {
            "heard": dict(data.beacons.counts),
            "failures": {str(port): why for port, why in data.beacons.failures.items()},
        },
    }


def _unloaded_diagnostics(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> dict[str, Any]:
    """Return what is known of a device that is not set up; only its driver knows its secrets."""
    return {
        "entry": async_redact_data(entry.as_dict(), TO_REDACT | {"data", "options"}),
        "driver": entry.data[CONF_DRIVER],
        "driver_file": source_of(hass, entry.data[CONF_DRIVER]),
        "driver_files": overview(hass),
    }


def _diagnostics(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> dict[str, Any]:
    device = entry.runtime_data.device
    connection = device.connection
    secret_keys = _secret_options(entry)
    return {
        "entry": async_redact_data(entry.as_dict(), TO_REDACT | secret_keys),
        "device": async_redact_data(device.record.as_dict(), TO_REDACT),
        "driver": device.driver.id,
        "class": type(device.driver).__name__,
        "driver_file": source_of(hass, device.driver.id),
        "profile": device.profile.as_dict(),
        "state": {f"{c}: {a}": _printable(v) for (c, a), v in device.state.values().items()},
        "connection": {
            "status": connection.status,
            "available": device.available,
            "reason": str(connection.reason or ""),
            "attempts": connection.attempts,
            **async_redact_data(device.history.as_dict(), TO_REDACT),
        },
        "ways": device.ways,
        "handlers": {c.id: device.explain(c) for c in device.profile.commands()},
        "failed_readings": device.failed_readings,
        **({"waiting_commands": device.waiting_commands} if device.driver.sleeps else {}),
        **device.counts,
    }


def _secret_options(entry: LanEdgeConfigEntry) -> set[str]:
    """Return the keys of the options that contain a password."""
    settings = settings_of(type(entry.runtime_data.device.driver).Settings)
    return {setting.key for setting in settings if setting.label.secret}


def _printable(value: object) -> str | bytes:
    return value if isinstance(value, bytes) else str(value)


async def _async_published(
    hass: HomeAssistant, entry: LanEdgeConfigEntry, data: dict[str, Any]
) -> dict[str, Any]:
    """Return data without what the device and its entry know to be private."""
    device, stored = entry.runtime_data.device, entry.data
    texts = [str(entry.unique_id), registered_as(entry), stored[CONF_SEEN_AS], stored[CONF_HOST]]
    texts += [address.host for address in device.connection.addresses]
    texts += [str(entry.options.get(key, "")) for key in _secret_options(entry)]
    publish, trace = device.privacy.publisher(texts, named=[entry.title]), device.trace.reader()
    return await hass.async_add_executor_job(
        lambda: publish(
            without_folders(
                {**data, "trace": [asdict(entry) for entry in trace()]}, hass.config.config_dir
            )
        )
    )
