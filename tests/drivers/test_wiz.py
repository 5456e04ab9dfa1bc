"""WiZ, at pywizlight's fake bulb: `tests.emulators.wiz` says what we put around it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
import copy
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
    FanIntent,
    FanSpeed,
    Mode,
    PowerMeter,
    Record,
    RefusedError,
    ReplyError,
    Switch,
    SwitchLevel,
    TimedOutError,
    UdpProbe,
    UnsupportedError,
    Wind,
    WindMode,
    dhcp_sighting,
    udp_probe,
)
from lan_edge.device.commands import CONFIRM_WAITS
from lan_edge.device.optional_readings import SOONEST_AGAIN
from lan_edge.drivers.wiz import Wiz, WizColor, WizSocket, WizWhite
from lan_edge.drivers.wiz.fans import FAN, FanDirection
from lan_edge.drivers.wiz.pilot import HEADS, MAX_SEEN, SCENES
from tests.bundled import match
from tests.clock import now
from tests.emulators.wiz import WizEmulator
from tests.ports import free_port

from .contract import IdentityContract, SwitchContract
from .house import driven, shows, until

PROBE = sys.modules[udp_probe.__module__]  # the package's `udp_probe` is the function
COLOR = ("ESP01_SHRGB_03", "1.25.0")
OLD_COLOR = ("ESP20_SHRGB_01ABI", "1.21.4")
WHITE = ("ESP21_SHTW_01", "1.25.0")
DIM = ("ESP05_SHDW_21", "1.25.0")
SOCKET = ("ESP10_SOCKET_06", "1.25.0")
METERED_SOCKET = ("ESP25_SOCKET_01", "1.26.2")
TWO_HEADS = ("ESP20_DHRGB_01", "1.35.0")
CEILING_FAN = ("ESP03_FANDIMS_31", "1.31.32")


@pytest.fixture(autouse=True)
def hub_port(monkeypatch: pytest.MonkeyPatch) -> int:
    """Return a port for pushes: the real one may be somebody's on this machine."""
    port = free_port()
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
    monkeypatch.setattr(PROBE, "PROBE_INTERVAL", 0.05)
    sightings = await udp_probe([asked], hosts=["127.0.0.1"], timeout=0.3)
    assert len(sightings) == 2  # what it says first is a late answer to another question
    (matched,) = filter(None, map(asked.match, sightings))
    assert matched.unique_id == emulator.id
    assert matched.address == Address("127.0.0.1", emulator.port)
    assert {r.method for r in emulator.log} == {"registration"}
    assert emulator.clients == set()
    async with driven(Wiz, matched.address, emulator.id):
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
        await shows(device, ColorTemperature.color_temperature_range, kelvins)


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
    await emulator.change(sceneId=5)
    await shows(device, Mode.mode, "Fireplace")
    with pytest.raises(ArgumentError, match="'Disco' is not one of"):
        await device.commands.execute(Mode.set_mode, {"mode": "Disco"})


async def test_scenes_that_need_colours_are_not_for_white_lights(hub_port: int) -> None:
    async with light(WHITE, hub_port) as (_, device):
        with pytest.raises(ArgumentError, match="'Ocean' is not one of"):
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


@pytest.mark.parametrize(
    ("kind", "scene", "name"),
    [
        (COLOR, 33, "Diwali"),
        (COLOR, 34, "White"),
        (COLOR, 35, "Alarm"),
        (COLOR, 36, "Snowy sky"),
        (COLOR, 40, "Dim-to-warm"),
        (COLOR, 256, "Custom mode 1"),
        (COLOR, 265, "Custom mode 10"),
        (COLOR, 1000, "Rhythm"),
        (COLOR, 77, "77"),
        (WHITE, 40, "Dim-to-warm"),
        (WHITE, 1, "Ocean"),
        (DIM, 34, "White"),
    ],
)
async def test_what_is_shown_of_scenes_can_be_asked_for(
    kind: tuple[str, str], scene: int, name: str, hub_port: int
) -> None:
    async with light(kind, hub_port, sceneId=scene) as (emulator, device):
        assert device.state.get(Mode.mode) == name
        modes = device.state.get(Mode.supported_modes)
        assert modes is not None
        assert modes.count(name) == 1
        await device.commands.execute(Mode.set_mode, {"mode": modes[0]})
        await device.commands.execute(Mode.set_mode, {"mode": name})
        assert emulator.pilot["sceneId"] == scene
        stored = Record.from_dict(device.record.as_dict())
        assert scene in (*WizColor.scenes, *stored.fields["seen"])
        assert not device.state.rejected


