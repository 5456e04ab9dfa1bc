"""Mistakes in a driver file: what is wrong, where, and what to do about it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from ..errors import DriverError

NO_HANDLER = "no handler"
"""The kind of a mistake that may come from another one in a decorator."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong in the body of a class."""

    reason: str
    """What is wrong."""
    remedy: str = ""
    """What to do about it."""
    name: str = ""
    """What the class body calls the attribute or method that is wrong; empty: the class itself."""
    part: str = ""
    """The keyword of the argument in it that is wrong, or the name within another class."""
    kind: str = ""
    """NO_HANDLER, or nothing."""
    file: str = ""
    line: int = 0
    """Where it is; 0 if that is not known."""

    @property
    def text(self) -> str:
        """What is wrong, and what to do about it."""
        return f"{self.reason}: {self.remedy}" if self.remedy else self.reason


class MistakesError(DriverError):
    """A driver class has mistakes."""

    def __init__(self, message: str, mistakes: Sequence[Mistake]) -> None:
        """Keep the `mistakes`, which `message` describes."""
        super().__init__(message)
        self.mistakes = tuple(mistakes)


class FieldError(DriverError):
    """A field of a driver's settings or memory is wrong."""

    def __init__(self, message: str, field: str) -> None:
        """Keep the name of the field."""
        super().__init__(message)
        self.field = field


_COLLECTED: ContextVar[list[Mistake] | None] = ContextVar("collected", default=None)
"""The mistakes of the classes that are being defined, if they are not raised."""


@contextmanager
def collecting_mistakes() -> Iterator[list[Mistake]]:
    """Collect the mistakes of the classes that are defined, instead of raising them."""
    mistakes: list[Mistake] = []
    token = _COLLECTED.set(mistakes)
    try:
        yield mistakes
    finally:
        _COLLECTED.reset(token)


def report_mistakes(message: str, mistakes: Sequence[Mistake]) -> None:
    """Collect mistakes, or raise them."""
    if (collected := _COLLECTED.get()) is None:
        raise MistakesError(message, mistakes)
    collected.extend(mistakes)
