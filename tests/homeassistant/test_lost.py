"""A device that went away is searched for, a few times and no more."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_connect, async_dispatcher_send
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.lan_edge.const import SIGNAL_LOST
from custom_components.lan_edge.discovery import LOST_SEARCHES, _search_after_losses
from tests.emulators.rest_switch import RestSwitchEmulator

from .common import call, eventually, set_up


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


async def test_a_loss_is_told_once(hass: HomeAssistant, switch: RestSwitchEmulator) -> None:
    losses: list[None] = []
    async_dispatcher_connect(hass, SIGNAL_LOST, lambda: losses.append(None))
    await set_up(hass, "rest_switch", "relay-1", switch)
    assert losses == []
    await switch.down()
    with pytest.raises(HomeAssistantError):
        await call(hass, "switch.turn_on", hass.states.async_entity_ids("switch")[0])
    await eventually(lambda: losses)
    assert losses == [None]
