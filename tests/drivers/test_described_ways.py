"""The contract of switches and of identities, for described devices by each way to talk."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, ClassVar, override

import pytest

from lan_edge import (
    Address,
    Device,
    Listener,
    ListenerSettings,
    RefusedError,
    Runtime,
    Switch,
)
from tests.emulators.device import EmulatedDevice
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.worded_switch import PASSWORD, WordedSwitch
from tests.network.chaos.lamps import Lamp, SseLamp, WsLamp

from .contract import ELSEWHERE, IdentityContract, SwitchContract
from .described import compiled, text_in_chaos
from .house import driven, until
from .worded import CREDENTIALS, worded

pytestmark = pytest.mark.usefixtures("nothing_left_running")

JSON_LINES = """\
description: 1
id: json_lines
name: JSON lines
talks: lines
options: {port: 5577, timeout: 0.3}
requests:
  info: {line: '{{"id": 1, "method": "info"}}'}
  state: {line: '{{"id": 2, "method": "get"}}'}
messages:
  info: {when: {path: result.model}}
  state: {pattern: '.{1,60}"on": ?(?P<on>true|false).{0,60}'}
refused: {when: {path: error.message}}
identity: {from: info, path: result.id}
components:
  main:
    switch:
      switch: {from: state, group: "on"}
      "on": {line: '{{"id": 3, "method": "set", "params": {{"on": true}}}}', answered: state}
      "off": {line: '{{"id": 3, "method": "set", "params": {{"on": false}}}}', answered: state}
"""
MINUTES = 180.0
WITHOUT_LOGIN = ("lines", "frames", "websocket", "udp", "calls by websocket", "calls by lines")
WITH_LOGIN = ("lines", "frames", "websocket", "udp")


@pytest.fixture
async def runtime() -> AsyncGenerator[Runtime]:
    made = Runtime(listener=Listener(ListenerSettings(host="127.0.0.1", port=0)))
    yield made
    await made.close()


class WordedContract(SwitchContract, IdentityContract):
    """Of the switch that talks in words; a subclass has the fixture `way`."""

    has_login = False

    @pytest.fixture
    async def emulator(self, way: str, runtime: Runtime) -> AsyncGenerator[WordedSwitch]:
        await runtime.listener.welcome({"worded": lambda *_: None})
        async with WordedSwitch(
            way,
            password=PASSWORD if self.has_login else "",
            url=f"http://127.0.0.1:{runtime.listener.port}/worded/s-1",
        ) as made:
            yield made

    @pytest.fixture
    async def device(
        self, way: str, emulator: WordedSwitch, runtime: Runtime
    ) -> AsyncGenerator[Device]:
        driver = worded(way, has_login=self.has_login)
        settings = CREDENTIALS if self.has_login else {}
        address = Address(emulator.host, emulator.port)
        async with driven(driver, address, "s-1", runtime=runtime, settings=settings) as made:
            if way.startswith("calls"):  # by the URL that it was given, from now on
                await emulator.drop()
                await until(lambda: made.record.calls_by_token and made.available)
            yield made

    async def test_a_refusal_is_told(self, device: Device, emulator: WordedSwitch) -> None:
        emulator.faults.refuse = ["ON"]
        with pytest.raises(RefusedError, match="it is locked"):
            await device.commands.execute(Switch.on, {})
        assert device.available


class TestByWords(WordedContract):
    @pytest.fixture(params=WITHOUT_LOGIN)
    def way(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)


class TestByWordsWithALogin(WordedContract):
    """With a password, which must not go to another device."""

    has_login = True

    @pytest.fixture(params=WITH_LOGIN)
    def way(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @override
    async def test_it_is_followed_to_another_address(
        self, device: Device, emulator: EmulatedDevice[Any]
    ) -> None:
        """Follow it once it has failed for a minute: a password is at stake."""
        await emulator.move(ELSEWHERE)
        new = Address(ELSEWHERE, emulator.port)
        async with asyncio.timeout(MINUTES):
            while not (device.available and device.connection.address == new):
                device.connection.sighted(new)
                await asyncio.sleep(1)
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True

    @override
    async def test_an_impostor_elsewhere_is_refused_and_its_address_not_stored(
        self, device: Device, emulator: EmulatedDevice[Any]
    ) -> None:
        """See that it is only asked who it is, and does not get the password."""
        assert isinstance(emulator, WordedSwitch)
        before, heard = device.record.as_dict(), len(emulator.log)
        emulator.faults.impostor, emulator.says_who_it_is = self.stranger, True
        await emulator.move(ELSEWHERE, old="closed")
        for _ in range(int(MINUTES)):
            device.connection.sighted(Address(ELSEWHERE, emulator.port))
            await asyncio.sleep(1)
        assert not device.available
        assert {each.command for each in emulator.log[heard:]} == {"ID?"}
        assert device.record.as_dict() == before


class TestByJsonLines(SwitchContract, IdentityContract):
    """JSON in lines, read by patterns."""

    lie = "ignore"

    @pytest.fixture
    async def emulator(self) -> AsyncGenerator[JsonBulbEmulator]:
        async with JsonBulbEmulator(id="bulb-1") as made:
            yield made

    @pytest.fixture
    async def device(self, emulator: JsonBulbEmulator) -> AsyncGenerator[Device]:
        address = Address(emulator.host, emulator.port)
        async with driven(compiled(JSON_LINES), address, "bulb-1") as made:
            yield made


def impatient(name: str) -> str:
    """Return one of the chaos test's texts, with a shorter timeout."""
    return text_in_chaos(name).replace("options: {", "options: {timeout: 0.3, ")


class LampContract(SwitchContract, IdentityContract):
    """Of a lamp whose text is one of the chaos test's."""

    text: ClassVar[str]

    @pytest.fixture
    async def device(self, emulator: Lamp[Any]) -> AsyncGenerator[Device]:
        driver = compiled(impatient(self.text))
        address = Address(emulator.host, emulator.port)
        async with driven(driver, address, "lamp-1") as made:
            yield made


class TestByEvents(LampContract):
    """HTTP, and events of the server."""

    text = "sse_lamp"

    @pytest.fixture
    async def emulator(self) -> AsyncGenerator[SseLamp]:
        async with SseLamp("127.0.0.1", 0, id="lamp-1", name="Lamp") as made:
            yield made


class TestByJsonMessages(LampContract):
    """JSON by a WebSocket, with a number in each request."""

    text = "ws_lamp"

    @pytest.fixture
    async def emulator(self) -> AsyncGenerator[WsLamp]:
        async with WsLamp("127.0.0.1", 0, id="lamp-1", name="Lamp") as made:
            yield made
