"""A folder of driver files is looked at again and again: what runs is what was saved last."""

import asyncio
import gc
import os
from pathlib import Path
import sys
import threading
from unittest.mock import patch

import pytest

from lan_edge import Device, Driver, DriverFolder, Identity, Record, Registry
from lan_edge.capabilities.definition import APART

from .conftest import LAMP, Drivers


async def test_a_change_counts_once_it_is_the_same_in_two_looks(drivers: Drivers) -> None:
    drivers.write("lamp.py")
    assert await drivers.folder.look() == frozenset()
    assert await drivers.folder.look() == {"own_lamp"}
    drivers.write("lamp.py", LAMP[:100])  # an editor that has written the first half of it
    assert await drivers.folder.look() == frozenset()
    drivers.write("lamp.py", LAMP.replace("10", "20"))
    assert await drivers.folder.look() == frozenset()
    assert drivers.folder.failures == []
    assert await drivers.folder.look() == {"own_lamp"}
    assert drivers.registry.driver("own_lamp").poll == 20


async def test_a_file_that_is_replaced_in_two_steps_is_not_gone(drivers: Drivers) -> None:
    file = drivers.write("lamp.py")
    await drivers.folder.reload()
    file.unlink()
    assert await drivers.folder.look() == frozenset()
    drivers.write("lamp.py", LAMP.replace("10", "20"))
    assert await drivers.settle() == {"own_lamp"}


async def test_a_change_is_seen_though_size_and_time_are_the_same(drivers: Drivers) -> None:
    file = drivers.write("lamp.py")
    await drivers.folder.reload()
    times = file.stat().st_atime_ns, file.stat().st_mtime_ns
    drivers.write("lamp.py", LAMP.replace("10", "20"))
    os.utime(file, ns=times)
    assert await drivers.settle() == {"own_lamp"}
    assert drivers.registry.driver("own_lamp").poll == 20


async def test_the_same_content_is_no_change(drivers: Drivers) -> None:
    file = drivers.write("lamp.py")
    await drivers.folder.reload()
    lamp = drivers.registry.driver("own_lamp")
    file.touch()
    assert await drivers.settle() == frozenset()
    assert await drivers.folder.reload() == frozenset()
    assert drivers.registry.driver("own_lamp") is lamp


async def test_nothing_is_read_while_nothing_changes(drivers: Drivers) -> None:
    drivers.write("lamp.py")
    drivers.write("lamps/__init__.py", LAMP.replace("own_lamp", "other"))
    drivers.write("bad.py", "1 / 0\n")
    await drivers.folder.reload()
    await drivers.folder.look()
    with patch.object(os, "open", side_effect=AssertionError("a file was read")):
        assert await drivers.settle() == frozenset()


async def test_a_broken_edit_leaves_the_last_good_version(
    drivers: Drivers, caplog: pytest.LogCaptureFixture
) -> None:
    drivers.write("lamp.py")
    await drivers.folder.reload()
    lamp = drivers.registry.driver("own_lamp")
    drivers.write("lamp.py", LAMP.replace("10", '"10"'))
    assert await drivers.settle() == frozenset()
    assert drivers.registry.driver("own_lamp") is lamp
    [status] = drivers.folder.files.values()
    assert status.file is not None
    assert status.failure is not None
    assert "poll is '10', not a number of seconds" in status.failure.reason
    for _ in range(3):
        await drivers.settle()
    assert caplog.text.count("are not loaded") == 1
    drivers.write("lamp.py")
    assert await drivers.settle() == frozenset()  # it is what is used already
    assert drivers.folder.failures == []


async def test_a_file_that_fails_for_what_is_outside_of_it_is_tried_again_on_request(
    drivers: Drivers, monkeypatch: pytest.MonkeyPatch
) -> None:
    drivers.write("lamp.py", f"import own_missing_module\n{LAMP}")
    said = await drivers.failure("lamp.py")
    assert "No module named 'own_missing_module': correct the name, or install" in said
    assert await drivers.settle() == frozenset()
    monkeypatch.setitem(sys.modules, "own_missing_module", threading)
    assert await drivers.folder.reload() == {"own_lamp"}


