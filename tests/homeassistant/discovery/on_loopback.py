"""Discovery by real mDNS and SSDP, in a network of its own; test_listeners.py runs this there."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime, timedelta
from ipaddress import IPv4Address
import json
from pathlib import Path
import socket
from typing import Any
from unittest.mock import patch

from async_upnp_client.ssdp_listener import SsdpDevice
from async_upnp_client.utils import CaseInsensitiveDict
from homeassistant.components.zeroconf import async_get_async_instance
from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import pytest_socket
from zeroconf import IPVersion

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.discovery.search import async_search, async_search_for_user
from custom_components.lan_edge.discovery.sightings import (
    announcement_sighting,
    async_add_description,
)
from custom_components.lan_edge.runtime import domain_data
from lan_edge import load_drivers, one_id
from lan_edge.connection.heartbeat import SIGN_OF_LIFE_TIMEOUT
from tests.emulators.garden_pump import BEACON_PORT, GardenPumpEmulator
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.mdns import MdnsAnnouncer, Service
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.snapcast import SnapcastEmulator
from tests.emulators.sonoff import SonoffEmulator
from tests.emulators.ssdp import Advertisement, SsdpAnnouncer
from tests.emulators.venstar import TARGET, VenstarAdvertisement, VenstarEmulator
from tests.emulators.wemo import WemoEmulator
from tests.real.home_assistant import DEMO_DRIVERS
from tests.real.isolated import reason_not_isolated

from ..driver_folder import RELAY, DriverFiles
from ..entries import BULB_ID, add_service, device_of, set_up
from ..states import becomes, call
from ..waiting import eventually

ROOT = Path(__file__).parents[3]
MANIFEST = ROOT / "custom_components/lan_edge/manifest.json"
HUB = "10.99.0.1"

pytestmark = pytest.mark.skipif(
    reason_not_isolated() is not None, reason=f"no network of its own: {reason_not_isolated()}"
)


@pytest.fixture(autouse=True)
def start_discovery(hass: HomeAssistant) -> Generator[None]:
    """Take Home Assistant's own components as they are, on the one interface there is."""
    pytest_socket.enable_socket()
    pytest_socket._remove_restrictions()
    own = IPv4Address(HUB)
    ours = {DOMAIN: json.loads(MANIFEST.read_text())["ssdp"]}
    arguments = {"ip_version": IPVersion.V4Only, "interfaces": [HUB]}
    where = "homeassistant.components"
    patches: list[AbstractContextManager[Any]] = [
        # it replaces a class of zeroconf for good, so that devices here could not announce
        patch(f"{where}.zeroconf.install_multiple_zeroconf_catcher"),
        patch(f"{where}.zeroconf._async_get_zc_args", return_value=arguments),
        patch(f"{where}.zeroconf.network.async_get_announce_addresses", return_value=[HUB]),
        patch(f"{where}.ssdp.scanner.async_build_source_set", return_value={own}),
        patch(f"{where}.ssdp.Server.async_start"),
        # other integrations know some of these devices too, but are not installed here
        patch(f"{where}.ssdp.async_get_ssdp", return_value=ours),
        patch(f"{where}.ssdp.scanner.Scanner.async_scan_broadcast"),
        patch(f"{where}.network.async_get_enabled_source_ips", return_value=[own]),
        patch("lan_edge.connection.availability.GRACE", 0.05),
        patch("lan_edge.connection.backoff.delays", lambda *_: iter([3600.0] * 99)),
    ]
    with ExitStack() as stack:
        for each in patches:
            stack.enter_context(each)
        yield


