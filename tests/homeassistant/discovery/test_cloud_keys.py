"""Devices with the key that Home Assistant's own integrations have, which stay as they are."""

import ast
from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from homeassistant.config_entries import (
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_REAUTH,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.discovery.cloud_keys import cloud_device_of
from custom_components.lan_edge.discovery.controllers import controller_of
from custom_components.lan_edge.discovery.routing import route_or_offer
from custom_components.lan_edge.runtime import async_load_domain_data
from lan_edge import Address, Candidate, Match, Sighting
from lan_edge.drivers.miot import Miot
from tests.bundled import driver_for
from tests.emulators.miot import PURIFIER, TOKEN, MiotEmulator
from tests.emulators.tuya import ID, KEY, TuyaEmulator

from ..entries import add_service
from ..flow_steps import answered, created, go_on, waited, words
from ..states import becomes, call
from ..waiting import eventually

ROOT = Path(__file__).parents[3]
OTHER_KEY = "fedcba9876543210"
"""A key that the device does not have."""


@pytest.fixture
async def plug() -> AsyncGenerator[TuyaEmulator]:
    async with TuyaEmulator(version="3.4", most_clients=4) as emulator:
        yield emulator


type MakeCore = Callable[..., MockConfigEntry]


@pytest.fixture
def core(hass: HomeAssistant) -> Generator[MakeCore]:
    """Return what adds core's entry as it is when it is loaded, with one device."""
    made: list[MockConfigEntry] = []

    def make(key: Any = KEY) -> MockConfigEntry:
        entry = MockConfigEntry(domain="tuya", state=ConfigEntryState.LOADED, title="account")
        entry.add_to_hass(hass)
        device = SimpleNamespace(id=ID, name="Living room plug", local_key=key)
        entry.runtime_data = SimpleNamespace(manager=SimpleNamespace(device_map={ID: device}))
        registry, identifiers = dr.async_get(hass), {("tuya", ID)}
        registry.async_get_or_create(config_entry_id=entry.entry_id, identifiers=identifiers)
        made.append(entry)
        return entry

    yield make
    for entry in made:  # its code needs a library that is not here
        entry.mock_state(hass, ConfigEntryState.NOT_LOADED)


def seen(plug: TuyaEmulator) -> Sighting:
    """Return its beacon."""
    (matcher, *_) = driver_for("tuya").discovery
    values = {"gwId": ID, "version": plug.version}
    kind = matcher.kind  # type: ignore[attr-defined]
    return Sighting("beacon", kind, Address(plug.host, plug.port), "", {"beacon": values})


async def card(hass: HomeAssistant, plug: TuyaEmulator) -> list[Any]:
    """Have its beacon heard; return the cards."""
    await add_service(hass)
    await async_load_domain_data(hass)
    route_or_offer(hass, seen(plug))
    await hass.async_block_till_done()
    flows = hass.config_entries.flow.async_progress_by_handler("lan_edge")
    return [flow for flow in flows if flow["context"]["source"] == SOURCE_INTEGRATION_DISCOVERY]


async def test_it_is_taken_off_the_cloud_without_a_key(
    hass: HomeAssistant, plug: TuyaEmulator, core: MakeCore
) -> None:
    entry = core()
    [flow] = await card(hass, plug)
    assert flow["step_id"] == "confirm_cloud"
    assert flow["context"]["title_placeholders"]["name"] == "Living room plug (Tuya)"
    shown = await hass.config_entries.flow.async_configure(flow["flow_id"])
    assert words(shown)["integration"] == "Tuya"
    own = created(await go_on(hass, flow))
    assert own.title == "Living room plug"
    assert own.data["secrets"] == {"local_key": KEY}
    await becomes(hass, "switch.living_room_plug", "off")
    await call(hass, "switch.turn_on", "switch.living_room_plug")
    assert plug.points["1"] is True
    await hass.config_entries.async_remove(own.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert len(dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)) == 1


async def test_without_core_the_key_is_typed_and_a_wrong_one_asked_for_again(
    hass: HomeAssistant, plug: TuyaEmulator
) -> None:
    [flow] = await card(hass, plug)
    assert flow["step_id"] == "confirm_core"
    step = await waited(hass, await go_on(hass, flow))
    assert step["step_id"] == "pair_text"
    assert "local key" in words(step)["question"]
    step = await answered(hass, step, OTHER_KEY)
    assert (step["step_id"], step["errors"]) == ("pair_text", {"base": "answer"})
    assert words(step)["reason"] == "the device uses another local key"
    step = await answered(hass, step, KEY)
    own = created(step)
    assert own.data["secrets"] == {"local_key": KEY}
    assert step["type"] is FlowResultType.CREATE_ENTRY


async def test_a_key_of_core_that_is_outdated_is_asked_for(
    hass: HomeAssistant, plug: TuyaEmulator, core: MakeCore
) -> None:
    core(OTHER_KEY)
    [flow] = await card(hass, plug)
    step = await waited(hass, await go_on(hass, flow))
    assert step["step_id"] == "pair_text"
    own = created(await answered(hass, step, KEY))
    assert own.data["secrets"] == {"local_key": KEY}


@pytest.mark.parametrize("version", ["3.4", "3.5"])
async def test_a_key_that_changes_later_is_asked_for(
    hass: HomeAssistant, plug: TuyaEmulator, core: MakeCore, version: str
) -> None:
    core()
    plug.version = version
    [flow] = await card(hass, plug)
    own = created(await go_on(hass, flow))
    plug.key = OTHER_KEY
    await plug.restart(down=3.0)

    def sources() -> list[str]:
        flows = hass.config_entries.flow.async_progress_by_handler("lan_edge")
        return [flow["context"]["source"] for flow in flows]

    await eventually(lambda: sources() == [SOURCE_REAUTH])
    assert not own.runtime_data.device.available
    [asked] = hass.config_entries.flow.async_progress_by_handler("lan_edge")
    step = await waited(hass, await go_on(hass, asked))
    step = await answered(hass, step, OTHER_KEY)
    assert step["type"] is FlowResultType.ABORT
    assert own.data["secrets"] == {"local_key": OTHER_KEY}
    await becomes(hass, "switch.living_room_plug", "off")


@pytest.mark.parametrize("key", [None, "", 7, "x" * 200])
async def test_what_is_no_key_is_none(hass: HomeAssistant, core: MakeCore, key: Any) -> None:
    entry = core(key)
    candidate = Candidate(driver_for("tuya"), Match(ID, Address("192.0.2.7"), ""))
    assert cloud_device_of(hass, candidate) is None
    assert controller_of(hass, candidate) == "tuya"
    entry.runtime_data = None
    assert cloud_device_of(hass, candidate) is None


@pytest.mark.parametrize("environment", [".venv", ".venv-ha"])
def test_core_keeps_what_we_read_where_we_read_it(environment: str) -> None:
    """Home Assistant 2026.10 and 2026.11: `runtime_data.manager.device_map`."""
    [file] = ROOT.glob(
        f"{environment}/lib/*/site-packages/homeassistant/components/tuya/__init__.py"
    )
    tree = ast.unparse(ast.parse(file.read_text()))
    assert "entry.runtime_data = listener" in tree
    assert "manager = listener.manager" in tree
    assert "manager.device_map.values()" in tree
    entity = file.with_name("diagnostics.py").read_text()
    assert "device_map" in entity or "manager" in entity


# Xiaomi


@pytest.fixture
async def purifier(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[MiotEmulator]:
    monkeypatch.setattr(Miot, "poll", 0.2)
    async with MiotEmulator(PURIFIER, model="zhimi.airp.va2") as emulator:
        yield emulator


def xiaomi_home(hass: HomeAssistant, host: str, token: Any = TOKEN) -> MockConfigEntry:
    """Add an entry of core's `xiaomi_miio` for an air purifier."""
    data = {"host": host, "token": token, "mac": "50:ec:50:01:02:03", "model": "zhimi.airp.va2"}
    entry = MockConfigEntry(domain="xiaomi_miio", data=data, title="Bedroom purifier")
    entry.add_to_hass(hass)
    return entry


def found(device: MiotEmulator, **txt: str) -> Sighting:
    """Return its announcement by mDNS."""
    where = Address(device.host, device.port)
    name = f"zhimi-airp-va2_miio{device.id}"
    return Sighting("mdns", "_miio._udp.local.", where, name, {"txt": txt})


async def xiaomi_card(hass: HomeAssistant, sighting: Sighting) -> Any:
    """Have it heard; return its card."""
    await add_service(hass)
    await async_load_domain_data(hass)
    route_or_offer(hass, sighting)
    await hass.async_block_till_done()
    [flow] = hass.config_entries.flow.async_progress_by_handler("lan_edge")
    return flow


async def test_a_token_of_xiaomi_home_is_used(hass: HomeAssistant, purifier: MiotEmulator) -> None:
    entry = xiaomi_home(hass, purifier.host)
    flow = await xiaomi_card(hass, found(purifier))
    assert flow["step_id"] == "confirm_key"
    shown = await hass.config_entries.flow.async_configure(flow["flow_id"])
    assert words(shown)["integration"] == "Xiaomi Home"
    own = created(await go_on(hass, flow))
    assert own.title == "Bedroom purifier"
    assert own.data["secrets"] == {"token": TOKEN}
    await eventually(lambda: hass.states.async_entity_ids("fan"))
    await hass.config_entries.async_remove(own.entry_id)
    assert hass.config_entries.async_get_entry(entry.entry_id) is entry


async def test_an_old_token_of_xiaomi_home_is_asked_for(
    hass: HomeAssistant, purifier: MiotEmulator
) -> None:
    purifier.answers_strangers = True
    xiaomi_home(hass, purifier.host, "ffeeddccbbaa99887766554433221100")
    flow = await xiaomi_card(hass, found(purifier))
    step = await waited(hass, await go_on(hass, flow))
    assert step["step_id"] == "pair_text"
    own = created(await answered(hass, step, TOKEN))
    assert own.data["secrets"] == {"token": TOKEN}


@pytest.mark.parametrize(
    ("txt", "host", "is_it"),
    [
        ({"mac": "50EC50010203"}, "192.0.2.99", True),
        ({"poch": "0:mac=50ec50010203:"}, "192.0.2.99", True),
        ({"mac": "50ec50010204"}, "192.0.2.7", False),
        ({}, "192.0.2.7", True),
        ({}, "192.0.2.99", False),
    ],
)
def test_its_device_is_known_by_its_mac_or_else_by_its_address(
    hass: HomeAssistant, txt: dict[str, str], host: str, is_it: bool
) -> None:
    xiaomi_home(hass, host)
    (matcher, _) = Miot.discovery
    address = Address("192.0.2.7", 54321)
    sighting = Sighting("mdns", "_miio._udp.local.", address, "x_miio1", {"txt": txt})
    match = matcher.match(sighting)
    assert match is not None
    assert (cloud_device_of(hass, Candidate(Miot, match)) is not None) is is_it


@pytest.mark.parametrize("environment", [".venv", ".venv-ha"])
def test_xiaomi_home_keeps_what_we_read_where_we_read_it(environment: str) -> None:
    """Home Assistant 2026.10 and 2026.11: the data of its entries."""
    [file] = ROOT.glob(
        f"{environment}/lib/*/site-packages/homeassistant/components/xiaomi_miio/config_flow.py"
    )
    code = ast.unparse(ast.parse(file.read_text()))
    for key in ("HOST", "TOKEN", "MAC"):
        assert f"CONF_{key}: self.{key.lower()}" in code
