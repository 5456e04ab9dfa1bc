"""A device that is polled, and so never silent, is asked now and then who it is."""

import asyncio
import json
from typing import override

import pytest

from lan_edge import Address, Driver, Http, IdentityError, Profile, Switch, connect, handles
from tests.emulators.http_messages import Answer, Request
from tests.emulators.rest_switch import RestSwitchEmulator


class Plug(Driver[Http]):
    id = "asked_again"
    profile = Profile(Switch)

    @override
    async def identify(self) -> str:
        return str((await self.io.get_json("/info"))["id"])

    @override
    async def refresh(self) -> None:
        self.emit(Switch.switch, await self.io.get_text("/switch") == "on")

    @handles(Switch.on)
    async def on(self) -> None:
        await self.io.post("/switch", "on")

    @handles(Switch.off)
    async def off(self) -> None:
        await self.io.post("/switch", "off")


class Talkative(Plug):
    """It answers something all the time, so that its silence never makes anybody ask."""

    id = "talkative"

    @override
    async def connected(self) -> None:
        self.every(5, self.refresh)


class IdentifiedEmulator(RestSwitchEmulator):
    """A switch that says who it is."""

    def __init__(self) -> None:
        super().__init__(id="relay-1")
        self.asked = 0

    @override
    def _answer(self, request: Request) -> Answer:
        if request.path != "/info":
            return super()._answer(request)
        self.asked += 1
        return Answer(200, json.dumps({"id": self.identity}).encode())


async def test_another_one_at_its_address_is_noticed() -> None:
    async with (
        IdentifiedEmulator() as emulator,
        connect(Plug, Address(emulator.host, emulator.port)) as device,
    ):
        assert device.identity.unique_id == "relay-1"
        emulator.id = "relay-2"
        await asyncio.sleep(80)
        assert not device.available
        assert isinstance(device.connection.reason, IdentityError)


@pytest.mark.parametrize(
    ("reads_it", "poll", "times"),
    [(False, -1, 3), (True, -1, 0), (True, 60, 0), (True, 300, 3), (True, None, 3)],
)
async def test_it_is_asked_once_a_minute_unless_that_is_read_anyway(
    reads_it: bool, poll: float | None, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Talkative, "poll", poll)
    monkeypatch.setattr(Talkative, "reads_identity", reads_it)
    async with (
        IdentifiedEmulator() as emulator,
        connect(Talkative, Address(emulator.host, emulator.port)) as device,
    ):
        before = emulator.asked
        await asyncio.sleep(210)  # the interval varies by a tenth
        assert device.available
        assert emulator.asked - before == times
