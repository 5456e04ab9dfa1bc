"""Descriptions on the command line: texts that become drivers."""

import asyncio
from pathlib import Path
from typing import Self

from ..declarative import DescriptionError, Fault, compile_description, read_description
from ..driver.driver import AnyDriver
from ..driver.loader import LoadFailure
from ..errors import DriverError
from .exits import CallError
from .sentences import mistakes

ENDINGS = (".yaml", ".yml")


def is_description(path: str | Path) -> bool:
    """Return whether a path means a description, by how it ends."""
    return str(path).endswith(ENDINGS)


def check_description(path: Path) -> list[LoadFailure]:
    """Return what is wrong in a description, by line; nothing if it can be used."""
    return _loaded(path)[1]


class DescribedFile:
    """The driver of a description, as its file is now."""

    def __init__(self, path: Path) -> None:
        """Load nothing yet."""
        self.path = path
        """Where it is, as it was typed."""
        self.failures: list[LoadFailure] = []
        """What is wrong with the text as it is now."""
        self.is_gone = False
        """Whether the file is no longer there, at the last look."""
        self._text = ""
        self._driver: AnyDriver | None = None

    @classmethod
    async def load(cls, text: str) -> Self:
        """Load a file; raise CallError if there is none, or DriverError if it cannot be used."""
        file = cls(Path(text))
        await file.look()
        if file.is_gone:
            raise CallError(f"there is no file {file.path}")
        if file.failures:
            raise DriverError("; ".join(map(mistakes, file.failures)))
        return file

    @property
    def driver(self) -> AnyDriver:
        """The driver of the last text that could be used; raises DriverError if none could."""
        if self._driver is None:
            raise DriverError(f"{self.path} cannot be used")
        return self._driver

    async def look(self) -> bool:
        """Load the text if it has changed; return whether it has."""
        text = await asyncio.to_thread(_text_of, self.path)
        self.is_gone = text is None
        if text is None or text == self._text:
            return False
        self._text = text
        driver, self.failures = await asyncio.to_thread(_loaded, self.path)
        self._driver = driver or self._driver
        return True


def _text_of(path: Path) -> str | None:
    """Return the text of a file; None if there is none."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None


def _loaded(path: Path) -> tuple[AnyDriver | None, list[LoadFailure]]:
    """Return the driver of a description, or what is wrong in its text."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None, [LoadFailure(str(path), 0, "it is not text in UTF-8")]
    try:
        return compile_description(read_description(text)), []
    except DescriptionError as err:
        return None, [_failure(path, fault) for fault in err.faults]


def _failure(path: Path, fault: Fault) -> LoadFailure:
    place = f"{fault.place} " if fault.place else ""
    return LoadFailure(str(path), fault.line, f"{place}{fault.reason}", fault.remedy)
