"""The availability of a device: short losses of its connection do not count."""

import asyncio

import pytest

from lan_edge.connection import availability as module
from lan_edge.connection.availability import Availability


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    monkeypatch.setattr(module, "GRACE", 0.03)
    return []


async def test_a_loss_that_recovers_is_not_reported(reported: list[bool]) -> None:
    availability = Availability(reported.append)
    availability.up()
    availability.down(at_once=False)
    waiting = asyncio.Task(availability.settled(), eager_start=True)
    availability.failed()
    assert not waiting.done()
    availability.up()
    await waiting
    await asyncio.sleep(0.05)
    assert reported == [True]


async def test_a_loss_that_lasts_is_reported_and_ends_the_wait(reported: list[bool]) -> None:
    availability = Availability(reported.append)
    availability.up()
    availability.down(at_once=False)
    await availability.settled()
    assert reported == [True, False]
    availability.failed()
    await availability.settled()
    assert reported == [True, False]


async def test_a_silence_is_reported_at_once(reported: list[bool]) -> None:
    availability = Availability(reported.append)
    availability.up()
    availability.down(at_once=True)
    assert reported == [True, False]
    assert not availability.is_available
    await availability.settled()


async def test_the_end_is_not_reported(reported: list[bool]) -> None:
    availability = Availability(reported.append)
    availability.up()
    availability.down(at_once=False)
    waiting = asyncio.Task(availability.settled(), eager_start=True)
    availability.end()
    await waiting
    await asyncio.sleep(0.05)
    assert reported == [True]
    assert not availability.is_available
