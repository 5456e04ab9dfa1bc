"""The drivers that commands use: files that take long to load are waited for."""

from pathlib import Path

import pytest

from lan_edge.cli.drivers import FileDriver, registry_with
from lan_edge.driver.files import folder as folder_module


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every file count as one that takes long."""
    monkeypatch.setattr(folder_module, "LOADING_LIMIT", 0)
    monkeypatch.setattr(folder_module, "LOOK_PATIENCE", 0)


async def test_a_file_that_takes_long_is_used(driver: Path) -> None:
    assert (await FileDriver.load(str(driver))).driver.id == "garage_door"


async def test_files_of_a_folder_that_take_long_are_used(driver: Path) -> None:
    for other in driver.parent.iterdir():
        if other != driver:
            other.unlink()
    assert "garage_door" in (await registry_with(str(driver.parent))).drivers
