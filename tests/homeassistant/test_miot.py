"""Xiaomi in Home Assistant: found, paired, used, followed, silenced, and with another token."""

from collections.abc import AsyncGenerator
from ipaddress import ip_address
from unittest.mock import AsyncMock

from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_ZEROCONF
from homeassistant.core import HomeAssistant
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from lan_edge.drivers.miot import Miot
from tests.emulators.miot import PURIFIER, TOKEN, MiotEmulator

from .entries import comes_online
from .flow_steps import aborted, answered, created, go_on, start, waited, words
from .states import becomes, call
from .waiting import eventually

OTHER_TOKEN = "ffeeddccbbaa99887766554433221100"
SERVICE = "_miio._udp.local."


def announced(device: MiotEmulator) -> ZeroconfServiceInfo:
    """Return what it announces by mDNS."""
    address = ip_address(device.host)
    name = f"{device.model.replace('.', '-')}_miio{device.id}"
    return ZeroconfServiceInfo(
        ip_address=address,
        ip_addresses=[address],
        port=device.port,
        hostname=f"{name}.local.",
        type=SERVICE,
        name=f"{name}.{SERVICE}",
        properties={"epoch": "1", "mac": "50ec50010203"},
    )


@pytest.fixture
async def purifier(
    start_discovery: AsyncMock, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[MiotEmulator]:
    monkeypatch.setattr(Miot, "poll", 0.2)
    async with MiotEmulator(PURIFIER, model="zhimi.airp.va2") as made:
        yield made


@pytest.fixture
async def entry(hass: HomeAssistant, purifier: MiotEmulator) -> MockConfigEntry:
    """Return the entry of an air purifier that was added by its card, with a token."""
    flow = await start(hass, SOURCE_ZEROCONF, announced(purifier))
    flow = await waited(hass, await go_on(hass, flow))
    made = created(await answered(hass, flow, TOKEN))
    await comes_online(made)
    await eventually(lambda: hass.states.async_entity_ids("fan"))
    return made


async def test_what_is_no_token_is_refused_and_the_right_one_makes_the_entry(
    hass: HomeAssistant, purifier: MiotEmulator
) -> None:
    flow = await start(hass, SOURCE_ZEROCONF, announced(purifier))
    assert flow["step_id"] == "confirm_core"
    assert words(flow)["integration"] == "Xiaomi Home"
    flow = await waited(hass, await go_on(hass, flow))
    assert flow["step_id"] == "pair_text"
    flow = await answered(hass, flow, "wrong")
    assert words(flow)["reason"] == "a token has 32 digits and letters from a to f"
    made = created(await answered(hass, flow, TOKEN))
    assert made.unique_id == purifier.id
    assert made.data["secrets"] == {"token": TOKEN}
    assert aborted(await start(hass, SOURCE_ZEROCONF, announced(purifier))) == "already_configured"


async def test_it_is_commanded_followed_and_silenced(
    hass: HomeAssistant, purifier: MiotEmulator, entry: MockConfigEntry
) -> None:
    [fan] = hass.states.async_entity_ids("fan")
    await call(hass, "fan.turn_on", fan, preset_mode="sleep")
    assert purifier.points["2.1"] is True
    assert purifier.points["2.4"] == 1
    await becomes(hass, fan, "on", preset_mode="sleep", percentage=33)
    await call(hass, "fan.set_percentage", fan, percentage=100)
    assert purifier.points["2.5"] == 3
    await purifier.change(on=False)
    await becomes(hass, fan, "off")
    await purifier.down()
    await becomes(hass, fan, "unavailable")
    await purifier.up()
    await becomes(hass, fan, "off")


async def test_it_is_followed_to_another_address(
    hass: HomeAssistant, purifier: MiotEmulator, entry: MockConfigEntry
) -> None:
    await purifier.move("127.0.0.2")
    await start(hass, SOURCE_ZEROCONF, announced(purifier))
    await eventually(lambda: entry.data["host"] == "127.0.0.2")
    await eventually(lambda: entry.runtime_data.device.available)


async def test_a_device_that_was_reset_asks_for_its_new_token(
    hass: HomeAssistant, purifier: MiotEmulator, entry: MockConfigEntry
) -> None:
    purifier.token, purifier.answers_strangers = OTHER_TOKEN, True
    await purifier.restart()
    flows = hass.config_entries.flow.async_progress_by_handler
    await eventually(lambda: flows(DOMAIN))
    [flow] = flows(DOMAIN)
    assert flow["context"]["source"] == SOURCE_REAUTH
    step = await waited(hass, await go_on(hass, flow))
    step = await answered(hass, step, OTHER_TOKEN)
    assert aborted(step) == "reauth_successful"
    await comes_online(entry)


async def test_a_vacuum_cleaner_starts_and_goes_home(
    hass: HomeAssistant, start_discovery: AsyncMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Miot, "poll", 0.2)
    points = {"state": 8, "battery": 77}
    async with MiotEmulator(points, model="roborock.vacuum.s5") as robot:
        flow = await start(hass, SOURCE_ZEROCONF, announced(robot))
        flow = await waited(hass, await go_on(hass, flow))
        made = created(await answered(hass, flow, TOKEN))
        await comes_online(made)
        await eventually(lambda: hass.states.async_entity_ids("vacuum"))
        [vacuum] = hass.states.async_entity_ids("vacuum")
        await becomes(hass, vacuum, "docked")
        await call(hass, "vacuum.start", vacuum)
        await becomes(hass, vacuum, "cleaning")
        await call(hass, "vacuum.return_to_base", vacuum)
        await becomes(hass, vacuum, "returning")
        await hass.config_entries.async_unload(made.entry_id)