@pytest.fixture
def demo(driver_files: DriverFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the drivers of the demo devices as the user's driver files."""
    monkeypatch.setattr("custom_components.lan_edge.runtime.load_drivers", load_drivers)
    for name in DEMO_DRIVERS:
        driver_files.write(name, (ROOT / "docs/examples" / name).read_text())


@pytest.fixture
async def listening(hass: HomeAssistant, start_discovery: None, demo: None) -> None:
    assert await async_setup_component(hass, "zeroconf", {})
    assert await async_setup_component(hass, "ssdp", {})
    assert await async_setup_component(hass, DOMAIN, {})
    await add_service(hass)
    await hass.async_block_till_done()


@pytest.fixture
def examples(driver_files: DriverFiles) -> None:
    """Put the examples of docs/discovery.md among the user's driver files."""
    for name in ("sonoff_switch.py", "garden_pump.py"):
        driver_files.write(name, (ROOT / "docs/examples" / name).read_text())


@pytest.fixture
async def sonoff(examples: None, listening: None) -> AsyncGenerator[SonoffEmulator]:
    async with SonoffEmulator("10.99.0.16") as device:
        await device.announce()
        yield device
    await asyncio.sleep(1.5)  # what was asked by mDNS leaves a timer of zeroconf for as long


@pytest.fixture
async def switch(hass: HomeAssistant, sonoff: SonoffEmulator) -> str:
    """Return the entity of a Sonoff switch that has been set up."""
    await set_up(hass, "sonoff_switch", sonoff.id, sonoff)
    [state] = hass.states.async_all("switch")
    return state.entity_id


@pytest.fixture
async def pump(examples: None, listening: None) -> AsyncGenerator[GardenPumpEmulator]:
    async with GardenPumpEmulator("10.99.0.17", 38200, to="255.255.255.255") as device:
        yield device


@pytest.fixture
async def relay(listening: None) -> AsyncGenerator[RestSwitchEmulator]:
    async with RestSwitchEmulator("10.99.0.11", id="relay-1", name="Fountain") as device:
        yield device


@pytest.fixture
async def lamp(listening: None) -> AsyncGenerator[JsonBulbEmulator]:
    async with JsonBulbEmulator("10.99.0.12", id=BULB_ID, name="Desk lamp") as device:
        yield device


@pytest.fixture
async def plug(listening: None) -> AsyncGenerator[WemoEmulator]:
    async with WemoEmulator("10.99.0.13", name="Coffee") as device:
        yield device


@pytest.fixture
async def music(listening: None) -> AsyncGenerator[SnapcastEmulator]:
    async with SnapcastEmulator("10.99.0.14", 1705) as device:
        yield device


@pytest.fixture
async def thermostat(listening: None) -> AsyncGenerator[SsdpAnnouncer]:
    """Yield what announces a thermostat whose Local API is at https."""
    device = VenstarEmulator("10.99.0.15", name="Hall")
    location = "https://10.99.0.15/"
    announcer = SsdpAnnouncer(VenstarAdvertisement(device.host, device.usn, TARGET, location))
    await announcer.announce()
    yield announcer
    await announcer.vanish()


def cards(hass: HomeAssistant) -> list[str]:
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return sorted(str(f["context"].get("unique_id")) for f in flows if f.get("step_id"))


async def confirm(hass: HomeAssistant) -> MockConfigEntry:
    [flow] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    entry: MockConfigEntry = result["result"]
    await eventually(lambda: device_of(entry).available)
    await asyncio.sleep(1)  # what was asked by mDNS leaves a timer of zeroconf for as long
    return entry


async def test_mdns_card_to_entity(hass: HomeAssistant, relay: RestSwitchEmulator) -> None:
    await relay.announce()
    await eventually(lambda: cards(hass) == ["relay-1"])
    entry = await confirm(hass)
    assert entry.data["host"] == "10.99.0.11"
    await becomes(hass, "switch.fountain", "off")


async def test_ssdp_card_to_entity(hass: HomeAssistant, lamp: JsonBulbEmulator) -> None:
    await lamp.announce()
    await eventually(lambda: cards(hass) == [BULB_ID])
    await confirm(hass)
    await becomes(hass, "light.desk_lamp", "off")


async def test_an_unchanged_mdns_announcement_wakes_at_once(
    hass: HomeAssistant, relay: RestSwitchEmulator
) -> None:
    await relay.announce()
    await eventually(lambda: cards(hass))
    entry = await confirm(hass)
    await relay.down()
    device_of(entry).connection.doubt()
    await becomes(hass, "switch.fountain", "unavailable")
    await asyncio.sleep(1.1)  # zeroconf takes no packet twice within a second
    await relay.up()  # the same address, the same words
    await becomes(hass, "switch.fountain", "off")


async def test_an_unchanged_ssdp_announcement_wakes_at_once(
    hass: HomeAssistant, lamp: JsonBulbEmulator
) -> None:
    await lamp.announce()
    await eventually(lambda: cards(hass))
    await confirm(hass)
    await lamp.down()
    await becomes(hass, "light.desk_lamp", "unavailable")
    await lamp.up()
    await becomes(hass, "light.desk_lamp", "off")


async def test_an_announcement_that_tells_too_little_wakes_too(
    hass: HomeAssistant, plug: WemoEmulator
) -> None:
    """A WeMo is known by its description, which is not in an announcement."""
    entry = await set_up(hass, "wemo", plug.udn, plug)
    await plug.announce()
    await async_search(hass)
    await plug.down()
    device_of(entry).connection.doubt()
    await becomes(hass, "switch.coffee", "unavailable")
    await plug.up()
    await asyncio.sleep(0)
    await becomes(hass, "switch.coffee", "off")


async def test_a_device_moves_though_home_assistant_cannot_read_its_description(
    hass: HomeAssistant, plug: WemoEmulator
) -> None:
    entry = await set_up(hass, "wemo", plug.udn, plug)
    plug.name = "Tom & K\udcfcche"  # the byte FC
    await plug.announce()
    await plug.move("10.99.0.23", old="closed")
    await eventually(lambda: entry.data["host"] == "10.99.0.23")
    await eventually(lambda: device_of(entry).available)


async def test_a_card_though_home_assistant_cannot_read_the_description(
    hass: HomeAssistant, plug: WemoEmulator
) -> None:
    plug.name = "Tom & K\udcfcche"
    await plug.announce()
    await async_search(hass)
    await eventually(lambda: cards(hass) == [one_id(plug.udn)])
    entry = await confirm(hass)
    assert entry.title == "Tom & K\ufffdche"
    [state] = hass.states.async_all("switch")
    assert state.name == "Tom & K\ufffdche"
    assert state.state == "off"


@pytest.mark.parametrize("old", ["silent", "closed"])
async def test_a_new_address_by_mdns_is_tried_and_stored(
    hass: HomeAssistant, relay: RestSwitchEmulator, old: str
) -> None:
    await relay.announce()
    await eventually(lambda: cards(hass))
    entry = await confirm(hass)
    coordinator = entry.runtime_data
    await relay.move("10.99.0.21", old=old)  # type: ignore[arg-type]
    await asyncio.sleep(0.1)
    announcer = relay._announcer
    assert isinstance(announcer, MdnsAnnouncer)
    await announcer._end_broadcast()  # one packet must do, while the left address is known too
    await eventually(lambda: entry.data["host"] == "10.99.0.21", SIGN_OF_LIFE_TIMEOUT)
    assert entry.runtime_data is coordinator
    await becomes(hass, "switch.fountain", "off")  # the next moment, if silence was noticed before
    await call(hass, "switch.turn_on", "switch.fountain")
    assert relay.state == {"on": True}


async def test_a_new_address_by_ssdp_is_tried_and_stored(
    hass: HomeAssistant, lamp: JsonBulbEmulator
) -> None:
    await lamp.announce()
    await eventually(lambda: cards(hass))
    entry = await confirm(hass)
    await lamp.move("10.99.0.22", old="closed")
    await eventually(lambda: entry.data["host"] == "10.99.0.22")
    await lamp.change(on=True)
    await becomes(hass, "light.desk_lamp", "on")


async def test_a_stranger_makes_one_card(
    hass: HomeAssistant, relay: RestSwitchEmulator, lamp: JsonBulbEmulator, plug: WemoEmulator
) -> None:
    everybody = sorted(["relay-1", BULB_ID, one_id(plug.udn)])
    for _ in range(3):
        for device in (relay, lamp, plug):
            await device.announce()
        await async_search(hass)
        await hass.async_block_till_done()
    await eventually(lambda: cards(hass) == everybody)
    await asyncio.sleep(0.3)
    assert cards(hass) == everybody


async def test_a_removed_device_is_found_again(hass: HomeAssistant, plug: WemoEmulator) -> None:
    await plug.announce()
    await async_search(hass)
    await eventually(lambda: cards(hass) == [one_id(plug.udn)])
    [flow] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] in {SOURCE_INTEGRATION_DISCOVERY, "ssdp"}
    entry = await confirm(hass)
    await async_search(hass)
    assert cards(hass) == []
    await hass.config_entries.async_remove(entry.entry_id)
    await eventually(lambda: cards(hass) == [one_id(plug.udn)])


