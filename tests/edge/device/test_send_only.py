"""Drivers that only send: what is not heard is not done, and the device is gone in time."""

import asyncio
from typing import Any, ClassVar, override

import pytest

from lan_edge import (
    Confirm,
    Driver,
    Lines,
    OfflineError,
    Profile,
    Switch,
    SwitchLevel,
    TimedOutError,
    Udp,
    UnconfirmedError,
    handles,
)
from tests.clock import now

from ..bench import new_device, online, send
from ..peers import LOOPBACK, TcpPeer, Wire, until
from ..transports.udp.test_udp import UdpPeer

NOTICED = 3.5


class Sender(Driver[Lines]):
    """Sends commands and questions; the answers are messages like any other."""

    id = "test_sender"
    profile = Profile(Switch, SwitchLevel)

    @override
    async def refresh(self) -> None:
        self.io.send("state?")

    @override
    def on_message(self, message: str) -> None:
        name, _, value = message.partition(" ")
        if name == "switch":
            self.emit(Switch.switch, value == "on")
        if name == "level":
            self.emit(SwitchLevel.level, int(value))

    @handles(Switch.on)
    async def turn_on(self) -> None:
        self.io.send("switch on")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        self.io.send("switch off")

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:  # noqa: ARG002
        self.io.send(f"level {level}")


class Identified(Sender):
    """Asks for the id, and only sends all else."""

    id = "test_sender_with_id"

    @override
    async def identify(self) -> str:
        return (await self.io.ask("id?", match=lambda line: line.startswith("id "))).split()[1]


class Patient(Sender):
    """Waits for results longer than it waits for signs of life."""

    id = "test_patient_sender"
    confirm_within = 20.0


class OneWay(Sender):
    """Assumes that what it sends is done."""

    id = "test_one_way"
    confirm = Confirm.ECHO

    @override
    async def refresh(self) -> None:
        self.io.send("state?")


class Listener(Driver[Lines]):
    """Sends nothing: the device reports what happens."""

    id = "test_listener"
    profile = Profile(Switch)
    parts: ClassVar = ()

    @override
    def on_message(self, message: str) -> None:
        self.emit(Switch.switch, message == "switch on")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        self.io.send("switch on")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        self.io.send("switch off")


class LineDevice(TcpPeer):
    """Does what it is told, and reports it."""

    def __init__(self) -> None:
        super().__init__(self._talk, LOOPBACK)
        self.state = {"switch": "off", "level": "40"}
        self.lines: list[str] = []
        self.frozen = self.lies = self.mute = False

    async def _talk(self, wire: Wire) -> None:
        async for line in wire.lines():
            if self.frozen:
                continue
            asked = line.decode().strip()
            self.lines.append(asked)
            name, _, value = asked.partition(" ")
            if name in self.state and not self.lies:
                self.state[name] = value
            if not self.mute:
                await self.report(wire, "id bench-1" if name == "id?" else None)

    async def report(self, wire: Wire, instead: str | None = None) -> None:
        for name, value in self.state.items():
            await wire.send(f"{instead or f'{name} {value}'}\n".encode())


COMMANDS: tuple[tuple[Any, dict[str, Any]], ...] = (
    (Switch.on, {}),
    (SwitchLevel.set_level, {"level": 48}),
)


@pytest.mark.parametrize("family", [Sender, Identified, Patient])
@pytest.mark.parametrize(("command", "arguments"), COMMANDS)
async def test_silence_is_said_and_noticed(
    family: type[Sender], command: Any, arguments: dict[str, Any]
) -> None:
    async with LineDevice() as peer, online(new_device(family, peer.address)) as device:
        await until(lambda: device.state.get(SwitchLevel.level) == 40)
        peer.frozen = True
        task = asyncio.create_task(send(device, command, **arguments))
        await asyncio.sleep(NOTICED)
        assert not device.available
        assert task.done()
        with pytest.raises(
            (TimedOutError, OfflineError), match=r"nothing was received|no longer responds"
        ):
            await task
        await asyncio.sleep(60)
        assert not device.available  # its system takes connections, its program says nothing
        peer.frozen = False
        await until(lambda: device.available, 90)


@pytest.mark.parametrize("family", [Sender, Identified])
async def test_it_is_noticed_although_the_state_is_the_wanted_one(family: type[Sender]) -> None:
    async with LineDevice() as peer, online(new_device(family, peer.address)) as device:
        await until(lambda: device.state.get(Switch.switch) is False)
        peer.frozen = True
        await send(device, Switch.off)
        await asyncio.sleep(NOTICED)
        assert not device.available


async def test_one_that_answers_and_does_nothing_stays_available() -> None:
    async with LineDevice() as peer, online(new_device(Sender, peer.address)) as device:
        await until(lambda: device.state.get(SwitchLevel.level) == 40)
        peer.lies = True
        with pytest.raises(UnconfirmedError, match=r"^its level is still 40 %, not 48 %$"):
            await send(device, SwitchLevel.set_level, level=48)
        await asyncio.sleep(60)
        assert device.available
        assert device.connection.attempts == 1


async def test_one_that_never_answers_stays_available() -> None:
    async with LineDevice() as peer:
        peer.mute = True
        async with online(new_device(OneWay, peer.address)) as device:
            await send(device, Switch.on)
            await asyncio.sleep(120)
            assert device.available
            assert device.connection.attempts == 1
            assert peer.lines.count("switch on") == 1


async def test_one_that_is_asked_nothing_stays_available() -> None:
    """It reports what happens, which may be seldom."""
    async with LineDevice() as peer, online(new_device(Listener, peer.address)) as device:
        await peer.report(peer.wires[0])
        await asyncio.sleep(600)
        assert device.available
        assert device.connection.attempts == 1


class Datagrams(Driver[Udp]):
    """Sends datagrams and waits for none."""

    id = "test_datagram_sender"
    profile = Profile(Switch)

    @override
    async def refresh(self) -> None:
        self.io.send(b"state?")

    @override
    def on_message(self, message: bytes) -> None:
        self.emit(Switch.switch, message == b"switch on")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        self.io.send(b"switch on")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        self.io.send(b"switch off")


async def test_datagrams_without_an_answer() -> None:
    state = b"switch off"

    def answer(data: bytes) -> list[bytes]:
        nonlocal state
        state = data if data.startswith(b"switch") else state
        return [state]

    async with UdpPeer(answer) as peer, online(new_device(Datagrams, peer.address)) as device:
        await send(device, Switch.on)
        assert device.state.get(Switch.switch) is True
        peer.silent = True
        began = now()
        with pytest.raises(TimedOutError, match=r"^nothing was received from it within 2 s$"):
            await send(device, Switch.off)
        assert now() - began < NOTICED
        await asyncio.sleep(NOTICED - (now() - began))
        assert not device.available
        peer.silent = False
        await until(lambda: device.available, 90)
