"""WiZ, at pywizlight's fake bulb: `tests.emulators.wiz` says what we put around it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
import socket
import sys
from typing import Any

import pytest

from lan_edge import (
    Address,
    ArgumentError,
    Attribute,
    ColorControl,
    ColorTemperature,
    Device,
    Mode,
    Record,
    RefusedError,
    ReplyError,
    Switch,
    SwitchLevel,
    TimedOutError,
    UdpProbe,
    UnsupportedError,
    dhcp_sighting,
    udp_probe,
)
from lan_edge.device.commands import CONFIRM_WAITS
from lan_edge.drivers.wiz import Wiz, WizColor, WizSocket, WizWhite
from tests.bundled import match
from tests.clock import now
from tests.emulators.wiz import WizEmulator

from .contract import IdentityContract, SwitchContract
from .house import driven, shows, until

PROBE = sys.modules[udp_probe.__module__]  # the package's `udp_probe` is the function
COLOR = ("ESP01_SHRGB_03", "1.25.0")
OLD_COLOR = ("ESP20_SHRGB_01ABI", "1.21.4")
WHITE = ("ESP21_SHTW_01", "1.25.0")
DIM = ("ESP05_SHDW_21", "1.25.0")
SOCKET = ("ESP10_SOCKET_06", "1.25.0")


@pytest.fixture(autouse=True)
def hub_port(monkeypatch: pytest.MonkeyPatch) -> int:
    """Return a port for pushes: the real one may be somebody's on this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("", 0))
        port: int = free.getsockname()[1]
    options = replace(Wiz.options, timeout=0.3, resend=0.1, local_port=port)
    monkeypatch.setattr(Wiz, "options", options)
    monkeypatch.setattr(Wiz, "poll", None)
    return port


@pytest.fixture
def polled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Wiz, "poll", 0.1)


@pytest.fixture
async def emulator(hub_port: int) -> AsyncGenerator[WizEmulator]:
    async with WizEmulator(hub_port=hub_port) as made:
        yield made


@pytest.fixture
async def device(emulator: WizEmulator) -> AsyncGenerator[Device]:
    async with driven(Wiz, Address(emulator.host, emulator.port), emulator.id) as made:
        yield made


@asynccontextmanager
async def light(
    kind: tuple[str, str], hub_port: int, **pilot: Any
) -> AsyncGenerator[tuple[WizEmulator, Device]]:
    async with WizEmulator(*kind, hub_port=hub_port) as emulator:
        emulator.enter(pilot)
        async with driven(Wiz, Address(emulator.host, emulator.port)) as device:
            yield emulator, device


@pytest.mark.usefixtures("polled")
class TestWiz(SwitchContract, IdentityContract):
    """What every switch does, and every device that says who it is."""

    stranger = "a8bb50ffffff"


# found


