"""Reconfiguring a device: its address changes only if it answers at the new one."""

from homeassistant.core import HomeAssistant
import pytest

from docs.examples.rest_switch import RestSwitch
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator

from ..entries import BULB_ID, comes_online, device_of, new_entry, set_up
from ..flow_steps import NO_SUCH_HOST, aborted, go_on, suggested, waited, words
from ..mdns_responder import relay, responding


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


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize(("stored", "shown"), [(0, {}), (8080, {"port": 8080})])
async def test_only_a_port_that_may_be_entered_is_shown(
    hass: HomeAssistant, stored: int, shown: dict[str, int]
) -> None:
    """The usual port is stored as 0: submitted as it is, the form would be refused."""
    entry = new_entry(hass, "json_bulb", BULB_ID, port=stored)
    flow = await entry.start_reconfigure_flow(hass)
    assert suggested(flow) == {"host": "127.0.0.1", **shown}


async def test_reconfigure_without_driver(hass: HomeAssistant) -> None:
    entry = new_entry(hass, "no_such_driver", "x")
    flow = await entry.start_reconfigure_flow(hass)
    flow = await go_on(hass, flow, host="127.0.0.1", port=9)
    assert flow["errors"] == {"base": "driver"}


@pytest.mark.parametrize("secrets", [{}, {"password": "x"}], ids=["without login", "with login"])
async def test_another_device_that_cannot_say_so_itself_is_not_taken(
    hass: HomeAssistant, switch: RestSwitchEmulator, mdns_port: int, secrets: dict[str, str]
) -> None:
    """Discovery asks it who it is, before it gets any login."""
    entry = new_entry(hass, "rest_switch", "relay-1", switch, secrets=secrets)
    before = dict(entry.data)
    async with (
        RestSwitchEmulator("127.0.0.2", switch.port, id="relay-2") as other,
        responding("127.0.0.2", mdns_port, relay("relay-2", "127.0.0.2", other.port)),
    ):
        flow = await entry.start_reconfigure_flow(hass)
        flow = await go_on(hass, flow, host="127.0.0.2", port=other.port)
        assert flow["errors"] == {"base": "identity"}
        assert words(flow)["reason"] == f"127.0.0.2:{other.port} is relay-2, not relay-1"
        assert not other.log
    assert dict(entry.data) == before


async def test_another_device_that_cannot_say_so_itself_gets_no_new_login(
    hass: HomeAssistant,
    switch: RestSwitchEmulator,
    mdns_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def pair(_self: object, _ask: object) -> None:
        pytest.fail("it is paired")

    monkeypatch.setattr(RestSwitch, "pair", pair, raising=False)
    entry = new_entry(hass, "rest_switch", "relay-1", switch)
    async with responding(switch.host, mdns_port, relay("relay-2", switch.host, switch.port)):
        flow = await entry.start_reauth_flow(hass)
        flow = await waited(hass, await go_on(hass, flow))
    assert (flow["step_id"], flow["errors"]) == ("pair_failed", {"base": "identity"})
