"""What a driver keeps of a device's messages is bounded in bytes, whatever the device sends."""

from asyncio import create_task, sleep
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, suppress
from functools import partial
import gc
import logging
import tracemalloc
from typing import Any

import orjson
import pytest

from lan_edge import Device, EdgeError, Identity, JsonRpc, Record
from lan_edge.driver.keeping import MAX_KEPT_SIZE, MAX_WAITING_SIZE, memory_of
from lan_edge.drivers.meross.protocol.questions import METER, QUESTIONS
from lan_edge.drivers.tuya.protocol.codec import TuyaMessage
from tests.bundled import driver_for
from tests.edge.peers import TcpPeer, Wire, until
from tests.emulators.miot import PURIFIER, MiotEmulator
from tests.emulators.sonoff import SonoffEmulator

from .miots import driven
from .sonoffs import driven_sonoff

STATE = 64 * 1024
"""Bytes that a profile and values of some components take, beside what the driver keeps."""
JUNK: list[dict[str, Any]] = [{}] * 10_000
"""700 kB of memory in 30 kB."""
SMALL = 8 * 1024
"""Bytes that the flags, numbers and short texts take that a driver keeps."""
WIDE = "\U0001f4a1" * 20_000


@pytest.fixture(autouse=True)
def traced() -> Generator[None]:
    logging.disable()  # pytest keeps what is logged, with all that a traceback refers to
    tracemalloc.start()
    yield
    tracemalloc.stop()
    logging.disable(logging.NOTSET)


def memory() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


async def silent(wire: Wire) -> None:
    await wire.reader.read()


@asynccontextmanager
async def opened(family: str) -> AsyncGenerator[Device]:
    """Yield a device that is proven, and answers nothing."""
    async with TcpPeer(silent) as peer:
        device = Device(driver_for(family), Record(Identity("attic"), (peer.address,)))
        await device.driver.io.open(peer.address)
        device._core.prove("attic")
        yield device
        await device.driver.io.close()
        await device.stop()


def driver_of(device: Device) -> Any:
    return device.driver


def received(device: Device, method: str, value: Any, *, is_reply: bool = False) -> None:
    """Have the driver handle a message that was just parsed."""
    value = orjson.loads(orjson.dumps(value))
    data = value if isinstance(value, dict) else {}
    device._session._on_message(JsonRpc.Message(method, data, value, is_reply))


# Snapcast


def player(number: int, **more: Any) -> dict[str, Any]:
    config = {"name": f"Player {number}", "volume": {"percent": 40, "muted": False, **more}}
    host = {"name": "raspberrypi", "mac": f"00:00:00:00:00:{number:02x}", **more}
    return {"id": f"p{number}", "connected": True, "config": config, "host": host, **more}


def status(players: int, **more: Any) -> dict[str, Any]:
    clients = [player(number, **more) for number in range(players)]
    about = {
        "host": {"mac": "", "name": "attic", **more},
        "snapserver": {"name": "Snapserver", "version": "0.26", **more},
    }
    stream = {"id": "s", "status": "idle", "properties": {"canPlay": True, **more}}
    groups = [{"id": "g", "stream_id": "s", "clients": clients, **more}]
    return {"server": {"groups": groups, "streams": [stream], "server": about}}


