"""Belkin WeMo: at fauxmo, which we did not write, and at our emulator of other models."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
import sys
from typing import cast

import pytest

from lan_edge import (
    Address,
    Device,
    EnergyMeter,
    Http,
    IdentityError,
    Listener,
    ListenerSettings,
    MotionSensor,
    PowerMeter,
    Record,
    RefusedError,
    ReplyError,
    Runtime,
    Sighting,
    Switch,
    SwitchLevel,
    UnsupportedError,
    Upnp,
)
from lan_edge.device import optional_readings
from lan_edge.drivers.wemo import Wemo, WemoDimmer, WemoInsight, WemoLightSwitch, WemoMotion
from lan_edge.transports.upnp import subscription as upnp_subscription
from tests.bundled import match
from tests.emulators import wemo_descriptions
from tests.emulators.faults import HttpOverride
from tests.emulators.wemo import BASIC, KINDS, WemoEmulator
from tests.ports import free_port
from tests.real.devices import Plug

from .contract import IdentityContract, OldHttpContract, SwitchContract
from .house import driven, shows, until


@pytest.fixture(autouse=True)
def impatient_wemo(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have it wait briefly, but not for a program on a busy machine."""
    timeout = 10.0 if request.node.get_closest_marker("real_time") else 0.3
    monkeypatch.setattr(Wemo, "options", replace(Wemo.options, timeout=timeout))
    monkeypatch.setattr(optional_readings, "SOONEST_AGAIN", 0.5)


# fauxmo


@pytest.fixture
async def fauxmo(tmp_path: Path) -> AsyncGenerator[Plug]:
    host = "127.0.0.3"
    port = free_port(host)
    via = (sys.executable, "-m", "tests.drivers.unicast")
    async with Plug("Plug", host, tmp_path, port=port, via=via) as plug:
        yield plug


@pytest.mark.real_time
async def test_fauxmo_switches_and_is_followed(fauxmo: Plug) -> None:
    async with driven(Wemo, Address(fauxmo.host, fauxmo.port)) as device:
        await device.commands.execute(Switch.on, {})
        assert fauxmo.on
        assert device.state.get(Switch.switch) is True
        await device.commands.execute(Switch.off, {})
        assert not fauxmo.on
        assert device.state.get(Switch.switch) is False
        fauxmo.change(on=True)
        await shows(device, Switch.switch, True)
        fauxmo.change(on=False)
        await shows(device, Switch.switch, False)


@pytest.mark.real_time
async def test_fauxmo_never_answers_a_subscription_and_is_polled(
    fauxmo: Plug, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Http, "poll", 0.1)
    monkeypatch.setattr(upnp_subscription, "ANSWER_TIMEOUT", 0.5)
    async with driven(Wemo, Address(fauxmo.host, fauxmo.port), runtime=runtime) as device:
        for _ in range(2):
            fauxmo.change(on=True)
            await shows(device, Switch.switch, True)
            await device.commands.execute(Switch.off, {})
            assert not fauxmo.on
            await until(lambda: "no answer" in str(device.trace.entries()))
        assert device.connection.attempts == 1
        assert device._session.io.reconcile == 0


@pytest.mark.real_time
async def test_fauxmo_tells_who_and_what_it_is(fauxmo: Plug) -> None:
    async with driven(Wemo, Address(fauxmo.host, fauxmo.port)) as device:
        identity = device.identity
        assert identity.unique_id == f"Socket-1_0-{identity.serial_number}"
        assert identity.name == "Plug"
        assert identity.manufacturer == "Belkin International Inc."
        assert identity.model == "Emulated Socket"


@pytest.fixture
async def runtime(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Runtime]:
    """Yield a hub for callbacks; what it hears is not polled."""
    monkeypatch.setattr(Http, "poll", 600.0)
    made = Runtime(listener=Listener(ListenerSettings(port=0)))
    yield made
    await made.close()


# the emulator


@asynccontextmanager
async def wemo(kind: str, **faults: object) -> AsyncGenerator[tuple[Device, WemoEmulator]]:
    async with WemoEmulator(kind=kind, id="221517K0101769") as emulator:
        for name, value in faults.items():
            setattr(emulator.faults, name, value)
        async with driven(Wemo, Address(emulator.host, emulator.port)) as device:
            yield device, emulator


@pytest.fixture
async def emulator() -> AsyncGenerator[WemoEmulator]:
    async with WemoEmulator(kind="lightswitch") as made:
        yield made


