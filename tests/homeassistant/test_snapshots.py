"""Snapshots of entities, devices and diagnostics of every bundled driver."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from custom_components.lan_edge.diagnostics import async_get_config_entry_diagnostics
from lan_edge.drivers.govee import Govee
from lan_edge.drivers.wiz import Wiz
from tests.bundled import registered
from tests.drivers.upnp_lights import UDN, DimmableLight, light
from tests.drivers.walked import TUYA_BULB, TUYA_PLUG
from tests.emulators.gena import Publisher
from tests.emulators.govee import GoveeEmulator
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.kasa import KasaSimulator, Simulators
from tests.emulators.meross import KEY as MEROSS_KEY, MerossEmulator
from tests.emulators.miot import DID, PURIFIER, TOKEN, MiotEmulator
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.sonoff import SonoffEmulator
from tests.emulators.tuya import ID, KEY, TuyaEmulator
from tests.emulators.venstar import VenstarEmulator
from tests.emulators.wemo import KINDS, WemoEmulator
from tests.emulators.wiz import WizEmulator
from tests.emulators.yeelight import YeelightEmulator
from tests.ports import free_port

from .entries import BULB_ID, set_up
from .snapcast_server import SnapcastServer
from .waiting import eventually

VARYING = (
    "at",
    "created_at",
    "entry_id",
    "handlers",
    "lasted",
    "modified_at",
    "port",
    "trace",
)
"""What diagnostics tell that is another time something else."""

type Make = Callable[[], AbstractAsyncContextManager[Any]]

SERIAL = "221517K0101769"
LIGHT = "0x000000000015243f"
THERMOSTAT = "0023a73ab272"


def wemo(kind: str) -> tuple[str, str, Make]:
    """Return a WeMo of a kind, by driver, unique id and how it is made."""
    unique_id = f"{KINDS[kind].udn}-{SERIAL}"
    return "wemo", unique_id, lambda: WemoEmulator(kind=kind, id=SERIAL)


def govee() -> GoveeEmulator:
    """Return a light at the ports that the driver has in this test."""
    options: Any = Govee.options
    ports = {"answer_port": options.local_port, "port": options.port}
    return GoveeEmulator("127.0.0.85", scan_port=Govee.scan_port, by_group=False, **ports)


def wiz_fan() -> WizEmulator:
    """Return a ceiling fan with its light."""
    made = WizEmulator("ESP03_FANDIMS_31", "1.31.32")
    made.enter({"fanState": 1, "fanSpeed": 3, "fanMode": 2, "fanRevrs": 0})
    return made


def meross(model: str) -> tuple[str, str, Make]:
    """Return a Meross device."""
    return "meross", "48e1e9a1b2c3", lambda: MerossEmulator(model=model)


DEVICES: dict[str, tuple[str, str, Make]] = {
    "rest_switch": ("rest_switch", "relay-1", lambda: RestSwitchEmulator(id="relay-1")),
    "json_bulb": ("json_bulb", BULB_ID, lambda: JsonBulbEmulator(id=BULB_ID)),
    "yeelight": ("yeelight", LIGHT, lambda: YeelightEmulator(id=LIGHT)),
    "yeelight_ceiling": ("yeelight", LIGHT, lambda: YeelightEmulator(id=LIGHT, model="ceiling")),
    "wiz": ("wiz", "a8bb50010203", WizEmulator),
    "govee": ("govee", "1f:80:c5:32:32:36:72:4e", govee),
    **{f"meross_{model}": meross(model) for model in ("mss310", "msl120", "msg100", "msh300")},
    "miot": ("miot", str(DID), lambda: MiotEmulator(PURIFIER, model="zhimi.airp.va2")),
    "miot_robot": (
        "miot",
        str(DID),
        lambda: MiotEmulator({"state": 8, "battery": 77}, model="roborock.vacuum.s5"),
    ),
    "sonoff": ("sonoff", "1000abcdef", SonoffEmulator),
    "sonoff_dimmer": ("sonoff", "1000abcdef", lambda: SonoffEmulator(kind="diylight")),
    "tuya_plug": ("tuya", ID, lambda: TuyaEmulator(TUYA_PLUG)),
    "tuya_bulb": ("tuya", ID, lambda: TuyaEmulator(TUYA_BULB)),
    "upnp_light": ("upnp_light", UDN, lambda: light(DimmableLight, "127.0.0.6")),
    "venstar": ("venstar", THERMOSTAT, lambda: VenstarEmulator(id=THERMOSTAT)),
    "yeelight_mono": ("yeelight", LIGHT, lambda: YeelightEmulator(id=LIGHT, model="mono")),
    "wiz_white": ("wiz", "a8bb50010203", lambda: WizEmulator("ESP21_SHTW_01")),
    "wiz_dimmable": ("wiz", "a8bb50010203", lambda: WizEmulator("ESP05_SHDW_21")),
    "wiz_socket": ("wiz", "a8bb50010203", lambda: WizEmulator("ESP10_SOCKET_06")),
    "wiz_meter": ("wiz", "a8bb50010203", lambda: WizEmulator("ESP25_SOCKET_01", "1.26.2")),
    "wiz_fan": ("wiz", "a8bb50010203", wiz_fan),
    "yeelight_background": (
        *("yeelight", LIGHT),
        lambda: YeelightEmulator(id=LIGHT, model="ceiling4"),
    ),
    "snapcast": ("snapcast", "music", SnapcastServer),
    **{f"wemo_{kind}": wemo(kind) for kind in KINDS},
}
STORED: dict[str, dict[str, Any]] = {
    "meross": {"secrets": {"key": MEROSS_KEY}},
    "miot": {"secrets": {"token": TOKEN}},
    "tuya": {
        "secrets": {"local_key": KEY},
        "record": {"fields": {"device_id": ID, "version": "3.3"}},
    },
}
"""What is stored of a driver's devices, beside what all have."""
KASA = ("hs100", "hs110", "hs220", "hs300", "lb130")