@pytest.mark.usefixtures("thermostat")
async def test_search_by_the_user_finds_all_of_them(
    hass: HomeAssistant,
    relay: RestSwitchEmulator,
    lamp: JsonBulbEmulator,
    plug: WemoEmulator,
    music: SnapcastEmulator,
) -> None:
    for device in (relay, lamp, plug, music):
        await device.announce()
    await eventually(lambda: "music" in cards(hass))  # it must be asked for its id
    result: ConfigFlowResult = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": "user"}
    )
    flow_id = result["flow_id"]
    result = await hass.config_entries.flow.async_configure(flow_id, {"next_step_id": "search"})
    while result["type"] is FlowResultType.SHOW_PROGRESS:
        await asyncio.sleep(0.1)
        result = await hass.config_entries.flow.async_configure(flow_id)
    assert result["step_id"] == "pick"
    schema = result["data_schema"]
    assert schema is not None
    options = next(iter(schema.schema.values())).config["options"]
    assert sorted(o["value"] for o in options) == sorted(
        ["relay-1", BULB_ID, one_id(plug.udn), "music", "0023a73ab272"]
    )
    assert sorted(o["label"] for o in options) == [
        "Coffee (Belkin Socket) · 10.99.0.13",
        "Desk lamp (LAN Edge JB-1) · 10.99.0.12",
        "Fountain (RS-1) · 10.99.0.11",
        "Hall (Venstar) · 10.99.0.15",
        "Snapcast music · 10.99.0.14",
    ]


