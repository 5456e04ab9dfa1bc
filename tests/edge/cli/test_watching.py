"""`lan-edge run --watch`: what is saved takes over, without a new connection."""

from pathlib import Path
from typing import Any

import pytest

from .console import cli, running, write_driver

OFF = 'await self.io.call("set", on=False)'


@pytest.fixture
def driver(tmp_path: Path) -> Path:
    return write_driver(tmp_path, "jsonrpc")


def save(driver: Path, old: str, new: str) -> None:
    driver.write_text(driver.read_text().replace(old, new))


async def test_a_saved_file_takes_over(driver: Path, device: Any, host: str) -> None:
    async with running("run", driver, host, "--watch") as command:
        await command.until("level = 100 %")
        connection = set(device._clients)
        save(driver, "on=True", "on=True, level=7")
        await command.until("the saved file is in use")
        command.type("switch.on\n")
        await command.until("level = 7 %")
        assert device._clients <= connection


async def test_a_broken_file_is_reported_and_the_last_good_one_stays(
    driver: Path, device: Any, host: str
) -> None:
    async with running("run", driver, host, "--watch") as command:
        await command.until("level = 100 %")
        save(driver, OFF, "await (")
        await command.until("not used: garage_door.py:")
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