FLOODS: dict[str, tuple[str, Callable[[int], dict[str, Any]]]] = {
    "unknown fields": (
        "Client.OnConnect",
        lambda n: {"id": f"p{n}", "client": player(n, x=JUNK)},
    ),
    "known fields": (
        "Client.OnConnect",
        lambda n: {"id": f"p{n}", "client": {**player(n), "properties": JUNK[:2_000]}},
    ),
    "names": ("Client.OnNameChanged", lambda n: {"id": f"p{n}", "name": WIDE[:10_000]}),
    "longer names": ("Client.OnNameChanged", lambda n: {"id": f"p{n}", "name": WIDE}),
    "volumes": ("Client.OnVolumeChanged", lambda n: {"id": f"p{n}", "volume": {"x": JUNK}}),
    "properties": ("Stream.OnProperties", lambda _: {"id": "s", "properties": {"x": JUNK}}),
    "a stream": ("Stream.OnUpdate", lambda _: {"id": "s", "stream": {"id": "s", "x": JUNK}}),
    "an update": ("Server.OnUpdate", lambda _: status(8, x=JUNK[:1_000])),
    "a long update": ("Server.OnUpdate", lambda _: status(4000)),
    "what is unknown": ("Group.OnMute", lambda _: {"id": JUNK, "mute": True}),
    "what is nested": ("Group.OnMute", lambda _: nested(200)),
}


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {"id": "x"}
    for _ in range(depth):
        value = {"id": value}
    return value


@pytest.mark.parametrize("kind", FLOODS)
async def test_snapcast_while_a_status_is_awaited(kind: str) -> None:
    method, params = FLOODS[kind]
    async with opened("snapcast") as device:
        received(device, "Server.GetStatus", status(8), is_reply=True)
        awaited = create_task(driver_of(device).read_status())
        await sleep(0)
        before = memory()
        for number in range(30):
            received(device, method, params(number % 8))
        assert memory() - before < MAX_KEPT_SIZE + MAX_WAITING_SIZE + STATE
        received(device, "Server.GetStatus", status(8), is_reply=True)
        assert len(device.profile.components) == 8
        awaited.cancel()
        await until(awaited.done)
        assert memory() - before < MAX_KEPT_SIZE + STATE
        assert not any("failed" in name for name in device.counts["driver_errors"])


async def test_snapcast_keeps_no_more_of_a_status_than_it_needs() -> None:
    async with opened("snapcast") as other:
        received(other, "Server.GetStatus", status(8, x=JUNK), is_reply=True)
    async with opened("snapcast") as device:
        before = memory()
        received(device, "Server.GetStatus", status(8, x=JUNK), is_reply=True)
        assert len(device.profile.components) == 8
        assert memory() - before < MAX_KEPT_SIZE / 4


async def test_a_large_snapcast_server_is_shown() -> None:
    async with opened("snapcast") as device:
        received(device, "Server.GetStatus", status(160), is_reply=True)
        assert len(device.profile.components) == 160


async def test_snapcast_refuses_a_status_of_which_too_much_would_be_kept() -> None:
    async with opened("snapcast") as device:
        received(device, "Server.GetStatus", status(8), is_reply=True)
        before = memory()
        received(device, "Server.GetStatus", status(4000), is_reply=True)
        assert device.counts["driver_errors"] == {"Snapcast.on_message refused": 1}
        assert memory() - before < STATE
        assert len(device.profile.components) == 8
        received(device, "Server.GetStatus", status(7), is_reply=True)
        assert device._core.components.absent == {"client_p7"}


# others


@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("get_prop", [WIDE] * 20),
        ("get_prop", ["on", JUNK, {"a": JUNK}]),
        ("props", {"power": "on", "name": WIDE, "bright": JUNK}),
    ],
)
async def test_yeelight(method: str, value: Any) -> None:
    async with opened("yeelight") as other:
        received(other, method, value, is_reply=method == "get_prop")  # what is made once is made
    async with opened("yeelight") as device:
        received(device, "get_prop", ["on"] * 9, is_reply=True)
        before = memory()
        for _ in range(3):
            received(device, method, value, is_reply=method == "get_prop")
        assert memory() - before < STATE


@pytest.mark.parametrize("more", [{"id": WIDE}, {"id": JUNK}, {"alias": WIDE}, {"x": JUNK}])
async def test_kasa(more: dict[str, Any]) -> None:
    outlets = [{"id": f"800{n}", "state": 1, "alias": "Kettle", **more} for n in range(3)]
    sysinfo = {"deviceId": "800", "children": outlets}
    async with opened("kasa") as other:
        with suppress(EdgeError):  # what is made once is made
            await driver_of(other).refresh_outlets(orjson.loads(orjson.dumps(sysinfo)))
    async with opened("kasa") as device:
        before = memory()
        with suppress(EdgeError):
            await driver_of(device).refresh_outlets(orjson.loads(orjson.dumps(sysinfo)))
        assert memory() - before < STATE


