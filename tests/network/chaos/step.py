"""One thing that happens, and when."""

from dataclasses import dataclass
from typing import override

NOBODY = -1

type Time = tuple[float, float]
"""From when to when."""


@dataclass(frozen=True, order=True)
class Step:
    """One thing that happens, `at` seconds after the start, and for how many `seconds`.

    `number` numbers the commands and changes of each device; of a clock it is the seconds that
    it is put off. `other` is whom a device swaps its address with, or the address it moves to.
    """

    at: float
    what: str
    device: int = NOBODY
    number: int = 0
    seconds: float = 0.0
    other: int = NOBODY

    @property
    def time(self) -> Time:
        """From when to when it is."""
        return self.at, self.at + self.seconds

    @override
    def __str__(self) -> str:
        more = {"device": self.device, "other": self.other}
        told = "".join(f" {k} {v}" for k, v in more.items() if v != NOBODY)
        if self.number:
            told += f" number {self.number}"
        return f"{self.at:8.3f} {self.what}{told}{f' {self.seconds:.3f} s' if self.seconds else ''}"


def meets(one: Time, other: Time, before: float = 0, after: float = 0) -> bool:
    """Return whether one time is, with so much around it, within another."""
    return one[0] - before < other[1] and other[0] < one[1] + after
