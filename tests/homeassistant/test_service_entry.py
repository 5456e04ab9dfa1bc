"""The entry of LAN Edge itself: when there is one, what it does, and what does not need it."""

from typing import Any
from unittest.mock import AsyncMock

from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_IMPORT,
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_RECONFIGURE,
    SOURCE_SYSTEM,
    SOURCE_USER,
    SOURCE_ZEROCONF,
    ConfigEntryState,
    ConfigFlowContext,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.lan_edge.const import DOMAIN, SIGNAL_SEARCH
from custom_components.lan_edge.discovery.routing import route_or_offer
from custom_components.lan_edge.discovery.sightings import mdns_sighting
from custom_components.lan_edge.runtime import async_load_domain_data
from custom_components.lan_edge.service_entry import (
    SERVICE_ID,
    device_entries,
    is_service,
    service_entry,
)
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator

from .announcements import mdns
from .driver_folder import RELAY, DriverFiles
from .entries import BULB_ID, add_service, device_of, new_entry, set_up
from .flow_steps import aborted, created, go_on, menu, start
from .waiting import eventually


def offered(hass: HomeAssistant) -> list[str]:
    """Return the sources of the cards."""
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return [flow["context"]["source"] for flow in flows]


async def test_the_user_adds_it_alone(hass: HomeAssistant) -> None:
    entry = created(await menu(hass, "system"))
    assert (entry.title, entry.unique_id, dict(entry.data)) == ("LAN Edge", SERVICE_ID, {})
    assert entry.state is ConfigEntryState.LOADED
    flow = await start(hass, SOURCE_USER)
    assert flow["menu_options"] == ["search", "manual", "describe"]
    assert aborted(await start(hass, SOURCE_IMPORT)) == "already_configured"


