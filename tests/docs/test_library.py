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


async def test_a_device_by_its_id() -> None:
    """It is found on loopback: WiZ by a broadcast, at the port that all of them have."""
    async with WizEmulator(host="0.0.0.0", port=38899) as lamp:
        assert await program("find_lamps").main(lamp.id, "127.0.0.1") is True
        assert lamp.pilot_state["result"]["dimming"] == 40