async def test_not_all_scenes_that_were_ever_seen_are_kept(
    device: Device, emulator: WizEmulator
) -> None:
    for scene in range(100, 130):
        await emulator.change(sceneId=scene)
        await shows(device, Mode.mode, str(scene))
    assert device.state.get(Mode.supported_modes) == (
        *(SCENES[scene] for scene in WizColor.scenes),
        *(str(scene) for scene in range(130 - MAX_SEEN, 130)),
    )


@pytest.mark.parametrize(
    "without",
    [{"r": 255, "g": 0, "b": 0, "c": 0, "w": 0}, {"temp": 3000}, {"r": 1, "g": 2, "b": 3}],
)
async def test_a_colour_without_a_scene_ends_it(
    without: dict[str, int], device: Device, emulator: WizEmulator
) -> None:
    await device.commands.execute(Mode.set_mode, {"mode": "Ocean"})
    emulator.say({"method": "syncPilot", "params": {"mac": emulator.id, "state": True, **without}})
    await shows(device, Mode.mode, "")


async def test_a_rhythm_is_not_the_scene_that_it_sets(
    device: Device, emulator: WizEmulator
) -> None:
    await emulator.change(sceneId=11, schdPsetId=4)
    await shows(device, Mode.mode, "Rhythm")


# two heads


@pytest.fixture
async def heads(hub_port: int) -> AsyncGenerator[WizEmulator]:
    async with WizEmulator(*TWO_HEADS, hub_port=hub_port) as made:
        made.second = {"state": False, "dimming": 30, "sceneId": 0, "temp": 5000}
        made.enter({"state": True, "dimming": 80, "temp": 2700})
        yield made


@pytest.fixture
async def two_heads(heads: WizEmulator) -> AsyncGenerator[Device]:
    async with driven(Wiz, Address(heads.host, heads.port)) as made:
        yield made


def told(device: Device) -> tuple[Any, Any, Any]:
    state = device.state
    return (
        state.get(Switch.switch),
        state.get(SwitchLevel.level),
        state.get(ColorTemperature.color_temperature),
    )


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ({"state": True, "dimming": 70}, {"state": True, "dimming": 20}, (True, 70, 2700)),
        ({"state": True, "dimming": 70}, {"state": False, "dimming": 20}, (True, 70, 2700)),
        ({"state": False, "dimming": 70}, {"state": True, "dimming": 20}, (True, 20, 5000)),
        ({"state": False, "dimming": 70}, {"state": False, "dimming": 20}, (False, 70, 2700)),
    ],
)
async def test_two_heads_are_on_while_one_is(
    first: dict[str, Any],
    second: dict[str, Any],
    shown: tuple[bool, int, int],
    two_heads: Device,
    heads: WizEmulator,
) -> None:
    assert told(two_heads) == (True, 80, 2700)
    assert heads.second is not None
    heads.second |= second
    heads.enter(first)
    heads.push()
    await until(lambda: told(two_heads) == shown)
    assert heads.second is not None
    heads.second |= {"dimming": 44}
    heads.clients.clear()
    await two_heads.commands.refresh()  # which a push does not have to come for
    level = 44 if shown[1] == 20 else shown[1]
    assert told(two_heads) == (shown[0], level, shown[2])
    assert not two_heads.state.rejected


async def test_both_heads_are_switched(two_heads: Device, heads: WizEmulator) -> None:
    await two_heads.commands.execute(Switch.off, {})
    assert heads.second is not None
    assert (heads.pilot["state"], heads.second["state"]) == (False, False)
    await shows(two_heads, Switch.switch, False)
    await two_heads.commands.execute(SwitchLevel.set_level, {"level": 50})
    assert (heads.pilot["dimming"], heads.second["dimming"]) == (50, 50)
    await shows(two_heads, Switch.switch, True)


async def test_a_push_that_does_not_say_of_which_head_is_read(
    two_heads: Device, heads: WizEmulator
) -> None:
    heads.say({"method": "syncPilot", "params": {"mac": heads.id, "state": False}})
    heads.push()
    await shows(two_heads, SwitchLevel.level, 80)
    heads.enter({"dimming": 81})  # told by nobody
    heads.say({"method": "syncPilot", "params": {"mac": heads.id, "state": False}})
    await shows(two_heads, SwitchLevel.level, 81)
    assert two_heads.state.get(Switch.switch) is True