async def test_it_comes_with_the_first_device(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    given = {"driver": "json_bulb", "host": bulb.host, "port": bulb.port}
    created(await go_on(hass, await menu(hass, "manual"), **given))
    await eventually(lambda: service_entry(hass))
    assert [e.unique_id for e in device_entries(hass)] == [BULB_ID]
    service = service_entry(hass)
    assert service is not None
    assert service.source != SOURCE_SYSTEM  # of those, nobody can delete or disable one


async def test_it_comes_with_driver_files_as_soon_as_lan_edge_is_used(
    hass: HomeAssistant, driver_files: DriverFiles
) -> None:
    driver_files.write("relay.py")
    assert service_entry(hass) is None
    flow = await start(hass, SOURCE_USER)
    assert flow["menu_options"] == ["search", "manual", "describe"]
    service = service_entry(hass)
    assert service is not None
    assert service.state is ConfigEntryState.LOADED


async def test_it_does_not_come_without_driver_files(
    hass: HomeAssistant, driver_files: DriverFiles
) -> None:
    flow = await start(hass, SOURCE_USER)
    assert flow["menu_options"] == ["search", "manual", "describe", "system"]
    await hass.async_block_till_done()
    assert service_entry(hass) is None


async def test_it_comes_with_a_new_driver_file_but_with_no_other(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    driver_files.write("relay.py")
    await set_up(hass, "own_relay", "relay-1", switch)
    assert service_entry(hass) is None  # it was deleted, as the device would have brought it
    driver_files.write("relay.py", RELAY.replace("3600", "1800"))
    await driver_files.looked_at()
    assert service_entry(hass) is None
    driver_files.write("other.py", RELAY.replace("own_relay", "other_relay"))
    await driver_files.looked_at()
    await eventually(lambda: service_entry(hass))


async def test_an_earlier_installation_gets_it_once(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    entry = new_entry(hass, "json_bulb", BULB_ID, bulb)
    hass.config_entries.async_update_entry(entry, minor_version=1)
    await hass.config_entries.async_setup(entry.entry_id)
    await eventually(lambda: device_of(entry).available)
    await eventually(lambda: service_entry(hass))
    assert entry.minor_version == 2
    service = service_entry(hass)
    assert service is not None
    await hass.config_entries.async_remove(service.entry_id)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert service_entry(hass) is None
    await eventually(lambda: device_of(entry).available)


async def test_an_entry_of_a_later_version_is_not_set_up(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    entry = new_entry(hass, "json_bulb", BULB_ID, bulb)
    hass.config_entries.async_update_entry(entry, version=2)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.MIGRATION_ERROR


async def test_only_with_it_our_searches_offer_what_they_find(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    await set_up(hass, "rest_switch", "another")
    route_or_offer(hass, mdns_sighting(mdns(switch)))
    await hass.async_block_till_done()
    assert offered(hass) == []
    service = await add_service(hass)
    route_or_offer(hass, mdns_sighting(mdns(switch)))
    await hass.async_block_till_done()
    assert offered(hass) == [SOURCE_INTEGRATION_DISCOVERY]
    hass.config_entries.flow.async_abort(hass.config_entries.flow.async_progress()[0]["flow_id"])
    await hass.config_entries.async_unload(service.entry_id)
    route_or_offer(hass, mdns_sighting(mdns(switch)))
    await hass.async_block_till_done()
    assert offered(hass) == []


async def test_once_it_is_there_a_search_begins(
    hass: HomeAssistant, start_discovery: AsyncMock
) -> None:
    searches: list[None] = []
    async_dispatcher_connect(hass, SIGNAL_SEARCH, lambda: searches.append(None))
    await add_service(hass)
    assert (searches, start_discovery.called) == ([None], True)


async def test_kinds_that_are_not_offered(hass: HomeAssistant, switch: RestSwitchEmulator) -> None:
    service = await add_service(hass)
    options = hass.config_entries.options

    async def offer_only(*kinds: str | None) -> None:
        shown: Any = await options.async_init(service.entry_id)
        shown = await options.async_configure(shown["flow_id"], {"next_step_id": "cards"})
        [(key, field)] = shown["data_schema"].schema.items()
        all_kinds = [option["value"] for option in field.config["options"]]
        assert {"rest_switch", "kasa"} <= set(all_kinds)
        suggested = key.description["suggested_value"]
        wanted = [k for k in all_kinds if k in kinds] if kinds else all_kinds
        shown = await options.async_configure(shown["flow_id"], {"offered": wanted})
        assert shown["type"] == "create_entry"
        before.append(suggested)

    before = list[list[str]]()
    await start(hass, SOURCE_ZEROCONF, mdns(switch))
    await offer_only("wiz", "rest_switch")
    assert offered(hass) == [SOURCE_ZEROCONF]
    await offer_only("kasa")
    assert offered(hass) == []  # not even what was offered before
    assert sorted(before[1]) == ["rest_switch", "wiz"]
    assert aborted(await start(hass, SOURCE_ZEROCONF, mdns(switch))) == "hidden"
    route_or_offer(hass, mdns_sighting(mdns(switch)))
    await hass.async_block_till_done()
    assert offered(hass) == []
    await offer_only()
    assert before[2] == ["kasa"]
    await start(hass, SOURCE_ZEROCONF, mdns(switch))
    assert offered(hass) == [SOURCE_ZEROCONF]


async def test_the_listener_while_nothing_needs_it(hass: HomeAssistant) -> None:
    service, options = await add_service(hass), hass.config_entries.options
    shown: Any = await options.async_init(service.entry_id)
    shown = await options.async_configure(shown["flow_id"], {"next_step_id": "listener"})
    assert shown["step_id"] == "listener_closed"
    shown = await options.async_configure(shown["flow_id"], {"port": 39501})
    assert shown["type"] == "create_entry"
    assert (await async_load_domain_data(hass)).runtime.listener.settings.port == 39501


async def test_a_device_with_its_id_is_no_service(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    switch.id = SERVICE_ID
    entry = await set_up(hass, "rest_switch", SERVICE_ID, switch)
    assert not is_service(entry)
    await eventually(lambda: device_of(entry).available)
    MockConfigEntry(domain=DOMAIN, unique_id="x", source=SOURCE_IGNORE).add_to_hass(hass)
    assert list(device_entries(hass)) == [entry]


async def test_its_diagnostics(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, switch: RestSwitchEmulator
) -> None:
    service = await add_service(hass)
    await start(hass, SOURCE_ZEROCONF, mdns(switch))
    told = await get_diagnostics_for_config_entry(hass, hass_client, service)
    assert told["offered"] == 1
    assert "rest_switch" in told["drivers"]
    assert told["listener"]["port"] == 0
    assert told["beacons"] == {"heard": {}, "failures": {}}


async def test_it_has_no_address_to_reconfigure(hass: HomeAssistant) -> None:
    """Home Assistant offers *Reconfigure* for all entries of an integration, or for none."""
    service = await add_service(hass)
    context = ConfigFlowContext(source=SOURCE_RECONFIGURE, entry_id=service.entry_id)
    flow = await hass.config_entries.flow.async_init(DOMAIN, context=context)
    assert aborted(flow) == "no_address"


async def test_it_can_be_removed(hass: HomeAssistant, switch: RestSwitchEmulator) -> None:
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    service = await add_service(hass)
    await eventually(lambda: device_of(entry).available)
    await hass.config_entries.async_remove(service.entry_id)
    await hass.async_block_till_done()
    assert device_of(entry).available
    assert service_entry(hass) is None
