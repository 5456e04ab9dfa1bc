"""Running an emulated device by hand."""

import argparse
import asyncio
import contextlib
import signal
import sys
from typing import Any

from .control import Control
from .device import EmulatedDevice


def parser(description: str | None, *, port: int, name: str) -> argparse.ArgumentParser:
    """Return the options every device has."""
    words = argparse.ArgumentParser(description=description)
    words.add_argument("--host", default="127.0.0.1", help="address of the device")
    words.add_argument("--port", type=int, default=port, help="0 for any free one")
    words.add_argument("--id", help="its id; made up if not given")
    words.add_argument("--name", default=name)
    words.add_argument("--no-announce", dest="announce", action="store_false")
    words.add_argument("--control", type=int, metavar="PORT", help="of HTTP control")
    words.add_argument("--control-host", help="address of HTTP control, if another")
    return words


async def run(device: EmulatedDevice[Any], options: argparse.Namespace) -> None:
    """Run a device until SIGINT or SIGTERM, then stop it in order."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(device)
        if options.control is not None:
            host = options.control_host or options.host
            await stack.enter_async_context(Control(device, host, options.control))
        sys.stdout.write(f"ready {device.host}:{device.port}\n")
        sys.stdout.flush()
        await stopped.wait()
