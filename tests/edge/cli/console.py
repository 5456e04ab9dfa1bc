"""Runs the command line in this process, and devices for it."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from io import StringIO
import json
import os
from pathlib import Path
from types import ModuleType
from typing import Any, cast, override

from lan_edge.cli import lines_in
from lan_edge.cli.main import build_parser, perform
from lan_edge.cli.new import generated
from lan_edge.cli.output import Output

NAME = "garage_door"


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def documents(self) -> list[dict[str, Any]]:
        """The JSON documents that it wrote."""
        return [json.loads(line) for line in self.out.splitlines()]


async def cli(*arguments: object, typed: str = "") -> Ran:
    """Run a command; `typed` comes from its standard input, which is a pipe."""
    given = build_parser().parse_args([str(argument) for argument in arguments])
    out, err = StringIO(), StringIO()
    with _standard_input(typed):
        code = await perform(given, Output(is_json=given.json, out=out, errors=err))
    return Ran(code, out.getvalue(), err.getvalue())


class Written(StringIO):
    """What has been written, and when more has."""

    def __init__(self) -> None:
        super().__init__()
        self.grown = asyncio.Event()

    @override
    def write(self, text: str, /) -> int:
        self.grown.set()
        return super().write(text)


class Running:
    """A command that is running, with what it has written so far."""

    def __init__(self, keyboard: int, *, is_json: bool) -> None:
        self._keyboard = keyboard
        self._out, self._err = Written(), StringIO()
        self.output = Output(is_json=is_json, out=self._out, errors=self._err)

    @property
    def out(self) -> str:
        """What it has written."""
        return self._out.getvalue()

    @property
    def err(self) -> str:
        """What it has written to standard error."""
        return self._err.getvalue()

    def type(self, text: str) -> None:
        """Type something."""
        os.write(self._keyboard, text.encode())

    async def until(self, text: str) -> None:
        """Wait until it has written something."""
        await self.until_times(text, 1)

    async def until_times(self, text: str, times: int) -> None:
        """Wait until it has written something so many times."""
        async with asyncio.timeout(600):
            while self.out.count(text) < times:
                self._out.grown.clear()
                await self._out.grown.wait()


@asynccontextmanager
async def running(*arguments: object) -> AsyncGenerator[Running]:
    """Run a command until its input ends, after the block; it must succeed."""
    given = build_parser().parse_args([str(argument) for argument in arguments])
    reading, writing = os.pipe()
    usual, lines_in.STDIN = lines_in.STDIN, reading
    command = Running(writing, is_json=given.json)
    task = asyncio.create_task(perform(given, command.output))
    try:
        yield command
    finally:
        os.close(writing)
        code = await task
        lines_in.STDIN = usual
        os.close(reading)
    assert code == 0, command.err


@contextmanager
def _standard_input(typed: str) -> Iterator[None]:
    reading, writing = os.pipe()
    os.write(writing, typed.encode())
    os.close(writing)
    usual, lines_in.STDIN = lines_in.STDIN, reading
    try:
        yield
    finally:
        lines_in.STDIN = usual
        os.close(reading)


def write_driver(folder: Path, kind: str = "lines") -> Path:
    """Write what `lan-edge new` writes; return where the driver is."""
    for file, text in generated(NAME, kind).items():
        (folder / file).write_text(text)
    return folder / f"{NAME}.py"


def module_at(file: Path) -> ModuleType:
    """Import a file by its path."""
    spec = spec_from_file_location(f"tests_of_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@asynccontextmanager
async def emulated(driver: Path) -> AsyncGenerator[Any]:
    """Run the emulator beside a driver."""
    module = cast("Any", module_at(driver.with_name(f"{driver.stem}_emulator.py")))
    async with module.Emulator() as device:
        yield device
