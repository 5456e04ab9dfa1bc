"""Driver code is contained: its exceptions and blocking calls are counted, and logged once."""

import asyncio
import logging
from pathlib import Path
from typing import override

import pytest

from lan_edge import DriverError, JsonRpc, Switch, SwitchLevel, handles
from lan_edge.timing.processor import ProcessorWait
from tests.clock import advance

from ..bench import Bench, BenchDevice, new_device, online, send
from ..peers import until


async def test_bug_in_a_handler(caplog: pytest.LogCaptureFixture) -> None:
    class Buggy(Bench):
        @handles(Switch.on)
        async def buggy(self) -> None:
            raise KeyError("oops")

    async with BenchDevice() as peer, online(new_device(Buggy, peer.address)) as device:
        for _ in range(3):
            with pytest.raises(DriverError, match=r"Buggy.buggy failed: KeyError\('oops'\)"):
                await send(device, Switch.on)
        await send(device, Switch.off)
        assert device.available
        assert list(device.counts["driver_errors"].values()) == [3]
    logged = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert len(logged) == 1
    assert "bench-1 (test_bench)" in logged[0].getMessage()
    assert logged[0].exc_info


async def test_bug_in_on_message(caplog: pytest.LogCaptureFixture) -> None:
    class Buggy(Bench):
        @override
        def on_message(self, message: JsonRpc.Message) -> None:
            super().on_message(message)
            raise KeyError("oops")

    async with (
        BenchDevice() as peer,
        online(new_device(Buggy, peer.address)) as device,
        BenchDevice() as other_peer,
        online(new_device(Bench, other_peer.address)) as other,
    ):
        await send(device, SwitchLevel.set_level, level=5)
        await until(lambda: device.state.get(SwitchLevel.level) == 5)
        await send(other, SwitchLevel.set_level, level=6)
        assert device.connection.attempts == 1
    assert len([r for r in caplog.records if r.levelno >= logging.WARNING]) == 1


async def test_bug_in_an_observer_or_a_subscriber() -> None:
    def bug(*_: object) -> None:
        raise KeyError("oops")

    async with BenchDevice() as peer:
        device = new_device(Bench, peer.address)
        device.observer.on_available = device.observer.on_record = bug
        device.state.subscribe(Switch.switch, "main", bug)
        unsubscribe = device.trace.subscribe(bug)
        async with online(device):
            await send(device, Switch.on)
            await until(lambda: device.state.get(Switch.switch))
            unsubscribe()
            assert device.connection.attempts == 1


async def test_a_driver_that_blocks_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    class Blocking(Bench):
        @handles(Switch.on)
        async def block(self) -> None:
            await asyncio.sleep(0)
            advance(0.3)  # as if it blocked
            await self.io.call("set", on=True)

    async with BenchDevice() as peer, online(new_device(Blocking, peer.address)) as device:
        await send(device, Switch.on)
        await send(device, Switch.on)
    lines = [r.getMessage() for r in caplog.records if "blocked everything" in r.getMessage()]
    assert len(lines) == 1
    assert "bench-1 (test_bench)" in lines[0]
    assert "Blocking.block" in lines[0]


async def test_what_waits_for_a_processor_does_not_block(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Waiting(Bench):
        @handles(Switch.on)
        async def wait(self) -> None:
            advance(0.5)
            count.write_text("0 400000000 1")  # as a busy machine gives it no processor
            await self.io.call("set", on=True)

    count = tmp_path / "schedstat"
    count.write_text("0 0 0")
    monkeypatch.setattr("lan_edge.timing.processor.COUNTED_IN", str(count))
    monkeypatch.setattr("lan_edge.device.guard._processor", ProcessorWait())
    async with BenchDevice() as peer, online(new_device(Waiting, peer.address)) as device:
        await send(device, Switch.on)
    assert "blocked everything" not in caplog.text
