"""Yeelight, at its emulator: the vendor's document, not a light of ours."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
import json
from typing import Any, cast

import pytest

from lan_edge import (
    Address,
    ArgumentError,
    Attribute,
    ColorControl,
    ColorTemperature,
    Device,
    Identity,
    JsonRpc,
    LightIntent,
    Mode,
    Record,
    RefusedError,
    ReplyError,
    Sighting,
    Switch,
    SwitchLevel,
    UnsupportedError,
    location_address,
    ssdp_search,
)
from lan_edge.device.optional_readings import SOONEST_AGAIN
from lan_edge.drivers.yeelight import SETTLED, Yeelight, YeelightCeiling, YeelightMono
from lan_edge.drivers.yeelight.props import BACKGROUND, PROPS
from tests.bundled import match
from tests.clock import now
from tests.emulators.ssdp import listening_socket
from tests.emulators.yeelight import LIMITS, MODELS, PORT, TARGET, Model, YeelightEmulator

from .contract import SwitchContract
from .house import driven, until

ID = "0x000000000015243f"
ON: dict[str, Any] = {"on": True}


@pytest.fixture(autouse=True)
def impatient_yeelight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Yeelight, "options", replace(Yeelight.options, timeout=0.3))


@asynccontextmanager
async def light(
    model: str = "color", *, told: str | None = None, **state: Any
) -> AsyncGenerator[tuple[YeelightEmulator, Device]]:
    """Drive a light of a model; `told` is the `support` that discovery told."""
    async with YeelightEmulator(id=ID, model=model) as made:
        made.apply(state)
        record = Record(Identity(ID, model=model), (Address(made.host, made.port),))
        record.fields |= {} if told is None else {"support": told}
        device = Device(Yeelight, record)
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            yield made, device
        finally:
            await device.stop()


@pytest.fixture
async def emulator() -> AsyncGenerator[YeelightEmulator]:
    async with YeelightEmulator(id=ID) as made:
        yield made


@pytest.fixture
async def device(emulator: YeelightEmulator) -> AsyncGenerator[Device]:
    async with driven(Yeelight, Address(emulator.host, emulator.port), ID) as made:
        yield made


class TestYeelight(SwitchContract):
    """What every switch does."""


def capabilities(device: Device) -> set[type]:
    return set(device.profile.components["main"].capabilities)


async def shows(device: Device, attribute: Attribute[Any], value: object) -> None:
    await until(lambda: device.state.get(attribute) == value)


def sent(emulator: YeelightEmulator) -> list[tuple[str, Any]]:
    return [(r.command, r.params) for r in emulator.log if r.command != "get_prop"]


# found


async def test_a_search_finds_it_and_tells_what_it_is() -> None:
    async with YeelightEmulator(announce=True, name="Desk") as emulator:
        found = await ssdp_search([TARGET], ["127.0.0.1"], port=PORT, timeout=1)
        (sighting,) = [s for s in found if s.values["headers"].get("id") == emulator.id]
        (candidate,) = match(sighting)
        told = candidate.match
        record = Record(Identity(told.unique_id), (told.address,), fields=dict(told.fields))
        device = Device(candidate.driver, record)
        identity = await device.check(told.address)
    assert candidate.driver is Yeelight
    assert (identity.manufacturer, identity.firmware) == ("Yeelight", "18")
    assert identity.unique_id == told.unique_id == emulator.id
    assert capabilities(device) == {Switch, SwitchLevel, ColorControl, ColorTemperature}
    assert told.address == Address("127.0.0.1", emulator.port)
    assert (told.name, told.manufacturer, told.model) == ("Desk", "Yeelight", "color")
    assert told.fields == {"support": MODELS["color"].support, "firmware": "18"}


def test_it_is_searched_for_where_it_answers() -> None:
    (matcher,) = Yeelight.discovery
    assert (matcher.target, matcher.search, matcher.search_port) == (TARGET, True, PORT)


async def test_its_advertisement_is_a_sighting() -> None:
    loop = asyncio.get_running_loop()
    sock = listening_socket("127.0.0.1", PORT)
    try:
        async with YeelightEmulator(announce=True) as emulator:
            async with asyncio.timeout(2):
                datagram, its_id = b"", emulator.id.encode()
                while not datagram.startswith(b"NOTIFY") or its_id not in datagram:
                    datagram = await loop.sock_recv(sock, 4096)
    finally:
        sock.close()
    lines = (line.partition(":") for line in datagram.decode().split("\r\n")[1:])
    headers = {k.lower(): v.strip() for k, _, v in lines}
    assert headers["nts"] == "ssdp:alive"
    address = location_address(headers["location"])
    assert address == Address("127.0.0.1", emulator.port)
    # it names no target: the port that it came to does
    sighting = Sighting("ssdp", TARGET, address, "", {"headers": headers})
    assert [c.match.unique_id for c in match(sighting)] == [emulator.id]


@pytest.mark.parametrize(
    "spoilt",
    [(b"M-SEARCH", b"m-search"), (b'"ssdp:discover"', b"ssdp:discover"), (b"bulb", b"BULB")],
)
async def test_the_emulator_keeps_the_documents_rules(spoilt: tuple[bytes, bytes]) -> None:
    good = b'M-SEARCH * HTTP/1.1\r\nMAN: "ssdp:discover"\r\nST: wifi_bulb\r\n'
    announcer = YeelightEmulator(id=ID).new_announcer()
    advertisement = announcer._advertisement  # type: ignore[attr-defined]
    assert len(advertisement.answers(good)) == 1
    assert advertisement.answers(good.replace(*spoilt)) == []


# what it can


@pytest.mark.parametrize("discovered", [True, False])
@pytest.mark.parametrize(
    ("model", "family", "more"),
    [
        ("mono", YeelightMono, set()),
        ("color", Yeelight, {ColorControl, ColorTemperature}),
        ("stripe", Yeelight, {ColorControl, ColorTemperature}),
        ("bslamp", Yeelight, {ColorControl, ColorTemperature}),
        ("bslamp2", Yeelight, {ColorControl, ColorTemperature, Mode}),
        ("ceiling", YeelightCeiling, {ColorTemperature, Mode}),
        ("ceiling4", YeelightCeiling, {ColorTemperature, Mode}),
    ],
)
async def test_each_model_has_what_it_can(
    model: str, family: type[Yeelight], more: set[type], *, discovered: bool
) -> None:
    told = MODELS[model].support if discovered else None
    async with light(model, told=told) as (_, device):
        assert type(device.driver) is family
        assert capabilities(device) == {Switch, SwitchLevel, *more}
        assert not device.state.rejected


async def test_what_discovery_told_counts_more_than_what_it_answers() -> None:
    async with light("color", told="get_prop set_power set_bright set_ct_abx") as (_, device):
        assert capabilities(device) == {Switch, SwitchLevel, ColorTemperature}
        with pytest.raises(UnsupportedError):
            await device.commands.execute(ColorControl.set_color, {"hue": 1, "saturation": 1})


@pytest.mark.parametrize(
    ("model", "kelvins"),
    [
        ("color", (1700, 6500)),
        ("color1", (1700, 6500)),
        ("color2", (2700, 6500)),
        ("color4", (1700, 6500)),
        ("color22", (1700, 6500)),  # not that of color2
        ("ceiling", (2700, 6500)),
        ("ceiling5", (2700, 5700)),
        ("ceiling17", (3000, 5700)),
        ("ceiling22", (2600, 6100)),
        ("ceild", (3000, 6500)),
        ("lamp1", (2700, 5000)),
        ("lamp2", (2500, 4800)),
        ("lamp15", (2700, 6500)),
        ("lamp22", (2700, 6500)),
        ("strip6", (2700, 6500)),
        ("yeelight of the future", (1700, 6500)),
    ],
)
async def test_its_colour_temperatures(
    model: str, kelvins: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MODELS, model, MODELS["ceiling"])
    async with light(model) as (_, device):
        assert device.state.get(ColorTemperature.color_temperature_range) == kelvins


def background(device: Device) -> set[type]:
    return set(device.profile.components[BACKGROUND].capabilities)


@pytest.mark.parametrize(
    "known", [MODELS["ceiling4"].support, MODELS["ceiling4"].support[:256], None]
)
async def test_a_background_light_is_a_light_of_its_own(known: str | None) -> None:
    async with light("ceiling4", told=known, **ON) as (_, device):
        assert background(device) == {Switch, SwitchLevel, ColorControl, ColorTemperature}
        part = device.profile.components[BACKGROUND]
        assert (part.name, part.category, part.child) == ("Background light", "light", False)
        state = device.state
        assert state.get(Switch.switch, BACKGROUND) is False
        assert state.get(SwitchLevel.level, BACKGROUND) == 60
        assert state.get(ColorTemperature.color_temperature, BACKGROUND) == 3000
        assert state.get(ColorTemperature.color_temperature_range, BACKGROUND) == (1700, 6500)
        assert not state.rejected


async def test_its_list_of_methods_is_found_whole() -> None:
    async with YeelightEmulator(announce=True, model="ceiling4") as emulator:
        sightings = await ssdp_search([TARGET], ["127.0.0.1"], port=PORT, timeout=1)
        (sighting,) = [s for s in sightings if s.values["headers"].get("id") == emulator.id]
        (candidate,) = match(sighting)
    support = candidate.match.fields["support"]
    assert (len(support), support) == (356, MODELS["ceiling4"].support)


async def test_what_was_once_reported_is_not_gone_when_it_is_not() -> None:
    async with light("ceiling4", **ON, bg_on=True) as (emulator, device):
        before = background(device), capabilities(device)
        emulator.null_properties |= {"bg_lmode", "bg_ct", "bg_rgb", "bg_hue", "bg_sat", "nl_br"}
        await device.commands.refresh()
        assert (background(device), capabilities(device)) == before
        again = Device(Yeelight, Record.from_dict(device.record.as_dict()))
        again.start()
        try:
            await until(lambda: again.available)
            assert (background(again), capabilities(again)) == before
        finally:
            await again.stop()


# told what to do


@pytest.mark.parametrize(
    ("rate", "effect"), [(None, ["smooth", 300]), (2, ["smooth", 2000]), (0, ["sudden", 0])]
)
async def test_a_level_with_its_fade(rate: float | None, effect: list[Any]) -> None:
    async with light(**ON) as (emulator, device):
        arguments = {"level": 40} if rate is None else {"level": 40, "rate": rate}
        await device.commands.execute(SwitchLevel.set_level, arguments)
        assert emulator.state["bright"] == 40
        assert sent(emulator) == [("set_bright", [40, *effect])]
        await shows(device, SwitchLevel.level, 40)


@pytest.mark.parametrize(
    ("command", "arguments", "result"),
    [
        (SwitchLevel.set_level, {"level": 7}, {"bright": 7}),
        (
            ColorControl.set_color,
            {"hue": 50, "saturation": 80},
            {"hue": 180, "sat": 80, "color_mode": 3},
        ),
        (
            ColorTemperature.set_color_temperature,
            {"temperature": 2700},
            {"ct": 2700, "color_mode": 2},
        ),
    ],
)
async def test_off_it_is_turned_on_first(
    command: Any, arguments: dict[str, Any], result: dict[str, int]
) -> None:
    async with light() as (emulator, device):
        await device.commands.execute(command, arguments)
        assert emulator.state == emulator.state | ON | result


async def test_level_0_is_off() -> None:
    async with light(**ON) as (emulator, device):
        await device.commands.execute(SwitchLevel.set_level, {"level": 0})
        assert emulator.state["on"] is False
        await shows(device, Switch.switch, False)


async def test_a_colour_and_white_again() -> None:
    async with light(**ON) as (emulator, device):
        for hue, degrees in ((0, 0), (33.3, 120), (100, 0)):
            await device.commands.execute(ColorControl.set_color, {"hue": hue, "saturation": 90})
            assert emulator.state["hue"] == degrees
        await device.commands.execute(ColorControl.set_color, {"hue": 25, "saturation": 60})
        await shows(device, ColorControl.hue, 25)
        assert device.state.get(ColorControl.saturation) == 60
        await device.commands.execute(ColorTemperature.set_color_temperature, {"temperature": 5000})
        await shows(device, ColorTemperature.color_temperature, 5000)
        assert device.state.get(ColorControl.saturation) == 0
        assert not device.state.rejected


async def test_a_wheel_turned_fast_does_not_use_up_the_minute() -> None:
    async with light(**ON) as (emulator, device):
        emulator.faults.slow = 0.02
        turns = [
            device.commands.execute(ColorControl.set_color, {"hue": hue, "saturation": 90})
            for hue in range(100)
        ]
        await asyncio.gather(*turns)
        assert emulator.state["hue"] == round(99 * 3.6)
        assert len(sent(emulator)) <= 3


async def test_the_night_light_is_a_mode() -> None:
    async with light("ceiling", bright=80, nl_br=20, **ON) as (emulator, device):
        assert device.state.get(Mode.supported_modes) == ("daylight", "moonlight")
        assert device.state.get(Mode.mode) == "daylight"
        await device.commands.execute(Mode.set_mode, {"mode": "moonlight"})
        assert emulator.state["active_mode"] == 1
        await shows(device, Mode.mode, "moonlight")
        assert device.state.get(SwitchLevel.level) == 20
        await device.commands.execute(SwitchLevel.set_level, {"level": 30})
        assert (emulator.state["nl_br"], emulator.state["bright"]) == (30, 80)
        await device.commands.execute(Mode.set_mode, {"mode": "daylight"})
        assert emulator.state["active_mode"] == 0
        await shows(device, SwitchLevel.level, 80)
        with pytest.raises(ArgumentError, match="daylight, moonlight"):
            await device.commands.execute(Mode.set_mode, {"mode": "disco"})
        with pytest.raises(ArgumentError, match="daylight, moonlight"):
            await device.commands.perform(LightIntent(effect="disco"))


@pytest.mark.parametrize("push_delay", [0.0, 0.02])
@pytest.mark.parametrize(
    ("intent", "rest"),
    [
        (LightIntent(on=True), []),
        (LightIntent(on=True, level=30), [("set_bright", [30, "smooth", 300])]),
        (
            LightIntent(on=True, level=30, hue=50.0, saturation=80.0, transition=2),
            [("set_hsv", [180, 80, "smooth", 2000]), ("set_bright", [30, "smooth", 2000])],
        ),
        (
            LightIntent(on=True, level=30, temperature=3000),
            [("set_ct_abx", [3000, "smooth", 300]), ("set_bright", [30, "smooth", 300])],
        ),
        (LightIntent(on=True, transition=0), []),
    ],
)
async def test_one_request_turns_it_on_once(
    intent: LightIntent, rest: list[tuple[str, Any]], push_delay: float
) -> None:
    async with light() as (emulator, device):
        emulator.push_delay = push_delay
        await device.commands.perform(intent)
        fades: dict[float | None, list[Any]]
        fades = {0: ["sudden", 0], 2: ["smooth", 2000], None: ["smooth", 300]}
        fade = fades[intent.transition]
        assert sent(emulator) == [("set_power", ["on", *fade]), *rest]
        assert emulator.state["on"] is True
        assert device.state.get(Switch.switch) is True


async def test_on_it_is_not_turned_on_again() -> None:
    async with light("ceiling", **ON) as (emulator, device):
        await device.commands.perform(LightIntent(on=True, level=30))
        assert sent(emulator) == [("set_bright", [30, "smooth", 300])]
        await device.commands.perform(LightIntent(on=True, level=20, effect="moonlight"))
        assert sent(emulator)[1:] == [
            ("set_power", ["on", "smooth", 300, 5]),
            ("set_bright", [20, "smooth", 300]),
        ]
        await shows(device, SwitchLevel.level, 20)
        await device.commands.perform(LightIntent(on=False, transition=1))
        assert sent(emulator)[-1] == ("set_power", ["off", "smooth", 1000])


async def test_colours_without_hue_and_saturation(monkeypatch: pytest.MonkeyPatch) -> None:
    support = "get_prop set_power set_bright set_ct_abx set_rgb"
    monkeypatch.setitem(MODELS, "rgb", Model(support))
    for told in (support, None):
        async with light("rgb", told=told, **ON) as (emulator, device):
            assert ColorControl in capabilities(device)
            color = {"hue": 100 / 3, "saturation": 100}
            await device.commands.execute(ColorControl.set_color, color)
            assert sent(emulator) == [("set_rgb", [0x00FF00, "smooth", 300])]
            await shows(device, ColorControl.saturation, 100)
            assert device.state.get(ColorControl.hue) == pytest.approx(100 / 3)
            assert not device.state.rejected


async def test_a_night_light_without_active_mode() -> None:
    async with light("bslamp2", bright=100, nl_br=7, active_mode=1, **ON) as (emulator, device):
        assert device.state.get(Mode.mode) == "moonlight"
        assert device.state.get(SwitchLevel.level) == 7
        await device.commands.execute(SwitchLevel.set_level, {"level": 12})
        await shows(device, SwitchLevel.level, 12)
        assert (emulator.state["nl_br"], emulator.state["bright"]) == (12, 100)
        await device.commands.execute(Mode.set_mode, {"mode": "daylight"})
        await shows(device, Mode.mode, "daylight")
        assert device.state.get(SwitchLevel.level) == 100
        await device.commands.execute(Mode.set_mode, {"mode": "moonlight"})
        await shows(device, SwitchLevel.level, 12)


# the background light


@pytest.mark.parametrize(("main", "second"), [(True, False), (False, True), (True, True)])
async def test_each_light_shows_whether_it_is_on(*, main: bool, second: bool) -> None:
    async with light("ceiling4", on=main, bg_on=second) as (_, device):
        assert device.state.get(Switch.switch) is main
        assert device.state.get(Switch.switch, BACKGROUND) is second


async def test_one_light_is_turned_off_while_the_other_is_on() -> None:
    async with light("ceiling4", on=True, bg_on=True) as (emulator, device):
        await device.commands.execute(Switch.off, {})
        assert (emulator.state["on"], emulator.state["bg_on"]) == (False, True)
        assert device.state.get(Switch.switch) is False
        assert device.state.get(Switch.switch, BACKGROUND) is True
        await device.commands.execute(Switch.on, {})
        await device.commands.execute(Switch.off, {}, BACKGROUND)
        assert (emulator.state["on"], emulator.state["bg_on"]) == (True, False)
        assert device.state.get(Switch.switch) is True
        assert device.state.get(Switch.switch, BACKGROUND) is False


async def test_pushes_of_either_light() -> None:
    async with light("ceiling4", on=True, bg_on=True) as (emulator, device):
        await emulator.change(on=False)  # pushes {"main_power": "off"}
        await shows(device, Switch.switch, False)
        await emulator.change(on=True, bg_on=False, bg_bright=20)
        await shows(device, Switch.switch, True)
        assert device.state.get(Switch.switch, BACKGROUND) is False
        assert device.state.get(SwitchLevel.level, BACKGROUND) == 20
        assert device.state.get(SwitchLevel.level) == 100


async def test_off_is_both_lights_if_it_is_all_that_is_pushed() -> None:
    async with light("ceiling4", on=True, bg_on=True) as (emulator, device):
        emulator._state |= {"on": False, "bg_on": False}
        await emulator.inject(b'{"method": "props", "params": {"power": "off"}}\r\n')
        await shows(device, Switch.switch, False)
        await until(lambda: device.state.get(Switch.switch, BACKGROUND) is False)


async def test_a_wrong_push_of_the_background_light_is_put_right() -> None:
    async with light("ceiling4", on=True, bg_on=True) as (emulator, device):
        shown = list[bool | None]()
        device.state.subscribe(
            Switch.switch,
            BACKGROUND,
            lambda: shown.append(device.state.get(Switch.switch, BACKGROUND)),
        )
        await emulator.inject(b'{"method": "props", "params": {"bg_power": "off"}}\r\n')
        await until(lambda: len(shown) > 1)
        assert shown == [False, True]


async def test_a_background_light_that_answers_its_former_power_for_a_while() -> None:
    async with light("ceiling4", on=True, bg_on=True) as (emulator, device):
        emulator.odd_properties["bg_power"] = "on"
        emulator._state["bg_on"] = False
        await emulator.inject(b'{"method": "props", "params": {"bg_power": "on"}}\r\n')
        await asyncio.sleep(0.4)  # as long as users of real ones report it
        assert device.state.get(Switch.switch, BACKGROUND) is True
        del emulator.odd_properties["bg_power"]
        began = now()
        await until(lambda: device.state.get(Switch.switch, BACKGROUND) is False)
        assert now() - began < SETTLED


@pytest.mark.parametrize(
    ("command", "arguments", "method", "state"),
    [
        (SwitchLevel.set_level, {"level": 7}, ["bg_set_bright", 7], {"bg_bright": 7}),
        (
            ColorControl.set_color,
            {"hue": 50, "saturation": 80},
            ["bg_set_hsv", 180, 80],
            {"bg_hue": 180, "bg_sat": 80, "bg_lmode": 3},
        ),
        (
            ColorTemperature.set_color_temperature,
            {"temperature": 2200},
            ["bg_set_ct_abx", 2200],
            {"bg_ct": 2200, "bg_lmode": 2},
        ),
    ],
)
async def test_commands_of_the_background_light(
    command: Any, arguments: dict[str, Any], method: list[Any], state: dict[str, Any]
) -> None:
    async with light("ceiling4") as (emulator, device):
        await device.commands.execute(command, arguments, BACKGROUND)
        name, *values = method
        assert sent(emulator) == [
            ("bg_set_power", ["on", "smooth", 300]),
            (name, [*values, "smooth", 300]),
        ]
        assert emulator.state == emulator.state | state | {"bg_on": True, "on": False}
        for attribute, value in command.effects(arguments):
            assert device.state.get(attribute, BACKGROUND) == value


async def test_a_background_light_with_set_rgb_only(monkeypatch: pytest.MonkeyPatch) -> None:
    support = MODELS["ceiling4"].support.replace("bg_set_hsv ", "")
    monkeypatch.setitem(MODELS, "ceiling9", Model(support, moonlight=True))
    async with light("ceiling9", told=support, bg_lmode=1, bg_on=True) as (emulator, device):
        color = {"hue": 100 / 3, "saturation": 100}
        await device.commands.execute(ColorControl.set_color, color, BACKGROUND)
        assert sent(emulator) == [("bg_set_rgb", [0x00FF00, "smooth", 300])]
        await until(
            lambda: device.state.get(ColorControl.hue, BACKGROUND) == pytest.approx(100 / 3)
        )


# what it does not let us read


@pytest.mark.parametrize("model", ["bslamp2", "ceiling4", "mono"])
@pytest.mark.parametrize("how", ["refused", "null"])
@pytest.mark.parametrize("name", [name for name in PROPS if name not in {"power", "main_power"}])
async def test_one_property_is_missing(name: str, how: str, model: str) -> None:
    async with YeelightEmulator(id=ID, model=model) as emulator:
        emulator.apply(ON | {"bright": 70})
        {"refused": emulator.refused_properties, "null": emulator.null_properties}[how].add(name)
        record = Record(Identity(ID, model=model), (Address(emulator.host, emulator.port),))
        device = Device(Yeelight, record)
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            assert device.state.get(Switch.switch) is True
            level = None if name == "bright" else 70
            assert device.state.get(SwitchLevel.level) == level
            assert "None" not in device.state.values().values()
            assert not device.state.rejected
            await device.commands.execute(Switch.off, {})
            assert emulator.state["on"] is False
            asked = len(emulator.log)
            await device.commands.refresh()
            assert [r.command for r in emulator.log[asked:]] == ["get_prop"]
        finally:
            await device.stop()


async def test_what_is_refused_is_tried_again_and_told() -> None:
    async with light("color", **ON, color_mode=2) as (emulator, device):
        emulator.refused_properties |= {"ct", "rgb"}
        await device.commands.refresh()
        assert device.state.get(ColorTemperature.color_temperature) is None
        told = {each["reading"] for each in device.failed_readings}
        assert told == {"read_again ct", "read_again rgb"}
        assert ColorTemperature in capabilities(device)
        emulator.refused_properties.clear()
        await asyncio.sleep(SOONEST_AGAIN + 1)
        await shows(device, ColorTemperature.color_temperature, 4000)
        assert not device.failed_readings


@pytest.mark.parametrize("model", ["bslamp2", "ceiling4", "mono"])
async def test_only_what_it_is_for_is_needed(model: str) -> None:
    async with light(model, **ON) as (emulator, device):
        before = capabilities(device)
        emulator.faults.bare = True
        await device.commands.refresh()
        await device.commands.execute(SwitchLevel.set_level, {"level": 30})
        await device.commands.execute(Switch.off, {})
        assert (emulator.state["bright"], emulator.state["on"]) == (30, False)
        assert capabilities(device) == before


async def test_a_refused_property_is_not_taken_for_a_refused_light() -> None:
    async with light("ceiling4", **ON) as (emulator, device):
        emulator.refused_properties |= {"bg_lmode", "hue", "sat"}
        asked = len(emulator.log)
        await device.commands.refresh()
        assert len(emulator.log) - asked < 30
        await emulator.change(bright=33)
        await shows(device, SwitchLevel.level, 33)
        assert device.available


async def test_what_is_out_of_its_range_it_refuses_itself() -> None:
    async with light(**ON) as (emulator, device):
        with pytest.raises(RefusedError, match="set_ct_abx: invalid params"):
            await device.commands.execute(
                ColorTemperature.set_color_temperature, {"temperature": 9000}
            )
        assert emulator.state["ct"] == 4000
        assert device.available


# changed there


async def test_a_change_there_is_here_in_milliseconds() -> None:
    async with light(**ON) as (emulator, device):
        took: list[float] = []
        for bright in range(10, 50):
            at = await emulator.change(bright=bright)
            await shows(device, SwitchLevel.level, bright)
            took.append(now() - at)
        assert sorted(took)[int(len(took) * 0.95)] < 0.05
        await emulator.change(color_mode=1, rgb=0x00FF00)
        await shows(device, ColorControl.saturation, 100)
        assert device.state.get(ColorControl.hue) == pytest.approx(100 / 3)
        await emulator.change(color_mode=3, hue=90, sat=50)
        await shows(device, ColorControl.saturation, 50)
        assert device.state.get(ColorControl.hue) == 25


async def test_a_notification_before_the_reply_is_not_overwritten_by_it() -> None:
    async with light(**ON) as (emulator, device):
        emulator.faults.hold = True
        asking = asyncio.create_task(device.commands.execute(SwitchLevel.set_level, {"level": 30}))
        await until(lambda: emulator.held)
        await emulator.change(on=False)
        await shows(device, Switch.switch, False)
        emulator.release()
        await asking
        assert device.state.get(Switch.switch) is False
        assert device.state.get(SwitchLevel.level) == emulator.state["bright"] == 30


@pytest.mark.parametrize(("split", "merge"), [(3, 0.0), (0, 0.02), (7, 0.02)])
async def test_split_and_merged_it_is_the_same(split: int, merge: float) -> None:
    async with light(**ON) as (emulator, device):
        emulator.faults.split, emulator.faults.merge = split, merge
        await emulator.change(bright=60)
        await device.commands.execute(SwitchLevel.set_level, {"level": 70})
        await shows(device, SwitchLevel.level, 70)


async def test_wrong_values_stay_out() -> None:
    async with light("ceiling", **ON, active_mode=1) as (emulator, device):
        known = device.state.values()
        for params in (
            b'{"power": "maybe", "bright": "4000", "ct": "warm", "color_mode": "9"}',
            b'{"power": true, "bright": null, "nl_br": [1], "unknown": {"a": 1}}',
            b'{"active_mode": "2"}',
            b'{"rgb": "-1", "hue": "x", "color_mode": []}',
            b"[1]",
            b'"on"',
        ):
            await emulator.inject(b'{"method": "props", "params": ' + params + b"}\r\n")
        await emulator.inject(b'{"method": "props"}\r\n{"method": 3}\r\nnonsense\r\n\r\n')
        await until(lambda: SwitchLevel.level.id in device.state.rejected)
        await asyncio.sleep(0.05)
        assert device.state.values().items() <= known.items()  # what is wrong is unknown
        assert Switch.switch.id in device.state.rejected
        assert device.available
        assert not device.counts["driver_errors"]
        await device.commands.refresh()
        await emulator.change(nl_br=41)
        await shows(device, SwitchLevel.level, 41)
        assert capabilities(device) == {Switch, SwitchLevel, ColorTemperature, Mode}


@pytest.mark.parametrize("mode", ["1", "3"])
async def test_wrong_colours_stay_out(mode: str) -> None:
    async with light(**ON, color_mode=3) as (emulator, device):
        known = device.state.values()
        for rgb, hue, sat in (("16777216", "400", "101"), ("", "", ""), ("red", "nan", "inf")):
            told = f'{{"color_mode": "{mode}", "rgb": "{rgb}", "hue": "{hue}", "sat": "{sat}"}}'
            await emulator.inject(f'{{"method": "props", "params": {told}}}\r\n'.encode())
        await until(lambda: device.state.rejected.get(ColorControl.hue.id, (0, ""))[0] == 2)
        assert device.state.get(ColorControl.hue) is None
        assert device.state.values().items() <= known.items()
        assert not device.counts["driver_errors"]


@pytest.mark.parametrize("answer", ['"ok"', "{}", "[]", '["", "", "", ""]', "null"])
async def test_an_answer_that_is_none_changes_nothing(
    answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with light("ceiling", **ON) as (emulator, device):
        known, profile = device.state.values(), device.profile
        emulator.faults.silent = True
        asked = len(emulator.log)
        asking = asyncio.create_task(device.commands.refresh())
        await until(lambda: len(emulator.log) > asked)
        for guess in range(10):
            await emulator.inject(f'{{"id": {guess}, "result": {answer}}}\r\n'.encode())
        await asyncio.gather(asking, return_exceptions=True)
        assert device.state.values() == known
        assert device.profile == profile
        assert not device.counts["driver_errors"]


async def test_params_go_by_position_or_by_name() -> None:
    async with light() as (_, device):
        with pytest.raises(ArgumentError, match="set_power: params go by name or by position"):
            await cast("JsonRpc", device._session.io).call("set_power", "on", effect="smooth")


# what it no longer reports


@pytest.mark.parametrize(
    ("name", "attribute", "component"),
    [
        ("bright", SwitchLevel.level, "main"),
        ("ct", ColorTemperature.color_temperature, "main"),
        ("active_mode", Mode.mode, "main"),
        ("bg_bright", SwitchLevel.level, BACKGROUND),
        ("bg_sat", ColorControl.saturation, BACKGROUND),
        ("bg_lmode", ColorControl.hue, BACKGROUND),
    ],
)
async def test_what_it_does_not_report_is_unknown(
    name: str, attribute: Attribute[Any], component: str
) -> None:
    async with light("ceiling4", **ON, bg_on=True, bg_lmode=3) as (emulator, device):
        state, before = device.state, (background(device), capabilities(device))
        known = state.get(attribute, component)
        assert known is not None
        emulator.null_properties = {name, "nl_br"}
        await device.commands.refresh()
        assert state.get(attribute, component) is None
        emulator.null_properties = set()
        await device.commands.refresh()
        assert state.get(attribute, component) == known
        told = {"method": "props", "params": {name: None, "nl_br": None}}
        await emulator.inject(json.dumps(told).encode() + b"\r\n")
        await until(lambda: state.get(attribute, component) is None)
        assert (background(device), capabilities(device)) == before
        assert not state.rejected


ODD: list[Any] = [None, "", " ", "None", "nan", "inf", "-1", "7x", "x" * 999, "\0", True, [], {}]


@pytest.mark.parametrize("name", [name for name in PROPS if name not in {"power", "main_power"}])
@pytest.mark.parametrize(("model", "mode"), [("color", 2), ("color", 3), ("ceiling4", 2)])
async def test_an_odd_property_is_never_a_wrong_value(name: str, model: str, mode: int) -> None:
    state: dict[str, Any] = {"color_mode": mode, "bg_lmode": mode, "bg_on": True}
    async with light(model, **ON, **state) as (emulator, device):
        before = device.state.values()
        for odd in ODD:
            emulator.odd_properties = {name: odd}
            await device.commands.refresh()
            assert device.state.values().items() <= before.items()
            assert device.available
        emulator.odd_properties = {}
        await device.commands.refresh()
        assert before.items() <= device.state.values().items()
        assert not device.counts["driver_errors"]


async def test_a_light_that_does_not_report_whether_it_is_on_is_not_added() -> None:
    async with YeelightEmulator(id=ID) as emulator:
        emulator.null_properties.add("power")
        device = Device(Yeelight, Record(Identity(ID)))
        with pytest.raises(ReplyError, match="does not report whether it is on"):
            await device.check(Address(emulator.host, emulator.port))


async def test_a_light_that_no_longer_reports_whether_it_is_on_is_alive() -> None:
    async with light(**ON) as (emulator, device):
        emulator.null_properties.add("power")
        await device._session.liveness.ping()
        with pytest.raises(ReplyError, match="does not report whether it is on"):
            await device.commands.refresh()
        assert device.available


async def test_white_has_no_hue_and_a_colour_no_temperature() -> None:
    async with light(**ON, color_mode=2) as (emulator, device):
        values = [device.state.get(a) for a in (ColorControl.hue, ColorControl.saturation)]
        assert values == [None, 0]
        await emulator.change(color_mode=3, hue=90, sat=50)
        await shows(device, ColorControl.hue, 25)
        assert device.state.get(ColorTemperature.color_temperature) is None
        await emulator.change(color_mode=2)
        await shows(device, ColorTemperature.color_temperature, 4000)
        assert device.state.get(ColorControl.hue) is None


# the limits


async def test_over_its_limit_the_caller_is_told_and_it_stays_online() -> None:
    async with light(**ON) as (emulator, device):
        emulator.quota = len(emulator.log) + 2
        await device.commands.execute(Switch.off, {})
        await device.commands.execute(Switch.on, {})
        with pytest.raises(RefusedError, match="set_power: client quota exceeded"):
            await device.commands.execute(Switch.off, {})
        with pytest.raises(RefusedError, match="get_prop: client quota exceeded"):
            await device.commands.refresh()
        await device._session.liveness.ping()
        device.connection.doubt()
        await asyncio.sleep(0.1)
        assert device.available
        assert device.state.get(Switch.switch) is emulator.state["on"] is True
        assert emulator.connections.accepted == 1
        emulator.quota = 60
        await device.commands.execute(Switch.off, {})
        assert emulator.state["on"] is False


def test_at_rest_it_asks_far_less_than_the_limit() -> None:
    asked = 60 / Yeelight.transport.poll + 60 / (Yeelight.transport.heartbeat or 60)
    assert asked < 6


async def test_a_light_with_four_others_is_offline_until_one_leaves() -> None:
    async with YeelightEmulator(id=ID) as emulator:
        others = [await asyncio.open_connection(emulator.host, emulator.port) for _ in range(4)]
        await until(lambda: emulator.connections.open == 4)
        address = Address(emulator.host, emulator.port)
        device = Device(Yeelight, Record(Identity(ID), (address,)))
        device.start()
        try:
            await until(lambda: device.connection.attempts > 1)
            assert not device.available
            others[0][1].close()
            await until(lambda: device.available)
        finally:
            await device.stop()
            for _, writer in others:
                writer.close()
                await asyncio.gather(writer.wait_closed(), return_exceptions=True)


def test_every_property_of_the_emulator_has_its_limits() -> None:
    names = {name for model in MODELS.values() for name in model.properties}
    assert names - set(LIMITS) == {"power", "main_power", "bg_power", "name"}
