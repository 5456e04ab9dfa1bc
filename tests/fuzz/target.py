"""What is fuzzed: one function for everything that reads what others wrote, and its promise."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
import logging
from typing import override

from lan_edge import EdgeError
from tests.processor import done_within

SECONDS = 3.0
"""Processor time that one input may take, on a fast machine."""
MAX_LINES = 20
"""Lines in the log for one input."""
MAX_WORDS = 2000
"""Characters of a line in the log, and of an error."""


@dataclass(frozen=True)
class Target:
    """A function that reads bytes; it returns, or raises an EdgeError."""

    name: str
    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    covers: tuple[str, ...]
    """The modules whose reading it tries, as paths below the integration."""

    def examine(self, data: bytes) -> None:
        """See that the promise is kept for an input."""
        words = done_within(SECONDS, partial(self._watched, data))
        assert len(words) <= MAX_WORDS, "an error without end"

    def _watched(self, data: bytes) -> str:
        with _log_watched():
            return self._words(data)

    def _words(self, data: bytes) -> str:
        """Return the words of the error that an input ends in; empty text: none."""
        try:
            self.run(data)
        except EdgeError as err:
            return str(err)
        return ""


TARGETS: dict[str, Target] = {}


def target(
    *covers: str, seeds: tuple[bytes, ...], name: str = ""
) -> Callable[[Callable[[bytes], None]], Callable[[bytes], None]]:
    """Make a function a target, by its own name unless given."""

    def add(run: Callable[[bytes], None]) -> Callable[[bytes], None]:
        made = Target(name or run.__name__, run, seeds, covers)
        assert made.name not in TARGETS
        TARGETS[made.name] = made
        return run

    return add


class _Lines(logging.Handler):
    """Counts what is logged, and how long it is."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.longest = 0

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1
        self.longest = max(self.longest, len(record.getMessage()))


LOGGERS = ("custom_components.lan_edge", "lan_edge")
"""Where the integration and its library log."""


@contextmanager
def _log_watched() -> Iterator[None]:
    lines = _Lines()
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.addHandler(lines)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False  # it is looked at here, and is much
    try:
        yield
    finally:
        for logger, (level, propagate) in zip(loggers, before, strict=True):
            logger.removeHandler(lines)
            logger.setLevel(level)
            logger.propagate = propagate
    assert lines.count <= MAX_LINES, f"{lines.count} lines in the log"
    assert lines.longest <= MAX_WORDS, f"a line of {lines.longest} characters in the log"
