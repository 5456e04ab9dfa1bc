"""A device that has no id to report is sighted elsewhere, by somebody who may be anybody."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from lan_edge import Address, Device, Switch, SwitchLevel, UnreachableError
from lan_edge.connection.hints import HINT_INTERVAL
from lan_edge.connection.sightings import CLAIM_LASTS

from ..bench import Bench, BenchDevice, new_device, online, send
from ..peers import until
from .test_device import Nameless

FORGER = "127.0.0.2"


@pytest.fixture
async def peer() -> AsyncGenerator[BenchDevice]:
    async with BenchDevice() as made:
        yield made


@pytest.fixture
async def forger() -> AsyncGenerator[BenchDevice]:
    """Return what answers elsewhere just as the device does."""
    async with BenchDevice(FORGER) as made:
        made.state["level"] = 66
        yield made


@pytest.fixture
async def device(peer: BenchDevice) -> AsyncGenerator[Device]:
    device = new_device(Nameless, peer.address)
    device.start()
    await until(lambda: device.available)
    yield device
    await device.stop()


async def test_it_stays_where_it_answers(
    device: Device, peer: BenchDevice, forger: BenchDevice
) -> None:
    disputes = list[tuple[Address, Address]]()
    device.observer.on_sighted_elsewhere = lambda *claims: disputes.append(claims)
    asked = len(peer.requests)
    for _ in range(50):
        device.connection.sighted(forger.address)
        await asyncio.sleep(0.1)
    assert not forger.requests
    assert device.available
    assert device.connection.attempts == 1
    assert len(peer.requests) - asked == 1
    await until(lambda: disputes)
    assert set(disputes) == {(peer.address, forger.address)}
    await send(device, Switch.on)
    assert peer.sets


async def test_a_short_loss_does_not_lead_to_another(
    device: Device, peer: BenchDevice, forger: BenchDevice
) -> None:
    device.connection.sighted(forger.address)
    await asyncio.sleep(0.1)
    for _ in range(3):
        peer.drop()
        device.connection.sighted(forger.address)
        await asyncio.sleep(0.5)
    await until(lambda: device.state.is_proven)
    assert not forger.requests
    assert device.record.addresses == (peer.address,)


async def test_what_answers_after_a_short_loss_may_be_another(
    device: Device, peer: BenchDevice
) -> None:
    """Two have swapped their addresses, and announced it only while neither could be reached."""
    disputes = list[tuple[Address, Address]]()
    device.observer.on_sighted_elsewhere = lambda *claims: disputes.append(claims)
    elsewhere = Address(FORGER, 9)
    device.connection.lost(UnreachableError("reset"))
    await until(lambda: not device.state.is_proven)
    device.connection.sighted(elsewhere)
    await until(lambda: device.state.is_proven)
    await until(lambda: disputes)
    assert disputes == [(peer.address, elsewhere)]
    await asyncio.sleep(HINT_INTERVAL)
    assert len(disputes) == 1
    assert device.available


async def test_nor_to_one_that_copies_its_id(peer: BenchDevice, forger: BenchDevice) -> None:
    async with online(new_device(Bench, peer.address)) as device:
        for _ in range(3):
            device.connection.sighted(forger.address)
            peer.drop()
            device.connection.sighted(forger.address)
            await asyncio.sleep(0.5)
        await until(lambda: device.state.is_proven)
        assert not forger.requests
        assert device.record.addresses == (peer.address,)


async def test_one_that_was_taken_for_it_while_it_was_away_does_not_stay(
    peer: BenchDevice, forger: BenchDevice
) -> None:
    async with online(new_device(Bench, peer.address)) as device:
        peer.silent = True
        device.connection.sighted(forger.address)
        await until(lambda: device.record.addresses[0] == forger.address)
        peer.silent = False
        device.connection.sighted(peer.address)
        forger.silent = True
        device.connection.sightings.said_goodbye()
        await until(lambda: device.record.addresses[0] == peer.address)


async def test_it_is_followed_if_it_no_longer_answers(
    device: Device, peer: BenchDevice, forger: BenchDevice
) -> None:
    """Nobody can tell then whether it moved; who else answers there is in the documentation."""
    peer.silent = True
    device.connection.sighted(forger.address)
    await until(lambda: device.record.addresses[0] == forger.address)
    assert device.state.get(SwitchLevel.level) == 66


async def test_what_answers_where_it_was_is_not_taken_for_it_at_once(
    device: Device, peer: BenchDevice
) -> None:
    """It lost its power, and is sighted elsewhere before it can be reached there."""
    disputes = list[tuple[Address, Address]]()
    elsewhere = Address(FORGER, 9)
    peer.silent = True
    device.connection.sightings.said_goodbye()
    await until(lambda: not device.available)
    device.observer.on_sighted_elsewhere = lambda *claims: disputes.append(claims)
    device.connection.sighted(elsewhere)
    peer.silent = False
    await asyncio.sleep(HINT_INTERVAL)
    assert not device.available
    assert set(disputes) == {(peer.address, elsewhere)}
    device.connection.sighted(peer.address)  # it says so itself, or what asked it says so
    await until(lambda: device.available)


async def test_a_false_sighting_does_not_shut_it_out(device: Device, peer: BenchDevice) -> None:
    peer.silent = True
    device.connection.sightings.said_goodbye()
    await until(lambda: not device.available)
    peer.silent = False
    for _ in range(int(CLAIM_LASTS) + 3):
        device.connection.sighted(Address(FORGER, 9))
        await asyncio.sleep(1)
    await until(lambda: device.available)
    assert device.record.addresses == (peer.address,)
