"""Runs the program that finds a lamp, in a network of its own: it searches all networks."""

import asyncio
import sys
from typing import Any

from tests.emulators.yeelight import YeelightEmulator

from .pages import PRINTED, ROOT, run

PAGE = (ROOT / "docs/library.md").read_text()
HOST = "10.99.0.11"
"""An address that is not the searching machine's own."""


def program(name: str) -> Any:
    """Return a printed program as a module."""
    [(path, code)] = [each for each in PRINTED.findall(PAGE) if each[0].endswith(f"/{name}.py")]
    return run(path, code)


async def main() -> None:
    """Write whether the lamp is on in the end, and its level."""
    async with YeelightEmulator(HOST, id="0x0000000002dfb19a", announce=True) as lamp:
        is_on = await program("find_lamps").main(lamp.id)
        sys.stdout.write(f"{is_on} {lamp.state['bright']}\n")


if __name__ == "__main__":
    asyncio.run(main())
