"""Meross in Home Assistant: the card, the device key, entities, a move, silence, another key."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from unittest.mock import AsyncMock

from homeassistant.config_entries import SOURCE_DHCP, SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from lan_edge.connection import addresses
from lan_edge.drivers.meross import Meross
from tests.emulators.meross import KEY, MerossEmulator
from tests.emulators.meross_models import VALVES, WALKED

from .entries import comes_online
from .flow_steps import aborted, answered, created, go_on, menu, start, waited, words
from .states import becomes, call
from .waiting import eventually

OTHER_KEY = "0123456789abcdef0123456789abcdef"


def seen(device: MerossEmulator) -> DhcpServiceInfo:
    """Return what Home Assistant sees when a device asks the router for an address."""
    return DhcpServiceInfo(ip=device.host, hostname="meross_smart_plug", macaddress=device.id)


@pytest.fixture
async def plug(
    start_discovery: AsyncMock, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[MerossEmulator]:
    async with MerossEmulator("127.0.0.7", encrypts=True) as made:
        monkeypatch.setattr(Meross, "options", replace(Meross.options, port=made.port))
        monkeypatch.setattr(Meross, "poll", 0.2)
        yield made


@pytest.fixture
async def entry(hass: HomeAssistant, plug: MerossEmulator) -> MockConfigEntry:
    """Return the entry of a plug that was added by its card."""
    flow = await start(hass, SOURCE_DHCP, seen(plug))
    flow = await waited(hass, await go_on(hass, flow))
    made = created(await answered(hass, flow, KEY))
    await comes_online(made)
    await eventually(lambda: len(hass.states.async_entity_ids("switch")) == 2)
    return made


def switch(hass: HomeAssistant) -> str:
    """Return the entity of the plug; the other one is of the light that shows its state."""
    [made] = [each for each in hass.states.async_entity_ids("switch") if "indicator" not in each]
    return made


async def test_a_wrong_key_is_refused_and_the_right_one_makes_the_entry(
    hass: HomeAssistant, plug: MerossEmulator
) -> None:
    flow = await start(hass, SOURCE_DHCP, seen(plug))
    assert flow["step_id"] == "confirm"
    flow = await waited(hass, await go_on(hass, flow))
    assert flow["step_id"] == "pair_text"
    flow = await answered(hass, flow, OTHER_KEY)
    assert words(flow)["reason"] == "the device has another key, or needs one"
    made = created(await answered(hass, flow, KEY))
    assert made.unique_id == plug.id


async def test_it_is_used_followed_silenced_and_back(
    hass: HomeAssistant, plug: MerossEmulator, entry: MockConfigEntry
) -> None:
    entity = switch(hass)
    await becomes(hass, entity, "off")
    await call(hass, "switch.turn_on", entity)
    assert plug.state == {"on": True}
    await plug.change(on=False)
    await becomes(hass, entity, "off")
    await plug.down()
    await becomes(hass, entity, "unavailable")
    await plug.up()
    await becomes(hass, entity, "off")


async def test_206_it_is_followed_to_another_address(
    hass: HomeAssistant,
    plug: MerossEmulator,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(addresses, "LOGIN_PATIENCE", 0.1)
    await plug.move("127.0.0.8", old="closed")
    assert aborted(await start(hass, SOURCE_DHCP, seen(plug))) == "already_configured"
    await eventually(lambda: entry.data["host"] == "127.0.0.8")
    await becomes(hass, switch(hass), "off")
    await call(hass, "switch.turn_on", switch(hass))
    assert plug.state == {"on": True}


async def test_a_device_that_got_another_key_asks_for_it_once(
    hass: HomeAssistant, plug: MerossEmulator, entry: MockConfigEntry
) -> None:
    plug.key = OTHER_KEY
    await plug.restart()
    await eventually(lambda: hass.config_entries.flow.async_progress_by_handler(DOMAIN))
    [flow] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == SOURCE_REAUTH
    step = await waited(hass, await go_on(hass, flow))
    step = await answered(hass, step, OTHER_KEY)
    assert aborted(step) == "reauth_successful"
    await comes_online(entry)
    await becomes(hass, switch(hass), "off")


async def test_a_hub_is_added_by_its_address_without_a_key(
    hass: HomeAssistant, start_discovery: AsyncMock
) -> None:
    async with MerossEmulator("127.0.0.7", model="msh300", key="") as hub:
        flow = await menu(hass, "manual")
        host = f"{hub.host}:{hub.port}"
        made = created(await waited(hass, await go_on(hass, flow, driver="meross", host=host)))
        await comes_online(made)
        await eventually(lambda: hass.states.async_entity_ids("climate"))
        [valve] = hass.states.async_entity_ids("climate")
        await becomes(hass, valve, "heat", temperature=20.5)
        await call(hass, "climate.set_temperature", valve, temperature=22)
        [told] = hub.model.answers[VALVES]["all"]
        assert (told["id"], told["temperature"]["custom"]) == (WALKED[0], 220)
        await hass.config_entries.async_unload(made.entry_id)
