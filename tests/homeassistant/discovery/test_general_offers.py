"""One card for one device: a Yeelight answers what all of Xiaomi's devices answer, too."""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.discovery.new_devices import end_offers
from custom_components.lan_edge.discovery.routing import route_or_offer
from custom_components.lan_edge.runtime import async_load_domain_data
from custom_components.lan_edge.service_entry import async_add_service_entry
from lan_edge import Address, Sighting, UdpProbe
from tests.bundled import driver_for

from ..entries import new_entry

HERE, ELSEWHERE = "192.0.2.7", "192.0.2.8"
YEELIGHT, XIAOMI = "0x0000000002dfb19a", "48214426"
MAC, OTHER_MAC = "50ec50010203", "50ec50040506"


@pytest.fixture(autouse=True)
async def ready(hass: HomeAssistant) -> None:
    await async_load_domain_data(hass)
    await async_add_service_entry(hass)


def yeelight(host: str = HERE) -> Sighting:
    """Return the announcement of its own."""
    headers = {"id": YEELIGHT, "name": "Hall", "model": "color", "support": "x", "fw_ver": "1"}
    return Sighting("ssdp", "wifi_bulb", Address(host, 55443), "Hall", {"headers": headers})


def hello(host: str = HERE) -> Sighting:
    """Return the answer that any of the maker's devices gives."""
    [probe] = (each for each in driver_for("miot").discovery if isinstance(each, UdpProbe))
    return Sighting("probe", probe.kind, Address(host, 54321), "", {"reply": {"did": XIAOMI}})


def by_mdns(host: str, mac: str, did: str = XIAOMI) -> Sighting:
    """Return what any of the maker's devices announces, with its MAC address."""
    values = {"txt": {"mac": mac}}
    name = f"yeelink-light-color1_miio{did}"
    return Sighting("mdns", "_miio._udp.local.", Address(host, 54321), name, values)


async def sight(hass: HomeAssistant, *sightings: Sighting) -> list[str]:
    """Have devices sighted one after the other; return which cards there are then."""
    for sighting in sightings:
        route_or_offer(hass, sighting)
        await hass.async_block_till_done(wait_background_tasks=True)
    return cards(hass)


def cards(hass: HomeAssistant) -> list[str]:
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return [str(flow["context"].get("unique_id")) for flow in flows]


@pytest.mark.parametrize("is_general_first", [False, True])
async def test_a_device_has_the_card_of_its_own_driver(
    hass: HomeAssistant, is_general_first: bool
) -> None:
    both = [hello(), yeelight()] if is_general_first else [yeelight(), hello()]
    assert await sight(hass, *both) == [YEELIGHT]


async def test_a_device_that_no_other_driver_knows_has_a_card(hass: HomeAssistant) -> None:
    assert sorted(await sight(hass, yeelight(), hello(ELSEWHERE))) == sorted([YEELIGHT, XIAOMI])


@pytest.mark.parametrize(
    ("added", "seen"), [("yeelight", hello()), ("miot", yeelight())], ids=["general", "own"]
)
async def test_a_device_that_is_added_has_no_other_card(
    hass: HomeAssistant, added: str, seen: Sighting
) -> None:
    unique_id = YEELIGHT if added == "yeelight" else XIAOMI
    new_entry(hass, added, unique_id, host=HERE, port=0)
    assert await sight(hass, seen) == []


async def test_a_card_ends_as_its_device_is_added_by_another_driver(hass: HomeAssistant) -> None:
    assert sorted(await sight(hass, hello(), yeelight(ELSEWHERE))) == sorted([XIAOMI, YEELIGHT])
    new_entry(hass, "yeelight", "0x01", host=HERE, port=0)
    end_offers(hass)
    assert cards(hass) == [YEELIGHT]


async def test_one_mac_is_one_device_wherever_it_is(hass: HomeAssistant) -> None:
    identity = {"unique_id": YEELIGHT, "name": "Hall", "mac": MAC}
    new_entry(hass, "yeelight", YEELIGHT, host=HERE, port=0, identity=identity)
    assert await sight(hass, by_mdns(ELSEWHERE, MAC)) == []
    assert await sight(hass, by_mdns(HERE, OTHER_MAC, "77")) == ["77"]


async def test_programs_beside_each_other_are_several_devices(hass: HomeAssistant) -> None:
    """As they are wherever no driver is general."""
    new_entry(hass, "snapcast", "x", host=HERE, port=1705)
    assert await sight(hass, yeelight()) == [YEELIGHT]


async def test_an_entry_without_a_driver_is_no_reason(hass: HomeAssistant) -> None:
    new_entry(hass, "gone", "x", host=HERE, port=1)
    assert await sight(hass, hello()) == [XIAOMI]
