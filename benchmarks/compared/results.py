"""What was measured: one line of a family's table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One line of a family's table; seconds where there are any, else words."""

    what: str
    seconds: float | None = None
    words: str = ""


def since_of(what: str, since: float, at: float | None, patience: float) -> Result:
    """Return how long after a moment something came; `at` is None if it did not in time."""
    if at is None:
        return Result(what, words=f"not within {patience:.0f} s")
    return Result(what, at - since)
