"""TP-Link Kasa, at tplink-smarthome-simulator: `tests.emulators.kasa` runs it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
import json
import sys
from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import (
    Address,
    ArgumentError,
    Attribute,
    ColorControl,
    ColorTemperature,
    CurrentMeasurement,
    Device,
    EnergyMeter,
    FrameRequests,
    JsonCodec,
    PowerMeter,
    Record,
    RefusedError,
    ReplyError,
    Switch,
    SwitchLevel,
    UdpProbe,
    UnreachableError,
    UnsupportedError,
    VoltageMeasurement,
    udp_probe,
)
from lan_edge.discovery.udp_probe import read_answer
from lan_edge.drivers.kasa import Kasa, KasaBulb, KasaDimmer, KasaLightStrip, KasaWallSwitch
from lan_edge.drivers.kasa.protocol import Cipher
from tests.emulators.kasa import KasaSimulator, Simulators

from .contract import IdentityContract, SwitchContract
from .house import driven, shows, until

pytestmark = pytest.mark.real_time

PROBE = sys.modules[udp_probe.__module__]  # the package's `udp_probe` is the function
METERS = {PowerMeter, EnergyMeter, VoltageMeasurement, CurrentMeasurement}
OUTLETS = [f"outlet_{n}" for n in range(1, 7)]


@pytest.fixture(autouse=True)
def impatient_kasa(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Kasa, "options", replace(Kasa.options, timeout=3))
    monkeypatch.setattr(FrameRequests, "poll", 0.1)


@pytest.fixture
async def emulator(simulators: Simulators) -> AsyncGenerator[KasaSimulator]:
    async with KasaSimulator(simulators) as made:
        yield made


@pytest.fixture
async def device(emulator: KasaSimulator) -> AsyncGenerator[Device]:
    async with driven(Kasa, Address(emulator.host, emulator.port), emulator.id) as made:
        yield made


class TestKasa(SwitchContract, IdentityContract):
    """What every switch does, and every device that says who it is."""

    stranger = "50c7bf999999"


class TestKasaThatHangsUp(TestKasa):
    """The same of one that closes each connection after its reply."""

    @pytest.fixture
    async def emulator(self, simulators: Simulators) -> AsyncGenerator[KasaSimulator]:
        async with KasaSimulator(simulators) as made:
            made.faults.closes = True
            yield made


@asynccontextmanager
async def kasa(
    simulators: Simulators, model: str, **sysinfo: Any
) -> AsyncGenerator[tuple[KasaSimulator, Device]]:
    async with (
        KasaSimulator(simulators, model, **sysinfo) as emulator,
        driven(Kasa, Address(emulator.host, emulator.port)) as device,
    ):
        yield emulator, device


# found


@pytest.mark.parametrize("model", ["hs100", "hs300", "lb130"])
async def test_a_probe_finds_it_and_says_who_it_is(
    model: str, simulators: Simulators, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with KasaSimulator(simulators, model) as emulator:
        (real,) = (m for m in Kasa.discovery if isinstance(m, UdpProbe))
        asked = replace(real, probe_port=emulator.port)
        monkeypatch.setattr(PROBE, "PROBE_INTERVAL", 0.05)
        (sighting,) = await udp_probe([asked], hosts=[emulator.host], timeout=2)
        matched = asked.match(sighting)
        assert matched is not None
        assert matched.unique_id == emulator.id
        assert matched.address == Address(emulator.host, emulator.port)
        assert (matched.name, matched.manufacturer) == ("Demo", "TP-Link")
        assert matched.model == emulator.sysinfo["model"]
        async with driven(Kasa, matched.address, matched.unique_id):
            pass


async def test_a_broadcast_finds_them_all(
    simulators: Simulators, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PROBE, "PROBE_INTERVAL", 0.05)
    (matcher,) = Kasa.discovery
    assert isinstance(matcher, UdpProbe)
    async with KasaSimulator(simulators, "hs110", "127.0.0.5", 9999):
        with simulators.broadcasts():
            adapters = [("127.0.0.1", "127.255.255.255")]
            sightings = await udp_probe([matcher], adapters, timeout=2)
    assert [(s.address, s.values["reply"]["model"]) for s in sightings] == [
        (Address("127.0.0.5", 9999), "HS110(US)")
    ]


@pytest.mark.parametrize(
    ("model", "driver", "capabilities"),
    [
        ("hs100", Kasa, {Switch}),
        ("hs105", Kasa, {Switch}),
        ("hs110", Kasa, {Switch, *METERS}),
        ("hs110v2", Kasa, {Switch, *METERS}),
        ("hs200", KasaWallSwitch, {Switch}),
        ("hs220", KasaDimmer, {Switch, SwitchLevel}),
        ("lb100", KasaBulb, {Switch, SwitchLevel, PowerMeter}),
        ("lb120", KasaBulb, {Switch, SwitchLevel, ColorTemperature, PowerMeter}),
        ("lb130", KasaBulb, {Switch, SwitchLevel, ColorControl, ColorTemperature, PowerMeter}),
        (
            "kl430",
            KasaLightStrip,
            {Switch, SwitchLevel, ColorControl, ColorTemperature, PowerMeter},
        ),
    ],
)
async def test_each_model_has_its_driver(
    model: str, driver: type[Kasa], capabilities: set[type], simulators: Simulators
) -> None:
    async with kasa(simulators, model) as (emulator, device):
        assert type(device.driver) is driver
        main = device.profile.components["main"]
        assert set(main.capabilities) == capabilities
        assert main.category == ("outlet" if driver is Kasa else "")
        identity = device.identity
        assert identity.unique_id == identity.mac == emulator.id
        assert (identity.name, identity.manufacturer) == ("Demo", "TP-Link")
        assert identity.model == emulator.sysinfo["model"]
        assert identity.firmware == emulator.sysinfo["sw_ver"]
        for command, on in ((Switch.on, True), (Switch.off, False)):
            await device.commands.execute(command, {})
            assert device.state.get(Switch.switch) is on
            info = emulator.data
            light = info.get("smartlife.iot.lightStrip", {}).get("light_state")
            shines = (light or info["system"]["sysinfo"].get("light_state") or {}).get("on_off")
            assert (info["system"]["sysinfo"].get("relay_state"), shines) in {
                (int(on), None),
                (None, int(on)),
            }
        assert not device.state.rejected
        assert not device.counts["driver_errors"]


# plugs


@pytest.mark.parametrize("model", ["hs110", "hs110v2"])
async def test_a_meter_in_either_units(model: str, simulators: Simulators) -> None:
    async with kasa(simulators, model) as (emulator, device):
        assert device.state.get(PowerMeter.power) == pytest.approx(3.14)
        assert device.state.get(EnergyMeter.energy) == pytest.approx(51.493)
        assert device.state.get(VoltageMeasurement.voltage) == pytest.approx(122.049, abs=0.001)
        assert device.state.get(CurrentMeasurement.current) == pytest.approx(0.1256, abs=0.001)
        await emulator.change(emeter={"realtime": {"power": 60, "total": 52}})
        await shows(device, PowerMeter.power, 60)
        assert device.state.get(EnergyMeter.energy) == 52


async def test_one_connection_does_for_all_until_it_is_closed(
    device: Device, emulator: KasaSimulator
) -> None:
    asked = len(emulator.log)
    await until(lambda: len(emulator.log) >= asked + 5)
    assert emulator.connections == (1, 1)
    emulator.faults.closes = True
    await device.commands.execute(Switch.on, {})
    asked = len(emulator.log)
    await until(lambda: len(emulator.log) >= asked + 5)
    accepted, left_open = emulator.connections
    assert accepted >= 5
    assert left_open <= 1
    assert device.available
    assert not device.counts["driver_errors"]


async def test_its_words_for_no(device: Device, emulator: KasaSimulator) -> None:
    emulator.faults.refuse = "set_relay_state"
    with pytest.raises(RefusedError, match="set_relay_state: invalid argument"):
        await device.commands.execute(Switch.on, {})
    assert device.available
    emulator.faults.refuse = ""
    await device.commands.execute(Switch.on, {})
    assert emulator.state["on"] is True


async def test_a_new_name_is_learnt(device: Device, emulator: KasaSimulator) -> None:
    await emulator.change(system={"sysinfo": {"alias": "Kitchen"}})
    await device._session.liveness.ping()
    assert device.identity.name == "Kitchen"


# dimmers


async def test_a_dimmer(simulators: Simulators) -> None:
    async with kasa(simulators, "hs220") as (emulator, device):
        assert device.state.get(SwitchLevel.level) == 50
        await device.commands.execute(SwitchLevel.set_level, {"level": 30})
        info = emulator.sysinfo
        assert (info["brightness"], info["relay_state"]) == (30, 1)
        assert device.state.get(SwitchLevel.level) == 30
        assert device.state.get(Switch.switch) is True
        await device.commands.execute(SwitchLevel.set_level, {"level": 0})
        info = emulator.sysinfo
        assert (info["brightness"], info["relay_state"]) == (30, 0)
        assert device.state.get(Switch.switch) is False
        await emulator.change(system={"sysinfo": {"brightness": 80}})
        await shows(device, SwitchLevel.level, 80)


# bulbs


@pytest.mark.parametrize(
    ("command", "arguments", "light", "shown"),
    [
        (
            SwitchLevel.set_level,
            {"level": 40, "rate": 2},
            {"brightness": 40},
            {SwitchLevel.level: 40},
        ),
        (
            ColorControl.set_color,
            {"hue": 33.3, "saturation": 80},
            {"hue": 120, "saturation": 80, "color_temp": 0},
            {ColorControl.hue: pytest.approx(100 / 3), ColorControl.saturation: 80},
        ),
        (
            ColorTemperature.set_color_temperature,
            {"temperature": 9000},
            {"color_temp": 9000},
            {ColorTemperature.color_temperature: 9000, ColorControl.saturation: 0},
        ),
    ],
)
async def test_off_a_bulb_is_turned_on_and_does_it(
    command: Any,
    arguments: dict[str, Any],
    light: dict[str, Any],
    shown: dict[Attribute[Any], Any],
    simulators: Simulators,
) -> None:
    async with kasa(simulators, "lb130") as (emulator, device):
        assert device.state.get(SwitchLevel.level) == 100  # as it would be when it is on
        assert device.state.get(ColorTemperature.color_temperature_range) == (2500, 9000)
        await device.commands.execute(command, arguments)
        now = emulator.sysinfo["light_state"]
        assert now == now | light | {"on_off": 1}
        for attribute, value in {**shown, Switch.switch: True}.items():
            assert device.state.get(attribute) == value
        (sent,) = (
            each["smartlife.iot.smartbulb.lightingservice"]["transition_light_state"]
            for each in emulator.log
            if "system" not in each and "smartlife.iot.common.emeter" not in each
        )
        assert sent["ignore_default"] == 1
        assert sent.get("transition_period") == (2000 if "rate" in arguments else None)


async def test_a_bulb_refuses_white_that_it_has_not(simulators: Simulators) -> None:
    async with kasa(simulators, "lb120") as (_, device):
        with pytest.raises(RefusedError, match="transition_light_state: Invalid input argument"):
            await device.commands.execute(
                ColorTemperature.set_color_temperature, {"temperature": 9000}
            )
        assert device.available
        with pytest.raises(UnsupportedError):
            await device.commands.execute(ColorControl.set_color, {"hue": 1, "saturation": 1})
        with pytest.raises(ArgumentError):
            await device.commands.execute(SwitchLevel.set_level, {"level": 101})


async def test_a_bulbs_level_0_is_off_and_its_power_is_in_watts(simulators: Simulators) -> None:
    async with kasa(simulators, "lb130") as (emulator, device):
        await device.commands.execute(SwitchLevel.set_level, {"level": 20})
        await device.commands.execute(SwitchLevel.set_level, {"level": 0})
        light = emulator.sysinfo["light_state"]
        assert (light["on_off"], light["brightness"]) == (0, 20)
        assert device.state.get(Switch.switch) is False
        assert device.state.get(PowerMeter.power) == pytest.approx(10.8)


async def test_a_light_strip(simulators: Simulators) -> None:
    plain = {"lighting_effect_state": {"enable": 0}}  # the simulator has an effect on
    async with kasa(simulators, "kl430", **plain) as (emulator, device):
        await device.commands.execute(SwitchLevel.set_level, {"level": 25})
        await device.commands.execute(ColorControl.set_color, {"hue": 50, "saturation": 100})
        light = emulator.data["smartlife.iot.lightStrip"]["light_state"]
        assert (light["on_off"], light["brightness"], light["hue"]) == (1, 25, 180)
        assert device.state.get(ColorControl.hue) == 50
        assert device.state.get(SwitchLevel.level) == 25


@pytest.mark.parametrize(
    ("model", "kelvins"),
    [
        ("KB130(US)", (2500, 9000)),
        ("KL120(US)", (2700, 5000)),
        ("KL120(EU)", (2700, 6500)),
        ("KL125(US)", (2500, 6500)),
        ("KL135(US)", (2500, 9000)),
        ("KL400L5(US)", (2500, 9000)),
        ("KL430(UN)", (2500, 9000)),
        ("LB120(US)", (2700, 6500)),
        ("LB230(US)", (2500, 9000)),
        ("KL1300(US)", None),  # not that of KL130
    ],
)
async def test_its_range_of_white(
    model: str, kelvins: tuple[int, int] | None, simulators: Simulators
) -> None:
    async with KasaSimulator(simulators, "lb130") as emulator:
        await emulator.change(system={"sysinfo": {"model": model}})
        async with driven(Kasa, Address(emulator.host, emulator.port)) as device:
            assert device.identity.model == model
            assert device.state.get(ColorTemperature.color_temperature_range) == kelvins


# strips


async def test_the_outlets_of_a_strip_are_devices_of_their_own(simulators: Simulators) -> None:
    async with kasa(simulators, "hs300") as (emulator, device):
        parts = device.profile.components
        assert list(parts) == OUTLETS
        assert all(p.child and set(p.capabilities) == {Switch, *METERS} for p in parts.values())
        assert {p.category for p in parts.values()} == {"outlet"}
        assert [p.name for p in parts.values()][:2] == ["Mock One", "Mock Two"]
        for name in ("outlet_2", "outlet_6"):
            await device.commands.execute(Switch.on, {}, name)
        states = [child["sysinfo"]["state"] for child in emulator.data["children"].values()]
        assert states == [0, 1, 0, 0, 0, 1]
        assert [device.state.get(Switch.switch, name) for name in OUTLETS] == list(
            map(bool, states)
        )
        await device.commands.execute(Switch.off, {}, "outlet_2")
        assert device.state.get(Switch.switch, "outlet_2") is False
        assert device.state.get(Switch.switch, "outlet_6") is True
        with pytest.raises(UnsupportedError):
            await device.commands.execute(Switch.on, {})
        assert not device.state.rejected


async def test_an_outlet_changed_there_is_followed(simulators: Simulators) -> None:
    async with kasa(simulators, "hs300") as (emulator, device):
        third = list(emulator.data["children"])[2]
        realtime = {"power": 7.5}
        changed = {"sysinfo": {"state": 1, "alias": "Printer"}, "emeter": {"realtime": realtime}}
        await emulator.change(children={third: changed})
        await shows_on(device, Switch.switch, True, "outlet_3")
        await shows_on(device, PowerMeter.power, 7.5, "outlet_3")
        assert device.state.get(PowerMeter.power, "outlet_4") == 3.14
        assert device.profile.components["outlet_3"].name == "Printer"
        assert list(device.profile.components) == OUTLETS


async def shows_on(device: Device, attribute: Attribute[Any], value: Any, component: str) -> None:
    await until(lambda: device.state.get(attribute, component) == value)


async def test_outlets_known_by_their_last_digits(simulators: Simulators) -> None:
    async with kasa(simulators, "hs300") as (emulator, device):
        own = emulator.sysinfo["deviceId"]
        children = [{"id": f"0{n}", "state": n, "alias": "x"} for n in (1, 0)]
        sysinfo = {"deviceId": own, "mac": emulator.mac, "children": children}
        emulator.faults.instead = json.dumps({"system": {"get_sysinfo": sysinfo}})
        await until(lambda: own + "01" in device.driver.memory.outlets)
        known = device.driver.memory.outlets
        first, second = (f"outlet_{known.index(own + n) + 1}" for n in ("00", "01"))
        await shows(device, Switch.switch, False, first)
        await shows(device, Switch.switch, True, second)


# what is no answer


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "garbage",
        "[1]",
        '"x"',
        "null",
        "{}",
        '{"system":{}}',
        '{"system":[]}',
        '{"system":{"get_sysinfo":[1]}}',
        '{"system":{"get_sysinfo":{"err_code":-1,"err_msg":"broken"}}}',
        '{"system":{"err_code":-1,"err_msg":["module not support"]}}',
        "x" * 100_000,
    ],
)
async def test_an_answer_that_is_none_shows_nothing_wrong(
    answer: str, device: Device, emulator: KasaSimulator
) -> None:
    emulator.faults.instead = answer
    with pytest.raises((ReplyError, RefusedError, UnreachableError)):
        await device.commands.refresh()
    await until(lambda: not device.available)
    assert device.state.get(Switch.switch) is False
    assert not device.counts["driver_errors"]
    emulator.faults.instead = None
    await until(lambda: device.available)


@pytest.mark.parametrize(
    ("model", "sysinfo"),
    [
        ("hs100", {"relay_state": 2}),
        ("hs100", {"relay_state": "1"}),
        ("hs100", {"relay_state": [1]}),
        ("hs220", {"brightness": 101}),
        ("hs220", {"brightness": "bright"}),
        ("lb130", {"light_state": {"on_off": 3, "brightness": -1}}),
        ("lb130", {"light_state": {"on_off": {}, "hue": "red", "saturation": 101}}),
        ("lb130", {"light_state": {"color_temp": 1e9, "hue": 361}}),
        ("lb130", {"light_state": {"brightness": None, "dft_on_state": "on"}}),
    ],
)
async def test_a_wrong_value_stays_out(
    model: str, sysinfo: dict[str, Any], simulators: Simulators
) -> None:
    async with kasa(simulators, model) as (emulator, device):
        known = device.state.values()
        known.pop(("main", ColorControl.saturation.id), None)  # white is a colour too
        await emulator.change(system={"sysinfo": sysinfo})
        await device.commands.refresh()
        now = device.state.values()
        now.pop(("main", ColorControl.saturation.id), None)
        assert now.items() < known.items()  # the refused ones are unknown
        assert device.available
        assert not device.counts["driver_errors"]


@pytest.mark.parametrize(
    ("model", "sysinfo"),
    [
        ("lb130", {"light_state": 1}),
        ("hs300", {"children": 1}),
        ("hs300", {"children": [1]}),
        ("hs300", {"children": [{"id": 1}]}),
        ("hs300", {"children": [{}]}),
    ],
)
async def test_what_cannot_be_made_sense_of_is_not_shown(
    model: str, sysinfo: dict[str, Any], simulators: Simulators
) -> None:
    async with kasa(simulators, model) as (emulator, device):
        parts = list(device.profile.components)
        told = {**emulator.sysinfo, **sysinfo}
        emulator.faults.instead = json.dumps({"system": {"get_sysinfo": told}})
        await device.commands.refresh()
        assert list(device.profile.components) == parts
        assert {device.state.get(Switch.switch, part) for part in parts} == {None}
        assert all(device.component_available(part) for part in parts) is (model == "lb130")
        assert not device.counts["driver_errors"]


@pytest.mark.parametrize("children", [None, 1, [1], [{}], [{"id": 1}]])
async def test_a_strip_that_has_never_listed_an_outlet_cannot_be_added(
    children: object, simulators: Simulators
) -> None:
    async with KasaSimulator(simulators, "hs300") as emulator:
        told = {**emulator.sysinfo, "children": children}
        emulator.faults.instead = json.dumps({"system": {"get_sysinfo": told}})
        with pytest.raises(ReplyError, match="does not list its outlets"):
            await Device(Kasa, Record()).check(Address(emulator.host, emulator.port))


@pytest.mark.parametrize("realtime", [{"power": "much"}, {"power": -1}, {"total": None}])
async def test_a_meters_wrong_value_is_unknown(
    realtime: dict[str, Any], simulators: Simulators
) -> None:
    async with kasa(simulators, "hs110") as (emulator, device):
        values = {"power": PowerMeter.power, "total": EnergyMeter.energy}
        known = {name: device.state.get(attribute) for name, attribute in values.items()}
        await emulator.change(emeter={"realtime": realtime})
        for name, attribute in values.items():
            await shows(device, attribute, None if name in realtime else known[name])
        assert not device.counts["driver_errors"]


async def test_one_that_does_not_say_who_it_is_has_no_id(emulator: KasaSimulator) -> None:
    emulator.faults.instead = json.dumps({"system": {"get_sysinfo": {"relay_state": 0}}})
    device = Device(Kasa, Record())
    with pytest.raises(ReplyError, match="reports no ID"):
        await device.check(Address(emulator.host, emulator.port))


def test_the_cipher_is_softschecks() -> None:
    text = b'{"system":{"get_sysinfo":{}}}'
    sent = bytes.fromhex("d0f281f88bff9af7d5ef94b6d1b4c09fec95e68fe187e8caf08bf68bf6")
    assert Cipher().encode({"system": {"get_sysinfo": {}}}) == sent
    assert JsonCodec().encode(Cipher().decode(sent)) == text


@given(st.binary(max_size=60) | st.dictionaries(st.text(), st.text()).map(Cipher().encode))
def test_whatever_answers_a_probe_does_no_harm(data: bytes) -> None:
    (matcher,) = Kasa.discovery
    assert isinstance(matcher, UdpProbe)
    assert read_answer(matcher, data) == {}
