"""System health."""

import socket
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.runtime import async_load_domain_data
from lan_edge import bundled_descriptions
from tests.bundled import registered
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.wemo import WemoEmulator

from .entries import BULB_ID, device_of, set_up
from .waiting import eventually

BUNDLED_TEXTS = len(bundled_descriptions())


async def info(hass: HomeAssistant) -> dict[str, Any]:
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    told: dict[str, Any] = await get_system_health_info(hass, DOMAIN)
    return told


async def test_devices(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    off = await set_up(hass, "rest_switch", "relay-1")
    asleep = await set_up(hass, "rest_switch", "relay-2")
    await hass.config_entries.async_unload(asleep.entry_id)
    await eventually(lambda: device_of(off).connection.reason)
    assert await info(hass) == {
        "configured": 3,
        "online": 1,
        "offline": 1,
        "offline_because": "unreachable: 1",
        "listener": "off",
        "drivers": len(registered()) + BUNDLED_TEXTS,
        "driver_files": "0",
    }


async def test_all_is_well(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    told = await info(hass)
    assert (told["online"], told["offline"], told["offline_because"]) == (1, 0, "-")


async def test_the_listener(hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    with socket.create_server(("", 0)) as taken:
        port = taken.getsockname()[1]
        key = "lan_edge.listener"
        data = {"port": port}
        hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": data}
        async with WemoEmulator(name="Coffee") as wemo:
            await set_up(hass, "wemo", wemo.udn, wemo)
            listener = (await async_load_domain_data(hass)).runtime.listener
            assert (await info(hass))["listener"] == f"port {listener.port}, {port} is taken"