@pytest.fixture
async def device(emulator: WemoEmulator) -> AsyncGenerator[Device]:
    async with driven(Wemo, Address(emulator.host, emulator.port), emulator.udn) as made:
        yield made


class TestLightSwitch(SwitchContract, OldHttpContract, IdentityContract):
    """What every switch does, and every device that says who it is."""


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("K\udcfcche", "K\ufffdche"),  # the byte FC
        ("K\udcfcche & \x07\udcff", "K\ufffdche & \ufffd\ufffd"),
        (" Lamp\n", "Lamp"),
    ],
)
async def test_an_odd_name(name: str, shown: str) -> None:
    async with (
        WemoEmulator(name=name) as emulator,
        driven(Wemo, Address(emulator.host, emulator.port), emulator.udn) as device,
    ):
        assert device.identity.name == shown
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("</device>\n</root>\n", ""),
        ("</root>\n", "</root>\n\0\0"),
        ("<UPC>", "<dlna:X_DLNADOC>DMS-1.50</dlna:X_DLNADOC><UPC>"),
        ("<UPC>", "<modelURL>http://a/?b&c</modelURL><UPC>"),
        ('<?xml version="1.0"?>', '\r\n<?xml version="1.0" encoding="utf-16"?>'),
        ("<serviceType>urn", "<serviceType>\n urn"),
        ("basicevent1</controlURL>", "basicevent1 \n</controlURL>"),
        ("<UDN>uuid", "<UDN> uuid"),
    ],
)
async def test_an_odd_description(before: str, after: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert before in wemo_descriptions.SETUP + wemo_descriptions.SERVICE.format(
        type="urn:", name="basicevent"
    )
    told = WemoEmulator._setup
    monkeypatch.setattr(WemoEmulator, "_setup", lambda self: told(self).replace(before, after))
    async with (
        WemoEmulator(kind="dimmer") as emulator,
        driven(Wemo, Address(emulator.host, emulator.port), emulator.udn) as device,
    ):
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True


@pytest.mark.parametrize(
    ("kind", "driver", "category"),
    [
        ("socket", Wemo, "outlet"),
        ("lightswitch", WemoLightSwitch, ""),
        ("dimmer", WemoDimmer, ""),
        ("dimmer_v2", WemoDimmer, ""),
        ("insight", WemoInsight, "outlet"),
        ("outdoor", Wemo, "outlet"),
        ("sensor", WemoMotion, ""),
    ],
)
async def test_each_model_has_its_driver_and_the_id_it_announces(
    kind: str, driver: type[Wemo], category: str
) -> None:
    async with wemo(kind) as (device, emulator):
        assert type(device.driver) is driver
        assert device.profile.components["main"].category == category
        upnp = {"deviceType": emulator.kind.device_type, "friendlyName": "Demo WeMo"}
        headers = {"usn": f"uuid:{emulator.udn}::{BASIC}"}
        address = Address(emulator.host, emulator.port)
        sighting = Sighting("ssdp", BASIC, address, "Demo", {"headers": headers, "upnp": upnp})
        (candidate,) = match(sighting)
        assert candidate.driver is Wemo
        assert candidate.match.address == address
        assert device.identity.unique_id == emulator.udn
        assert candidate.match.unique_id == emulator.udn.lower()
        assert device.identity.serial_number == "221517K0101769"
        assert device.identity.mac == "94103E001122"
        assert device.identity.firmware == "WeMo_WW_2.00.11453.PVT-OWRT"
        assert device.identity.model == KINDS[kind].model


def test_other_things_of_belkin_are_not_taken() -> None:
    for kind in ("bridge", "Maker", "NetCamSensor", "coffeemaker", "Humidifier", "controllee:1:x"):
        upnp = {"deviceType": f"urn:Belkin:device:{kind}:1"}
        headers = {"usn": f"uuid:Bridge-1_0-1::{BASIC}"}
        values = {"headers": headers, "upnp": upnp}
        assert match(Sighting("ssdp", BASIC, Address("10.0.0.1", 49153), "", values)) == []


async def test_a_dimmer() -> None:
    async with wemo("dimmer") as (device, emulator):
        assert device.state.get(SwitchLevel.level) == 100
        await device.commands.execute(SwitchLevel.set_level, {"level": 45})
        assert emulator.state == {"on": True, "level": 45}
        assert device.state.get(SwitchLevel.level) == 45
        assert device.state.get(Switch.switch) is True
        await device.commands.execute(SwitchLevel.set_level, {"level": 0})
        assert emulator.state == {"on": False, "level": 45}
        assert device.state.get(Switch.switch) is False
        await device.commands.execute(Switch.on, {})
        assert emulator.state == {"on": True, "level": 45}
        await emulator.change(level=7, on=False)
        await shows(device, SwitchLevel.level, 7)
        assert device.state.get(Switch.switch) is False


async def test_an_insight() -> None:
    async with wemo("insight") as (device, emulator):
        assert device.state.get(Switch.switch) is False
        assert device.state.get(PowerMeter.power) == 0
        assert device.state.get(EnergyMeter.energy) == pytest.approx(0.0194, abs=0.0001)
        await device.commands.execute(Switch.on, {})
        await emulator.change(milliwatts=60123, today=60_000_000)
        await shows(device, PowerMeter.power, 60.123)
        assert device.state.get(EnergyMeter.energy) == 1
        assert device.state.get(Switch.switch) is True


async def test_an_insight_in_standby_is_on() -> None:
    async with wemo("insight") as (device, emulator):
        await emulator.change(on=True, milliwatts=1190)
        await shows(device, PowerMeter.power, 1.19)
        assert device.state.get(Switch.switch) is True


async def test_a_motion_sensor_is_read_and_is_no_switch() -> None:
    async with wemo("sensor") as (device, emulator):
        assert device.profile == WemoMotion.profile
        assert device.state.get(MotionSensor.motion) is False
        for value in (True, False):
            await emulator.change(motion=value)
            await device.commands.refresh()
            assert device.state.get(MotionSensor.motion) is value
        assert device.state.get(Switch.switch) is None
        with pytest.raises(UnsupportedError):
            await device.commands.execute(Switch.on, {})
        assert "SetBinaryState" not in str(emulator.log)
        with pytest.raises(RefusedError, match="Invalid Action 401"):
            await cast("Upnp", device._session.io).action(BASIC, "SetBinaryState", BinaryState=1)
        assert emulator.state == {"motion": False}


async def test_a_motion_sensor_is_known_by_its_own_id() -> None:
    async with WemoEmulator(kind="sensor", id="221517K0101769") as emulator:
        address = Address(emulator.host, emulator.port)
        async with driven(Wemo, address, "Sensor-1_0-221517K0101769") as device:
            emulator.faults.impostor = "somebody-else"
            await emulator.restart(down=0.3)
            await until(lambda: isinstance(device.connection.reason, IdentityError))
            assert not device.available
            emulator.faults.impostor = None
            await emulator.change(motion=True)
            device.connection.sighted(address)
            await until(lambda: device.available)
            await shows(device, MotionSensor.motion, True)


async def test_on_when_it_is_on_already_is_no_error() -> None:
    async with wemo("socket") as (device, emulator):
        for _ in range(2):
            await device.commands.execute(Switch.on, {})
            assert emulator.state["on"] is True
            assert device.state.get(Switch.switch) is True


async def test_a_fault_is_told_in_the_devices_words() -> None:
    async with wemo("dimmer", refuse=["SetBinaryState"]) as (device, emulator):
        with pytest.raises(RefusedError, match="Action Failed 501"):
            await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is False
        assert device.available
        await device.commands.refresh()


async def test_a_fault_with_the_status_of_success_is_one_too() -> None:
    async with wemo("socket") as (device, emulator):
        fault = b"<Fault><faultstring>UPnPError</faultstring></Fault>"
        body = b"<Envelope><Body>" + fault + b"</Body></Envelope>"
        emulator.faults.override = HttpOverride(200, body)
        with pytest.raises(RefusedError, match="SetBinaryState: UPnPError"):
            await device.commands.execute(Switch.on, {})


@pytest.mark.parametrize(
    "answer",
    [
        HttpOverride(200, b"<html><body>Sign in</body></html>"),
        HttpOverride(200, b"<html><br></html>"),
        HttpOverride(200, b""),
        HttpOverride(200, b"\xff\xfe\x00"),
        HttpOverride(200, b"<a:b/>"),
        HttpOverride(200, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        HttpOverride(500, b"broken"),
        HttpOverride(500, b"<Envelope><Body><Fault/></Body></Envelope>"),
        HttpOverride(200, b"<Envelope><Body><Fault><detail/></Fault></Body></Envelope>"),
        HttpOverride(200, b"<Envelope><Body><GetBinaryStateResponse/></Body></Envelope>"),
        HttpOverride(200, b"<Envelope><Body><Other/></Body></Envelope>"),
        HttpOverride(200, b"<Envelope><Body/></Envelope>"),
        HttpOverride(302, b"", {"Location": "http://127.0.0.9:1/setup.xml"}),
        HttpOverride(302, b"", {"Location": "mailto:x"}),
        HttpOverride(200, b"<a>" + b"x" * 2_000_000),
    ],
)
async def test_an_answer_that_is_none_shows_nothing_wrong(answer: HttpOverride) -> None:
    async with wemo("dimmer") as (device, emulator):
        emulator.faults.override = answer
        with pytest.raises((ReplyError, RefusedError)):
            await device.commands.refresh()
        await until(lambda: not device.available)
        assert device.state.get(Switch.switch) is False
        assert device.counts["driver_errors"] == {}
        emulator.faults.override = None
        await until(lambda: device.available)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("socket", {"BinaryState": "7"}),
        ("socket", {"BinaryState": ""}),
        ("dimmer", {"brightness": "101"}),
        ("dimmer", {"brightness": "bright"}),
        ("dimmer", {"brightness": "1" * 5000}),
        ("sensor", {"BinaryState": "8"}),
        ("sensor", {"BinaryState": "motion"}),
        ("sensor", {"BinaryState": ""}),
        ("insight", {"InsightParams": "0|2|3"}),
        ("insight", {"InsightParams": "0|0|0|0|0|0|0|nan|1164707|0|0"}),
        ("insight", {"InsightParams": "0|0|0|0|0|0|0|-5|1164707|0|0"}),
        ("insight", {"InsightParams": "0|0|0|0|0|0|0|0|1e999|0|0"}),
    ],
)
async def test_a_wrong_value_is_unknown(kind: str, told: dict[str, str]) -> None:
    async with wemo(kind) as (device, emulator):
        before = device.state.values()
        emulator.told = told
        await device.commands.refresh()
        assert device.state.values().items() < before.items()
        assert device.counts["driver_errors"] == {}
        assert device.available


