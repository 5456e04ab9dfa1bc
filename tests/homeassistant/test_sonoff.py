"""Sonoff in Home Assistant: the card, the device key, entities, and what the device announces."""

from collections.abc import AsyncGenerator
from ipaddress import ip_address
from unittest.mock import AsyncMock

from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_ZEROCONF
from homeassistant.core import HomeAssistant
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.discovery.routing import route_or_offer
from custom_components.lan_edge.discovery.sightings import mdns_sighting
from lan_edge.connection import addresses
from tests.emulators.sonoff import SERVICE_TYPE, SonoffEmulator

from .entries import comes_online
from .flow_steps import aborted, answered, created, go_on, start, waited, words
from .states import becomes, call
from .waiting import eventually

KEY = "4b0f7d1c-9a52-4d3e-8f61-2c7e0a9b5d38"
SWITCH = "switch.sonoff_1000abcdef"


def announced(device: SonoffEmulator, txt: dict[str, str] | None = None) -> ZeroconfServiceInfo:
    address = ip_address(device.host)
    return ZeroconfServiceInfo(
        ip_address=address,
        ip_addresses=[address],
        port=device.port,
        hostname=f"{device.name}.local.",
        type=SERVICE_TYPE,
        name=f"{device.name}.{SERVICE_TYPE}",
        properties=dict(device.txt if txt is None else txt),
    )


def listen(hass: HomeAssistant, device: SonoffEmulator) -> None:
    """Have Home Assistant hear what a device announces from now on, and has announced."""

    def hear(txt: dict[str, str]) -> None:
        route_or_offer(hass, mdns_sighting(announced(device, txt)))

    device.on_change = hear
    hear(device.txt)


@pytest.fixture
async def plug(start_discovery: AsyncMock) -> AsyncGenerator[SonoffEmulator]:
    async with SonoffEmulator(kind="plug", key=KEY) as made:
        yield made


@pytest.fixture
async def entry(hass: HomeAssistant, plug: SonoffEmulator) -> MockConfigEntry:
    """Return the entry of a plug that was added by its card."""
    flow = await start(hass, SOURCE_ZEROCONF, announced(plug))
    flow = await waited(hass, await go_on(hass, flow))
    made = created(await answered(hass, flow, KEY))
    await comes_online(made)
    listen(hass, plug)
    await becomes(hass, SWITCH, "off")
    return made


async def test_a_wrong_key_is_refused_and_the_right_one_makes_the_entry(
    hass: HomeAssistant, plug: SonoffEmulator
) -> None:
    flow = await start(hass, SOURCE_ZEROCONF, announced(plug))
    assert flow["step_id"] == "confirm"
    assert words(flow)["name"].startswith("Sonoff 1000abcdef")
    flow = await waited(hass, await go_on(hass, flow))
    assert flow["step_id"] == "pair_text"
    flow = await answered(hass, flow, "wrong")
    assert words(flow)["reason"] == "this is not the key of the device"
    made = created(await answered(hass, flow, KEY))
    assert made.unique_id == "1000abcdef"
    assert made.data["secrets"] == {"key": KEY}
    assert aborted(await start(hass, SOURCE_ZEROCONF, announced(plug))) == "already_configured"


async def test_it_is_commanded_followed_and_silenced(
    hass: HomeAssistant, plug: SonoffEmulator, entry: MockConfigEntry
) -> None:
    await call(hass, "switch.turn_on", SWITCH)
    assert plug.state == {"on": True}
    await becomes(hass, SWITCH, "on")
    await plug.change(on=False)
    await becomes(hass, SWITCH, "off")
    await plug.down()
    await becomes(hass, SWITCH, "unavailable")
    await plug.up()
    listen(hass, plug)
    await becomes(hass, SWITCH, "off")


async def test_it_is_followed_to_another_address(
    hass: HomeAssistant,
    plug: SonoffEmulator,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(addresses, "LOGIN_PATIENCE", 0.1)
    await plug.move("127.0.0.2", old="closed")
    listen(hass, plug)
    await eventually(lambda: entry.data["host"] == "127.0.0.2")
    await becomes(hass, SWITCH, "off")
    await call(hass, "switch.turn_on", SWITCH)
    assert plug.state == {"on": True}


async def test_a_device_that_was_paired_again_asks_for_its_new_key(
    hass: HomeAssistant, plug: SonoffEmulator, entry: MockConfigEntry
) -> None:
    plug.key = "another-key-since-it-was-paired-again"
    await plug.change(on=True)
    await eventually(lambda: hass.config_entries.flow.async_progress_by_handler(DOMAIN))
    [flow] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == SOURCE_REAUTH
    step = await waited(hass, await go_on(hass, flow))
    step = await answered(hass, step, plug.key)
    assert aborted(step) == "reauth_successful"
    await comes_online(entry)
    listen(hass, plug)
    await becomes(hass, SWITCH, "on")


async def test_a_strip_has_a_switch_for_each_outlet(
    hass: HomeAssistant, start_discovery: AsyncMock
) -> None:
    async with SonoffEmulator(kind="strip", key=KEY) as strip:
        flow = await start(hass, SOURCE_ZEROCONF, announced(strip))
        flow = await waited(hass, await go_on(hass, flow))
        made = created(await answered(hass, flow, KEY))
        await comes_online(made)
        listen(hass, strip)
        await becomes(hass, f"{SWITCH}_outlet_4", "off")
        await call(hass, "switch.turn_on", f"{SWITCH}_outlet_2")
        assert strip.state == {"on": False, "2": True, "3": False, "4": False}
        await hass.config_entries.async_unload(made.entry_id)
