"""Config entries of devices."""

from collections.abc import Mapping
from typing import Any, cast

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.service_entry import async_add_service_entry, service_entry
from lan_edge import Device
from tests.drivers.upnp_lights import Light
from tests.emulators.device import EmulatedDevice
from tests.emulators.govee import GoveeEmulator
from tests.emulators.miot import MiotEmulator
from tests.emulators.wiz import WizEmulator

from .snapcast_server import SnapcastServer
from .waiting import eventually

type Emulated = (
    EmulatedDevice[Any] | GoveeEmulator | MiotEmulator | WizEmulator | Light | SnapcastServer
)

BULB_ID = "2f402f80-da50-11e1-9b23-001788102201"


def new_entry(
    hass: HomeAssistant,
    driver: str,
    unique_id: str,
    device: Emulated | None = None,
    options: Mapping[str, Any] | None = None,
    **data: Any,
) -> MockConfigEntry:
    """Return an entry for a device, as its config flow would have made it."""
    host, port = (device.host, device.port) if device else ("127.0.0.1", 9)
    name = getattr(device, "name", "Device")
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id=unique_id,
        title=name,
        minor_version=2,
        data={
            "driver": driver,
            "host": host,
            "port": port,
            "identity": {"unique_id": unique_id, "name": name},
            "seen_as": unique_id,
            **data,
        },
        options=options,
    )
    entry.add_to_hass(hass)
    return entry


async def add_service(hass: HomeAssistant) -> MockConfigEntry:
    """Return the loaded entry of LAN Edge itself."""
    await async_add_service_entry(hass)
    await hass.async_block_till_done()
    entry = service_entry(hass)
    assert isinstance(entry, ConfigEntry)
    return cast("MockConfigEntry", entry)


async def set_up(
    hass: HomeAssistant,
    driver: str,
    unique_id: str,
    device: Emulated | None = None,
    **data: Any,
) -> MockConfigEntry:
    """Return the loaded entry of a device, connected if there is one."""
    entry = new_entry(hass, driver, unique_id, device, **data)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    if device:
        await eventually(lambda: device_of(entry).available)
    await hass.async_block_till_done()
    return entry


def device_of(entry: MockConfigEntry) -> Device:
    """Return the library's device of an entry."""
    device = entry.runtime_data.device
    assert isinstance(device, Device)
    return device


async def comes_online(entry: MockConfigEntry) -> None:
    """Wait until an entry that was just made is set up and its device is there."""
    await eventually(lambda: entry.state is ConfigEntryState.LOADED)
    await eventually(lambda: device_of(entry).available)