@pytest.mark.parametrize(
    ("params", "power", "energy"),
    [
        ("0|1611530424|231|300|183183|1209600|8|0|-1164707|998|8000", 0, None),
        ("0|0|0|0|0|0|8|-5|60000000|998|8000", None, 1),
        ("0|0|0|0|0|0|8|nan|1e999|998|8000", None, None),
        ("0|0|0", None, None),
        ("", None, None),
        ("9|0|0|0|0|0|8|5000|60000000|998|8000", 5, 1),
    ],
)
async def test_an_insight_with_an_odd_meter_can_be_switched(
    params: str, power: float | None, energy: float | None
) -> None:
    async with WemoEmulator(kind="insight") as emulator:
        emulator.told = {"InsightParams": params}
        async with driven(Wemo, Address(emulator.host, emulator.port)) as device:
            assert device.state.get(Switch.switch) is False
            assert device.state.get(PowerMeter.power) == power
            assert device.state.get(EnergyMeter.energy) == energy
            emulator.told = {"InsightParams": params.replace("0|", "1|", 1)}
            await device.commands.execute(Switch.on, {})
            assert emulator.state["on"] is True


async def test_an_insight_whose_meter_fails_is_a_switch() -> None:
    async with wemo("insight") as (device, emulator):
        await emulator.change(on=True, milliwatts=20500)
        await shows(device, PowerMeter.power, 20.5)
        emulator.faults.refuse = ["GetInsightParams"]
        await shows(device, PowerMeter.power, None)
        await device.commands.execute(Switch.off, {})
        assert emulator.state["on"] is False
        assert device.state.get(Switch.switch) is False
        emulator.faults.refuse = False
        await shows(device, PowerMeter.power, 20.5)


