"""A driver file whose import does not end: what is saved next counts, and it is stopped."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
import threading
from typing import Any

import pytest

from lan_edge import check_file
from lan_edge.driver.files import check, folder as folder_module, jobs
from tests.clock import advance

from .conftest import LAMP, Drivers

NO_LIMIT = 600.0
ENDLESS = f"{LAMP}\nwhile True:\n    pass\n"
WAITING = f"{LAMP}\nimport threading\nthreading.own_gate.wait()\n"


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have files loaded for less long."""
    monkeypatch.setattr(folder_module, "LOADING_LIMIT", 0.02)
    monkeypatch.setattr(folder_module, "LOOK_PATIENCE", 0.01)


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what ends the short limits: from then on, one look waits until all has loaded.

    How long that takes on a slow machine, beside what does not end, is not what is tested.
    """

    def wait_for_all() -> None:
        for name in ("LOADING_LIMIT", "LOOK_PATIENCE", "STOP_LIMIT"):
            monkeypatch.setattr(folder_module, name, NO_LIMIT)

    return wait_for_all


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Return what `WAITING` waits for, in a call that cannot be interrupted."""
    gate = threading.Event()
    monkeypatch.setattr(threading, "own_gate", gate, raising=False)
    yield gate
    gate.set()


def join_loading() -> None:
    """Wait until no file is being loaded any more."""
    for thread in threading.enumerate():
        if thread.name == "lan_edge driver file":
            thread.join(10)
            assert not thread.is_alive()


async def hang(drivers: Drivers, text: str) -> str:
    """Write a file; return why it cannot be used once it runs what does not end, after the lamp."""
    file = drivers.write("lamp.py", text)
    while True:
        await drivers.folder.reload()
        failure = drivers.folder.files[str(file)].failure
        if failure is not None and failure.line > LAMP.count("\n"):
            return str(failure)


@pytest.mark.parametrize(
    "text", [ENDLESS, ENDLESS.replace("pass", "try: 1\n    except Exception: 2")]
)
async def test_a_valid_file_saved_over_one_that_never_ends_counts_at_once(
    text: str, drivers: Drivers, patience: Callable[[], None]
) -> None:
    assert ": it has been loading for more than" in await hang(drivers, text)
    patience()
    drivers.write("lamp.py")
    assert await drivers.folder.reload() == {"own_lamp"}
    assert drivers.folder.failures == []
    join_loading()


async def test_one_look_is_enough_to_tell_on_a_busy_machine(
    drivers: Drivers, gate: threading.Event
) -> None:
    def begin_late(
        loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any], **more: Any
    ) -> asyncio.Task[Any]:
        loop.call_soon(advance, 0.005)
        return asyncio.Task(work, loop=loop, **more)

    drivers.write("lamp.py", WAITING)
    asyncio.get_running_loop().set_task_factory(begin_late)
    await drivers.folder.reload()
    assert "it has been loading for more than" in str(drivers.folder.failures)


async def test_one_that_never_ends_is_gone_once_it_is_deleted(drivers: Drivers) -> None:
    await hang(drivers, ENDLESS)
    (drivers.path / "lamp.py").unlink()
    await drivers.settle()
    assert drivers.folder.files == {}
    join_loading()


async def test_one_that_waits_is_gone_once_it_is_deleted(
    drivers: Drivers, gate: threading.Event
) -> None:
    await hang(drivers, WAITING)
    (drivers.path / "lamp.py").unlink()
    await drivers.settle()
    assert drivers.folder.files == {}
    gate.set()
    join_loading()
    await drivers.settle()
    assert "own_lamp" not in drivers.registry.drivers


async def test_one_that_never_ends_is_stopped(
    drivers: Drivers, monkeypatch: pytest.MonkeyPatch, patience: Callable[[], None]
) -> None:
    monkeypatch.setattr(folder_module, "STOP_LIMIT", NO_LIMIT)
    await hang(drivers, ENDLESS)
    monkeypatch.setattr(folder_module, "STOP_LIMIT", 0.05)
    while "was stopped" not in str(drivers.folder.failures):
        await drivers.folder.look()
    join_loading()
    [status] = drivers.folder.files.values()
    assert status.claims == {"own_lamp"}
    patience()
    drivers.write("lamp.py")
    assert await drivers.settle() == {"own_lamp"}
    assert drivers.folder.failures == []


