"""What a command says: text for people, with colours on a terminal, or a JSON document a line."""

from dataclasses import asdict, is_dataclass
from enum import Enum
import json
import os
import sys
from typing import Any, TextIO

from .sentences import sentence

STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


class Output:
    """The output of one command."""

    def __init__(
        self, *, is_json: bool = False, out: TextIO | None = None, errors: TextIO | None = None
    ) -> None:
        """Write to `out` and `errors`, by default the standard ones."""
        self.is_json = is_json
        self._out = out or sys.stdout
        self._errors = errors or sys.stderr
        self.has_colours = (
            self._out.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        )

    def say(self, text: str = "", /) -> None:
        """Write a line for people; with `--json`, nothing."""
        if not self.is_json:
            print(text, file=self._out, flush=True)

    def record(self, **fields: object) -> None:
        """Write a JSON document; without `--json`, nothing."""
        if self.is_json:
            print(json.dumps(fields, default=as_json), file=self._out, flush=True)

    def tell(self, text: str, /, **fields: object) -> None:
        """Write a line for people or, with `--json`, the document of these fields."""
        self.say(text)
        self.record(**fields)

    def note(self, text: str) -> None:
        """Write a line for people that is no result, such as what is under way."""
        if not self.is_json:
            print(text, file=self._errors, flush=True)

    def fail(self, error: BaseException, hint: str = "") -> None:
        """Write why the command failed."""
        kind, message = type(error).__name__, str(error) or type(error).__name__
        self.record(error={"kind": kind, "message": message, "hint": hint})
        self.note(f"{self.styled('error', 'red')}: {sentence(error)}")
        if hint:
            self.note(hint)

    def styled(self, text: str, *styles: str) -> str:
        """Return a text in colours, if the output has any."""
        if not self.has_colours:
            return text
        codes = ";".join(STYLES[style] for style in styles)
        return f"\033[{codes}m{text}\033[0m"


def as_json(value: object) -> Any:
    """Return what stands for a value in JSON that has no form of its own there."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)