async def test_sonoff() -> None:
    async with SonoffEmulator() as emulator, driven_sonoff(emulator) as device:
        driver = driver_of(device)
        for value in (JUNK, WIDE, {"a": JUNK}):
            driver.hear({"switch": value, "speed": value, "sledOnline": value, "rssi": value})
            assert memory_of(driver.memory.told) < SMALL


async def test_miot() -> None:
    async with MiotEmulator(PURIFIER, model="zhimi.airp.va2") as emulator, driven(emulator) as made:
        driver = driver_of(made)
        for value in (JUNK, WIDE, {"a": JUNK}):
            told = dict.fromkeys(["2.4", "3.4", "9.9"], value) | {"2.1": True}
            driver.memory.reader.read = partial(answered, told)
            await driver.refresh()
            assert driver.memory.values["2.1"] is True
            assert memory_of(driver.memory.values) < SMALL


async def answered(told: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
    return told


@pytest.mark.parametrize("name", ["state", "dimming", "sceneId", "r", "fanSpeed"])
async def test_wiz(name: str) -> None:
    async def push(device: Device, value: Any) -> None:
        for head in (1, 2):
            params = {"mac": "attic", "devices": head, "state": True, name: value}
            message = orjson.loads(orjson.dumps({"method": "syncPilot", "params": params}))
            device._session._on_message(message)

    async with opened("wiz") as other:
        await push(other, JUNK)  # what is made once is made
    async with opened("wiz") as device:
        before = memory()
        for value in (JUNK, WIDE, {"a": JUNK}):
            await push(device, value)
            assert memory() - before < STATE


DIGESTS: list[dict[str, Any]] = [
    {"junk": JUNK},
    {"light": {"channel": 0, "rgb": JUNK, "x": WIDE}},
    {"hub": {"subdevice": [{"id": WIDE, "status": WIDE, WIDE: {}}, {"id": "a", "mts150": JUNK}]}},
    {"togglex": [{"channel": n, "onoff": WIDE[:9000]} for n in range(200)]},
]


@pytest.mark.parametrize("digest", DIGESTS)
async def test_meross(digest: dict[str, Any]) -> None:
    def tell(device: Device) -> None:
        for each in (digest, {"electricity": digest}, {"fan": [digest]}):
            told = orjson.loads(orjson.dumps(each))
            kept = driver_of(device).memory
            with suppress(EdgeError):
                kept.hear_abilities(told | {METER.namespace: told})
            with suppress(EdgeError):
                kept.hear_digest(told)
            for question in QUESTIONS:
                with suppress(EdgeError):
                    kept.hear(question, told)

    async with opened("meross") as other:
        tell(other)  # what is made once is made
    async with opened("meross") as device:
        before = memory()
        tell(device)
        assert memory() - before < MAX_KEPT_SIZE


# Tuya


async def test_tuya() -> None:
    async with opened("tuya") as device:
        driver = driver_of(device)
        for value in (JUNK, WIDE, {"a": JUNK}, "x" * 512):
            for unit in map(str, range(80)):
                told = {"cid": unit, "dps": {str(n): value for n in range(1, 200)}}
                device._session._on_message(TuyaMessage(8, {"data": told}))
            lists = {"online": value, "offline": [*map(str, range(9000)), WIDE, None]}
            device._session._on_message(TuyaMessage(64, {"data": lists}))
        assert device.counts["driver_errors"].keys() == {"Tuya.on_message refused"}
        assert len(driver.memory.offline) <= 64
        assert memory_of(driver.memory.seen) + memory_of(driver.memory.units) < MAX_KEPT_SIZE
        assert {"1": "x" * 512}.items() <= driver.memory.seen["0"].items()
