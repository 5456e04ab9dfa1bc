"""Reconfiguring a device: its address changes only if it answers at the new one."""

from homeassistant.core import HomeAssistant
import pytest

from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator

from ..entries import BULB_ID, comes_online, device_of, new_entry, set_up
from ..flow_steps import NO_SUCH_HOST, aborted, go_on


@pytest.mark.usefixtures("names")
async def test_reconfigure(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    entry = new_entry(hass, "json_bulb", BULB_ID, bulb)
    before = dict(entry.data)
    flow = await entry.start_reconfigure_flow(hass)
    assert flow["step_id"] == "reconfigure"
    async with JsonBulbEmulator("127.0.0.2", bulb.port, id="other"):
        flow = await go_on(hass, flow, host="127.0.0.2", port=bulb.port)
    assert flow["errors"] == {"base": "identity"}
    flow = await go_on(hass, flow, host="127.0.0.2", port=9)
    assert flow["errors"] == {"base": "unreachable"}
    flow = await go_on(hass, flow, host=NO_SUCH_HOST)
    assert flow["errors"] == {"host": "unknown_host"}
    assert dict(entry.data) == before
    await bulb.move(port=0)
    result = await go_on(hass, flow, host="localhost", port=bulb.port)
    assert aborted(result) == "reconfigure_successful"
    assert dict(entry.data) == {**before, "host": "127.0.0.1", "port": bulb.port}


async def test_reconfigured_is_used_even_if_the_old_address_answers(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    async with RestSwitchEmulator(id="relay-1") as moved:
        flow = await entry.start_reconfigure_flow(hass)
        result = await go_on(hass, flow, host="127.0.0.1", port=moved.port)
        assert aborted(result) == "reconfigure_successful"
        await comes_online(entry)
        assert device_of(entry).connection.address.port == moved.port  # type: ignore[union-attr]
        assert entry.data["port"] == moved.port


async def test_reconfigure_without_driver(hass: HomeAssistant) -> None:
    entry = new_entry(hass, "no_such_driver", "x")
    flow = await entry.start_reconfigure_flow(hass)
    flow = await go_on(hass, flow, host="127.0.0.1", port=9)
    assert flow["errors"] == {"base": "driver"}
