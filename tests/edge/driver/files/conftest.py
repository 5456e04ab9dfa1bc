"""A folder of driver files, and what is written into it."""

from collections.abc import AsyncGenerator
from pathlib import Path
import shutil

import pytest

from lan_edge import DriverFolder, Registry, load_drivers

LAMP = '''"""Test lamps: a family of lamps."""

from lan_edge import Driver, Http, Profile, register


@register
class Lamp(Driver[Http]):
    id = "own_lamp"
    profile = Profile()
    poll = 10
'''


class Drivers:
    """A folder of driver files that a registry uses beside the bundled drivers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.registry = Registry()
        load_drivers(self.registry)
        self.folder = DriverFolder(self.registry, path)

    def write(self, name: str, text: str | bytes = LAMP) -> Path:
        """Write a file, as an editor saves it."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    async def settle(self) -> frozenset[str]:
        """Look twice; return the ids that are concerned."""
        return await self.folder.look() | await self.folder.look()

    async def failure(self, name: str) -> str:
        """Load everything now; return why a file cannot be used, with its line."""
        await self.folder.reload()
        failure = self.folder.files[str(self.path / name)].failure
        assert failure is not None
        assert failure.file.startswith(str(self.path / name))
        return str(failure)


@pytest.fixture
async def drivers(tmp_path: Path) -> AsyncGenerator[Drivers]:
    """Return an empty folder; in the end, nothing of what was loaded from it is in use."""
    path = tmp_path / "drivers"
    path.mkdir()
    drivers = Drivers(path)
    yield drivers
    shutil.rmtree(path, ignore_errors=True)
    await drivers.settle()
    await drivers.folder.look()
    await drivers.folder.close()
