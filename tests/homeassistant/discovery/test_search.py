"""Lost devices are searched for, a few times and no more."""

import asyncio
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_connect, async_dispatcher_send
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.lan_edge.const import SIGNAL_LOST
from custom_components.lan_edge.discovery.routing import handle_goodbye
from custom_components.lan_edge.discovery.search import (
    LOST_SEARCHES,
    _search_after_losses,
    _SearchRunner,
)
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator

from ..entries import BULB_ID, device_of, set_up
from ..states import call
from ..waiting import eventually


async def test_many_losses_at_once_are_searched_for_together(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    searches: list[object] = []
    _search_after_losses(hass, searches.append)
    for _ in range(2):
        searches.clear()
        for _ in range(100):
            async_dispatcher_send(hass, SIGNAL_LOST)
        freezer.tick(timedelta(seconds=max(LOST_SEARCHES) + 1))
        async_fire_time_changed(hass)
        await hass.async_block_till_done()
        assert len(searches) == len(LOST_SEARCHES)


async def test_many_removals_at_once_are_searched_for_together(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most, begun = 0, 0, 0
    go_on = asyncio.Event()

    async def search(_hass: HomeAssistant) -> None:
        nonlocal running, most, begun
        running, begun = running + 1, begun + 1
        most = max(most, running)
        await go_on.wait()
        running -= 1

    monkeypatch.setattr("custom_components.lan_edge.discovery.search.async_search", search)
    searches = _SearchRunner(hass)
    for _ in range(100):
        searches.search_now(hass)
    go_on.set()
    await eventually(lambda: begun == 2 and not running)
    assert most == 1
    searches.search_now(hass)
    await eventually(lambda: begun == 3)


async def test_a_loss_is_signaled_once(hass: HomeAssistant, switch: RestSwitchEmulator) -> None:
    losses: list[None] = []
    async_dispatcher_connect(hass, SIGNAL_LOST, lambda: losses.append(None))
    await set_up(hass, "rest_switch", "relay-1", switch)
    assert losses == []
    await switch.down()
    with pytest.raises(HomeAssistantError):
        await call(hass, "switch.turn_on", hass.states.async_entity_ids("switch")[0])
    await eventually(lambda: losses)
    assert losses == [None]


async def test_a_goodbye_is_verified(
    hass: HomeAssistant, bulb: JsonBulbEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lan_edge.connection.connection.DOUBT_TIMEOUT", 0.1)
    monkeypatch.setattr("lan_edge.connection.hints.HINT_INTERVAL", 0.1)
    device = device_of(await set_up(hass, "json_bulb", BULB_ID, bulb))
    handle_goodbye(hass, "uuid:somebody-else::upnp:rootdevice")
    asked = len(bulb.log)
    handle_goodbye(hass, f"uuid:{BULB_ID}::upnp:rootdevice")
    await eventually(lambda: len(bulb.log) > asked)
    await asyncio.sleep(0.2)
    assert device.available
    bulb.faults.silent = True
    handle_goodbye(hass, f"uuid:{BULB_ID}")
    await eventually(lambda: not device.available)
