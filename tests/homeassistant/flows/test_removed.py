"""A flow whose entry is removed meanwhile is aborted, at whatever step it is."""

import asyncio
from typing import Any, override

from homeassistant.config_entries import SOURCE_REAUTH, UnknownEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import UnknownFlow
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.config_flow import LanEdgeConfigFlow
from custom_components.lan_edge.runtime import async_load_device
from custom_components.lan_edge.storage import async_save_pairing, record_store
from lan_edge import Driver, JsonRpc, Profile, Refresh
from tests.emulators.json_bulb import JsonBulbEmulator

from ..entries import BULB_ID, add_service, new_entry, set_up
from ..flow_steps import aborted, go_on
from ..own_drivers import add_driver
from ..waiting import eventually
from .test_options import BulbSettings, settable


async def remove(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await hass.config_entries.async_remove(entry.entry_id)


async def test_before_the_new_address_is_entered(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    entry = new_entry(hass, "json_bulb", BULB_ID, bulb)
    flow = await entry.start_reconfigure_flow(hass)
    await remove(hass, entry)
    assert aborted(await go_on(hass, flow, host=bulb.host, port=bulb.port)) == "removed"


@pytest.mark.parametrize("answers", [True, False])
async def test_while_the_new_address_is_tried(
    hass: HomeAssistant, bulb: JsonBulbEmulator, answers: bool
) -> None:
    entry = new_entry(hass, "json_bulb", BULB_ID, bulb)
    flow = await entry.start_reconfigure_flow(hass)
    bulb.faults.slow = 0.1
    bulb.faults.refuse = not answers
    result = asyncio.create_task(go_on(hass, flow, host=bulb.host, port=bulb.port))
    await eventually(lambda: bulb.log)
    await remove(hass, entry)
    assert aborted(await result) == "removed"


async def test_while_it_has_to_log_in_again(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    """Home Assistant ends the flow, but a step of it may be under way."""
    entry = new_entry(hass, "json_bulb", BULB_ID, bulb)
    shown = await entry.start_reauth_flow(hass)
    flow = hass.config_entries.flow._progress[shown["flow_id"]]
    assert isinstance(flow, LanEdgeConfigFlow)
    assert flow.source == SOURCE_REAUTH
    await remove(hass, entry)
    assert aborted(await flow.async_step_reauth_confirm()) == "removed"
    assert aborted(await flow.async_step_reauth_confirm({})) == "removed"
    assert aborted(await flow.async_step_pair_text()) == "removed"
    with pytest.raises(UnknownFlow):
        await go_on(hass, shown)


async def test_nothing_is_stored_for_what_was_removed(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    paired = await async_load_device(hass, entry)
    saving = asyncio.create_task(async_save_pairing(hass, entry, paired))
    await asyncio.sleep(0)
    await remove(hass, entry)
    await saving
    assert await record_store(hass, entry.entry_id).async_load() is None


@pytest.mark.usefixtures("drivers")
async def test_while_the_options_are_open(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    settable()
    entry = await set_up(hass, "settable", BULB_ID, bulb)
    options = hass.config_entries.options
    flow: Any = await options.async_init(entry.entry_id)
    await remove(hass, entry)
    assert aborted(await options.async_configure(flow["flow_id"], as_shown(flow))) == "removed"


def as_shown(flow: Any) -> dict[str, Any]:
    """Return what a form shows, as it is sent back unchanged."""
    schema = flow["data_schema"].schema
    suggested = {str(k): (k.description or {}).get("suggested_value") for k in schema}
    return {key: value for key, value in suggested.items() if value is not None}


@pytest.mark.parametrize("step", ["cards", "listener"])
@pytest.mark.parametrize("is_open", [True, False])
async def test_while_the_options_of_lan_edge_are_open(
    hass: HomeAssistant, step: str, is_open: bool
) -> None:
    entry = await add_service(hass)
    options = hass.config_entries.options
    flow: Any = await options.async_init(entry.entry_id)
    given: dict[str, Any] = {"next_step_id": step}
    if is_open:
        flow = await options.async_configure(flow["flow_id"], given)
        given = as_shown(flow)
    await remove(hass, entry)
    assert aborted(await options.async_configure(flow["flow_id"], given)) == "removed"


@pytest.mark.usefixtures("drivers")
async def test_while_the_settings_are_applied(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    is_told = list[object]()

    @add_driver
    class Slow(Driver[JsonRpc]):
        id = "slow"
        profile = Profile(Refresh)
        settings: BulbSettings

        @override
        async def settings_changed(self, old: Any) -> None:
            is_told.append(old)
            await self.io.call("info")

    entry = await set_up(hass, "slow", BULB_ID, bulb)
    options = hass.config_entries.options
    flow: Any = await options.async_init(entry.entry_id)
    schema = flow["data_schema"].schema
    given = {str(k): k.description["suggested_value"] for k in schema} | {"Note": "new"}
    bulb.faults.slow = 0.1
    result = asyncio.create_task(options.async_configure(flow["flow_id"], given))
    await eventually(lambda: is_told or result.done())
    await remove(hass, entry)
    flow = await result  # it was disconnected first
    assert flow["errors"] == {"base": "not_taken"}
    assert aborted(await options.async_configure(flow["flow_id"], given)) == "removed"


async def test_an_unknown_entry_is_an_error_otherwise(hass: HomeAssistant) -> None:
    """What is not about the flow's own entry is not hidden."""
    entry = new_entry(hass, "json_bulb", BULB_ID)
    shown = await entry.start_reconfigure_flow(hass)
    flow = hass.config_entries.flow._progress[shown["flow_id"]]
    assert isinstance(flow, LanEdgeConfigFlow)

    async def fail(*_: object) -> None:
        raise UnknownEntry("another")

    flow._pairing.ask = fail  # type: ignore[method-assign, assignment]
    with pytest.raises(UnknownEntry):
        await flow.async_step_pair_text()