async def test_a_file_that_goes_and_comes_back(drivers: Drivers) -> None:
    file = drivers.write("lamp.py")
    await drivers.folder.reload()
    file.unlink()
    assert await drivers.settle() == {"own_lamp"}
    assert "own_lamp" not in drivers.registry.drivers
    assert drivers.folder.files == {}
    drivers.write("lamp.py")
    assert await drivers.settle() == {"own_lamp"}


async def test_a_file_that_is_renamed(drivers: Drivers) -> None:
    file = drivers.write("lamp.py")
    await drivers.folder.reload()
    file.rename(drivers.path / "a_lamp.py")
    assert await drivers.settle() == {"own_lamp"}
    assert [Path(path).name for path in drivers.registry.files] == ["a_lamp.py"]
    assert drivers.folder.failures == []


async def test_a_folder_that_appears_and_goes(drivers: Drivers) -> None:
    drivers.path.rmdir()
    assert not await drivers.folder.exists()
    assert await drivers.settle() == frozenset()
    drivers.write("lamp.py")
    assert await drivers.folder.exists()
    assert await drivers.settle() == {"own_lamp"}
    drivers.path.rename(drivers.path.with_name("elsewhere"))
    assert await drivers.settle() == {"own_lamp"}
    assert drivers.folder.files == {}


async def test_one_file_alone(drivers: Drivers) -> None:
    drivers.write("lamp.py")
    drivers.write("bad.py", "1 / 0\n")
    registry = Registry()
    folder = DriverFolder(registry, drivers.path, only="lamp.py")
    assert await folder.reload() == {"own_lamp"}
    assert folder.failures == []
    (drivers.path / "lamp.py").unlink()
    assert await folder.reload() == {"own_lamp"}
    await folder.look()


async def test_many_saves_leave_nothing_behind(drivers: Drivers) -> None:
    device: Device | None = None
    for n in range(1, 30):
        drivers.write("saved.py", LAMP.replace("10", str(n)))
        await drivers.settle()
        lamp = drivers.registry.driver("own_lamp")
        assert lamp.poll == n
        device = device or Device(lamp, Record(Identity("1")))
        await device.replace_driver(lamp)
    await drivers.folder.look()
    gc.collect()
    classes = {c.__module__ for c in Driver.__subclasses__() if c.__module__.endswith("_saved")}
    modules = {name for name in sys.modules if name.startswith(APART) and name.endswith("_saved")}
    assert classes == modules == {drivers.registry.driver("own_lamp").__module__}


async def test_the_loop_is_never_held_up(drivers: Drivers, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = set[threading.Thread]()
    monkeypatch.setattr(
        threading, "own_note", lambda: threads.add(threading.current_thread()), raising=False
    )
    drivers.write("lamp.py", f"{LAMP}\nimport threading\nthreading.own_note()\n")
    await drivers.folder.reload()
    assert threads
    assert threading.current_thread() not in threads


async def test_those_who_want_to_know_are_told_of_each_change(drivers: Drivers) -> None:
    changes: list[int] = []
    end = drivers.registry.subscribe(lambda: changes.append(len(drivers.registry.drivers)))
    before = len(drivers.registry.drivers)
    file = drivers.write("lamp.py")
    await drivers.folder.reload()
    file.unlink()
    await drivers.settle()
    assert changes == [before + 1, before]
    end()
    drivers.write("lamp.py")
    await drivers.folder.reload()
    assert len(changes) == 2


async def test_closing_waits_for_nothing(drivers: Drivers, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    monkeypatch.setattr(threading, "own_gate", gate, raising=False)
    drivers.write("long.py", "import threading\nthreading.own_gate.wait()\n")
    look = asyncio.create_task(drivers.folder.look())
    await look
    second = asyncio.create_task(drivers.folder.look())
    await asyncio.sleep(0)
    await second
    await drivers.folder.close()
    (thread,) = [each for each in threading.enumerate() if each.name == "lan_edge driver file"]
    failures: list[object] = []
    monkeypatch.setattr(threading, "excepthook", failures.append)
    for _ in range(5):  # until what waited for the thread has been cancelled
        await asyncio.sleep(0)
    gate.set()
    thread.join()
    assert failures == []
