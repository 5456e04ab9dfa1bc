"""What Home Assistant's log says against us."""

from collections.abc import Iterator
import re

from .allowance import allowed

BEGIN = re.compile(r"\d{4}-\d\d-\d\d [\d:.+-]+ (?P<level>[A-Z]+) \(")
UNTIDY = (
    "never awaited",
    "never retrieved",
    "destroyed but it is pending",
    "unclosed",
    "Detected blocking call",
    "Detected that",
    "Detected code that",
)
"""Nobody's log should have these; their author is often not to be seen."""
EXPECTED = ("not been tested", "No module named")
"""What it says of every custom integration, and of those that it has and cannot load here."""
SLOW = re.compile(
    r"(?:Executing .* took|Updating state for .* took|blocked everything for) ([\d.]+) s"
)
SLOWEST = 1.0
"""Seconds on the loop that may be reported, by debug mode or of a driver, on a fast machine."""
SLOW_SETUP = "is taking over 10 seconds"
BUSY = 2.0
"""How many times longer everything takes on a machine where a setup may take that long."""


def entries(log: str) -> Iterator[tuple[str, str]]:
    """Return the entries of a log with their levels; what has none belongs to the one before."""
    level, lines = "", list[str]()
    for line in log.splitlines():
        if begin := BEGIN.match(line):
            yield level, "\n".join(lines)
            level, lines = begin["level"], []
        lines.append(line)
    yield level, "\n".join(lines)


def complaints(log: str) -> list[str]:
    """Return what is worse than information and of ours, and all that is untidy."""
    return [text for level, text in entries(log) if is_complaint(level, text)]


def is_complaint(level: str, text: str) -> bool:
    if any(words in text for words in EXPECTED):
        return False
    if any(words in text for words in UNTIDY):
        return True
    if slow := SLOW.search(text):
        return "lan_edge" in text and float(slow[1]) >= allowed(SLOWEST)
    if SLOW_SETUP in text and allowed(1.0) >= BUSY:
        return False
    return level in {"WARNING", "ERROR", "CRITICAL"} and "lan_edge" in text
