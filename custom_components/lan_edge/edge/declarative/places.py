"""Where the fields of a text stand, and what is wrong with one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..errors import DriverError
from ..sentences import said

__all__ = ["DescriptionError", "Fault", "Path", "Places"]

MAX_KEY = 80
"""Characters of a key that are shown: a text of somebody else may have any."""

type Path = tuple[str | int, ...]
"""A field of a text: the keys and indices that lead to it."""


@dataclass(frozen=True, slots=True)
class Places:
    """The lines at which the fields of a text begin, from 1."""

    lines: Mapping[Path, int] = field(default_factory=dict[Path, int])
    """By field."""

    def line(self, path: Path) -> int:
        """Return the line of a field, or of the nearest one around it; 0 if it has no text."""
        for end in range(len(path), -1, -1):
            if (line := self.lines.get(path[:end])) is not None:
                return line
        return 0


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong in a text."""

    path: Path
    """The field."""
    reason: str
    """What is wrong, as in "is '4999', not a whole number"."""
    remedy: str = ""
    """What to write instead."""
    line: int = 0
    """Where it stands; 0 if there is no text."""

    @property
    def at_line(self) -> str:
        """The line in words, as in "line 8"; empty if there is no text."""
        line = self.line
        return said(t"line {line}") if line else said("")

    @property
    def place(self) -> str:
        """The field as a path: `components.main.switch.on`; a long key is cut."""
        parts = (f"[{p}]" if isinstance(p, int) else f".{_short(p)}" for p in self.path)
        return "".join(parts).lstrip(".")


def _short(key: str) -> str:
    return key if len(key) <= MAX_KEY else f"{key[: MAX_KEY - 1]}…"


class DescriptionError(DriverError):
    """A text that is no valid description; `faults` are all that were seen, in its order."""

    def __init__(self, *faults: Fault) -> None:
        """Take what is wrong."""
        first = faults[0]
        where = filter(None, (f"line {first.line}", first.place, first.reason))
        super().__init__(": ".join(where), first.remedy)
        self.faults = faults
        """All that was seen, in the order of the text."""