async def test_what_cannot_be_stopped_is_bounded_and_said(
    drivers: Drivers,
    gate: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
    patience: Callable[[], None],
) -> None:
    monkeypatch.setattr(folder_module, "STOP_LIMIT", 0.05)
    for number in range(jobs.MAX_STUCK):
        drivers.write(f"lamp{number}.py", WAITING)
    while str(drivers.folder.failures).count("restart") < jobs.MAX_STUCK:
        await drivers.folder.look()
    drivers.write("new.py")
    assert "driver files are still loading" in await drivers.failure("new.py")
    running = [t for t in threading.enumerate() if t.name == "lan_edge driver file"]
    assert len(running) == jobs.MAX_STUCK
    monkeypatch.setattr(jobs, "STUCK_AFTER", 0)
    assert len(drivers.folder.stuck) == jobs.MAX_STUCK
    assert {each.reason for each in drivers.folder.stuck} == {jobs.STUCK}
    gate.set()
    join_loading()
    for number in range(jobs.MAX_STUCK):
        (drivers.path / f"lamp{number}.py").unlink()
    patience()
    assert await drivers.settle() == {"own_lamp"}
    assert drivers.folder.failures == []


async def test_one_that_takes_long_is_used_when_it_has_loaded(
    drivers: Drivers,
    gate: threading.Event,
    patience: Callable[[], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    said = await hang(drivers, WAITING)
    assert "it is used once it has loaded, if that takes no more than 20 s" in said
    [status] = drivers.folder.files.values()
    assert status.is_loading
    assert status.claims == {"own_lamp"}
    assert any("are not loaded yet: lamp.py:" in line for line in caplog.messages)
    patience()
    gate.set()
    assert await drivers.folder.look() == {"own_lamp"}
    [status] = drivers.folder.files.values()
    assert (status.failure, status.is_loading) == (None, False)
    join_loading()


async def test_one_that_takes_long_and_has_mistakes(
    drivers: Drivers, gate: threading.Event, patience: Callable[[], None]
) -> None:
    await hang(drivers, f"{WAITING}\n1 / 0\n")
    patience()
    gate.set()
    await drivers.folder.look()
    [status] = drivers.folder.files.values()
    assert not status.is_loading
    assert "ZeroDivisionError" in str(status.failure)
    join_loading()


@pytest.mark.parametrize("is_deleted", [True, False])
async def test_what_still_runs_of_an_earlier_version_is_said(
    drivers: Drivers,
    gate: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
    patience: Callable[[], None],
    is_deleted: bool,
) -> None:
    monkeypatch.setattr(jobs, "STUCK_AFTER", 0)
    await hang(drivers, WAITING)
    assert drivers.folder.stuck == []
    if is_deleted:
        (drivers.path / "lamp.py").unlink()
    else:
        drivers.write("lamp.py")
    await drivers.folder.look()
    patience()
    await drivers.folder.look()
    assert drivers.folder.failures == []
    [stuck] = drivers.folder.stuck
    assert stuck.line == len(WAITING.splitlines())
    assert stuck.reason == "an earlier version of it is still loading, and cannot be stopped"
    assert "restart" in stuck.remedy
    gate.set()
    join_loading()
    assert drivers.folder.stuck == []


async def test_where_a_file_hangs_is_said(drivers: Drivers, gate: threading.Event) -> None:
    said = await hang(drivers, WAITING)
    line = len(WAITING.splitlines())
    assert said.startswith(f"lamp.py:{line}: it has been loading for more than 10 s: ")
    gate.set()
    join_loading()


def test_a_check_takes_no_longer_than_loading(
    tmp_path: Path, gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "LOADING_LIMIT", 0.05)
    file = tmp_path / "lamp.py"
    file.write_text(WAITING)
    [failure] = check_file(file)
    assert failure.line == len(WAITING.splitlines())
    assert failure.reason == "it has been loading for more than 10 s"
    gate.set()
    join_loading()