@pytest.mark.parametrize("how", ["refused", "unanswered", "both at once"])
async def test_heads_that_cannot_be_read_are_pushed(how: str, heads: WizEmulator) -> None:
    second, heads.second = heads.second, None
    if how == "both at once":
        heads.enter({"ratio": 50})
    heads.heads_unanswered, heads.heads_refused = how == "unanswered", how == "refused"
    async with driven(Wiz, Address(heads.host, heads.port)) as device:
        assert told(device) == (True, 80, 2700)
        asked = len(heads.log)
        await device.commands.refresh()
        assert len(heads.log) - asked <= 2
        assert second is not None
        params = {"mac": heads.id, **second, "devices": 2, "state": True}
        heads.say({"method": "syncPilot", "params": {**params, "devices": 1, "state": False}})
        heads.say({"method": "syncPilot", "params": params})
        await until(lambda: told(device) == (True, 30, 5000))
        heads.enter({"state": False})
        await device.commands.refresh()
        assert device.state.get(Switch.switch) is False


def losing_heads(is_over: Callable[[], bool]) -> Callable[[str, bytes], bytes | None]:
    """Lose answers that say of which head they are, until that is over."""

    def rewrite(method: str, data: bytes) -> bytes | None:
        is_of_head = method == "getPilot" and b'"devices"' in data
        return None if is_of_head and not is_over() else data

    return rewrite


