"""`python -m tests.real.isolated`: without a command, it says how it is called."""

from pathlib import Path
import subprocess
import sys

import pytest


@pytest.mark.parametrize("arguments", [[], ["--or-here"], ["--help"]])
def test_without_a_command(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.real.isolated", *arguments],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "usage: python -m tests.real.isolated [--or-here] COMMAND...\n"
