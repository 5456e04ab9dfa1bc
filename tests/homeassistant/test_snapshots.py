"""Entities, devices and diagnostics of every bundled driver, as they were when last looked at."""

from collections.abc import Callable
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from custom_components.lan_edge.diagnostics import async_get_config_entry_diagnostics
from custom_components.lan_edge.edge import registered
from tests.emulators.device import EmulatedDevice
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.wemo import KINDS, WemoEmulator
from tests.emulators.yeelight import YeelightEmulator

from .common import BULB_ID, set_up

type Make = Callable[[], EmulatedDevice[Any]]

SERIAL = "221517K0101769"
LIGHT = "0x000000000015243f"


def wemo(kind: str) -> tuple[str, str, Make]:
    """Return a WeMo of a kind, by driver, unique id and how it is made."""
    unique_id = f"{KINDS[kind].udn}-{SERIAL}"
    return "wemo", unique_id, lambda: WemoEmulator(kind=kind, id=SERIAL)


DEVICES: dict[str, tuple[str, str, Make]] = {
    "rest_switch": ("rest_switch", "relay-1", lambda: RestSwitchEmulator(id="relay-1")),
    "json_bulb": ("json_bulb", BULB_ID, lambda: JsonBulbEmulator(id=BULB_ID)),
    "yeelight": ("yeelight", LIGHT, lambda: YeelightEmulator(id=LIGHT)),
    **{f"wemo_{kind}": wemo(kind) for kind in KINDS},
}


@pytest.mark.parametrize("name", DEVICES)
async def test_as_before(hass: HomeAssistant, snapshot: SnapshotAssertion, name: str) -> None:
    driver, unique_id, make = DEVICES[name]
    async with make() as device:
        entry = await set_up(hass, driver, unique_id, device)
        for entity in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
            assert entity == snapshot(name=f"{entity.entity_id} registered")
            assert hass.states.get(entity.entity_id) == snapshot(name=entity.entity_id)
        for known in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id):
            assert known == snapshot(name="device")
        told = await async_get_config_entry_diagnostics(hass, entry)
        varying = props("at", "created_at", "modified_at", "entry_id", "port", "trace", "handlers")
        assert told == snapshot(name="diagnostics", exclude=varying)


def test_the_drivers_of_the_first_release_are_here() -> None:
    covered = {driver for driver, _, _ in DEVICES.values()}
    assert {"rest_switch", "json_bulb", "wemo"} <= covered <= set(registered())
