"""A page's device as a program of its own, which can be stopped.

tests.docs.one_device CLASS HOST, which is an address of this machine.
"""

import asyncio
import sys

from . import devices, stream_devices
from .devices import ExampleDevice


async def main(name: str, host: str) -> None:
    """Be there until killed; print the port."""
    devices.HOST = host
    module = devices if hasattr(devices, name) else stream_devices
    made: ExampleDevice = getattr(module, name)()
    async with made:
        sys.stdout.write(f"{made.port}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
