"""Yeelight, at its emulator: the vendor's document, not a light of ours."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
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
    Mode,
    Record,
    RefusedError,
    Sighting,
    Switch,
    SwitchLevel,
    UnsupportedError,
    location_address,
    ssdp_search,
)
from lan_edge.drivers.yeelight import Yeelight, YeelightCeiling, YeelightMono
from tests.bundled import match
from tests.clock import now
from tests.emulators.ssdp import listening_socket
from tests.emulators.yeelight import LIMITS, MODELS, PORT, TARGET, YeelightEmulator

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
        ("ceiling", YeelightCeiling, {ColorTemperature, Mode}),
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
    [("color", (1700, 6500)), ("ceiling", (2700, 6500)), ("ceiling5", (2700, 5700))],
)
async def test_its_colour_temperatures(
    model: str, kelvins: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MODELS, "ceiling5", MODELS["ceiling"])
    async with light(model) as (_, device):
        assert device.state.get(ColorTemperature.color_temperature_range) == kelvins


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
        assert device.state.values() == known
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
        await until(lambda: device.state.rejected.get(ColorControl.hue.id, (0, ""))[0] == 3)
        assert device.state.values() == known
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
    assert names - set(LIMITS) == {"power", "name"}
