"""Silence while somebody waits: told with how long it lasts, and begun anew by what is heard."""

import asyncio
from collections.abc import Generator
from typing import Any, cast

import pytest

from lan_edge.device import response_watchdog as module
from lan_edge.device.response_watchdog import ResponseWatchdog


class Listener:
    """Notes each look."""

    def __init__(self) -> None:
        self.heard_at = 0.0
        self.looks: list[float] = []
        self.watchdog = ResponseWatchdog(cast("Any", self), self.look)

    def look(self, lasted: float) -> float:
        self.looks.append(lasted)
        return 0.1


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Generator[Listener]:
    monkeypatch.setattr(module, "SUSPICIOUS", 0.05)
    listener = Listener()
    yield listener
    listener.watchdog.close()


async def test_silence_is_looked_into_for_as_long_as_it_lasts(listener: Listener) -> None:
    with listener.watchdog:
        await asyncio.sleep(0.2)
        first, second = listener.looks
    assert 0.05 <= first < 0.1
    assert 0.15 <= second < 0.2
    await asyncio.sleep(0.15)
    assert len(listener.looks) == 2


async def test_what_is_heard_begins_a_new_one(listener: Listener) -> None:
    with listener.watchdog:
        await asyncio.sleep(0.04)
        listener.heard_at = asyncio.get_running_loop().time()
        await asyncio.sleep(0.03)
        assert not listener.looks
        await asyncio.sleep(0.05)
    assert 0.05 <= listener.looks[0] < 0.07


async def test_it_lasts_since_the_first_began_to_wait_until_the_last_is_done(
    listener: Listener,
) -> None:
    with listener.watchdog:
        await asyncio.sleep(0.03)
        with listener.watchdog:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.03)
        assert listener.looks[0] >= 0.05
    with listener.watchdog:
        await asyncio.sleep(0.03)
    assert len(listener.looks) == 1


async def test_no_timer_is_left(listener: Listener) -> None:
    with listener.watchdog:
        listener.watchdog.close()
        await asyncio.sleep(0.08)
    assert not listener.looks
