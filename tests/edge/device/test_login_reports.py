"""A login that is refused is reported, and that it is accepted again: by what it was refused to."""

import asyncio
import json
from typing import override

import pytest

from lan_edge import CredentialsError, Device, Driver, Http, HttpOptions, Profile, Switch, handles

from ..bench import new_device
from ..peers import TcpPeer, Wire, until

READ, COMMAND = "/state", "/set"


class Guarded(TcpPeer):
    """A plug over HTTP; the paths in `closed` require another login."""

    def __init__(self) -> None:
        super().__init__(self._talk)
        self.closed = set[str]()
        self.closed_once = set[str]()
        self.read = 0

    async def _talk(self, wire: Wire) -> None:
        while True:
            head = (await wire.reader.readuntil(b"\r\n\r\n")).decode()
            path = head.split(" ", 2)[1]
            self.read += path == READ
            is_closed = path in self.closed | self.closed_once
            self.closed_once.discard(path)
            status = "401 No" if is_closed else "200 OK"
            body = json.dumps({"id": "bench-1", "on": True})
            await wire.send(
                f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
            )


class GuardedPlug(Driver[Http]):
    id = "test_guarded"
    profile = Profile(Switch)
    options = HttpOptions()
    poll = 5

    @override
    async def identify(self) -> str:
        return str((await self.io.get_json("/id"))["id"])

    @override
    async def refresh(self) -> None:
        self.emit(Switch.switch, (await self.io.get_json(READ))["on"])

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.get_json(COMMAND)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.get_json(COMMAND)


class Reported(list[str]):
    """What is reported of the login of a device."""

    def __init__(self, device: Device) -> None:
        super().__init__()
        device.observer.on_credentials = lambda: self.append("refused")
        device.observer.on_credentials_accepted = lambda: self.append("accepted")


async def test_a_reading_that_works_again_ends_it() -> None:
    async with Guarded() as peer:
        device = new_device(GuardedPlug, peer.address)
        reported = Reported(device)
        device.start()
        await until(lambda: device.available)
        peer.closed = {READ, COMMAND}
        await until(lambda: "refused" in reported, 30)
        assert "accepted" not in reported
        peer.closed = set()
        await until(lambda: reported[-1] == "accepted", 120)
        assert device.available
        assert reported.count("accepted") == 1
        await device.stop()


async def test_what_was_refused_to_a_command_ends_with_a_command() -> None:
    async with Guarded() as peer:
        device = new_device(GuardedPlug, peer.address)
        reported = Reported(device)
        device.start()
        await until(lambda: device.available)
        peer.closed = {COMMAND}
        with pytest.raises(CredentialsError):
            await device.commands.execute(Switch.on, {})
        await until(lambda: reported == ["refused"])
        read = peer.read
        await until(lambda: peer.read >= read + 3, 30)
        assert reported == ["refused"]
        peer.closed = set()
        await device.commands.execute(Switch.on, {})
        assert reported == ["refused", "accepted"]
        await device.commands.execute(Switch.on, {})
        assert reported == ["refused", "accepted"]
        await device.stop()


async def test_a_reading_that_is_refused_while_a_command_is_confirmed_is_none() -> None:
    async with Guarded() as peer:
        device = new_device(GuardedPlug, peer.address)
        reported = Reported(device)
        device.start()
        await until(lambda: device.available)
        peer.closed_once = {READ}
        with pytest.raises(CredentialsError):
            await device.commands.execute(Switch.off, {})
        await asyncio.sleep(30)
        assert reported == ["refused", "accepted"]
        await device.stop()


async def test_a_reading_ends_what_was_refused_to_a_command_and_to_readings() -> None:
    async with Guarded() as peer:
        device = new_device(GuardedPlug, peer.address)
        reported = Reported(device)
        device.start()
        await until(lambda: device.available)
        peer.closed = {READ, COMMAND}
        with pytest.raises(CredentialsError):
            await device.commands.execute(Switch.on, {})
        await until(lambda: not device.available, 30)
        peer.closed = set()
        await until(lambda: reported[-1] == "accepted", 120)
        await device.stop()
