"""Described devices that redirect, refuse in the middle, repeat secrets, and push too much."""

import asyncio
from collections.abc import AsyncGenerator
import logging

import pytest

from lan_edge import (
    Address,
    CredentialsError,
    Device,
    DeviceError,
    Identity,
    Listener,
    ListenerSettings,
    Record,
    RefusedError,
    ReplyError,
    Runtime,
    Switch,
)
from tests.emulators.posting_relay import PostingRelay
from tests.emulators.worded_switch import PASSWORD, USER, WordedSwitch

from .described import compiled, described
from .house import driven, shows, until
from .web_device import TEXT, TOKEN, WRITTEN, WebDevice
from .worded import CREDENTIALS, worded

pytestmark = pytest.mark.usefixtures("nothing_left_running")

BY_EVENTS = TEXT.replace("talks: http\noptions: {", "talks: sse\noptions: {events: /events, ")
BY_WEBSOCKET = """\
description: 1
id: locked
name: Locked
talks: websocket
options: {path: /ws, timeout: 0.3, key: {path: id}}
requests:
  status: {message: {id: "{number}"}}
components:
  main: {powerMeter: {power: {from: status, path: w}}}
"""


@pytest.fixture
async def runtime() -> AsyncGenerator[Runtime]:
    made = Runtime(listener=Listener(ListenerSettings(host="127.0.0.1", port=0)))
    yield made
    await made.close()


@pytest.fixture
async def server() -> AsyncGenerator[WebDevice]:
    async with WebDevice().there("127.0.0.1") as made:
        yield made


@pytest.fixture
async def witness() -> AsyncGenerator[WebDevice]:
    async with WebDevice().there("127.0.0.2") as made:
        yield made


def device_of(text: str, server: WebDevice) -> Device:
    """Return a device that is not started."""
    record = Record(Identity(""), (server.address,))
    return Device(compiled(text), record, settings={"token": TOKEN} if "token" in text else {})


@pytest.mark.parametrize("text", [TEXT, BY_EVENTS, BY_WEBSOCKET], ids=["http", "sse", "websocket"])
@pytest.mark.parametrize(
    "target",
    ["http://{there}/x", "//{there}/x", "https://{here}/x", "http://u:p@{there}/", "ftp://{here}/"],
)
async def test_a_redirect_leads_to_no_other_host(
    text: str, target: str, server: WebDevice, witness: WebDevice
) -> None:
    server.redirect = target.format(there=witness.address, here=server.address)
    device = device_of(text, server)
    with pytest.raises(DeviceError):
        await device.check(server.address)
    await device.stop()
    assert server.asked
    assert witness.asked == []


@pytest.mark.parametrize("target", ["/again", "http://{here}/again"])
async def test_a_redirect_to_itself_ends(target: str, server: WebDevice) -> None:
    server.redirect = target.format(here=server.address)
    device = device_of(TEXT, server)
    with pytest.raises(ReplyError, match="redirected too often"):
        await device.check(server.address)
    await device.stop()
    assert len(server.asked) <= 5


async def test_what_follows_a_refusal_is_not_sent(server: WebDevice) -> None:
    async with driven(compiled(TEXT), server.address, settings={"token": TOKEN}) as device:
        server.refused, server.asked = {"/second"}, []
        with pytest.raises(RefusedError, match="500"):
            await device.commands.execute(Switch.on, {})
        assert server.asked[:2] == ["POST /first", "POST /second"]
        assert "POST /third" not in server.asked
        assert device.state.get(Switch.switch) is False
        server.refused = set()
        await device.commands.execute(Switch.on, {})
        assert device.state.get(Switch.switch) is True


async def test_its_secret_is_in_no_error_trace_or_log(
    server: WebDevice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = list[str]()
    async with driven(compiled(TEXT), server.address, settings={"token": TOKEN}) as device:
        for refused, command in (
            ("/second", Switch.on),
            ("/third", Switch.on),
            ("/first", Switch.off),
        ):
            server.refused = {refused}
            with pytest.raises(RefusedError) as err:
                await device.commands.execute(command, {})
            said += [str(err.value), repr(err.value)]
        server.refused = {f"/api/{TOKEN}/status"}
        await until(lambda: device.connection.reason is not None)
        said += [str(device.connection.reason), repr(device.driver.settings)]
        said += [repr(device.driver.transport_options()), str(device.counts)]
        said += [entry.text for entry in device.trace.entries()]
    assert "500" in said[0]
    shown = "\n".join((*said, caplog.text))
    assert [form for form in WRITTEN if form in shown] == []


async def test_a_login_that_was_refused_is_used_once_it_is_right() -> None:
    wrong = {"user": USER, "password": "wr0ng"}
    async with WordedSwitch("lines", password=PASSWORD) as switch:
        record = Record(Identity("s-1"), (Address(switch.host, switch.port),))
        device = Device(worded("lines", has_login=True), record, settings=wrong)
        device.start()
        await until(lambda: isinstance(device.connection.reason, CredentialsError))
        tried = len(switch.log)
        await asyncio.sleep(60)
        await device.stop()
        assert len(switch.log) <= tried + 2  # not more than once in half a minute
        device = Device(worded("lines", has_login=True), record, settings=CREDENTIALS)
        device.start()
        await until(lambda: device.available, lambda: device.connection.reason)
        await device.stop()


async def test_an_answer_that_was_overtaken_by_a_post_changes_nothing(runtime: Runtime) -> None:
    async with PostingRelay() as relay:
        address = Address(relay.host, relay.port)
        driver = described("posting_relay")
        async with driven(driver, address, "relay-1", runtime=runtime) as device:
            relay.faults.late = 0.2
            reading = asyncio.create_task(device.commands.refresh())
            await asyncio.sleep(0.1)
            await relay.change(on=True)
            await shows(device, Switch.switch, True)
            await reading
            assert device.state.get(Switch.switch) is True


@pytest.mark.parametrize("way", ["lines", "frames", "websocket", "udp"])
async def test_a_flood_ends_in_what_was_reported_last(way: str) -> None:
    async with WordedSwitch(way) as switch:
        address = Address(switch.host, switch.port)
        async with driven(worded(way), address, "s-1") as device:
            for number in range(3000):
                await switch.change(on=number % 2 == 0)
                if way == "udp" and number % 50 == 0:  # what nobody has read yet is lost
                    await asyncio.sleep(0)
            await switch.change(on=True)
            await shows(device, Switch.switch, True)
            await device.commands.execute(Switch.off, {})
            assert switch.state == {"on": False}
            assert device.state.rejected == {}
