"""The programs that docs/library.md prints, as they are printed."""

from typing import Any

from lan_edge import Address
from tests.emulators.wiz import WizEmulator

from .pages import PRINTED, ROOT, run

LIBRARY = {
    path: (path, code) for path, code in PRINTED.findall((ROOT / "docs/library.md").read_text())
}


def program(name: str) -> Any:
    """Return a printed program as a module."""
    return run(*LIBRARY[f"docs/examples/{name}.py"])


async def test_a_device_at_an_address() -> None:
    async with WizEmulator() as lamp:
        assert await program("own_program").main(Address(lamp.host, lamp.port)) is True
        assert lamp.pilot_state["result"]["dimming"] == 40
