"""The drivers: a device of each family that says anything, from its first answer on."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import suppress
from pathlib import Path
from types import coroutine
from typing import Any, override

import orjson

from docs.examples.json_bulb import JsonBulb
from docs.examples.rest_switch import RestSwitch
from lan_edge import (
    ClimateIntent,
    Device,
    Driver,
    EdgeError,
    FrameRequests,
    Frames,
    Http,
    Identity,
    JsonRpc,
    PartsDriver,
    Record,
    ReplyError,
    ShadeState,
    Switch,
    Transport,
    Udp,
    Upnp,
    Values,
    WindowShade,
)
from lan_edge.device.guard import Guard
from lan_edge.drivers import (
    govee,
    kasa,
    meross,
    miot,
    snapcast,
    sonoff,
    tuya,
    upnp_light,
    venstar,
    wemo,
    wiz,
    yeelight,
)
from tests.bundled import DEMO
from tests.emulators.miot import TOKEN
from tests.homeassistant.snapcast_server import STATUS

from . import told
from .script import CUT, HERE, Script
from .target import target

INTEGRATION = Path(__file__).parents[2] / "custom_components/lan_edge"
MAX_TEXT = 256
MAX_PARTS = 256
MAX_RECORD = 256 * 1024


class Strict(Guard):
    """Lets through what a driver raises that is no error of the library's."""

    @override
    @coroutine
    def run[T](
        self, call: Callable[[], Awaitable[T]], *, in_turn: bool = True
    ) -> Generator[Any, Any, T]:
        del in_turn
        try:
            return (yield from call().__await__())
        finally:
            self._end()

    @override
    def call[T](self, function: Callable[..., T], *arguments: object) -> T | None:
        try:
            return function(*arguments)
        except ReplyError:
            return None
        finally:
            self._end()

    def _end(self) -> None:
        if self.on_end is not None:
            self.on_end()


def made(driver: type[Driver[Any]], unique_id: str, *, strict: bool) -> Device:
    secrets = {"local_key": "0123456789abcdef", "token": TOKEN}
    device = Device(driver, Record(Identity(unique_id), (HERE,)), secrets=secrets)
    if strict:
        guard = Strict(device._core)
        guard.on_end, device._core.guard = device._core.guard.on_end, guard
    return device


async def talk(device: Device, data: bytes) -> None:
    """Connect, prove, read; then hear, or read again, and be told things."""
    script = Script(data)
    script.play(device._session.io)
    device._session.timers.open()
    try:
        with suppress(EdgeError):
            await device._session.handshake._prove(HERE)
            script.play(device._session.io)  # another driver may have come with another transport
            await device._session.begin(HERE)
            await _used(device, script)
    finally:
        await device._session.disconnect()
        await device.stop()
    check(device)


async def _used(device: Device, script: Script) -> None:
    for _ in range(8):
        if not script.pieces:
            return
        with suppress(EdgeError):
            if isinstance(device.driver, venstar.Venstar):
                await device.driver.control(ClimateIntent(heating=20.0))
            elif isinstance(device.driver, PartsDriver):
                await device.driver.change(OPEN if device.driver.has(WindowShade) else ON)
            elif hasattr(device.driver, "turn_on"):
                await device.driver.turn_on()
        if script.pieces and not script.push(device._session.io):
            with suppress(EdgeError):
                await device._session.reading.refresh()


def check(device: Device) -> None:
    """See that what is known of the device now can be shown and stored."""
    identity = device.identity
    for text in (
        identity.name,
        identity.unique_id,
        identity.model,
        identity.firmware,
        identity.mac,
    ):
        assert len(text) <= MAX_TEXT, "a text without end"
        assert text.isprintable(), "a text that cannot be shown"
    parts = device.profile.components
    assert len(parts) <= MAX_PARTS, "parts without end"
    for name, part in parts.items():
        assert len(name) <= MAX_TEXT
        assert len(part.name) <= MAX_TEXT
    stored = orjson.dumps(device.record.as_dict())
    assert len(stored) <= MAX_RECORD
    assert Record.from_dict(orjson.loads(stored)).as_dict() == device.record.as_dict()
    assert all(len(e.text) <= 500 for e in device.trace.entries())
    assert len(device.state.rejected) <= 100


def sources_of(family: str) -> tuple[str, ...]:
    """Return the files of a driver, as paths below the integration."""
    folder = INTEGRATION / "edge/drivers" / family
    files = sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]
    return tuple(str(file.relative_to(INTEGRATION)) for file in files)


def _target(
    driver: type[Driver[Any]],
    *seeds: tuple[object, ...],
    unique_id: str = "",
    strict: bool = True,
) -> None:
    def run(data: bytes) -> None:
        asyncio.run(talk(made(driver, unique_id, strict=strict), data))

    pieces = tuple(CUT.join(_bytes(piece) for piece in seed) for seed in seeds)
    ways = (f"edge/transports/{way}.py" for way in WAYS[driver.transport])
    own = () if driver in DEMO else sources_of(driver.id)
    target(*own, *ways, seeds=pieces, name=f"driver_{driver.id}")(run)


ON: Values = {Switch.switch: True}
OPEN: Values = {WindowShade.window_shade: ShadeState.OPEN}
WAYS: dict[type[Transport], tuple[str, ...]] = {
    FrameRequests: ("tcp/frame_requests",),
    Frames: ("tcp/frames",),
    Http: ("http/http", "http/messages"),
    JsonRpc: ("tcp/json_rpc",),
    Udp: ("udp/udp",),
    Upnp: ("upnp/upnp",),
}


def _bytes(piece: object) -> bytes:
    return piece if isinstance(piece, bytes) else orjson.dumps(piece)


# the shortest of drivers leaves it to the guard that an answer may lack what it reads
_target(JsonBulb, told.JSON_BULB, strict=False)
_target(govee.Govee, told.GOVEE)
_target(kasa.Kasa, told.KASA_PLUG, told.KASA_STRIP, told.KASA_BULB)
_target(meross.Meross, told.MEROSS_PLUG, told.MEROSS_DOOR, told.MEROSS_HUB)
_target(miot.Miot, told.MIOT, told.MIOT_NAMED, unique_id="1")
_target(RestSwitch, (b"on", b"off", b"HTTP 302 /x\n", b"on"), unique_id="relay-1")
_target(
    snapcast.Snapcast, ({"id": 1, "result": STATUS}, {"id": 2, "result": STATUS}, *told.SNAPCAST)
)
_target(sonoff.Sonoff, told.SONOFF, told.SONOFF_COVER, unique_id="1000abcdef")
_target(
    *(tuya.Tuya, told.TUYA_PLUG, told.TUYA_BULB, told.TUYA_METER, told.TUYA_GATEWAY),
    unique_id="bf012345",
)
_target(upnp_light.UpnpLight, told.UPNP_LIGHT)
_target(venstar.Venstar, told.VENSTAR, unique_id="0023a73ab272")
_target(wemo.Wemo, told.WEMO_DIMMER, told.WEMO_INSIGHT)
_target(wiz.Wiz, told.WIZ, told.WIZ_FAN, told.WIZ_SOCKET)
_target(yeelight.Yeelight, told.YEELIGHT, told.YEELIGHT_BACKGROUND, unique_id="0x1")