async def test_a_heads_reading_that_is_lost_shows_nothing_wrong(
    heads: WizEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where all that is sent again is lost; the first head alone would say that it is off."""
    monkeypatch.setattr(Wiz, "poll", 10)
    monkeypatch.setattr(Wiz, "options", replace(Wiz.options, timeout=2.0, resend=0.25))
    async with driven(Wiz, Address(heads.host, heads.port)) as device:
        assert heads.second is not None
        heads.second |= {"state": True}
        heads.enter({"state": False})
        heads.push()
        await until(lambda: told(device) == (True, 30, 5000))
        shown = list[object]()
        device.state.subscribe(Switch.switch, "main", lambda: shown.append(told(device)[0]))
        heads.second |= {"dimming": 31}  # told by nobody
        heads.faults.rewrite = losing_heads(lambda: len(device.failed_readings) == len(HEADS))
        await asyncio.sleep(11 + Wiz.options.answers_within)
        await until(lambda: told(device) == (True, 31, 5000))
        assert not shown
        assert (device.connection.attempts, device.history.drops) == (1, 0)


@pytest.mark.parametrize("lost", [1, 2])
@pytest.mark.parametrize("pushes", [True, False])
async def test_a_command_does_not_fail_by_a_heads_reading_that_is_lost(
    pushes: bool, lost: int, two_heads: Device, heads: WizEmulator
) -> None:
    if not pushes:
        heads.clients.clear()
        two_heads.driver.memory.pushes = False
    heads.faults.rewrite = losing_heads(lambda: len(two_heads.failed_readings) >= lost)
    await two_heads.commands.execute(SwitchLevel.set_level, {"level": 44})
    await shows(two_heads, SwitchLevel.level, 44)
    assert two_heads.connection.attempts == 1


async def test_heads_that_are_no_longer_read_are_taken_as_one(
    two_heads: Device, heads: WizEmulator
) -> None:
    heads.clients.clear()
    heads.heads_unanswered = True
    heads.enter({"state": False})
    await two_heads.commands.refresh()
    assert told(two_heads)[0] is True
    await two_heads.commands.refresh()
    assert told(two_heads)[0] is False
    assert two_heads.available
    heads.heads_unanswered = False
    assert heads.second is not None
    heads.second |= {"state": True}
    await until(lambda: told(two_heads) == (True, 30, 5000))


async def test_a_light_with_one_head_may_say_so(device: Device, emulator: WizEmulator) -> None:
    emulator.tags_single_head = True
    for level in (20, 30):
        await emulator.change(on=True, dimming=level)
        await shows(device, SwitchLevel.level, level)
    emulator.pilot["dimming"] = 40
    await device.commands.refresh()
    assert device.state.get(SwitchLevel.level) == 40
    await device.commands.execute(Switch.off, {})
    assert device.state.get(Switch.switch) is False


# fans


@pytest.mark.parametrize(
    ("pilot", "shown"),
    [
        (
            {"fanState": 1, "fanSpeed": 3, "fanMode": 2, "fanRevrs": 1},
            {
                Switch.switch: True,
                FanSpeed.fan_speed: 3,
                FanSpeed.fan_speed_range: (0, 6),
                WindMode.wind_mode: Wind.NATURAL_WIND,
                FanDirection.reverse: True,
            },
        ),
        ({"fanState": 0, "fanSpeed": 2}, {Switch.switch: False, FanSpeed.fan_speed: 0}),
        ({"fanState": 1}, {Switch.switch: True, FanSpeed.fan_speed: None}),
    ],
)
async def test_a_fan_is_shown_as_far_as_it_is_reported(
    pilot: dict[str, int], shown: dict[Attribute[Any], Any], hub_port: int
) -> None:
    async with light(CEILING_FAN, hub_port, state=True, dimming=60, **pilot) as (_, device):
        assert device.state.get(SwitchLevel.level) == 60
        for attribute, value in shown.items():
            assert device.state.get(attribute, FAN) == value
        assert len(device.profile.components[FAN].capabilities) == len(pilot)
        assert not device.state.rejected


@pytest.mark.parametrize(
    ("intent", "sent"),
    [
        (FanIntent(on=True), {"fanState": 1}),
        (FanIntent(on=False), {"fanState": 0}),
        (FanIntent(speed=0), {"fanState": 0}),
        (FanIntent(speed=4), {"fanState": 1, "fanSpeed": 4, "fanMode": 1}),
        (FanIntent(wind=Wind.NATURAL_WIND), {"fanState": 1, "fanMode": 2}),
        (
            FanIntent(on=True, speed=2, wind=Wind.NATURAL_WIND),
            {"fanState": 1, "fanSpeed": 2, "fanMode": 2},
        ),
    ],
)
async def test_a_fan_does_what_is_asked(
    intent: FanIntent, sent: dict[str, int], hub_port: int
) -> None:
    fan = {"fanState": 1, "fanSpeed": 1, "fanMode": 1, "fanRevrs": 0}
    async with light(CEILING_FAN, hub_port, **fan) as (emulator, device):
        await device.commands.perform(intent, FAN)
        assert [r.params for r in emulator.log if r.method == "setPilot"] == [sent]
        assert emulator.pilot == emulator.pilot | sent
        assert emulator.pilot["state"] is False
        await device.commands.execute(Switch.off, {}, FAN)
        await device.commands.execute(FanDirection.set_reverse, {"reverse": True}, FAN)
        assert (emulator.pilot["fanState"], emulator.pilot["fanRevrs"]) == (0, 1)
        assert device.state.get(Switch.switch, FAN) is False
        with pytest.raises(ArgumentError):
            await device.commands.perform(FanIntent(wind=Wind.SLEEP_WIND), FAN)


# the power of a socket


@pytest.mark.parametrize(
    ("kind", "pilot", "watts"),
    [
        (SOCKET, {"pc": 660}, 0.66),
        (SOCKET, {"pc": 0}, 0.0),
        (SOCKET, {}, None),
        (METERED_SOCKET, {}, 1065.385),
        (METERED_SOCKET, {"pc": 4200}, 4.2),
    ],
)
async def test_the_power_of_a_socket_is_shown_where_it_is_reported(
    kind: tuple[str, str], pilot: dict[str, Any], watts: float | None, hub_port: int
) -> None:
    async with light(kind, hub_port, **pilot) as (emulator, device):
        await until(lambda: device.state.get(PowerMeter.power) == watts)
        expected = (Switch,) if watts is None else (Switch, PowerMeter)
        assert device.profile.components["main"].capabilities == expected
        await emulator.change(on=True, pc=1500)
        await shows(device, PowerMeter.power, 1.5)
        await device.commands.execute(Switch.off, {})
        assert not device.state.rejected


async def test_the_power_is_read_again_with_the_state(hub_port: int) -> None:
    async with light(METERED_SOCKET, hub_port) as (emulator, device):
        await shows(device, PowerMeter.power, 1065.385)
        emulator.get_power = {"method": "getPower", "result": {"power": 5000}}
        await device.commands.refresh()
        assert device.state.get(PowerMeter.power) == 5


# what it leaves without an answer


@pytest.mark.parametrize("kind", [WHITE, SOCKET], ids=lambda kind: kind[0])
@pytest.mark.parametrize(
    "methods",
    [
        {"registration"},
        {"getModelConfig"},
        {"getUserConfig"},
        {"getModelConfig", "getUserConfig"},
        {"registration", "getModelConfig", "getUserConfig", "getPower"},
    ],
)
async def test_side_questions_without_an_answer(
    methods: set[str], kind: tuple[str, str], hub_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Wiz, "poll", 5)
    async with WizEmulator(*kind, hub_port=hub_port) as emulator:
        emulator.unanswered |= methods
        begun = now()
        async with driven(Wiz, Address(emulator.host, emulator.port)) as device:
            assert now() - begun < Wiz.options.answers_within
            await device.commands.execute(Switch.on, {})
            assert emulator.pilot["state"] is True
            assert device.state.get(Switch.switch) is True
            await emulator.change(on=False)
            await shows(device, Switch.switch, False)
            await asyncio.sleep(12)
            assert device.available
            assert device.connection.attempts == 1
            if "registration" not in methods:
                assert device.driver.memory.pushes


@pytest.mark.parametrize("kind", [COLOR, METERED_SOCKET], ids=lambda kind: kind[0])
async def test_only_what_it_is_for_is_needed(kind: tuple[str, str], hub_port: int) -> None:
    async with WizEmulator(*kind, hub_port=hub_port) as emulator:
        emulator.faults.bare = True
        async with driven(Wiz, Address(emulator.host, emulator.port)) as device:
            await device.commands.execute(Switch.on, {})
            assert device.state.get(Switch.switch) is emulator.pilot["state"] is True
            await emulator.change(on=False)
            await shows(device, Switch.switch, False)


async def test_a_range_that_is_not_reported_is_the_usual_one(hub_port: int) -> None:
    async with WizEmulator(*WHITE, hub_port=hub_port) as emulator:
        emulator.unanswered |= {"getModelConfig", "getUserConfig"}
        async with driven(Wiz, Address(emulator.host, emulator.port)) as device:
            await shows(device, ColorTemperature.color_temperature_range, (2200, 6500))


async def test_an_older_question_is_asked_if_the_newer_is_not_answered(hub_port: int) -> None:
    async with WizEmulator("ESP03_SHRGB3_01ABI", "1.16.64", hub_port=hub_port) as emulator:
        emulator.unanswered.add("getModelConfig")
        async with driven(Wiz, Address(emulator.host, emulator.port)) as device:
            kelvins = device.state.get(ColorTemperature.color_temperature_range)
            assert kelvins == (2700, 6500)


async def test_what_was_not_answered_is_asked_again_later(hub_port: int) -> None:
    async with WizEmulator(*WHITE, hub_port=hub_port) as emulator:
        emulator.unanswered |= {"getModelConfig", "getUserConfig"}
        async with driven(Wiz, Address(emulator.host, emulator.port)) as device:
            assert {each["reading"] for each in device.failed_readings} == {
                "ask getModelConfig",
                "ask getUserConfig",
            }
            emulator.unanswered.clear()
            await asyncio.sleep(SOONEST_AGAIN + 1)
            kelvins = ColorTemperature.color_temperature_range
            await until(lambda: device.state.get(kelvins) == (2700, 5000))
            assert not device.failed_readings
            again = Device(Wiz, Record.from_dict(device.record.as_dict()))
            assert again.driver.memory.kelvins == (2700, 5000)


async def test_a_meter_that_refuses_later_is_unknown(hub_port: int) -> None:
    async with light(METERED_SOCKET, hub_port) as (emulator, device):
        assert device.state.get(PowerMeter.power) == 1065.385
        emulator.refusal = "getPower"
        await device.commands.refresh()
        assert device.state.get(PowerMeter.power) is None
        assert PowerMeter in device.profile.components["main"].capabilities
        await device.commands.execute(Switch.on, {})
        assert device.state.get(Switch.switch) is True
        emulator.refusal = ""
        await asyncio.sleep(SOONEST_AGAIN + 1)
        await shows(device, PowerMeter.power, 1065.385)


@pytest.mark.parametrize("wrong", [None, "x", [1], {}, -1, 1e9])
@pytest.mark.parametrize(
    ("name", "attribute", "part"),
    [
        ("state", Switch.switch, "main"),
        ("dimming", SwitchLevel.level, "main"),
        ("temp", ColorTemperature.color_temperature, "main"),
        ("sceneId", Mode.mode, "main"),
        ("r", ColorControl.hue, "main"),
        ("fanState", Switch.switch, FAN),
        ("fanSpeed", FanSpeed.fan_speed, FAN),
        ("fanMode", WindMode.wind_mode, FAN),
        ("fanRevrs", FanDirection.reverse, FAN),
    ],
)
async def test_a_field_that_is_wrong_is_unknown(
    name: str, attribute: Attribute[Any], part: str, wrong: object, hub_port: int
) -> None:
    color = {"r": 255, "g": 9, "b": 0, "c": 0, "w": 0} if name == "r" else {"temp": 4000}
    fan = {"fanState": 1, "fanSpeed": 2, "fanMode": 1, "fanRevrs": 0}
    async with light(COLOR, hub_port, state=True, **color, **fan) as (emulator, device):
        others = device.state.values()
        known = others.pop((part, attribute.id))
        emulator.pilot[name] = wrong
        await device.commands.refresh()
        values = device.state.values()
        assert values.get((part, attribute.id)) is None
        related = {("main", ColorControl.saturation.id), ("main", Mode.supported_modes.id)}
        for key in others.keys() - related:
            assert values.get(key) == others[key]
        assert device.available
        assert not device.counts["driver_errors"]
        emulator.pilot.update(color | fan | {"state": True, "dimming": 13, "sceneId": 0})
        await device.commands.refresh()
        assert device.state.get(attribute, part) == known


@pytest.mark.parametrize("kind", [COLOR, SOCKET], ids=lambda kind: kind[0])
@pytest.mark.parametrize("odd", [None, "", "1", 0.5, [1], {}])
async def test_odd_fields_add_nothing(kind: tuple[str, str], odd: object, hub_port: int) -> None:
    names = ("fanState", "fanSpeed", "fanMode", "fanRevrs", "pc", "devices", "schdPsetId")
    async with light(kind, hub_port, state=True) as (emulator, device):
        known, profile = device.state.values(), device.profile
        emulator.pilot.update(dict.fromkeys(names, odd))
        await device.commands.refresh()
        emulator.push()
        emulator.push(dimming=33)
        await until(lambda: kind is SOCKET or device.state.get(SwitchLevel.level) == 33)
        assert device.profile == profile
        values = device.state.values()
        level = ("main", SwitchLevel.level.id)
        assert values | {level: 0} == known | {level: 0}


async def test_what_a_push_leaves_out_is_unchanged(device: Device, emulator: WizEmulator) -> None:
    await emulator.change(on=True, temp=3300, dimming=55)
    await shows(device, SwitchLevel.level, 55)
    known = device.state.values()
    emulator.say({"method": "syncPilot", "params": {"mac": emulator.id, "dimming": 56}})
    await shows(device, SwitchLevel.level, 56)
    assert device.state.values() == known | {("main", SwitchLevel.level.id): 56}
    emulator.say({"method": "syncPilot", "params": {"mac": emulator.id, "sceneId": 5}})
    await shows(device, Mode.mode, "Fireplace")
    assert device.state.get(ColorTemperature.color_temperature) is None  # it has colours of its own
    assert device.state.get(SwitchLevel.level) == 56


async def test_a_push_without_its_colour_is_read(device: Device, emulator: WizEmulator) -> None:
    """As motion sensors cause them: https://github.com/sbidy/pywizlight/pull/114."""
    await emulator.change(on=False, temp=3300)
    await shows(device, ColorTemperature.color_temperature, 3300)
    emulator.enter({"state": True, "temp": 3400})
    began = now()
    pushed = {"mac": emulator.id, "rssi": -70, "src": "pir", "state": True, "sceneId": 0}
    emulator.say({"method": "syncPilot", "params": pushed})
    await shows(device, Switch.switch, True)
    await shows(device, ColorTemperature.color_temperature, 3400)
    assert now() - began < 0.5


async def test_how_many_speeds_a_fan_has(hub_port: int) -> None:
    async with WizEmulator(*CEILING_FAN, hub_port=hub_port) as emulator:
        emulator.model_config = copy.deepcopy(emulator.model_config)
        emulator.model_config["result"]["fanSpeed"] = 4
        emulator.enter({"fanState": 1, "fanSpeed": 4})
        async with driven(Wiz, Address(emulator.host, emulator.port)) as device:
            await device.commands.refresh()
            assert device.state.get(FanSpeed.fan_speed_range, FAN) == (0, 4)


async def test_a_module_without_a_name(hub_port: int) -> None:
    async with WizEmulator(*COLOR, hub_port=hub_port) as emulator:
        emulator.sys_config["result"] |= {"moduleName": None, "fwVersion": None}
        async with driven(Wiz, Address(emulator.host, emulator.port)) as device:
            assert (device.identity.model, device.identity.firmware) == ("", "")
            assert type(device.driver) is Wiz


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
    assert device.state.values().items() <= known.items()  # what is wrong is unknown
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
