"""Silence while a command waits: reported with its duration, and ended by anything received."""

import asyncio
from collections.abc import Generator
from typing import Any, cast

import pytest

from lan_edge.device import response_watchdog as module
from lan_edge.device.response_watchdog import ResponseWatchdog


class Device:
    """Records the reports of silence."""

    def __init__(self) -> None:
        self.heard_at = 0.0
        self.silences: list[float] = []
        self.watchdog = ResponseWatchdog(cast("Any", self), self.on_silence)

    @property
    def silent_since(self) -> float:
        return self.heard_at

    def on_silence(self, seconds: float) -> float:
        self.silences.append(seconds)
        return 0.1


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> Generator[Device]:
    monkeypatch.setattr(module, "SILENCE_LIMIT", 0.05)
    device = Device()
    yield device
    device.watchdog.close()


async def test_silence_is_reported_for_as_long_as_it_lasts(device: Device) -> None:
    with device.watchdog:
        await asyncio.sleep(0.2)
        first, second = device.silences
    assert 0.05 <= first < 0.1
    assert 0.15 <= second < 0.2
    await asyncio.sleep(0.15)
    assert len(device.silences) == 2


async def test_anything_received_begins_a_new_silence(device: Device) -> None:
    with device.watchdog:
        await asyncio.sleep(0.04)
        device.heard_at = asyncio.get_running_loop().time()
        await asyncio.sleep(0.03)
        assert not device.silences
        await asyncio.sleep(0.05)
    assert 0.05 <= device.silences[0] < 0.07


async def test_it_watches_from_the_first_command_to_the_last(
    device: Device,
) -> None:
    with device.watchdog:
        await asyncio.sleep(0.03)
        with device.watchdog:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.03)
        assert device.silences[0] >= 0.05
    with device.watchdog:
        await asyncio.sleep(0.03)
    assert len(device.silences) == 1


async def test_no_timer_remains(device: Device) -> None:
    with device.watchdog:
        device.watchdog.close()
        await asyncio.sleep(0.08)
    assert not device.silences