@pytest.mark.parametrize("content", [None, "", " ", "<x/>", "null&#160;"])
@pytest.mark.parametrize(
    "name", ["modelName", "friendlyName", "manufacturer", "serialNumber", "macAddress"]
)
async def test_what_a_description_lacks_does_no_harm(name: str, content: str | None) -> None:
    async with WemoEmulator() as emulator:
        emulator.fields = {name: content}
        async with driven(Wemo, Address(emulator.host, emulator.port)) as device:
            assert device.identity.unique_id == emulator.udn
            await device.commands.execute(Switch.on, {})
            assert emulator.state["on"] is True


@pytest.mark.parametrize(
    "kind", ["Maker", "coffeemaker", "crockpot", "Humidifier", "purifier", "bridge", "heater"]
)
async def test_another_kind_of_wemo_is_not_taken_for_a_switch(kind: str) -> None:
    async with WemoEmulator() as emulator:
        emulator.fields = {"deviceType": f"urn:Belkin:device:{kind}:1"}
        device = Device(Wemo, Record())
        with pytest.raises(ReplyError, match=f"a WeMo of the kind {kind} is not supported"):
            await device.check(Address(emulator.host, emulator.port))


async def test_each_request_has_a_connection_of_its_own() -> None:
    async with wemo("socket") as (device, emulator):
        await device.commands.execute(Switch.on, {})
        await until(lambda: emulator.connections.open == 0)
        assert emulator.connections.accepted >= len(emulator.log)


