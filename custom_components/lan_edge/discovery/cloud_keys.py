"""The keys of devices that Home Assistant's own integrations have from a cloud.

With its key, a driver controls such a device locally: it is offered though another integration has
it, which stays as it is. What that integration keeps is internal to it: it is read only here, and
whatever is not as expected is no key. `tests/homeassistant/discovery/test_cloud_keys.py` compares
this with the code of that integration.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from lan_edge import Candidate, one_id

KEY_HOLDERS = {"tuya": ("tuya", "local_key")}
"""The integration that has the keys of a driver's devices, and the secret that they are for it."""
MAX_CLOUD_TEXT = 128


@dataclass(frozen=True)
class CloudDevice:
    """A device as the integration of its cloud knows it."""

    name: str
    secrets: Mapping[str, str]


@callback
def cloud_device_of(hass: HomeAssistant, candidate: Candidate) -> CloudDevice | None:
    """Return a candidate's device with its key; None if no integration has it."""
    domain, secret = KEY_HOLDERS.get(_family_of(candidate), ("", ""))
    if not (domain and candidate.match.unique_id):
        return None
    for entry in hass.config_entries.async_loaded_entries(domain):
        for own_id, name, key in _devices(entry):
            if own_id == candidate.match.unique_id:
                return CloudDevice(name, {secret: key})
    return None


def _family_of(candidate: Candidate) -> str:
    return candidate.driver.family_id or candidate.driver.id


@callback
def holds_key(hass: HomeAssistant, entry: ConfigEntry[Any], candidate: Candidate) -> bool:
    """Return whether an entry of another integration has the key of a candidate's device."""
    domain, _ = KEY_HOLDERS.get(_family_of(candidate), ("", ""))
    return entry.domain == domain and cloud_device_of(hass, candidate) is not None


def _devices(entry: ConfigEntry[Any]) -> Iterator[tuple[str, str, str]]:
    """Yield the id, the name and the key of each device of an entry of core's `tuya`."""
    manager = getattr(getattr(entry, "runtime_data", None), "manager", None)
    devices = getattr(manager, "device_map", None)
    for own_id, device in list(devices.items()) if isinstance(devices, Mapping) else []:
        key, name = getattr(device, "local_key", None), getattr(device, "name", None)
        if isinstance(key, str) and key and len(key) <= MAX_CLOUD_TEXT:
            yield one_id(str(own_id)), name[:MAX_CLOUD_TEXT] if isinstance(name, str) else "", key
