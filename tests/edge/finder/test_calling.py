"""`connect`, and the command line, for a device that connects to the hub by itself."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from lan_edge import Address, Listener, ListenerSettings, Runtime, Switch, UnreachableError, connect
from lan_edge.cli import opening
from lan_edge.finder import calling, connecting
from tests.docs.pages import ROOT, run
from tests.emulators.dialing_relay import DialingRelay

from ..cli.console import cli
from ..peers import LOOPBACK, until

EXAMPLE = ROOT / "docs/examples/dialing_relay.py"
DRIVER = run(str(EXAMPLE), EXAMPLE.read_text()).DialingRelay
HERE = Address(LOOPBACK)
lines = pytest.mark.parametrize("lines", [False, True], ids=["websocket", "lines"])


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Listener:
    """Return the listener that is opened, at any free port."""
    made = Listener(ListenerSettings(port=0))
    for module in (connecting, opening):
        monkeypatch.setattr(module, "Runtime", partial(Runtime, listener=made))
    return made


@asynccontextmanager
async def calling_relay(listener: Listener, *, lines: bool = False) -> AsyncGenerator[DialingRelay]:
    """Have a relay that calls the listener as soon as it is open."""
    relay = DialingRelay("", lines=lines)

    async def call() -> None:
        await until(lambda: listener.port)
        relay.url = f"http://{LOOPBACK}:{listener.port}/dialing-relay/RELAY1"
        await relay.__aenter__()

    task = asyncio.create_task(call())
    try:
        yield relay
    finally:
        task.cancel()
        await relay.stop()


@lines
async def test_it_is_connected_when_it_calls(listener: Listener, lines: bool) -> None:
    async with calling_relay(listener, lines=lines) as relay:
        async with connect(DRIVER, HERE) as device:
            assert device.identity.unique_id == "RELAY1"
            await device[Switch].on()
            assert relay.state == {"on": True}
        assert listener.port == 0


async def test_one_that_does_not_call(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "FIRST_CALL", 2.0)
    said = r"has not called port \d+ of this machine at /dialing-relay/ID from 127\.0\.0\.1 within"
    with pytest.raises(UnreachableError, match=said):
        async with connect(DRIVER, HERE):
            pytest.fail("it does not call")
    assert listener.port == 0


async def test_one_that_calls_from_elsewhere(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "FIRST_CALL", 5.0)
    async with calling_relay(listener) as relay:
        with pytest.raises(UnreachableError, match=r"from 127\.0\.0\.2 within 5 s"):
            async with connect(DRIVER, Address("127.0.0.2")):
                pytest.fail("it is another one")
        assert relay.calls > 1


async def test_on_the_command_line(listener: Listener) -> None:
    async with calling_relay(listener) as relay:
        ran = await cli("run", EXAMPLE, LOOPBACK, typed="switch.on\n")
        assert ran.code == 0, ran.err
        assert relay.state == {"on": True}
    assert "Waiting until the device calls port " in ran.err
    assert "RELAY1" in ran.out
