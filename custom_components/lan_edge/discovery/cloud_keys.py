"""The keys of devices that Home Assistant's own integrations have, mostly from a cloud.

With its key, a driver controls such a device locally: it is offered though another integration has
it, which stays as it is. What that integration keeps is internal to it: it is read only here, and
whatever is not as expected is no key. `tests/homeassistant/discovery/test_cloud_keys.py` compares
this with the code of these integrations.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_MAC, CONF_TOKEN
from homeassistant.core import HomeAssistant, callback

from lan_edge import Candidate, Match, mac_address, one_id

MAX_CLOUD_TEXT = 128


@dataclass(frozen=True)
class CloudDevice:
    """A device as the integration of its cloud knows it."""

    name: str
    secrets: Mapping[str, str]
    step: str
    """The step in which the user is asked whether to take it."""


@callback
def cloud_device_of(hass: HomeAssistant, candidate: Candidate) -> CloudDevice | None:
    """Return a candidate's device with its key; None if no integration has it."""
    holder = KEY_HOLDERS.get(_family_of(candidate))
    if holder is None:
        return None
    domain, secret, step, find = holder
    for entry in hass.config_entries.async_entries(
        domain, include_ignore=False, include_disabled=False
    ):
        for name, key in find(entry, candidate.match):
            if isinstance(key, str) and key and len(key) <= MAX_CLOUD_TEXT:
                shown = name[:MAX_CLOUD_TEXT] if isinstance(name, str) else ""
                return CloudDevice(shown, {secret: key}, step)
    return None


def _family_of(candidate: Candidate) -> str:
    return candidate.driver.family_id or candidate.driver.id


@callback
def holds_key(hass: HomeAssistant, entry: ConfigEntry[Any], candidate: Candidate) -> bool:
    """Return whether an entry of another integration has the key of a candidate's device."""
    domain, *_ = KEY_HOLDERS.get(_family_of(candidate), ("",))
    return entry.domain == domain and cloud_device_of(hass, candidate) is not None


def _of_tuya(entry: ConfigEntry[Any], match: Match) -> Iterator[tuple[object, object]]:
    """Yield the name and the key of a device of an account; only while that is connected."""
    loaded = entry if entry.state is ConfigEntryState.LOADED else None
    manager = getattr(getattr(loaded, "runtime_data", None), "manager", None)
    devices = getattr(manager, "device_map", None)
    for own_id, device in list(devices.items()) if isinstance(devices, Mapping) else []:
        if match.unique_id and one_id(str(own_id)) == match.unique_id:
            yield getattr(device, "name", None), getattr(device, "local_key", None)


def _of_xiaomi(entry: ConfigEntry[Any], match: Match) -> Iterator[tuple[object, object]]:
    """Yield the name and the token of the only device of an entry, which is known by its MAC.

    Not every way in which it is found tells the MAC; otherwise it is known by its address.
    """
    told, kept = match.fields.get("mac", ""), mac_address(str(entry.data.get(CONF_MAC, "")))
    is_it = told == kept if told and kept else entry.data.get(CONF_HOST) == match.address.host
    if is_it:
        yield entry.title, entry.data.get(CONF_TOKEN)


type _Find = Callable[[ConfigEntry[Any], Match], Iterator[tuple[object, object]]]

KEY_HOLDERS: Mapping[str, tuple[str, str, str, _Find]] = {
    "miot": ("xiaomi_miio", "token", "confirm_key", _of_xiaomi),
    "tuya": ("tuya", "local_key", "confirm_cloud", _of_tuya),
}
"""Which integration has the keys of a driver's devices, as which secret.

Also the step that asks for a device, and where the keys are.
"""
