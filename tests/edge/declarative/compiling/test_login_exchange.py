"""Logins that are sent on each connection, before the device is asked who it is."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
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
from tests.drivers.worded import CREDENTIALS, OPTIONS, text_for, worded
from tests.emulators.worded_switch import PASSWORD, USER, WordedSwitch

from ..texts import CHARGER, said

WRONG = {**CREDENTIALS, "password": "wr0ng"}
HOST = "127.0.0.1"
LINES = text_for("lines", has_login=True)
each_way = pytest.mark.parametrize("way", list(OPTIONS))


@pytest.fixture
async def runtime() -> AsyncGenerator[Runtime]:
    made = Runtime(listener=Listener(ListenerSettings(host="", port=0)))
    yield made
    await made.close()


@asynccontextmanager
async def added(
    runtime: Runtime, way: str, settings: Mapping[str, Any], *, password: str = PASSWORD
) -> AsyncGenerator[tuple[Device, WordedSwitch]]:
    """Start the switch and its device, which need not become available."""
    await runtime.listener.welcome({"worded": lambda *_: None})
    url = f"http://{HOST}:{runtime.listener.port}/worded/s-1"
    async with WordedSwitch(way, HOST, password=password, url=url) as switch:
        record = Record(Identity("s-1"), (Address(HOST, switch.port),))
        device = Device(worded(way, has_login=True), record, settings=settings, runtime=runtime)
        device.start()
        try:
            yield device, switch
        finally:
            await device.stop()


@each_way
async def test_the_login_comes_first(runtime: Runtime, way: str) -> None:
    async with added(runtime, way, CREDENTIALS) as (device, switch):
        await until(lambda: device.available, lambda: device.connection.reason)
        assert switch.received_texts[:2] == [f"LOGIN me {PASSWORD}", "ID?"]
        await device.commands.execute(Switch.on, {})
        assert switch.state == {"on": True}
        assert device.state.get(Switch.switch) is True
        assert PASSWORD not in str([entry.text for entry in device.trace.entries()])
        assert PASSWORD not in repr(device.driver.transport_options())


@each_way
async def test_a_refused_login_is_one_of_credentials(runtime: Runtime, way: str) -> None:
    async with added(runtime, way, WRONG) as (device, switch):
        await until(lambda: isinstance(device.connection.reason, CredentialsError))
        assert "wrong password" in str(device.connection.reason)
        assert switch.received_texts == ["LOGIN me wr0ng"]


@pytest.mark.parametrize("settings", [{}, {"user": USER}])
async def test_without_a_password_no_login_is_sent(
    runtime: Runtime, settings: dict[str, str]
) -> None:
    async with added(runtime, "lines", settings, password="") as (device, switch):
        await until(lambda: device.available, lambda: device.connection.reason)
        assert switch.received_texts[0] == "ID?"


@each_way
async def test_one_that_refuses_all_before_its_login_asks_for_it(
    runtime: Runtime, way: str
) -> None:
    async with added(runtime, way, {}) as (device, switch):
        await until(lambda: isinstance(device.connection.reason, CredentialsError))
        assert "log in first" in str(device.connection.reason)
        assert {*switch.received_texts} == {"ID?"}


@pytest.mark.parametrize("way", ["lines", "frames", "websocket", "calls by lines"])
async def test_one_that_answers_nothing_before_its_login_asks_for_it(
    runtime: Runtime, way: str
) -> None:
    async with added(runtime, way, {}) as (device, switch):
        switch.answers_strangers = False
        await until(lambda: isinstance(device.connection.reason, CredentialsError))


async def test_another_text_with_the_same_login_keeps_the_connection(runtime: Runtime) -> None:
    async with added(runtime, "lines", CREDENTIALS) as (device, _):
        await until(lambda: device.available, lambda: device.connection.reason)
        attempts = device.connection.attempts
        again = LINES.replace("name: Worded switch", "name: Another name")
        await device.replace_driver(compiled(again))
        assert device.available
        assert device.connection.attempts == attempts


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{user}", "{usr}", "login.send.line has an unknown {usr}: did you mean {user}?"),
        (", answered: welcome", "", "login.refused has no answer to be found in"),
        (
            "answered: welcome",
            "answered: welcom",
            "login.send.answered is not a message: did you mean welcome",
        ),
        ("  send:", "  bearer: x\n  send:", "login.send cannot be there beside bearer"),
    ],
)
def test_what_is_wrong_in_it(old: str, new: str, words: str) -> None:
    found = said(LINES.replace(old, new, 1))
    assert [each for each in found if words in each]


def test_it_needs_a_connection() -> None:
    text = CHARGER.replace('{bearer: "{token}"}', "{send: {get: /login}}")
    assert [each for each in said(text) if "login.send is only for a connection that" in each]