async def test_a_probe_finds_it_and_says_who_it_is(
    emulator: WizEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    (real,) = (m for m in Wiz.discovery if isinstance(m, UdpProbe))
    asked = replace(real, probe_port=emulator.port)
    monkeypatch.setattr(Wiz, "discovery", (asked,))
    monkeypatch.setattr(PROBE, "PROBE_INTERVAL", 0.05)
    sightings = await udp_probe([asked], hosts=["127.0.0.1"], timeout=0.3)
    assert len(sightings) == 2  # what it says first is a late answer to another question
    (candidate,) = (c for sighting in sightings for c in match(sighting))
    assert candidate.driver is Wiz
    assert candidate.match.unique_id == emulator.id
    assert candidate.match.address == Address("127.0.0.1", emulator.port)
    assert {r.method for r in emulator.log} == {"registration"}
    assert emulator.clients == set()
    async with driven(candidate.driver, candidate.match.address, emulator.id):
        pass


@pytest.mark.parametrize(
    ("mac", "hostname"), [("A8:BB:50:01:02:03", "x"), ("010203040506", "WIZ_010203")]
)
def test_it_asks_for_an_address(mac: str, hostname: str) -> None:
    (candidate,) = match(dhcp_sighting("10.0.0.9", mac, hostname))
    assert candidate.driver is Wiz
    assert candidate.match.unique_id == mac.replace(":", "").lower()
    assert candidate.match.address == Address("10.0.0.9")


def test_others_that_ask_for_an_address_are_not_taken() -> None:
    assert match(dhcp_sighting("10.0.0.9", "010203040506", "wizard")) == []


@pytest.mark.parametrize(
    ("kind", "driver", "capabilities"),
    [
        (COLOR, WizColor, {Switch, SwitchLevel, ColorControl, ColorTemperature, Mode}),
        (OLD_COLOR, WizColor, {Switch, SwitchLevel, ColorControl, ColorTemperature, Mode}),
        (WHITE, WizWhite, {Switch, SwitchLevel, ColorTemperature, Mode}),
        (DIM, Wiz, {Switch, SwitchLevel, Mode}),
        (("1.8.0-MISSING-TYPEID-0", "1.8.0"), Wiz, {Switch, SwitchLevel, Mode}),
        (SOCKET, WizSocket, {Switch}),
    ],
)
async def test_each_kind_has_its_driver(
    kind: tuple[str, str], driver: type[Wiz], capabilities: set[type], hub_port: int
) -> None:
    async with light(kind, hub_port) as (emulator, device):
        assert type(device.driver) is driver
        main = device.profile.components["main"]
        assert set(main.capabilities) == capabilities
        assert main.category == ("outlet" if driver is WizSocket else "")
        assert device.identity.unique_id == device.identity.mac == emulator.id
        assert device.identity.firmware == kind[1]
        assert device.identity.manufacturer == "WiZ"
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True
        await shows(device, Switch.switch, True)
        assert not device.counts["driver_errors"]
        assert not device.state.rejected


@pytest.mark.parametrize(
    ("kind", "kelvins"),
    [
        (COLOR, (2200, 6500)),
        (WHITE, (2700, 5000)),
        (("ESP05_SHTW_21", "1.10.0"), (2700, 6500)),
        (("ESP03_SHRGB3_01ABI", "1.16.64"), (2700, 6500)),
    ],
)
async def test_its_range_of_white(
    kind: tuple[str, str], kelvins: tuple[int, int], hub_port: int
) -> None:
    async with light(kind, hub_port) as (_, device):
        assert device.state.get(ColorTemperature.color_temperature_range) == kelvins


# told what to do


@pytest.mark.parametrize(
    ("command", "arguments", "pilot", "shown"),
    [
        (SwitchLevel.set_level, {"level": 40}, {"dimming": 40}, {SwitchLevel.level: 40}),
        (SwitchLevel.set_level, {"level": 3}, {"dimming": 10}, {SwitchLevel.level: 10}),
        (
            ColorControl.set_color,
            {"hue": 50, "saturation": 100},
            {"r": 0, "g": 255, "b": 255, "c": 0, "w": 0},
            {ColorControl.hue: 50, ColorControl.saturation: 100},
        ),
        (
            ColorTemperature.set_color_temperature,
            {"temperature": 5000},
            {"temp": 5000},
            {ColorTemperature.color_temperature: 5000, ColorControl.saturation: 0},
        ),
        (Mode.set_mode, {"mode": "Fireplace"}, {"sceneId": 5}, {Mode.mode: "Fireplace"}),
    ],
)
async def test_off_it_is_turned_on_and_does_it(  # noqa: PLR0917
    command: Any,
    arguments: dict[str, Any],
    pilot: dict[str, Any],
    shown: dict[Attribute[Any], Any],
    device: Device,
    emulator: WizEmulator,
) -> None:
    await device.commands.execute(command, arguments)
    assert emulator.pilot == emulator.pilot | pilot | {"state": True}
    for attribute, value in {**shown, Switch.switch: True}.items():
        assert device.state.get(attribute) == value
    assert not device.state.rejected


async def test_level_0_is_off(device: Device, emulator: WizEmulator) -> None:
    await device.commands.execute(SwitchLevel.set_level, {"level": 50})
    await device.commands.execute(SwitchLevel.set_level, {"level": 0})
    assert emulator.pilot["state"] is False
    assert emulator.pilot["dimming"] == 50
    await shows(device, Switch.switch, False)


async def test_every_colour_comes_back(device: Device) -> None:
    for hue in range(0, 100, 7):
        for saturation in (20, 60, 100):
            await device.commands.execute(
                ColorControl.set_color, {"hue": hue, "saturation": saturation}
            )
            assert device.state.get(ColorControl.hue) == pytest.approx(hue, abs=0.5)
            assert device.state.get(ColorControl.saturation) == pytest.approx(saturation, abs=0.5)


async def test_a_scene_is_a_mode_until_something_else(
    device: Device, emulator: WizEmulator
) -> None:
    modes = device.state.get(Mode.supported_modes)
    assert modes is not None
    assert "Ocean" in modes
    assert device.state.get(Mode.mode) == ""
    await device.commands.execute(Mode.set_mode, {"mode": "Ocean"})
    assert device.state.get(Mode.mode) == "Ocean"
    await device.commands.execute(ColorTemperature.set_color_temperature, {"temperature": 3000})
    await shows(device, Mode.mode, "")
    await emulator.change(sceneId=1000)  # one of the app's own
    await shows(device, Mode.mode, "1000")
    with pytest.raises(ArgumentError, match="no scene 'Disco'"):
        await device.commands.execute(Mode.set_mode, {"mode": "Disco"})


async def test_scenes_that_need_colours_are_not_for_white_lights(hub_port: int) -> None:
    async with light(WHITE, hub_port) as (_, device):
        with pytest.raises(ArgumentError, match="no scene 'Ocean'"):
            await device.commands.execute(Mode.set_mode, {"mode": "Ocean"})
        with pytest.raises(UnsupportedError):
            await device.commands.execute(ColorControl.set_color, {"hue": 1, "saturation": 1})


async def test_its_words_for_no(device: Device, emulator: WizEmulator) -> None:
    emulator.refusal = "setPilot"
    with pytest.raises(RefusedError, match="setPilot: Invalid params"):
        await device.commands.execute(ColorTemperature.set_color_temperature, {"temperature": 9000})
    emulator.refusal = ""
    emulator.override = b'{"method":"setPilot","env":"pro","result":{"success":false}}'
    with pytest.raises(RefusedError, match="setPilot: no success"):
        await device.commands.execute(Switch.on, {})
    emulator.override = None
    assert device.available


# what it tells


async def test_a_push_is_followed_without_asking(device: Device, emulator: WizEmulator) -> None:
    asked = len(emulator.log)
    for level in range(10, 50):
        await emulator.change(on=True, dimming=level)
        await shows(device, SwitchLevel.level, level)
    await emulator.change(r=255, g=0, b=0, c=0, w=255)
    await shows(device, ColorControl.saturation, 50)
    await emulator.change(temp=4200)
    await shows(device, ColorTemperature.color_temperature, 4200)
    assert device.state.get(ColorControl.saturation) == 0
    assert len(emulator.log) == asked


async def test_a_command_that_is_pushed_is_not_read_back(
    device: Device, emulator: WizEmulator
) -> None:
    await emulator.change(dimming=44)
    await shows(device, SwitchLevel.level, 44)
    asked = len(emulator.log)
    await device.commands.execute(Switch.on, {})
    assert device.state.get(Switch.switch) is True
    assert [r.method for r in emulator.log[asked:]] == ["setPilot"]


async def test_a_command_whose_push_is_lost_is_read_back(
    device: Device, emulator: WizEmulator
) -> None:
    await emulator.change(dimming=44)
    await shows(device, SwitchLevel.level, 44)
    emulator.clients.clear()
    await device.commands.execute(Switch.on, {})
    assert device.state.get(Switch.switch) is True
    assert emulator.log[-1].method == "getPilot"


async def test_one_that_never_pushed_is_read_back_at_once(
    device: Device, emulator: WizEmulator
) -> None:
    emulator.clients.clear()
    begun = now()
    await device.commands.execute(Switch.on, {})
    assert now() - begun < Wiz.confirm_within * CONFIRM_WAITS[0]
    assert device.state.get(Switch.switch) is True


async def test_it_is_told_who_wants_to_know_and_who_no_longer(
    emulator: WizEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = sys.modules[Wiz.__module__]
    monkeypatch.setattr(module, "REGISTRATION_INTERVAL", 0.1)
    async with driven(Wiz, Address(emulator.host, emulator.port)) as device:
        assert emulator.clients == {"127.0.0.1"}
        emulator.clients.clear()
        await until(lambda: emulator.clients)
        await emulator.change(on=True)
        await shows(device, Switch.switch, True)
    assert emulator.clients == set()


@pytest.mark.usefixtures("polled")
async def test_one_that_takes_no_registration_is_polled(emulator: WizEmulator) -> None:
    emulator.refusal = "registration"
    async with driven(Wiz, Address(emulator.host, emulator.port)) as device:
        await emulator.change(on=True)
        await shows(device, Switch.switch, True)


async def test_after_a_power_cut_it_is_registered_at_once(
    device: Device, emulator: WizEmulator
) -> None:
    await emulator.restart()
    emulator.enter({"state": True})
    emulator.clients.add("127.0.0.1")
    emulator.say({"method": "firstBeat", "env": "pro", "params": {"mac": emulator.id}})
    emulator.clients.clear()
    await until(lambda: emulator.clients)
    await shows(device, Switch.switch, True)


async def test_restarts_of_others_are_not_taken(device: Device, emulator: WizEmulator) -> None:
    emulator.log.clear()
    for params in ({}, {"mac": "a8bb50ffffff"}, None):
        emulator.say({"method": "firstBeat", "params": params})
    emulator.push(mac="a8bb50ffffff")
    emulator.say({"method": "syncPilot", "params": {}})
    await asyncio.sleep(1)
    assert not [request for request in emulator.log if request.method == "registration"]
    assert not device.driver.memory.pushes


async def test_the_pushes_of_others_are_not_taken(device: Device, emulator: WizEmulator) -> None:
    emulator.push(mac="a8bb50ffffff", state=True)
    emulator.push(mac=None, state=True)
    emulator.push(dimming=77)
    await shows(device, SwitchLevel.level, 77)
    assert device.state.get(Switch.switch) is False


async def test_two_lights_share_the_port(hub_port: int) -> None:
    async with (
        WizEmulator(hub_port=hub_port) as one,
        WizEmulator(*SOCKET, host="127.0.0.2", hub_port=hub_port) as other,
    ):
        other.id = "a8bb50040506"
        async with (
            driven(Wiz, Address(one.host, one.port)) as light_,
            driven(Wiz, Address(other.host, other.port)) as plug,
        ):
            await one.change(on=True)
            await shows(light_, Switch.switch, True)
            assert plug.state.get(Switch.switch) is False
            await other.change(on=True)
            await shows(plug, Switch.switch, True)


@pytest.mark.usefixtures("polled")
async def test_where_another_program_has_the_port_it_is_polled(
    hub_port: int, emulator: WizEmulator
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("", hub_port))
        async with driven(Wiz, Address(emulator.host, emulator.port)) as device:
            await device.commands.execute(Switch.on, {})
            assert emulator.pilot["state"] is True
            await emulator.change(on=False)
            await shows(device, Switch.switch, False)


async def test_an_answer_that_comes_twice_or_late_is_nobody_elses(
    device: Device, emulator: WizEmulator
) -> None:
    known = device.state.values()
    before = sum(device.counts["ignored_messages"].values())
    stale = b'{"method":"getPilot","result":{"mac":"a8bb50010203","state":true,"dimming":99}}'
    emulator.say(stale)
    emulator.say(b'{"method":"setPilot","env":"pro","result":{"success":true}}')
    await until(lambda: sum(device.counts["ignored_messages"].values()) >= before + 2)
    assert device.state.values() == known
    await device.commands.execute(Switch.on, {})
    assert emulator.pilot["state"] is True


async def test_an_answer_with_another_number_is_not_ours(
    device: Device, emulator: WizEmulator
) -> None:
    emulator.override = b'{"method":"setPilot","id":999999,"result":{"success":true}}'
    with pytest.raises(TimedOutError):
        await device.commands.execute(Switch.on, {})


@pytest.mark.parametrize(
    "pilot",
    [
        {"state": "on", "dimming": 101, "sceneId": [], "temp": "warm"},
        {"state": 1, "dimming": True, "sceneId": "Ocean", "temp": 1e9},
        {"state": None, "dimming": None, "sceneId": None, "r": 256, "g": 0, "b": 0},
        {"state": {}, "dimming": [1], "sceneId": {}, "r": "red"},
        {"r": 1, "g": 2, "sceneId": 0},
    ],
)
async def test_wrong_values_stay_out(
    pilot: dict[str, Any], device: Device, emulator: WizEmulator
) -> None:
    known = device.state.values()
    told = {"mac": emulator.id, **pilot}
    emulator.say({"method": "syncPilot", "params": told})
    await until(lambda: device.state.rejected)
    assert device.state.values() == known
    assert not device.counts["driver_errors"]
    emulator.push(dimming=33)
    await shows(device, SwitchLevel.level, 33)


async def test_garbage_is_counted_and_does_no_harm(device: Device, emulator: WizEmulator) -> None:
    for message in (b"garbage", b"test", b"[1]", b'"x"', b"null", b"\xff", b'{"method":[]}'):
        emulator.say(message)
    emulator.say({"method": "syncPilot"})
    emulator.say({"method": "syncPilot", "params": [1]})
    emulator.push(dimming=33)
    await shows(device, SwitchLevel.level, 33)
    assert device.counts["ignored_messages"]["a datagram that cannot be decoded"] == 3
    assert not device.counts["driver_errors"]
    assert device.available


@pytest.mark.parametrize("result", ["{}", '{"mac": 1}', '{"mac": ""}', "[]", '"x"', "null"])
async def test_one_that_does_not_say_who_it_is_is_refused(
    result: str, emulator: WizEmulator
) -> None:
    emulator.override = b'{"method":"getSystemConfig","result":' + result.encode() + b"}"
    device = Device(Wiz, Record())
    with pytest.raises(ReplyError, match="reports no MAC address"):
        await device.check(Address(emulator.host, emulator.port))


async def test_a_sign_of_life_shows_what_no_news_told(
    device: Device, emulator: WizEmulator
) -> None:
    emulator.pilot["state"] = not emulator.pilot["state"]  # told by nobody
    await device._session.liveness.ping()
    assert device.state.get(Switch.switch) is emulator.pilot["state"]
