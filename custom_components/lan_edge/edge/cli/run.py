"""Connect a device, show its state live, and carry out the commands that are typed.

A command is written as `switch.on`, or `level.set 40`; `help` lists them. Commands can also come
from a pipe: they are carried out one after the other, and the first that fails decides the exit
code.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
import sys

from ..device import Device
from ..driver.driver import AnyDriver
from ..errors import EdgeError
from .drivers import FileDriver, add_driver_arguments, driver_named, is_file
from .exits import CallError, Exit, exit_code
from .lines_in import LineReader
from .live import LiveView
from .opening import add_device_arguments, opened
from .output import Output
from .typed import listed, names, parse_line, usage
from .watching import watch

PROMPT = "> "


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "driver", metavar="DRIVER", help="the id of a driver, a file, or a description"
    )
    parser.add_argument("host", metavar="HOST", help="where it is: 192.168.1.40, or with :PORT")
    parser.add_argument(
        "--watch", action="store_true", help="load the file again whenever it is saved"
    )
    add_driver_arguments(parser)
    add_device_arguments(parser)


async def run(arguments: argparse.Namespace, output: Output) -> Exit:
    """Run the device until the input ends; raise EdgeError if it cannot be connected."""
    file = await FileDriver.load(arguments.driver) if is_file(arguments.driver) else None
    if arguments.watch and file is None:
        raise CallError(f"--watch needs the driver as a file, not {arguments.driver!r}")
    driver = file.driver if file else await driver_named(arguments.driver, arguments.drivers)
    reader = LineReader()
    try:
        async with opened(driver, arguments, output, reader) as device:
            return await Console(device, output, reader).run(file if arguments.watch else None)
    finally:
        reader.restore()


class Console:
    """Reads commands for a device, and shows what becomes of them and of the device."""

    def __init__(self, device: Device, output: Output, reader: LineReader) -> None:
        """Read nothing yet."""
        self._device = device
        self._output = output
        self._reader = reader
        self._words: dict[str, Callable[[], Awaitable[None]]] = {
            "help": self._help,
            "state": self._state,
            "refresh": device.commands.refresh,
            "trace": self._trace,
        }

    async def run(self, watched: FileDriver | None = None) -> Exit:
        """Carry out commands until the input ends, or `quit`; return the exit code.

        Whenever the file that is `watched` is saved, its driver takes over.
        """
        if url := await self._device.callback_url():
            self._output.note(f"Enter this URL in the device: {url}")
        self._view = LiveView(self._device, self._output, self.show)
        self._reader.complete_with(lambda: [*names(self._device.profile), *self._words, "quit"])
        watching = asyncio.create_task(watch(watched, self)) if watched else None
        try:
            return await self._carry_out_all()
        finally:
            self._view.close()
            if watching is not None:
                watching.cancel()
                await asyncio.wait([watching])

    async def _carry_out_all(self) -> Exit:
        result = Exit.DONE
        async with aclosing(self._reader.lines(PROMPT)) as lines:
            async for line in lines:
                if line.strip() in {"quit", "exit"}:
                    break
                failure = await self._carry_out(line.strip())
                if failure is not None and not self._reader.is_terminal:
                    result = result or exit_code(failure)
        return result

    async def take(self, driver: AnyDriver) -> None:
        """Have another version of the driver take over; raise DriverError if it cannot."""
        await self._device.replace_driver(driver)

    def report(self, event: str, text: str, style: str) -> None:
        """Say what has become of the file."""
        self._output.record(event=event, text=text)
        self.show(self._output.styled(text, style))

    def show(self, text: str) -> None:
        """Write a line above the prompt."""
        prompt = self._reader.redraw()
        if self._output.is_json or not prompt:
            self._output.say(text)
            return
        sys.stdout.write(f"\r\033[K{text}\n{prompt}")
        sys.stdout.flush()

    async def _carry_out(self, line: str) -> EdgeError | None:
        """Carry out a line; return why that failed."""
        if not line or line.startswith("#"):
            return None
        try:
            if (word := self._words.get(line)) is not None:
                await word()
            else:
                await self._command(line)
        except EdgeError as err:
            self._output.fail(err)
            return err
        return None

    async def _command(self, line: str) -> None:
        typed = parse_line(line, self._device.profile)
        await self._device.commands.execute(typed.command, typed.arguments, typed.component)
        self._output.record(event="done", command=typed.command.id, component=typed.component)

    async def _help(self) -> None:
        for name, command in listed(self._device.profile):
            description = command.description.partition("\n")[0]
            self._output.say(f"  {usage(name, command):36} {description}")
        self._output.say(f"  {', '.join(self._words)}, quit")

    async def _state(self) -> None:
        self._view.show_all()

    async def _trace(self) -> None:
        for entry in self._device.trace.entries():
            self._output.tell(
                f"  {entry.kind:10} {entry.text}", event="trace", kind=entry.kind, text=entry.text
            )
