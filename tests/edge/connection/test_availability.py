"""What is shown of drops."""

import asyncio

import pytest

from lan_edge.connection import availability as module
from lan_edge.connection.availability import Availability


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    monkeypatch.setattr(module, "GRACE", 0.03)
    return []


async def test_what_heals_is_not_shown(told: list[bool]) -> None:
    shown = Availability(told.append)
    shown.up()
    shown.down(at_once=False)
    waiting = asyncio.Task(shown.settled(), eager_start=True)
    shown.failed()
    assert not waiting.done()
    shown.up()
    await waiting
    await asyncio.sleep(0.05)
    assert told == [True]


async def test_what_lasts_is_shown_and_nobody_waits_on(told: list[bool]) -> None:
    shown = Availability(told.append)
    shown.up()
    shown.down(at_once=False)
    await shown.settled()
    assert told == [True, False]
    shown.failed()
    await shown.settled()
    assert told == [True, False]


async def test_a_silence_is_shown_at_once(told: list[bool]) -> None:
    shown = Availability(told.append)
    shown.up()
    shown.down(at_once=True)
    assert told == [True, False]
    assert not shown.is_shown
    await shown.settled()


async def test_the_end_is_silent(told: list[bool]) -> None:
    shown = Availability(told.append)
    shown.up()
    shown.down(at_once=False)
    waiting = asyncio.Task(shown.settled(), eager_start=True)
    shown.end()
    await waiting
    await asyncio.sleep(0.05)
    assert told == [True]
    assert not shown.is_shown
