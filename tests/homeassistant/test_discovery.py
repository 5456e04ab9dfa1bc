"""Discovery: on a real network of one machine, and what needs none."""

import asyncio
from pathlib import Path
import subprocess
import sys

import pytest

ROOT = Path(__file__).parents[2]
INSIDE = Path(__file__).with_name("on_loopback.py")


async def test_on_loopback() -> None:
    """Run the tests of on_loopback.py in a network of their own, all at once."""
    options = ["-q", "-rs", "-p", "no:cacheprovider", "-o", "python_files=on_loopback.py"]
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "tests.real.isolated", "--or-here"],
        *[sys.executable, "-m", "pytest", *options, str(INSIDE)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output = (await process.communicate())[0].decode()
    assert process.returncode == 0, output
    if "skipped" in output:
        pytest.skip(output.strip().splitlines()[-1])