# what devices announce, by the examples of docs/discovery.md


async def test_state_in_txt_records_is_known_at_once_and_followed(
    hass: HomeAssistant, switch: str, sonoff: SonoffEmulator
) -> None:
    await becomes(hass, switch, "off")
    await sonoff.change(on=True)
    await becomes(hass, switch, "on")
    await call(hass, "switch.turn_off", switch)
    assert sonoff.state == {"on": False}
    await becomes(hass, switch, "off")
    await asyncio.sleep(2)  # what zeroconf answers for the device may be from before for as long
    for _ in range(5):  # the cache of zeroconf gives the second last
        for on in (True, False, True):
            await sonoff.change(on=on)
        await becomes(hass, switch, "on")
        await sonoff.change(on=False)
        await becomes(hass, switch, "off")


async def test_a_txt_record_alone_is_followed_when_the_address_has_expired(
    hass: HomeAssistant, switch: str, sonoff: SonoffEmulator
) -> None:
    """A Sonoff announces nothing else, and its address is valid for two minutes."""
    await becomes(hass, switch, "off")
    cache = (await async_get_async_instance(hass)).zeroconf.cache
    name = f"{sonoff.name}.local."
    cache.async_remove_records(list(cache.async_entries_with_server(name)))
    cache.async_remove_records(list(cache.async_entries_with_name(name)))
    await sonoff.change(on=True)
    await becomes(hass, switch, "on")


async def test_what_somebody_else_announces_changes_nothing(
    hass: HomeAssistant, switch: str, sonoff: SonoffEmulator
) -> None:
    await becomes(hass, switch, "off")
    async with SonoffEmulator("10.99.0.66", sonoff.port, id=sonoff.id) as forger:
        forger.name = "eWeLink_forged"
        await forger.announce()
        for _ in range(3):
            await forger.change(on=True)
            await forger.change(on=False)
            await forger.change(on=True)
        await sonoff.change(on=True)
        await becomes(hass, switch, "on")
        await sonoff.change(on=False)
        await becomes(hass, switch, "off")
        await forger.change(on=True)
        await asyncio.sleep(0.5)
        await becomes(hass, switch, "off")


async def test_beacon_card_to_entity(hass: HomeAssistant, pump: GardenPumpEmulator) -> None:
    await eventually(lambda: cards(hass) == [pump.id])
    entry = await confirm(hass)
    assert (entry.title, entry.data["host"]) == ("Pump 2233", "10.99.0.17")
    pump.say()
    await becomes(hass, "switch.pump_2233", "off")
    pump.change(running=True)
    await becomes(hass, "switch.pump_2233", "on")
    await call(hass, "switch.turn_off", "switch.pump_2233")
    assert not pump.running
    await becomes(hass, "switch.pump_2233", "off")


async def test_a_beacon_wakes_the_connection_of_a_device_that_is_back(
    hass: HomeAssistant, pump: GardenPumpEmulator
) -> None:
    entry = await set_up(hass, "garden_pump", pump.id)
    pump.say()
    await eventually(lambda: device_of(entry).available)
    assert entry.data["host"] == "10.99.0.17"


async def test_the_port_is_open_while_a_driver_needs_it(
    hass: HomeAssistant, examples: None, listening: None, driver_files: DriverFiles
) -> None:
    def is_free() -> bool:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            try:
                other.bind(("0.0.0.0", BEACON_PORT))
            except OSError:
                return False
        return True

    assert not is_free()
    (driver_files.path / "garden_pump.py").unlink()
    await driver_files.looked_at()
    await eventually(is_free)
    assert not domain_data(hass).beacons.failures


OWN_TYPE, OWN_TARGET = "_own-relay._tcp.local.", "urn:own:device:Relay:1"
BY_SSDP = RELAY.replace("Mdns,", "Ssdp,").replace(
    f'Mdns("{OWN_TYPE}", unique_id="{{txt[id]}}")',
    f'Ssdp("{OWN_TARGET}", unique_id="{{usn.uuid}}", port="{{headers[x-port]}}")',
)


