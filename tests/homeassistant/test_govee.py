"""Govee in Home Assistant: a light is added by its address, used, followed, silenced and back."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any
from unittest.mock import AsyncMock

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from lan_edge.drivers.govee import Govee
from tests.emulators.govee import GoveeEmulator
from tests.ports import free_port

from .entries import comes_online
from .flow_steps import created, go_on, menu, waited
from .states import becomes, call
from .waiting import eventually


@pytest.fixture
async def lamp(
    start_discovery: AsyncMock, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[GoveeEmulator]:
    """Yield a light at ports that no other program on this machine has."""
    ports: Any = {"local_port": free_port(), "port": free_port()}
    monkeypatch.setattr(Govee, "options", replace(Govee.options, **ports))
    monkeypatch.setattr(Govee, "scan_port", free_port())
    monkeypatch.setattr(Govee, "poll", 0.2)
    places = {"scan_port": Govee.scan_port, "answer_port": ports["local_port"]}
    async with GoveeEmulator("127.0.0.86", port=ports["port"], by_group=False, **places) as made:
        yield made


@pytest.fixture
async def entry(hass: HomeAssistant, lamp: GoveeEmulator) -> MockConfigEntry:
    """Return the entry of a light that was added by its address."""
    flow = await menu(hass, "manual")
    flow = await waited(hass, await go_on(hass, flow, driver="govee", host=lamp.host))
    made = created(flow)
    await comes_online(made)
    await eventually(lambda: hass.states.async_entity_ids("light"))
    return made


async def test_it_is_added_commanded_followed_and_silenced(
    hass: HomeAssistant, lamp: GoveeEmulator, entry: MockConfigEntry
) -> None:
    assert entry.unique_id == lamp.id.lower()
    [light] = hass.states.async_entity_ids("light")
    await call(hass, "light.turn_on", light, brightness_pct=30)
    assert lamp.light["onOff"] == 1
    assert lamp.light["brightness"] == 30
    await call(hass, "light.turn_on", light, color_temp_kelvin=2700)
    assert lamp.light["colorTemInKelvin"] == 2700
    await becomes(hass, light, "on", color_temp_kelvin=2700)
    await lamp.change(on=False)
    await becomes(hass, light, "off")
    await lamp.down()
    await becomes(hass, light, "unavailable")
    await lamp.up()
    await becomes(hass, light, "off")
