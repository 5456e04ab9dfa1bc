"""`lan-edge run --watch`: what is saved takes over, without a new connection."""

from pathlib import Path
from typing import Any

import pytest

from .console import cli, running, write_driver

OFF = 'await self.io.call("set", on=False)'
EDITS = [
    ("jsonrpc", "on=True", "on=True, level=7"),
    ("websocket", "on=True", "on=True, level=7"),
    ("lines", '"POWER ON")', '"POWER ON")\n        await self.request("LEVEL 7")'),
    ("frames", 'SET_ON, b"\\1")', 'SET_ON, b"\\1")\n        await self.request(SET_LEVEL, b"\\7")'),
]
"""What turns the device on, by kind, and what also sets its level to 7."""


@pytest.fixture
def kind() -> str:
    return "jsonrpc"


@pytest.fixture
def driver(tmp_path: Path, kind: str) -> Path:
    return write_driver(tmp_path, kind)


def remove(driver: Path) -> str:
    """Delete a file; return its text."""
    text = driver.read_text()
    driver.unlink()
    return text


def write(driver: Path, text: str) -> None:
    driver.write_text(text)


def save(driver: Path, old: str, new: str) -> None:
    driver.write_text(driver.read_text().replace(old, new))


@pytest.mark.parametrize(("kind", "old", "new"), EDITS)
async def test_a_saved_file_takes_over(
    driver: Path, device: Any, host: str, old: str, new: str
) -> None:
    async with running("run", driver, host, "--watch") as command:
        await command.until("level = 100 %")
        connection = set(device._clients)
        save(driver, old, new)
        await command.until("the saved file is in use")
        command.type("switch.on\n")
        await command.until("level = 7 %")
        assert device._clients == connection


@pytest.mark.parametrize("kind", ["lines"])
async def test_other_options_need_another_connection(driver: Path, device: Any, host: str) -> None:
    async with running("run", driver, host, "--watch", "--json") as command:
        await command.until('"switchLevel.level"')
        connection = set(device._clients)
        save(driver, 'not line.startswith("*")', 'line[:1] != "*"')
        await command.until('"event": "replaced"')
        command.type("level.set 7\n")
        await command.until('"event": "done"')
        assert device._clients.isdisjoint(connection)


async def test_a_broken_file_is_reported_and_the_last_good_one_stays(
    driver: Path, device: Any, host: str
) -> None:
    async with running("run", driver, host, "--watch") as command:
        await command.until("level = 100 %")
        save(driver, OFF, "await (")
        await command.until(f"not used: {driver}:")
        command.type("level.set 6\n")
        await command.until("level = 6 %")
        save(driver, "await (", OFF)
        save(driver, "on=True", "on=True, level=7")
        await command.until("the saved file is in use")
        assert command.out.count("not used") == 1


async def test_another_id_cannot_take_over(driver: Path, device: Any, host: str) -> None:
    async with running("run", driver, host, "--watch", "--json") as command:
        await command.until('"switchLevel.level"')
        save(driver, 'id = "garage_door"', 'id = "gate"')
        await command.until('"event": "broken"')
        command.type("level.set 6\n")
        await command.until('"event": "done"')


async def test_only_a_file_can_be_watched(host: str) -> None:
    ran = await cli("run", "wiz", host, "--watch")
    assert ran.code == 2
    assert "--watch needs the driver as a file, not 'wiz'" in ran.err


async def test_a_file_that_is_gone_and_comes_back(driver: Path, device: Any, host: str) -> None:
    async with running("run", driver, host, "--watch") as command:
        await command.until("level = 100 %")
        text = remove(driver)
        await command.until(f"{driver} is gone: its driver stays in use")
        command.type("level.set 6\n")
        await command.until("level = 6 %")
        write(driver, text)
        await command.until(f"{driver} is back, and in use")
        command.type("level.set 7\n")
        await command.until("level = 7 %")
        remove(driver)
        await command.until_times(f"{driver} is gone", 2)
        assert "not used" not in command.out


async def test_a_file_that_comes_back_broken(driver: Path, device: Any, host: str) -> None:
    async with running("run", driver, host, "--watch") as command:
        await command.until("level = 100 %")
        text = remove(driver)
        await command.until("is gone")
        write(driver, text.replace(OFF, "await ("))
        await command.until(f"not used: {driver}:")
        write(driver, text)
        await command.until("the saved file is in use")


async def test_a_mistake_is_said_once(
    driver: Path, device: Any, host: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with running("run", driver, host, "--watch") as command:
        await command.until("level = 100 %")
        save(driver, OFF, "await (")
        await command.until(f"not used: {driver}:")
    assert not [each for each in caplog.records if each.levelname in {"WARNING", "ERROR"}]