@pytest.fixture
async def own_relay(listening: None) -> AsyncGenerator[RestSwitchEmulator]:
    """Return a device that no bundled driver recognizes, announced by mDNS."""
    async with RestSwitchEmulator("10.99.0.18", id="own-1", name="Fountain") as device:
        service = Service(OWN_TYPE, "Fountain", device.host, device.port, {"id": "own-1"}, "own1")
        announcer = MdnsAnnouncer(service)
        await announcer.announce()
        yield device
        await announcer.vanish()
    await asyncio.sleep(1.5)  # what was asked by mDNS leaves a timer of zeroconf for as long


async def test_a_new_file_recognizes_a_device_that_was_there_before(
    hass: HomeAssistant, driver_files: DriverFiles, own_relay: RestSwitchEmulator
) -> None:
    await asyncio.sleep(0.1)
    assert cards(hass) == []
    driver_files.write("relay.py")
    await driver_files.looked_at()
    await eventually(lambda: cards(hass) == ["own-1"])
    driver_files.write("relay.py", RELAY.replace("3600", "1800"))
    await driver_files.looked_at()
    await confirm(hass)
    await call(hass, "switch.turn_on", "switch.fountain")
    await becomes(hass, "switch.fountain", "on")


async def test_a_file_that_goes_takes_its_cards_along_and_nobody_listens_any_more(
    hass: HomeAssistant, driver_files: DriverFiles, own_relay: RestSwitchEmulator
) -> None:
    shared = (await async_get_async_instance(hass)).zeroconf
    before = len(shared.listeners)
    file = driver_files.write("relay.py")
    await driver_files.looked_at()
    await eventually(lambda: cards(hass) == ["own-1"])
    assert len(shared.listeners) > before
    file.unlink()
    await driver_files.looked_at()
    await eventually(lambda: cards(hass) == [])
    await eventually(lambda: len(shared.listeners) == before)


async def test_a_new_file_recognizes_what_announces_itself_by_ssdp(
    hass: HomeAssistant, driver_files: DriverFiles, listening: None
) -> None:
    file = driver_files.write("relay.py", BY_SSDP)
    await driver_files.looked_at()
    async with RestSwitchEmulator("10.99.0.19", id="own-2", name="Fountain") as device:
        location = f"http://{device.host}:{device.port}/description.xml"
        extra = {"X-PORT": str(device.port)}
        announcer = SsdpAnnouncer(
            Advertisement(device.host, BULB_ID, OWN_TARGET, location, extra=extra)
        )
        await asyncio.sleep(0.1)
        await announcer.announce()
        await eventually(lambda: cards(hass) == [BULB_ID])
        file.unlink()
        await driver_files.looked_at()
        await eventually(lambda: cards(hass) == [])
        await announcer.vanish()


def have_no_location(hass: HomeAssistant, target: str) -> None:
    """Have Home Assistant know headers without location, which anybody can send."""
    later = datetime.now() + timedelta(hours=1)  # noqa: DTZ005  # as the scanner has it
    odd = SsdpDevice("uuid:nowhere", later)
    odd.search_headers[target] = CaseInsensitiveDict(st=target, usn="uuid:nowhere")
    hass.data["ssdp"]["scanner"]._device_tracker.devices["uuid:nowhere"] = odd


async def test_headers_without_location_do_not_end_a_search(
    hass: HomeAssistant, driver_files: DriverFiles, listening: None
) -> None:
    driver_files.write("relay.py", BY_SSDP)
    await driver_files.looked_at()
    have_no_location(hass, OWN_TARGET)
    await async_search_for_user(hass, {})
    headers = CaseInsensitiveDict(
        nt=OWN_TARGET, usn="uuid:nowhere::x", location="http://10.99.0.19/", _host="10.99.0.19"
    )
    sighting = announcement_sighting(headers)
    assert sighting is not None
    assert (await async_add_description(hass, sighting)).name == ""


async def test_a_device_without_location_does_not_keep_a_new_file_from_hearing_by_ssdp(
    hass: HomeAssistant, driver_files: DriverFiles, listening: None
) -> None:
    have_no_location(hass, "urn:nowhere")
    driver_files.write("relay.py", BY_SSDP)
    await driver_files.looked_at()
    async with RestSwitchEmulator("10.99.0.19", id="own-2", name="Fountain") as device:
        location = f"http://{device.host}:{device.port}/description.xml"
        extra = {"X-PORT": str(device.port)}
        announcer = SsdpAnnouncer(
            Advertisement(device.host, BULB_ID, OWN_TARGET, location, extra=extra)
        )
        await asyncio.sleep(0.1)
        await announcer.announce()
        await eventually(lambda: cards(hass) == [BULB_ID])
        await announcer.vanish()