# events


@asynccontextmanager
async def subscribed(kind: str, runtime: Runtime) -> AsyncGenerator[tuple[Device, WemoEmulator]]:
    async with WemoEmulator(kind=kind) as emulator:
        address = Address(emulator.host, emulator.port)
        async with driven(Wemo, address, runtime=runtime) as device:
            await until(lambda: "BinaryState" in str(device.trace.entries()))
            await until(lambda: emulator.publisher.log.count("NOTIFY 200") >= 1)
            await asyncio.sleep(0.05)  # the first event has everything read once more
            yield device, emulator


@pytest.mark.parametrize("kind", ["socket", "lightswitch"])
async def test_a_switch_tells_of_each_change(kind: str, runtime: Runtime) -> None:
    async with subscribed(kind, runtime) as (device, emulator):
        asked = len(emulator.log)
        for value in (True, False, True):
            await emulator.change(on=value)
            await shows(device, Switch.switch, value)
        assert len(emulator.log) == asked


async def test_a_dimmer_tells_its_brightness(runtime: Runtime) -> None:
    async with subscribed("dimmer", runtime) as (device, emulator):
        await emulator.change(level=33, on=True)
        await shows(device, SwitchLevel.level, 33)
        await shows(device, Switch.switch, True)
        await emulator.change(on=False)
        await shows(device, Switch.switch, False)


async def test_a_dimmer_v2_tells_only_whether_it_is_on(runtime: Runtime) -> None:
    """Its brightness is polled although its events arrive, and read when it is switched."""
    async with subscribed("dimmer_v2", runtime) as (device, emulator):
        await emulator.change(level=33)
        await asyncio.sleep(12)
        assert device.state.get(SwitchLevel.level) == 33
        await emulator.change(level=44, on=True)
        await shows(device, Switch.switch, True)
        await asyncio.sleep(1.1)
        assert device.state.get(SwitchLevel.level) == 44


async def test_a_motion_sensor_tells_of_each_motion(runtime: Runtime) -> None:
    async with subscribed("sensor", runtime) as (device, emulator):
        asked = len(emulator.log)
        for value in (True, False, True):
            await emulator.change(motion=value)
            await shows(device, MotionSensor.motion, value)
        assert len(emulator.log) == asked


async def test_an_insight_tells_its_meters_and_is_asked_when_it_goes_off(runtime: Runtime) -> None:
    async with subscribed("insight", runtime) as (device, emulator):
        await emulator.change(on=True, milliwatts=20500, today=60_000_000)
        await shows(device, PowerMeter.power, 20.5)
        assert device.state.get(EnergyMeter.energy) == 1
        await emulator.change(milliwatts=21500)
        await shows(device, PowerMeter.power, 21.5)
        await emulator.change(on=False, milliwatts=0)
        await shows(device, Switch.switch, False)
        await shows(device, PowerMeter.power, 0)


@pytest.mark.parametrize(
    ("kind", "variables"),
    [
        ("socket", {"BinaryState": "7"}),
        ("socket", {"Other": "1"}),
        ("dimmer", {"Brightness": "101"}),
        ("dimmer", {"Brightness": "bright"}),
        ("sensor", {"BinaryState": "8"}),
        ("sensor", {"Brightness": "50"}),
        ("insight", {"InsightParams": "0|2"}),
    ],
)
async def test_an_odd_event_has_the_truth_read(
    kind: str, variables: dict[str, str], runtime: Runtime
) -> None:
    async with subscribed(kind, runtime) as (device, emulator):
        before = device.state.values()
        for service in list(emulator.publisher.subscribers.values()):
            await emulator.publisher.notify(emulator.host, service.service, variables)
        await until(lambda: device.state.values() == before)
        assert device.available


@pytest.mark.parametrize(
    ("told", "shown"), [("1|1611530424|231", True), ("8|0", True), ("0|", False)]
)
async def test_a_state_that_more_follows(told: str, shown: bool) -> None:
    async with WemoEmulator() as emulator:
        emulator.told["BinaryState"] = told
        async with driven(Wemo, Address(emulator.host, emulator.port)) as device:
            assert device.state.get(Switch.switch) is shown
            assert not device.state.rejected
