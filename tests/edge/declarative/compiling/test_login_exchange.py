"""Logins that are sent on each connection, before the device is asked who it is."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from lan_edge import (
    Address,
    CredentialsError,
    Device,
    Identity,
    Listener,
    ListenerSettings,
    Record,
    Runtime,
    Switch,
)
from tests.drivers.described import compiled
from tests.drivers.house import until

from ..texts import CHARGER, said
from .guarded import HOST, PASSWORD, Guarded, by_frames, by_lines, by_udp, by_websocket, calling

SERVERS = {"lines": by_lines, "frames": by_frames, "websocket": by_websocket, "udp": by_udp}
OPTIONS = {
    "lines": "{port: 7000}",
    "frames": "{port: 7000, framer: {size: 2}, messages: text}",
    "websocket": "{messages: text}",
    "udp": "{port: 7000, messages: text}",
    "inbound": "{messages: text}",
}
TEXT = """\
description: 1
id: guarded
name: Guarded switch
parameters:
  user: {}
  password: {kind: secret}
found_by: FOUND_BY
talks: TALKS
options: OPTIONS
login:
  send: {text: "LOGIN {user} {password}", answered: welcome}
  refused: {pattern: 'DENIED (.{1,40})'}
requests:
  id: {text: "ID?"}
  state: {text: "STATE?"}
messages:
  welcome: {pattern: WELCOME}
  id: {pattern: 'ID (?P<id>.{1,20})'}
  state: {pattern: 'STATE (?P<state>on|off)'}
refused: {pattern: 'ERROR (.{1,40})'}
identity: {from: id, group: id}
components:
  main:
    switch:
      switch: {from: state, group: state, map: {"on": true, "off": false}}
      "on": {text: "ON", answered: state}
      "off": {text: "OFF", answered: state}
"""
RIGHT = {"user": "me", "password": PASSWORD}
each_way = pytest.mark.parametrize("talks", list(OPTIONS))


def text_for(talks: str) -> str:
    """Return the text of the switch by a way to talk."""
    text = TEXT.replace("TALKS", talks).replace("OPTIONS", OPTIONS[talks])
    found = "[{calls: guarded}]" if talks == "inbound" else "[]"
    text = text.replace("FOUND_BY", found)
    return text.replace("{text:", "{line:") if talks == "lines" else text


@pytest.fixture
async def runtime() -> AsyncGenerator[Runtime]:
    made = Runtime(listener=Listener(ListenerSettings(host="", port=0)))
    yield made
    await made.close()


@asynccontextmanager
async def added(
    runtime: Runtime, talks: str, switch: Guarded, settings: Mapping[str, Any]
) -> AsyncGenerator[Device]:
    """Start the device; it need not become available."""
    async with AsyncExitStack() as stack:
        if talks == "inbound":
            await runtime.listener.welcome({"guarded": lambda *_: None})
            url = f"http://{HOST}:{runtime.listener.port}/guarded/S-1"
            address: Address = await stack.enter_async_context(calling(switch, url))
        else:
            address = await stack.enter_async_context(SERVERS[talks](switch))
        record = Record(Identity("S-1"), (address,))
        driver = compiled(text_for(talks))
        device = Device(driver, record, settings=settings, runtime=runtime)
        device.start()
        try:
            yield device
        finally:
            await device.stop()


@each_way
async def test_the_login_comes_first(runtime: Runtime, talks: str) -> None:
    switch = Guarded()
    async with added(runtime, talks, switch, RIGHT) as device:
        await until(lambda: device.available, lambda: device.connection.reason)
        assert switch.received[:2] == [f"LOGIN me {PASSWORD}", "ID?"]
        await device.commands.execute(Switch.on, {})
        assert switch.on
        assert device.state.get(Switch.switch) is True
        assert PASSWORD not in str([entry.text for entry in device.trace.entries()])
        assert PASSWORD not in repr(device.driver.transport_options())


@each_way
async def test_a_refused_login_is_one_of_credentials(runtime: Runtime, talks: str) -> None:
    switch = Guarded()
    async with added(runtime, talks, switch, {**RIGHT, "password": "wr0ng"}) as device:
        await until(lambda: isinstance(device.connection.reason, CredentialsError))
        assert "wrong password" in str(device.connection.reason)
        assert switch.received == ["LOGIN me wr0ng"]


async def test_without_anything_to_log_in_with_nothing_is_sent(runtime: Runtime) -> None:
    switch = Guarded()
    switch.asks = False
    async with added(runtime, "lines", switch, {}) as device:
        await until(lambda: device.available, lambda: device.connection.reason)
        assert switch.received[0] == "ID?"


async def test_another_text_with_the_same_login_keeps_the_connection(runtime: Runtime) -> None:
    async with added(runtime, "lines", Guarded(), RIGHT) as device:
        await until(lambda: device.available, lambda: device.connection.reason)
        attempts = device.connection.attempts
        again = text_for("lines").replace("name: Guarded switch", "name: Another name")
        await device.replace_driver(compiled(again))
        assert device.available
        assert device.connection.attempts == attempts


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{user}", "{usr}", "login.send.line has an unknown {usr}: did you mean {user}?"),
        (", answered: welcome", "", "login.refused has no answer to be found in"),
        ("answered: welcome", "answered: welcom", "login.send.answered is no message: is welcome"),
        ("  send:", "  bearer: x\n  send:", "login.send cannot be there beside bearer"),
    ],
)
def test_what_is_wrong_in_it(old: str, new: str, words: str) -> None:
    found = said(text_for("lines").replace(old, new, 1))
    assert [each for each in found if words in each]


def test_it_needs_a_connection() -> None:
    text = CHARGER.replace('{bearer: "{token}"}', "{send: {get: /login}}")
    assert [each for each in said(text) if "login.send is only for a connection that" in each]
