"""Programs of other projects, each in an environment of its own: they want other versions."""

from pathlib import Path
import subprocess
import sys


def environment(folder: Path, *packages: str, pip: bool = False) -> Path:
    """Return the interpreter of an environment with these packages, and with `pip` if asked for.

    It is made once.
    """
    interpreter = folder / "venv/bin/python"
    if not has(folder):
        uv = (sys.executable, "-m", "uv")
        seed = ("--seed",) if pip else ()
        run(*uv, "venv", "--clear", *seed, "--python", sys.executable, folder / "venv")
        run(*uv, "pip", "install", "--python", interpreter, *packages)
        mark(folder).touch()
    return interpreter


def has(folder: Path) -> bool:
    """Return whether a folder has its environment."""
    return mark(folder).exists()


def mark(folder: Path) -> Path:
    """Return the file that is there when all is."""
    return folder / "venv/complete"


def run(*words: str | Path) -> None:
    """Run a program to its end, which must be a good one."""
    subprocess.run(words, check=True, capture_output=True, timeout=300)