@pytest.fixture(autouse=True)
def no_port_of_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have lights use no port that may be somebody's on this machine."""
    monkeypatch.setattr(Wiz, "options", replace(Wiz.options, local_port=0))
    ports: Any = {"local_port": free_port(), "port": free_port()}
    monkeypatch.setattr(Govee, "options", replace(Govee.options, **ports))
    monkeypatch.setattr(Govee, "scan_port", free_port())


@pytest.fixture(autouse=True)
def no_slow_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nothing blocked because this machine is slow, or busy."""
    monkeypatch.setattr("lan_edge.device.guard.BLOCKING", 60.0)


@pytest.mark.parametrize("name", DEVICES)
async def test_as_before(hass: HomeAssistant, snapshot: SnapshotAssertion, name: str) -> None:
    await compare(hass, snapshot, *DEVICES[name])


@pytest.mark.parametrize("model", KASA)
async def test_kasa_as_before(
    hass: HomeAssistant, snapshot: SnapshotAssertion, simulators: Simulators, model: str
) -> None:
    made = KasaSimulator(simulators, model)
    await compare(hass, snapshot, "kasa", "", lambda: made)


async def compare(
    hass: HomeAssistant, snapshot: SnapshotAssertion, driver: str, unique_id: str, make: Make
) -> None:
    """Compare all that there is of a device with how it was."""
    async with make() as device:
        stored = STORED.get(driver, {})
        entry = await set_up(hass, driver, unique_id or device.id, device, **stored)
        await hass.async_block_till_done()
        for entity in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
            assert entity == snapshot(name=f"{entity.entity_id} registered")
            assert hass.states.get(entity.entity_id) == snapshot(name=entity.entity_id)
        for known in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id):
            assert known == snapshot(name="device")
        registry = dr.async_get(hass)
        for child in dr.async_child_entries_for_config_entry(registry, entry.entry_id):
            shown = {"name": child.name, "identifiers": sorted(child.identifiers)}
            assert shown == snapshot(name=f"{child.name} child")
        told = await async_get_config_entry_diagnostics(hass, entry)
        varying = props(*VARYING)
        assert told == snapshot(name="diagnostics", exclude=varying)
        if isinstance(device, WemoEmulator):  # no event of it may be on its way at the end
            events = device.publisher
            await eventually(lambda: len(told_of(events)) >= len(events.subscribers))
        await hass.config_entries.async_unload(entry.entry_id)


def told_of(events: Publisher) -> list[str]:
    """Return the events that arrived."""
    return [line for line in events.log if line == "NOTIFY 200"]


def test_every_bundled_driver_is_here() -> None:
    covered = {driver for driver, _, _ in DEVICES.values()}
    assert covered | {"kasa"} == set(registered())
