"""The programs that docs/library.md prints, as they are printed."""

from pathlib import Path
import subprocess
import sys
import warnings

import pytest

from lan_edge import Address
from tests.emulators.wiz import WizEmulator

from .lamp_found import program


async def test_a_device_at_an_address() -> None:
    async with WizEmulator() as lamp:
        assert await program("own_program").main(Address(lamp.host, lamp.port)) is True
        assert lamp.pilot_state["result"]["dimming"] == 40


def test_a_device_by_its_id() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.real.isolated",
            sys.executable,
            "-m",
            "tests.docs.lamp_found",
        ],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    if "no network of its own" in done.stderr:
        warnings.warn(f"NOT TESTED, the program that finds a lamp: {done.stderr}", stacklevel=1)
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    assert done.stdout == "True 40\n"
