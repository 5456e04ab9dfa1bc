"""Setting up, unloading, moving and removing an entry."""

import asyncio
from collections.abc import Callable
import logging
from pathlib import Path
import threading
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP, EVENT_STATE_CHANGED
from homeassistant.core import CoreState, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.discovery.routing import notify_device
from custom_components.lan_edge.runtime import async_load_domain_data, domain_data
from lan_edge import (
    Address,
    Candidate,
    Component,
    Driver,
    HttpOptions,
    JsonRpc,
    Match,
    PowerMeter,
    Profile,
    Status,
    Switch,
    TimedOutError,
    UnreachableError,
)
from tests.bundled import driver_for
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator

from .entries import BULB_ID, device_of, new_entry, set_up
from .json_bulb import push
from .lab import LAMP, lab
from .states import becomes, call, unavailable
from .waiting import eventually

RELAY = "switch.fountain"


async def test_it_waits_for_the_imports_of_no_other_integration(hass: HomeAssistant) -> None:
    """They take turns, for seconds when Home Assistant starts."""
    imported = threading.Event()
    hass.import_executor.submit(imported.wait)
    try:
        async with asyncio.timeout(60):
            data = await async_load_domain_data(hass)
    finally:
        imported.set()
    assert {"tuya", "wiz", "awtrix3"} <= {*data.registry.summaries}


