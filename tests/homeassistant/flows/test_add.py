"""Adding a device by its address: every error, and how to recover from it."""

from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import (
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_ZEROCONF,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import InvalidData
from homeassistant.helpers import area_registry as ar, device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from lan_edge import one_id
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.wemo import WemoEmulator

from ..announcements import mdns
from ..entries import BULB_ID, comes_online, new_entry, set_up
from ..flow_steps import NO_SUCH_HOST, aborted, created, go_on, menu, start, words
from ..mdns_responder import relay, responding
from ..waiting import eventually


async def typed(
    hass: HomeAssistant, driver: str, host: str, port: float | str = 0
) -> ConfigFlowResult:
    flow = await menu(hass, "manual")
    assert flow["step_id"] == "manual"
    return await go_on(hass, flow, driver=driver, host=host, **({"port": port} if port else {}))


async def test_manual(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    entry = created(await typed(hass, "json_bulb", " 127.0.0.1 ", bulb.port))
    assert (entry.unique_id, entry.title) == (BULB_ID, "JSON bulb 2201")
    assert (entry.data["host"], entry.data["port"]) == ("127.0.0.1", bulb.port)
    assert entry.data["seen_as"] == BULB_ID


async def test_manual_host_name_is_resolved(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    entry = created(await typed(hass, "json_bulb", "localhost", bulb.port))
    assert entry.data["host"] == "127.0.0.1"


@pytest.mark.parametrize("form", ["http://127.0.0.1:{}/setup.xml", " 127.0.0.1:{} "])
async def test_manual_address_as_people_paste_it(
    hass: HomeAssistant, bulb: JsonBulbEmulator, form: str
) -> None:
    entry = created(await typed(hass, "json_bulb", form.format(bulb.port)))
    assert (entry.data["host"], entry.data["port"]) == ("127.0.0.1", bulb.port)


async def test_manual_usual_port(hass: HomeAssistant, start_discovery: None) -> None:
    async with WemoEmulator("127.0.0.2", 49153) as wemo:
        entry = created(await typed(hass, "wemo", "127.0.0.2"))
    assert entry.unique_id == one_id(wemo.udn)
    assert entry.data["port"] == 0


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize(
    ("host", "error", "reason"),
    [
        (NO_SUCH_HOST, "unknown_host", NO_SUCH_HOST),
        ("a" * 70, "unknown_host", "a" * 70),
        ("a." * 200, "unknown_host", "a." * 30 + "..."),
        ("10.99.0", "incomplete_address", "10.99.0"),
        ("[::1", "incomplete_address", "[::1"),
        ("lamp:x", "port_range", "lamp:x"),
        (" ", "no_address", ""),
        ("[ff02::1]", "no_device_address", "ff02::1"),
        ("fe80::1", "no_device_address", "fe80::1"),
        ("224.0.0.1", "no_device_address", "224.0.0.1"),
        ("0.0.0.0", "no_device_address", "0.0.0.0"),
    ],
)
async def test_manual_unknown_host_and_recovery(
    hass: HomeAssistant, bulb: JsonBulbEmulator, host: str, error: str, reason: str
) -> None:
    flow = await typed(hass, "json_bulb", host, bulb.port)
    assert flow["errors"] == {"host": error}
    schema = flow["data_schema"]
    assert words(flow)["reason"] == reason
    assert schema is not None
    suggested = {str(k): (k.description or {}).get("suggested_value") for k in schema.schema}
    assert suggested == {"driver": "json_bulb", "host": host, "port": bulb.port}
    created(await go_on(hass, flow, driver="json_bulb", host="127.0.0.1", port=bulb.port))


@pytest.mark.parametrize("port", ["NaN", "0", "65536", "eighty"])
async def test_manual_invalid_port(hass: HomeAssistant, port: str) -> None:
    with pytest.raises(InvalidData):
        await typed(hass, "json_bulb", "127.0.0.1", port)


async def test_manual_wrong_driver_dead_host_and_recovery(
    hass: HomeAssistant, bulb: JsonBulbEmulator, switch: RestSwitchEmulator
) -> None:
    with patch("lan_edge.device.trial.TRIAL_TIMEOUT", 0.5):
        flow = await typed(hass, "json_bulb", "127.0.0.1", switch.port)
    errors = flow["errors"]
    assert errors is not None
    assert errors["base"] in {"reply", "timed_out", "unreachable"}
    flow = await go_on(hass, flow, driver="json_bulb", host="127.0.0.1", port=9)
    assert flow["errors"] == {"base": "unreachable"}
    created(await go_on(hass, flow, driver="json_bulb", host="127.0.0.1", port=bulb.port))


async def test_manual_already_configured(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    new_entry(hass, "json_bulb", BULB_ID, port=1)
    assert aborted(await typed(hass, "json_bulb", "127.0.0.1", bulb.port)) == "already_configured"


async def test_manual_notifies_a_configured_device(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    await bulb.move(port=0, old="closed")
    assert aborted(await typed(hass, "json_bulb", "127.0.0.1", bulb.port)) == "already_configured"
    await eventually(lambda: entry.data["port"] == bulb.port)


async def test_manual_does_not_disturb_a_connected_device(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    assert aborted(await typed(hass, "json_bulb", "127.0.0.1", bulb.port)) == "already_configured"
    assert bulb.connections == (1, 1)


async def test_manual_device_that_cannot_tell_who_it_is(
    hass: HomeAssistant, switch: RestSwitchEmulator, mdns_port: int
) -> None:
    entry = created(await typed(hass, "rest_switch", "127.0.0.1", switch.port))
    assert entry.unique_id not in {None, "", "relay-1"}
    assert entry.data["identity"]["unique_id"] == entry.unique_id
    again = await typed(hass, "rest_switch", "127.0.0.1", switch.port)
    assert aborted(again) == "already_configured"
    # discovery sees it there, and it confirms: no card, and it is known by that from now on
    await comes_online(entry)
    async with responding(switch.host, mdns_port, relay("relay-1", switch.host, switch.port)):
        assert aborted(await start(hass, SOURCE_ZEROCONF, mdns(switch))) == "already_configured"
        await eventually(lambda: entry.data["seen_as"] == "relay-1")
    left = switch.port
    await switch.move(port=0, old="closed")
    assert aborted(await start(hass, SOURCE_ZEROCONF, mdns(switch))) == "already_configured"
    await eventually(lambda: entry.data["port"] == switch.port)
    async with RestSwitchEmulator(id="relay-2", port=left) as other:
        assert (await start(hass, SOURCE_ZEROCONF, mdns(other)))["step_id"] == "confirm"


async def test_manual_takes_the_id_that_discovery_saw_and_the_device_confirms(
    hass: HomeAssistant, switch: RestSwitchEmulator, mdns_port: int
) -> None:
    await start(hass, SOURCE_ZEROCONF, mdns(switch))
    async with responding(switch.host, mdns_port, relay("relay-1", switch.host, switch.port)):
        entry = created(await typed(hass, "rest_switch", "127.0.0.1", switch.port))
    assert (entry.unique_id, entry.title) == ("relay-1", "Fountain")
    assert not hass.config_entries.flow.async_progress()  # the card is gone


async def test_manual_takes_no_id_that_is_only_claimed(
    hass: HomeAssistant, switch: RestSwitchEmulator, mdns_port: int
) -> None:
    await start(hass, SOURCE_ZEROCONF, mdns(switch, id="evil"))
    async with responding(switch.host, mdns_port, relay("relay-1", switch.host, switch.port)):
        entry = created(await typed(hass, "rest_switch", "127.0.0.1", switch.port))
    assert entry.unique_id != "evil"
    assert entry.data["seen_as"] == ""


@pytest.mark.usefixtures("confirming")
async def test_manual_where_an_added_device_was_seen_first(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    entry = created(await go_on(hass, await start(hass, SOURCE_ZEROCONF, mdns(switch))))
    left = switch.port
    await switch.move(port=0, old="closed")
    await start(hass, SOURCE_ZEROCONF, mdns(switch))
    await eventually(lambda: entry.data["port"] == switch.port)
    async with RestSwitchEmulator(id="relay-2", port=left):
        other = created(await typed(hass, "rest_switch", "127.0.0.1", left))
    assert other.unique_id not in {"relay-1", entry.unique_id}


def named(hass: HomeAssistant, entry: MockConfigEntry) -> tuple[str, str | None]:
    """Return the title of an entry, and the name of its device."""
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return entry.title, device.name


async def test_two_with_the_same_name_are_told_apart(
    hass: HomeAssistant, start_discovery: None
) -> None:
    async with (
        WemoEmulator(id="one-c3d4", name="Coffee") as one,
        WemoEmulator(id="two-e5f6", name="Coffee") as two,
    ):
        first = created(await typed(hass, "wemo", one.host, one.port))
        second = created(await typed(hass, "wemo", two.host, two.port))
        for entry in (first, second):
            await comes_online(entry)
        assert named(hass, first) == ("Coffee", "Coffee")
        assert named(hass, second) == ("Coffee e5f6", "Coffee e5f6")


async def test_a_name_is_the_one_on_the_card(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    """Also if the second of two cards that would look alike is confirmed first."""
    async with JsonBulbEmulator("127.0.0.2", id="two-e5f6", name="Desk lamp") as second:
        cards = list[ConfigFlowResult]()
        for each in (bulb, second):
            told: dict[str, Any] = {"driver": "json_bulb", "unique_id": each.id, "fields": {}}
            told |= {"host": each.host, "port": each.port, "name": each.name}
            told |= {"manufacturer": "", "model": ""}
            cards.append(await start(hass, SOURCE_INTEGRATION_DISCOVERY, told))
        shown = [words(card)["name"] for card in cards]
        assert shown == ["Desk lamp (JSON bulb)", "Desk lamp e5f6 (JSON bulb)"]
        titles = [created(await go_on(hass, card)).title for card in reversed(cards)]
    assert titles == ["Desk lamp e5f6", "Desk lamp"]


async def test_an_id_that_is_a_word_tells_apart_as_a_whole(
    hass: HomeAssistant, start_discovery: None
) -> None:
    async with (
        WemoEmulator(name="Coffee") as one,
        WemoEmulator(id="hall-way", name="Coffee") as two,
    ):
        first = created(await typed(hass, "wemo", one.host, one.port))
        second = created(await typed(hass, "wemo", two.host, two.port))
        for entry in (first, second):
            await comes_online(entry)
        title, name = named(hass, second)
        assert title == name
        assert title.lower() == "coffee socket-1_0-hall-way"


async def test_what_has_neither_name_nor_id_is_told_apart_by_its_address(
    hass: HomeAssistant, start_discovery: None
) -> None:
    async with RestSwitchEmulator() as one, RestSwitchEmulator("127.0.0.2") as two:
        first = created(await typed(hass, "rest_switch", one.host, one.port))
        second = created(await typed(hass, "rest_switch", two.host, two.port))
        for entry in (first, second):
            await comes_online(entry)
        assert named(hass, first) == ("REST switch", "REST switch")
        assert named(hass, second) == ("REST switch 127.0.0.2", "REST switch 127.0.0.2")


async def test_an_address_in_a_name_is_left_out(hass: HomeAssistant, start_discovery: None) -> None:
    async with WemoEmulator(name="Demo (10.99.0.27)") as wemo:
        entry = created(await typed(hass, "wemo", wemo.host, wemo.port))
        await comes_online(entry)
        assert named(hass, entry) == ("Demo", "Demo")


async def test_it_is_in_the_room_that_it_says(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    told: dict[str, Any] = {"driver": "json_bulb", "unique_id": BULB_ID, "fields": {}}
    told |= {"host": bulb.host, "port": bulb.port}
    told |= {"name": "Lamp", "manufacturer": "Acme", "model": "L1", "room": "Attic"}
    flow = await start(hass, SOURCE_INTEGRATION_DISCOVERY, told)
    assert words(flow)["name"] == "Lamp (Acme L1, Attic)"
    entry = created(await go_on(hass, flow))
    await comes_online(entry)
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    area = ar.async_get(hass).async_get_area(device.area_id or "")
    assert area is not None
    assert area.name == "Attic"
    assert (device.manufacturer, device.model) == ("Acme", "L1")


async def test_what_only_discovery_tells_is_known_too(
    hass: HomeAssistant, switch: RestSwitchEmulator, mdns_port: int
) -> None:
    """The device does not report its id or model over its connection."""
    async with responding(switch.host, mdns_port, relay("relay-1", switch.host, switch.port)):
        entry = created(await typed(hass, "rest_switch", "127.0.0.1", switch.port))
        await comes_online(entry)
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert (entry.unique_id, entry.data["seen_as"]) == ("relay-1", "relay-1")
    assert (device.name, device.model) == ("relay-1", "RS-1")
