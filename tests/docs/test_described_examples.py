"""Each text in docs/examples drives its device as the driver of the same name does."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from lan_edge import (
    AudioVolume,
    Device,
    Identity,
    IdentityError,
    Listener,
    ListenerSettings,
    Momentary,
    Record,
    RefusedError,
    Runtime,
    Switch,
    TimedOutError,
)
from tests.drivers.described import described
from tests.drivers.house import until
from tests.emulators.dialing_relay import DialingRelay

from . import devices
from .devices import ExampleDevice
from .test_examples import CASES, CONNECTED, address, shown

pytestmark = pytest.mark.usefixtures("nothing_left_running")

TEXTS = {
    "http": "metering_plug",
    "lines": "amplifier",
    "json_rpc": "kettle",
    "frames": "relay",
    "udp": "chime",
    "websocket": "purifier",
    "sse": "garden_valve",
}
"""By the case of the driver's device."""
WORDS = {"frames": "^!$"}
"""What is read of a refusal, where the driver says more."""


@pytest.fixture
async def runtime() -> AsyncGenerator[Runtime]:
    made = Runtime(listener=Listener(ListenerSettings(host=devices.HOST, port=0)))
    yield made
    await made.close()


@asynccontextmanager
async def driven(case: str, at: ExampleDevice, runtime: Runtime) -> AsyncGenerator[Device]:
    """Drive a device by its text, without a poll if it reports by itself."""
    driver = described(TEXTS[case])
    driver.poll = 0.1 if case == "http" else None
    device = Device(driver, Record(Identity(at.id), (address(at),)), runtime=runtime)
    device.start()
    try:
        await until(lambda: device.available, lambda: device.connection.reason)
        yield device
    finally:
        await device.stop()
    assert device.counts["driver_errors"] == {}
    assert device.counts["ignored_messages"] == {}
    assert device.state.rejected == {}


@pytest.mark.parametrize("name", TEXTS)
async def test_it_is_connected_commanded_and_pushed_to(name: str, runtime: Runtime) -> None:
    case = CASES[name]
    async with case.device() as there, driven(name, there, runtime) as device:
        assert device.identity.unique_id == there.id
        assert not shown(device, *case.shows)
        await device.commands.execute(case.command, case.arguments)
        assert case.done.items() <= there.state.items()
        await until(partial(shown, device, *case.shows))
        assert not shown(device, *case.follows)
        await there.change(**case.hand)
        await until(partial(shown, device, *case.follows))


@pytest.mark.parametrize("name", [name for name in TEXTS if CASES[name].refuses])
async def test_the_device_says_no(name: str, runtime: Runtime) -> None:
    case = CASES[name]
    async with case.device() as there, driven(name, there, runtime) as device:
        there.state.update(case.refuses)
        there.news_first = True
        with pytest.raises(RefusedError, match=WORDS.get(name, case.words)):
            await device.commands.execute(case.command, case.arguments)
        assert device.available


@pytest.mark.parametrize("name", TEXTS)
async def test_another_one_at_its_address_is_refused(name: str) -> None:
    async with CASES[name].device() as there:
        record = Record(Identity("its-neighbour"), (address(there),))
        device = Device(described(TEXTS[name]), record)
        with pytest.raises(IdentityError, match="not its-neighbour"):
            await device.check(address(there))


@pytest.mark.parametrize("name", [name for name in TEXTS if name in CONNECTED])
async def test_a_broken_connection_is_made_anew_unseen(name: str, runtime: Runtime) -> None:
    case = CASES[name]
    seen = list[bool]()
    async with case.device() as there, driven(name, there, runtime) as device:
        device.observer.on_available = lambda: seen.append(device.available)
        attempts = device.connection.attempts
        await there.hang_up()
        await until(lambda: device.connection.attempts > attempts)
        await device.commands.execute(case.command, case.arguments)
        assert case.done.items() <= there.state.items()
    assert seen == []


async def test_the_chime_is_told_again_but_rung_once(runtime: Runtime) -> None:
    async with devices.Chime() as chime, driven("udp", chime, runtime) as device:
        chime.lose = 1
        await device.commands.execute(AudioVolume.set_volume, {"volume": 8})
        assert chime.heard[-2:] == ["set", "set"]
        chime.lose = 1
        with pytest.raises(TimedOutError):
            await device.commands.execute(Momentary.push, {})
        assert chime.heard.count("ring") == chime.state["rung"] == 1


async def test_the_plug_says_what_it_is(runtime: Runtime) -> None:
    async with devices.MeteringPlug() as plug, driven("http", plug, runtime) as device:
        identity = device.identity
        assert (identity.model, identity.firmware) == ("MP-1", "1.2")


async def test_the_relay_calls_and_is_told_where(runtime: Runtime) -> None:
    await runtime.listener.welcome({"dialing-relay": lambda *_: None})
    url = f"http://{devices.HOST}:{runtime.listener.port}/dialing-relay/RELAY1"
    record = Record(Identity("RELAY1"), (address(devices.Amplifier()),))
    async with DialingRelay(url, host=devices.HOST) as relay:
        device = Device(described("dialing_relay"), record, runtime=runtime)
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            await device.commands.execute(Switch.on, {})
            assert relay.state == {"on": True}
            await relay.change(on=False)
            await until(lambda: device.state.get(Switch.switch) is False)
            assert relay.kept.startswith("http://")
            assert relay.kept not in str([entry.text for entry in device.trace.entries()])
        finally:
            await device.stop()
