"""The inputs that are kept: of each target those that reach all that was ever reached, and more.

A file a target, an input a line, so that a change of it can be read.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
import sys
from types import CodeType
from typing import Any

import custom_components.lan_edge
import lan_edge

from .target import Target

FOLDER = Path(__file__).with_name("corpus")
MAX_INPUT = 2048
"""Bytes of an input that is kept; what is too long is tried by itself."""
MAX_INPUTS = 60
MAX_FILE = 16 * 1024
"""Characters of a target's file that are filled with inputs that reach nothing more."""
OURS = tuple(
    str(Path(package.__path__[0]).absolute()) for package in (custom_components.lan_edge, lan_edge)
)
"""The folders of the integration and of the library, which may be another by its own name."""
_TOOL = sys.monitoring.PROFILER_ID
_EVENTS = sys.monitoring.events.LINE | sys.monitoring.events.BRANCH_LEFT
_EVENTS |= sys.monitoring.events.BRANCH_RIGHT

type Reached = set[tuple[CodeType, int, int]]


def load(name: str) -> list[bytes]:
    """Return the inputs kept for a target."""
    path = FOLDER / f"{name}.txt"
    return [_bytes(line) for line in path.read_text().splitlines()] if path.exists() else []


def save(target: Target, inputs: Iterable[bytes]) -> int:
    """Keep those of `inputs` that reach something no shorter one does, and some of the others.

    Returns how many are kept.
    """
    found = set(inputs)
    lines = [_line(data) for data in distilled(target, found)]
    for line in sorted({_line(data) for data in found} - set(lines), key=len):
        if len(lines) < MAX_INPUTS and sum(map(len, lines)) + len(line) < MAX_FILE:
            lines.append(line)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{target.name}.txt").write_text("".join(f"{line}\n" for line in sorted(lines)))
    return len(lines)


def distilled(target: Target, inputs: Iterable[bytes]) -> list[bytes]:
    """Return those that reach something no shorter one does."""
    known: Reached = set()
    kept: list[bytes] = []
    for data in sorted(set(inputs), key=lambda data: (len(data), data)):
        if len(data) <= MAX_INPUT and not (new := reached(target, data)) <= known:
            known |= new
            kept.append(data)
    return kept


def reached(target: Target, data: bytes) -> Reached:
    """Return which lines and branches of the integration and the library an input reaches."""
    found: Reached = set()

    def note(code: CodeType, at: int, to: int = 0) -> Any:
        if code.co_filename.startswith(OURS):
            found.add((code, at, to))
            return None
        return sys.monitoring.DISABLE

    sys.monitoring.use_tool_id(_TOOL, "corpus")
    try:
        for event in (1 << bit for bit in range(_EVENTS.bit_length()) if _EVENTS >> bit & 1):
            sys.monitoring.register_callback(_TOOL, event, note)
        sys.monitoring.set_events(_TOOL, _EVENTS)
        with suppress(Exception):  # that it fails is for the tests to tell
            target.examine(data)
    finally:
        sys.monitoring.set_events(_TOOL, 0)
        sys.monitoring.free_tool_id(_TOOL)
    return found


def _line(data: bytes) -> str:
    return data.decode("latin-1").encode("unicode_escape").decode()


def _bytes(line: str) -> bytes:
    return line.encode().decode("unicode_escape").encode("latin-1")