async def test_a_device_that_is_off_has_entities_that_come_alive(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    await switch.down()
    entry = await set_up(hass, "rest_switch", "relay-1", None, port=switch.port)
    assert unavailable(hass, "switch.device")
    await switch.change(on=True)
    await switch.up()
    device_of(entry).connection.sighted(Address(switch.host, switch.port))
    await becomes(hass, "switch.device", "on")


async def test_a_record_without_an_entry_is_removed(
    hass: HomeAssistant, tmp_path: Path, bulb: JsonBulbEmulator
) -> None:
    hass.config.config_dir = str(tmp_path)
    storage = tmp_path / ".storage"
    storage.mkdir()
    entry = new_entry(hass, "json_bulb", BULB_ID, bulb)
    kept = {f"lan_edge.{entry.entry_id}", "lan_edge.listener", "other.01K0AAAAAAAAAAAAAAAAAAAAAA"}
    stray = "lan_edge.01K0AAAAAAAAAAAAAAAAAAAAAA"
    for name in (*kept, stray, f"{stray}.corrupt.2026-11-22T00:00:00"):
        (storage / name).write_text('{"version": 1, "minor_version": 1, "data": {}}')
    await hass.config_entries.async_setup(entry.entry_id)
    assert {p.name for p in storage.iterdir()} == kept


async def test_setup_does_not_wait_for_a_silent_device(
    hass: HomeAssistant, switch: RestSwitchEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = HttpOptions(port=switch.port, timeout=600)
    monkeypatch.setattr(driver_for("rest_switch"), "options", patient)
    switch.faults.silent = True
    async with asyncio.timeout(60):
        await set_up(hass, "rest_switch", "relay-1", None, port=switch.port)
    assert unavailable(hass, "switch.device")


async def test_the_record_is_kept(
    hass: HomeAssistant, hass_storage: dict[str, Any], drivers: None, bulb: JsonBulbEmulator
) -> None:
    lab()
    entry = await set_up(hass, "lab", BULB_ID, bulb)
    await push(bulb, told={"firmware": "9", "mac": "94103E001122"}, profile=LAMP.as_dict())
    await eventually(lambda: hass.states.get("switch.desk_lamp_relay"))
    device = the_device(hass, entry)
    assert (device.model, device.sw_version) == ("JB-1", "9")
    assert device.connections == {("mac", "94:10:3e:00:11:22")}
    await hass.config_entries.async_unload(entry.entry_id)
    stored = hass_storage[f"{DOMAIN}.{entry.entry_id}"]["data"]
    assert stored["identity"]["firmware"] == "9"
    assert stored["addresses"] == [[bulb.host, bulb.port]]
    assert stored["added"] is True

    await bulb.down()  # off now, but known
    await hass.config_entries.async_setup(entry.entry_id)
    assert unavailable(hass, "switch.desk_lamp_relay")
    assert the_device(hass, entry).sw_version == "9"


async def test_a_broken_record_is_of_the_same_device(
    hass: HomeAssistant, hass_storage: dict[str, Any], bulb: JsonBulbEmulator
) -> None:
    entry = new_entry(hass, "json_bulb", "another", bulb)
    key = f"{DOMAIN}.{entry.entry_id}"
    broken = {"identity": {"unique_id": 5}, "addresses": 5, "profile": [], "fields": None}
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": broken}
    await hass.config_entries.async_setup(entry.entry_id)
    device = device_of(entry)
    await eventually(lambda: device.connection.reason)
    assert str(device.connection.reason) == f"127.0.0.1:{bulb.port} is {BULB_ID}, not another"


async def test_the_record_is_saved_automatically(
    hass: HomeAssistant, hass_storage: dict[str, Any], bulb: JsonBulbEmulator
) -> None:
    with patch("custom_components.lan_edge.coordinator.SAVE_DELAY", 0.01):
        entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
        await eventually(lambda: f"{DOMAIN}.{entry.entry_id}" in hass_storage)


async def test_no_device_is_started_while_home_assistant_stops(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    entry = new_entry(hass, "json_bulb", BULB_ID, bulb)
    hass.set_state(CoreState.stopping)
    await hass.config_entries.async_setup(entry.entry_id)
    assert device_of(entry).connection.status is Status.IDLE
    assert not bulb.log


async def test_unloading_leaves_nothing(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    before = asyncio.all_tasks()
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    device, coordinator = device_of(entry), entry.runtime_data
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert device.connection.status is Status.IDLE
    assert not coordinator._availability._listeners
    assert len(device.state._subscribers) == 0
    assert not device._session.timers._handles
    await eventually(lambda: bulb.connections.open == 0)
    left = {t for t in asyncio.all_tasks() - before if "emulators" not in repr(t)}
    assert not left - {asyncio.current_task()}
    # and it can be loaded again
    assert await hass.config_entries.async_setup(entry.entry_id)
    await becomes(hass, "light.desk_lamp", "off")


async def test_the_connection_ends_when_home_assistant_stops(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await hass.async_block_till_done()
    assert device_of(entry).connection.status is Status.IDLE
    await eventually(lambda: bulb.connections.open == 0)


async def test_removing_deletes_what_was_kept(
    hass: HomeAssistant, hass_storage: dict[str, Any], bulb: JsonBulbEmulator
) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    await hass.config_entries.async_remove(entry.entry_id)
    assert f"{DOMAIN}.{entry.entry_id}" not in hass_storage
    await eventually(lambda: bulb.connections.open == 0)
    assert bulb.connections.accepted == 1  # no driver of it has anything to say


@pytest.mark.parametrize("loaded", [True, False])
async def test_removing_lets_the_driver_tell_the_device(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator, loaded: bool
) -> None:
    async def removed(self: Driver[JsonRpc]) -> None:
        await self.io.call("bye")

    lab().removed = removed  # type: ignore[method-assign]
    entry = await set_up(hass, "lab", BULB_ID, bulb)
    if not loaded:
        await hass.config_entries.async_unload(entry.entry_id)
    await hass.config_entries.async_remove(entry.entry_id)
    assert [r.command for r in bulb.log].count("bye") == 1


async def test_removing_a_dead_device_does_not_take_long(
    hass: HomeAssistant, drivers: None
) -> None:
    async def removed(self: Driver[JsonRpc]) -> None:
        raise AssertionError

    lab().removed = removed  # type: ignore[method-assign]
    entry = await set_up(hass, "lab", BULB_ID)
    with patch("custom_components.lan_edge.runtime.REMOVAL_TIMEOUT", 0.1):
        await hass.config_entries.async_remove(entry.entry_id)
    assert not hass.config_entries.async_entries(DOMAIN)


@pytest.mark.parametrize("driver", ["rest_switch", "no_such_driver"])
async def test_an_entry_that_was_never_set_up_can_be_removed(
    hass: HomeAssistant, driver: str, caplog: pytest.LogCaptureFixture
) -> None:
    entry = new_entry(hass, driver, "relay-1")
    assert await hass.config_entries.async_remove(entry.entry_id)
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR]


async def test_a_missing_driver_is_reported(hass: HomeAssistant) -> None:
    entry = new_entry(hass, "no_such_driver", "x")
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "no_driver"
    assert entry.error_reason_translation_placeholders == {
        "driver": "no_such_driver",
        "folder": "lan_edge/drivers",
    }
    assert await hass.config_entries.async_remove(entry.entry_id)


async def test_a_new_address_is_stored_without_reload(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    coordinator, unloads = entry.runtime_data, []
    entry.async_on_unload(lambda: unloads.append(1))
    seen = [e.entity_id for e in entities(hass, entry)]
    await switch.move(host="127.0.0.2", old="closed")
    device_of(entry).connection.sighted(Address(switch.host, switch.port))
    await eventually(lambda: entry.data["host"] == "127.0.0.2")
    assert entry.data["port"] == switch.port
    await eventually(lambda: device_of(entry).available)
    await call(hass, "switch.turn_on", RELAY)
    assert switch.state == {"on": True}
    assert entry.runtime_data is coordinator
    assert not unloads
    assert [e.entity_id for e in entities(hass, entry)] == seen


async def test_seen_elsewhere_while_its_entry_is_reloaded(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    await hass.config_entries.async_unload(entry.entry_id)
    await switch.move(host="127.0.0.2", old="closed")
    seen = Match("relay-1", Address(switch.host, switch.port), "")
    notify_device(hass, entry, Candidate(driver_for("rest_switch"), seen))
    await hass.config_entries.async_setup(entry.entry_id)
    await eventually(lambda: entry.data["host"] == "127.0.0.2")
    assert not domain_data(hass).missed
    await hass.config_entries.async_unload(entry.entry_id)
    notify_device(hass, entry, Candidate(driver_for("rest_switch"), seen))
    await hass.config_entries.async_remove(entry.entry_id)
    assert not domain_data(hass).missed


async def test_a_false_sighting_does_not_replace_a_true_one(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    await hass.config_entries.async_unload(entry.entry_id)
    await switch.move(host="127.0.0.2", old="closed")
    for host in (switch.host, "127.0.0.3", "127.0.0.3", "127.0.0.4"):
        seen = Match("relay-1", Address(host, switch.port), "")
        notify_device(hass, entry, Candidate(driver_for("rest_switch"), seen))
    await hass.config_entries.async_setup(entry.entry_id)
    await eventually(lambda: entry.data["host"] == "127.0.0.2")


async def test_seen_elsewhere_before_its_entry_is_reloaded(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    old = switch.host
    await switch.down()
    device_of(entry).connection.lost(UnreachableError("no power"))
    await eventually(lambda: device_of(entry).connection.status is not Status.ONLINE)
    device_of(entry).connection.sighted(Address("127.0.0.2", switch.port))
    async with RestSwitchEmulator(old, switch.port, id="relay-2") as stranger:
        await hass.config_entries.async_reload(entry.entry_id)
        await asyncio.sleep(0.5)
        assert not device_of(entry).available  # there is one, which cannot say who it is
        await switch.move(host="127.0.0.2", old="closed")
        await eventually(lambda: device_of(entry).available)
        assert entry.data["host"] == "127.0.0.2"
        assert "on" not in [r.command for r in stranger.log]


async def test_lost_before_its_entry_is_reloaded_and_seen_elsewhere_meanwhile(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    """Another one, which cannot say who it is, answers at its old address by then."""
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    old, new = switch.host, Address("127.0.0.2", switch.port)
    await switch.down()
    device_of(entry).connection.lost(TimedOutError("no power"))
    await eventually(lambda: not device_of(entry).available)
    async with RestSwitchEmulator(old, switch.port, id="relay-2") as stranger:
        await hass.config_entries.async_unload(entry.entry_id)
        candidate = Candidate(driver_for("rest_switch"), Match("relay-1", new, ""))
        notify_device(hass, entry, candidate)
        await hass.config_entries.async_setup(entry.entry_id)
        await asyncio.sleep(0.5)
        assert not device_of(entry).available
        await switch.move(host=new.host, old="closed")
        await eventually(lambda: device_of(entry).available)
        assert entry.data["host"] == new.host
        assert not stranger.state["on"]


async def test_seen_elsewhere_just_before_its_entry_is_reloaded(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    """It is still taken for connected, as the check of that has not ended."""
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    switch.faults.silent = True
    device_of(entry).connection.sighted(Address("127.0.0.2", switch.port))
    await hass.config_entries.async_reload(entry.entry_id)
    await switch.move(host="127.0.0.2", old="closed")
    switch.faults.silent = False
    await eventually(lambda: entry.data["host"] == "127.0.0.2")


async def test_an_impostor_is_not_stored(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    data = dict(entry.data)
    async with JsonBulbEmulator("127.0.0.3", id="somebody-else") as other:
        await bulb.down()
        await eventually(lambda: device_of(entry).connection.status is not Status.ONLINE)
        device_of(entry).connection.sighted(Address(other.host, other.port))
        await eventually(lambda: "info" in [r.command for r in other.log])
        await asyncio.sleep(0.1)
    assert dict(entry.data) == data
    assert "set" not in [r.command for r in other.log]


async def test_short_drops_are_not_shown(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    states: list[Any] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        states.append(event.data["new_state"])

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    await bulb.drop()
    await eventually(lambda: bulb.connections == (2, 1))
    await bulb.change(on=True)
    await becomes(hass, "light.desk_lamp", "on")
    assert [s.state for s in states] == ["on"]


async def test_an_outage_is_two_log_lines(
    hass: HomeAssistant, bulb: JsonBulbEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    with patch("lan_edge.connection.availability.GRACE", 0.05):
        entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
        await bulb.down()
        await becomes(hass, "light.desk_lamp", "unavailable")
        caplog.clear()
        await bulb.up()
        device_of(entry).connection.sighted(Address(bulb.host, bulb.port))
        await becomes(hass, "light.desk_lamp", "off")
    ours = [r for r in caplog.records if "lan_edge" in r.name and r.levelno >= logging.INFO]
    assert len(ours) == 1
    assert "online" in ours[0].message


async def test_a_child_component_is_a_device_of_its_own(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator
) -> None:
    lab()
    entry = await set_up(hass, "lab", BULB_ID, bulb)
    strip = Profile(Switch, outlet=Component((Switch, PowerMeter), "Outlet", child=True))
    await push(bulb, profile=strip.as_dict(), lab=[["powerMeter.power", 5, "outlet"]])
    await becomes(hass, "sensor.desk_lamp_outlet_power", "5.0")
    await eventually(lambda: hass.states.get("switch.desk_lamp_outlet"))
    registry = dr.async_get(hass)
    child = registry.async_get_child_device_by_identifier(
        (DOMAIN, f"{BULB_ID}-outlet"), entry.entry_id
    )
    assert child is not None
    assert child.name == "Outlet"
    assert child.parent_device_id == the_device(hass, entry).id
    assert {e.entity_id for e in entities(hass, entry) if e.device_id == child.id} == {
        "sensor.desk_lamp_outlet_power",
        "switch.desk_lamp_outlet",
    }
    # it goes when its component does
    await push(bulb, profile=Profile(Switch).as_dict())
    await eventually(lambda: not dr.async_child_entries_for_config_entry(registry, entry.entry_id))
    assert hass.states.get("sensor.desk_lamp_outlet_power") is None
    assert the_device(hass, entry)


@pytest.mark.parametrize("alone", [True, False])
async def test_entries_of_an_older_registry_are_removed(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    drivers: None,
    bulb: JsonBulbEmulator,
    alone: bool,
) -> None:
    """Home Assistant was killed after the record was stored, before the registries were."""
    lab()
    entry = await set_up(hass, "lab", BULB_ID, bulb)
    strip = Profile(
        Switch, relay=Component((Switch,)), outlet=Component((PowerMeter,), "Outlet", child=True)
    )
    await push(bulb, profile=strip.as_dict())
    wanted = {"switch.desk_lamp", "switch.desk_lamp_relay", "sensor.desk_lamp_outlet_power"}
    await eventually(lambda: {*hass.states.async_entity_ids()} == wanted)
    await hass.config_entries.async_unload(entry.entry_id)
    await bulb.down()
    now = Profile(Switch) if alone else Profile(Switch, relay=Component((Switch,)))
    hass_storage[f"{DOMAIN}.{entry.entry_id}"]["data"]["profile"] = now.as_dict()
    er.async_get(hass).async_update_entity("switch.desk_lamp", name="Mine")
    await hass.config_entries.async_setup(entry.entry_id)
    left = {e.unique_id.removeprefix(BULB_ID): e.name for e in entities(hass, entry)}
    assert left == {"-main-switch": "Mine"} | ({} if alone else {"-relay-switch": None})
    assert not dr.async_child_entries_for_config_entry(dr.async_get(hass), entry.entry_id)


async def test_unique_ids_do_not_follow_the_identity(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator
) -> None:
    lab()
    entry = await set_up(hass, "lab", BULB_ID, bulb)
    before = {e.unique_id for e in entities(hass, entry)}
    await push(bulb, told={"name": "Renamed", "serial_number": "S", "mac": "94103E001122"})
    await eventually(lambda: the_device(hass, entry).name == "Renamed")
    await hass.config_entries.async_reload(entry.entry_id)
    assert {e.unique_id for e in entities(hass, entry)} == before
    assert all(unique_id.startswith(f"{BULB_ID}-") for unique_id in before)


def the_device(hass: HomeAssistant, entry: MockConfigEntry) -> dr.DeviceEntry:
    identifier = (DOMAIN, str(entry.unique_id))
    device = dr.async_get(hass).async_get_device_by_identifier(identifier, entry.entry_id)
    assert device is not None
    return device


def entities(hass: HomeAssistant, entry: MockConfigEntry) -> list[er.RegistryEntry]:
    return er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)


async def test_only_a_part_that_is_gone_can_be_deleted(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator, hass_ws_client: Callable[..., Any]
) -> None:
    lab()
    for component in ("config", "media_player"):  # no view can be added once a client is there
        assert await async_setup_component(hass, component, {})
    entry = await set_up(hass, "lab", BULB_ID, bulb)
    part = Component((Switch,), "Part", child=True)
    await push(bulb, profile=Profile(Switch, a=part, b=part).as_dict())
    registry = dr.async_get(hass)

    def parts() -> dict[str, str]:
        found = dr.async_child_entries_for_config_entry(registry, entry.entry_id)
        return {next(iter(d.identifiers))[1][-1]: d.id for d in found}

    await eventually(lambda: len(parts()) == 2)
    ids = {"main": the_device(hass, entry).id, **parts()}
    await hass.async_block_till_done()  # nothing else is to be shown or removed
    device_of(entry).record.profile = Profile(Switch, a=part)  # as after a restart
    client = await hass_ws_client(hass)

    async def deleted(device_id: str) -> bool:
        return bool((await client.remove_device(device_id))["success"])

    assert not await deleted(ids["main"])
    assert not await deleted(ids["a"])
    assert await deleted(ids["b"])
    assert parts() == {"a": ids["a"]}
    device_of(entry).record.profile = Profile(Switch)
    await hass.config_entries.async_unload(entry.entry_id)
    assert not await deleted(ids["a"])  # who knows
