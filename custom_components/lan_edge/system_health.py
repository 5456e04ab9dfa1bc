"""System health: an overview of all devices, the first thing to look at in a bug report."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback

from lan_edge import FileStatus, Listener

from .errors import error_key
from .runtime import async_load_domain_data
from .service_entry import device_entries, loaded_devices


@callback
def async_register(hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Register the overview."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    data = await async_load_domain_data(hass)
    devices = [entry.runtime_data.device for entry in loaded_devices(hass)]
    reasons = [device.connection.reason for device in devices if not device.available]
    counts = Counter(error_key(reason) for reason in reasons if reason is not None)
    return {
        "configured": len([*device_entries(hass)]),
        "online": len(devices) - len(reasons),
        "offline": len(reasons),
        "offline_because": ", ".join(f"{key}: {count}" for key, count in counts.items()) or "-",
        "listener": _listener(data.runtime.listener),
        "drivers": len(data.registry.drivers),
        "driver_files": _driver_files(data.files, sum(len(each.stuck) for each in data.folders)),
    }


def _driver_files(files: Collection[FileStatus], stuck: int) -> str:
    used = sum(each.file is not None for each in files)
    failed = sum(each.failure is not None for each in files)
    if not failed and not stuck:
        return str(used)
    failures = f", {failed} failed" if failed else ""
    return f"{used} in use{failures}" + (f", {stuck} cannot be stopped" if stuck else "")


def _listener(listener: Listener) -> str:
    if not listener.port:
        return "off"
    taken = f", {listener.settings.port} is taken" if listener.is_port_taken else ""
    return f"port {listener.port}{taken}"
