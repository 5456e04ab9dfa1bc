"""Snapcast: what is told last counts, in whatever order its threads tell it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from lan_edge import Address, AudioVolume, Device, MediaInputSource
from lan_edge.drivers.snapcast import Snapcast
from tests.emulators.snapcast import GROUP, PLAYER, STREAM, SnapcastEmulator

from .house import driven, until

PART = f"client_{PLAYER}"
STATUS = "Server.GetStatus"


@pytest.fixture
async def server() -> AsyncGenerator[SnapcastEmulator]:
    async with SnapcastEmulator() as made:
        yield made


@pytest.fixture
async def device(server: SnapcastEmulator) -> AsyncGenerator[Device]:
    async with driven(Snapcast, Address(server.host, server.port)) as made:
        yield made


def received(server: SnapcastEmulator, method: str) -> int:
    """Return how often a server was asked for something."""
    return sum(each.command == method for each in server.log)


def shown(device: Device) -> Callable[..., Any]:
    return lambda attribute: device.state.get(attribute, PART)


async def test_a_reply_is_late_and_a_hand_was_faster(
    device: Device, server: SnapcastEmulator
) -> None:
    server.faults.late_answers = {"Client.SetVolume": 1.0}
    get, before = shown(device), received(server, STATUS)
    command = asyncio.create_task(
        device.commands.execute(AudioVolume.set_volume, {"volume": 0}, PART)
    )
    await until(lambda: received(server, "Client.SetVolume"))
    await server.change(percent=51)
    await until(lambda: get(AudioVolume.volume) == 51)
    await command
    await until(lambda: get(AudioVolume.volume) == 51 and received(server, STATUS) > before)
    assert server.state["percent"] == 51


async def test_a_reply_without_anything_meanwhile_is_believed(
    device: Device, server: SnapcastEmulator
) -> None:
    before = received(server, STATUS)
    await server.change(percent=51)
    await until(lambda: shown(device)(AudioVolume.volume) == 51)
    await device.commands.execute(AudioVolume.set_volume, {"volume": 20}, PART)
    await asyncio.sleep(3)
    assert shown(device)(AudioVolume.volume) == 20
    assert received(server, STATUS) == before


async def test_a_group_was_moved_before_the_reply_to_a_move(
    device: Device, server: SnapcastEmulator
) -> None:
    server.streams.append("radio")
    server.update()
    get = shown(device)
    await until(lambda: "radio" in get(MediaInputSource.supported_input_sources))
    server.faults.late_answers = {"Group.SetStream": 1.0}
    command = asyncio.create_task(
        device.commands.execute(MediaInputSource.set_input_source, {"mode": "radio"}, PART)
    )
    await until(lambda: received(server, "Group.SetStream"))
    server.play(GROUP, STREAM)
    before = received(server, STATUS)
    await command
    await until(lambda: received(server, STATUS) > before)
    await until(lambda: get(MediaInputSource.input_source) == STREAM)


async def test_of_two_statuses_on_their_way_neither_is_newer_than_a_notification(
    device: Device, server: SnapcastEmulator
) -> None:
    """One is asked for as a sign of life while everything is read."""
    server.faults.late_answers = {STATUS: 1.0}
    get, before = shown(device), received(server, STATUS)
    one = asyncio.create_task(device.commands.refresh())
    await until(lambda: received(server, STATUS) == before + 1)
    await asyncio.sleep(0.5)
    two = asyncio.create_task(device._session.liveness.ping())
    await until(lambda: received(server, STATUS) == before + 2)
    await one
    await server.change(percent=51)  # the second status was written before
    await two
    assert get(AudioVolume.volume) == 51
