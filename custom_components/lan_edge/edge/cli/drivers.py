"""The drivers that a command uses: the bundled ones, and files."""

import argparse
import asyncio
from pathlib import Path

from ..declarative.bundled import BUNDLED_FOLDER, bundled_descriptions, load_descriptions
from ..declarative.files import ENDINGS, description_folder
from ..declarative.texts import missing_package
from ..driver.driver import AnyDriver
from ..driver.files.folder import DriverFolder
from ..driver.loader import LoadFailure, load_drivers
from ..driver.registry import Registry
from ..errors import DriverError
from .exits import CallError
from .sentences import mistakes

NAMES = "its name has to end with .py or .yaml, and begin with a letter"


def add_driver_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of commands that use several drivers."""
    parser.add_argument(
        "--drivers",
        metavar="PATH",
        help="use this driver file or description, or those in this folder, too",
    )


async def registry_with(path: str | None) -> Registry:
    """Return what is bundled, and the drivers in a file or folder; raise CallError or DriverError.

    A file in a folder that cannot be used is reported in the log, and left out.
    """
    registry = Registry()
    await asyncio.to_thread(load_drivers, registry)
    await asyncio.to_thread(load_descriptions, registry)
    if path is None:
        return registry
    if await asyncio.to_thread(Path(path).is_dir):
        await _load_all(DriverFolder(registry, path))
        await _load_all(description_folder(registry, path))
    else:
        await FileDriver.load(path, registry)
    return registry


def is_description(path: str | Path) -> bool:
    """Return whether a path means a description, by how it ends."""
    return str(path).endswith(ENDINGS)


def is_file(text: str) -> bool:
    """Return whether what was typed for a driver means a file, not the id of one."""
    return text.endswith(".py") or is_description(text) or "/" in text or "\\" in text


def bundled_file(id_: str) -> Path | None:
    """Return the text of the bundled description with an id; None if there is none."""
    file = Path(BUNDLED_FOLDER) / f"{id_}.yaml"
    return file if id_.isidentifier() and file.is_file() else None


async def driver_named(text: str, path: str | None = None) -> AnyDriver:
    """Return the driver with an id, or in a file; raise CallError or DriverError."""
    if is_file(text):
        return (await FileDriver.load(text)).driver
    drivers = (await registry_with(path)).drivers
    if text not in drivers:
        missing = missing_package()
        if missing is not None and text in await asyncio.to_thread(bundled_descriptions):
            raise missing
        raise CallError(f"there is no driver {text!r}: use a file, or one of {', '.join(drivers)}")
    return drivers[text]


async def _load_all(folder: DriverFolder) -> None:
    """Load the files of a folder, also those that take long."""
    await folder.reload()
    while any(each.is_loading for each in folder.files.values()):
        await folder.look()
    await folder.close()


class FileDriver:
    """The driver in a file, or of a description, as the file is now."""

    def __init__(self, path: Path, registry: Registry) -> None:
        """Load nothing yet; the file's drivers are added to `registry`."""
        self._registry = registry
        self.path = path
        """Where it is, as it was typed."""
        self.folder = (
            description_folder(registry, str(path.parent), only=path.name)
            if is_description(path)
            else DriverFolder(registry, path.parent, only=path.name)
        )
        """The file, as a folder in which nothing else counts."""

    @classmethod
    async def load(cls, text: str, registry: Registry | None = None) -> FileDriver:
        """Load a file, into a registry of its own or another one.

        Raises CallError if there is no such file, or DriverError if it cannot be used.
        """
        path = Path(text)
        if not await asyncio.to_thread(path.exists):
            raise CallError(f"there is no file {path}")
        file = cls(path, registry or Registry())
        await _load_all(file.folder)
        if failures := file.folder.failures:
            raise DriverError(mistakes(failures[0]))
        if file.is_gone:
            raise CallError(f"{path} is no driver file: {NAMES}")
        return file

    async def look(self) -> bool:
        """Load the file if it has changed; return whether its drivers are others now."""
        return bool(await self.folder.look())

    @property
    def failures(self) -> list[LoadFailure]:
        """Why the file as it is now cannot be used."""
        return self.folder.failures

    @property
    def is_gone(self) -> bool:
        """Whether the file is no longer there, at the last look."""
        return not self.folder.files

    @property
    def driver(self) -> AnyDriver:
        """The first driver in the file; raises DriverError if it has none, or is gone."""
        for file in self._registry.files.values():
            if file.drivers:
                return file.drivers[0]
        if self.is_gone:
            raise DriverError(f"{self.path} is gone")
        raise DriverError(f"{self.path}: it has only sub-drivers of drivers elsewhere")
