"""Devices that call the hub: found by their call, connected, replaced, and told from strangers."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import socket

import aiohttp
import pytest

from lan_edge import (
    Address,
    Device,
    Identity,
    IdentityError,
    Listener,
    ListenerSettings,
    Record,
    Registry,
    Runtime,
    Switch,
    UnreachableError,
    call_sighting,
)
from tests.clock import now
from tests.docs.pages import ROOT, run
from tests.emulators.dialing_relay import DialingRelay

from ...peers import LOOPBACK, until

EXAMPLE = "docs/examples/dialing_relay.py"
DRIVER = run(EXAMPLE, (ROOT / EXAMPLE).read_text()).DialingRelay
HERE = Address(LOOPBACK)
lines = pytest.mark.parametrize("lines", [False, True], ids=["websocket", "lines"])


@pytest.fixture
async def runtime() -> AsyncGenerator[Runtime]:
    made = Runtime(listener=Listener(ListenerSettings(host="", port=0)))
    yield made
    await made.close()


async def listening(runtime: Runtime) -> str:
    """Have the hub listen for devices of this kind, and return their URL, without the id."""
    await runtime.listener.welcome({"dialing-relay": lambda *_: None})
    return f"http://{LOOPBACK}:{runtime.listener.port}/dialing-relay"


def handle(runtime: Runtime, record: Record | None = None, serial: str = "RELAY1") -> Device:
    known = record or Record(Identity(serial), (HERE,))
    return Device(DRIVER, known, runtime=runtime)


@asynccontextmanager
async def online(runtime: Runtime, record: Record | None = None) -> AsyncGenerator[Device]:
    device = handle(runtime, record)
    device.start()
    try:
        await until(lambda: device.available, 60)
        yield device
    finally:
        await device.stop()


@lines
async def test_it_calls_is_commanded_and_pushes(runtime: Runtime, lines: bool) -> None:
    url = await listening(runtime)
    async with DialingRelay(f"{url}/RELAY1", lines=lines) as relay, online(runtime) as device:
        await device.commands.execute(Switch.on, {})
        assert relay.state == {"on": True}
        assert device.state.get(Switch.switch) is True
        await relay.change(on=False)
        await until(lambda: device.state.get(Switch.switch) is False)
        assert relay.kept.startswith("http://")
        assert relay.kept not in str([e.text for e in device.trace.entries()])


@lines
async def test_the_kernel_ends_a_call_whose_device_has_vanished(
    runtime: Runtime, lines: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = list[socket.socket]()
    monkeypatch.setattr("lan_edge.callbacks.sockets.detect_dead_peer", watched.append)
    url = await listening(runtime)
    async with DialingRelay(f"{url}/RELAY1", lines=lines), online(runtime):
        (sock,) = watched
        assert sock.getsockname()[1] == runtime.listener.port


@lines
async def test_the_network_of_a_call_is_watched(runtime: Runtime, lines: bool) -> None:
    url = await listening(runtime)
    async with DialingRelay(f"{url}/RELAY1", lines=lines), online(runtime) as device:
        at = device.driver.io.acknowledged_at
        assert at is not None
        assert now() - 5 < at <= now()
    assert device.driver.io.acknowledged_at is None


@lines
async def test_a_device_that_is_added_is_awaited(runtime: Runtime, lines: bool) -> None:
    url = await listening(runtime)
    async with DialingRelay(f"{url}/RELAY1", lines=lines):
        identity = await handle(runtime).check(HERE)
        assert identity.unique_id == "RELAY1"


async def test_one_that_does_not_call_cannot_be_added(runtime: Runtime) -> None:
    await listening(runtime)
    with pytest.raises(UnreachableError, match="has not called"):
        await handle(runtime).check(HERE)


@lines
async def test_an_unknown_one_is_found_by_its_call(runtime: Runtime, lines: bool) -> None:
    seen = list[tuple[str, str]]()
    url = await listening(runtime)
    await runtime.listener.welcome({"dialing-relay": lambda *who: seen.append(who)})
    async with DialingRelay(f"{url}/RELAY9", lines=lines):
        await until(lambda: seen)
    assert seen[0] == ("relay9", LOOPBACK)
    registry = Registry()
    registry.add(DRIVER)
    (candidate,) = registry.match(call_sighting("dialing-relay", "RELAY9", "192.0.2.7"))
    assert candidate.match.unique_id == "relay9"
    assert candidate.match.address == Address("192.0.2.7")
    assert not registry.match(call_sighting("another", "RELAY9", "192.0.2.7"))


async def test_its_secret_survives_a_restart_and_shuts_out_its_id(runtime: Runtime) -> None:
    url = await listening(runtime)
    async with DialingRelay(f"{url}/RELAY1") as relay:
        async with online(runtime) as device:
            stored = device.record.as_dict()
        await runtime.listener.welcome({})
        assert runtime.listener.port == 0  # nobody wants it
        settings = ListenerSettings(port=int(url.rpartition(":")[2].partition("/")[0]))
        await runtime.listener.configure(settings)
        async with online(runtime, Record.from_dict(stored)) as again:
            assert again.record.calls_by_token
            assert relay.kept.endswith(stored["call_token"])
            calls = relay.calls
            async with DialingRelay(f"{url}/RELAY1", "RELAY1") as impostor:
                await asyncio.sleep(10)
                assert impostor.heard == []
            assert relay.calls == calls
            assert again.available


async def test_an_id_from_elsewhere_does_not_drive_it_away(runtime: Runtime) -> None:
    url = await listening(runtime)
    async with DialingRelay(f"{url}/RELAY1") as relay:
        relay.keeps = False
        async with online(runtime) as device:
            async with DialingRelay(f"{url}/RELAY1", host="127.0.0.9") as impostor:
                await asyncio.sleep(10)
                assert impostor.heard == []
            assert (relay.calls, device.available) == (1, True)
            assert runtime.listener.rejections["not proven"] >= 2


async def test_a_new_call_replaces_the_old_one(runtime: Runtime) -> None:
    url = await listening(runtime)
    async with DialingRelay(f"{url}/RELAY1") as before, online(runtime) as device:
        before.again_after = 1000
        seen = list[bool]()
        device.observer.on_available = lambda: seen.append(device.available)
        async with DialingRelay(f"{url}/RELAY1") as rebooted:
            rebooted.kept = before.kept
            await until(lambda: "read" in rebooted.heard, 20)
            await device.commands.execute(Switch.on, {})
            assert "write" in rebooted.heard
            assert "write" not in before.heard
            assert seen == []


async def test_one_that_hangs_up_is_offline_until_it_calls_again(runtime: Runtime) -> None:
    url = await listening(runtime)
    relay = DialingRelay(f"{url}/RELAY1")
    async with relay, online(runtime) as device:
        await relay.stop()
        await until(lambda: not device.available, 20)
        assert "hung up" in str([change.reason for change in device.history.changes()])
        async with DialingRelay(relay.kept):
            await until(lambda: device.available, 20)


@lines
async def test_one_that_falls_silent_is_noticed(runtime: Runtime, lines: bool) -> None:
    url = await listening(runtime)
    async with DialingRelay(f"{url}/RELAY1", lines=lines) as relay, online(runtime) as device:
        relay.mute = True
        began = asyncio.get_running_loop().time()
        await until(lambda: not device.available, 60)
        assert asyncio.get_running_loop().time() - began < 45


async def test_another_device_under_its_id_is_refused(runtime: Runtime) -> None:
    url = await listening(runtime)
    async with DialingRelay(f"{url}/RELAY1", "NEIGHBOUR"):
        with pytest.raises(IdentityError, match="NEIGHBOUR"):
            await handle(runtime).check(HERE)


async def test_strangers_are_answered_404_and_reported_a_few_times(runtime: Runtime) -> None:
    seen = list[object]()
    url = await listening(runtime)
    await runtime.listener.welcome({"dialing-relay": lambda *who: seen.append(who)})
    async with aiohttp.ClientSession() as session:
        for number in range(12):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(f"{url}/STRANGER{number}")
            assert refused.value.status == 404
        for path in ("", "/", "/a/b", "/a b", f"/{'x' * 65}"):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(f"{url}{path}")
        before = len(seen)
        async with session.post(f"{url}/RELAY1", data=b"x") as answer:
            assert answer.status == 404
    assert before == 5
    assert len(seen) == before


@pytest.mark.parametrize("greeting", [b"/", b"/" + b"x" * 300, b"/nobody/1\n", b"/\xff\n", b"//\n"])
async def test_other_greetings_are_cut_off(runtime: Runtime, greeting: bytes) -> None:
    await listening(runtime)
    reader, writer = await asyncio.open_connection(LOOPBACK, runtime.listener.port)
    writer.write(greeting)
    async with asyncio.timeout(10):
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
    writer.close()


async def test_a_line_without_end_is_cut_off(runtime: Runtime) -> None:
    url = await listening(runtime)
    async with DialingRelay(f"{url}/RELAY1", lines=True) as relay, online(runtime) as device:
        await relay._send("x" * 200_000)
        await until(lambda: device.connection.status != "online")


@lines
async def test_a_part_that_is_secret_is_not_shown(runtime: Runtime, lines: bool) -> None:
    password = 'Pa"ss wörd'
    url = await listening(runtime)
    async with DialingRelay(f"{url}/RELAY1", lines=lines), online(runtime) as device:
        await device.driver.io.send({"do": "note", "password": password}, secret=password)
        sent = [entry.text for entry in device.trace.entries() if "note" in entry.text]
    assert sent == ['{"do":"note","password":"(secret)"}']
