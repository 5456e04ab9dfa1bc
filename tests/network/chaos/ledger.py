"""The ledger: what was commanded and what became of it; what was changed at the devices."""

from collections import Counter
from dataclasses import dataclass, field
import math
from typing import override

NEAR = 10
"""Percent of its range in which a number is taken for the one that was asked for."""
SLACK = 0.002
"""Seconds between two clock readings that belong to one moment."""


@dataclass
class Command:
    """A command, and what Home Assistant said of it."""

    device: int
    number: int
    value: float
    asked: float
    was: float = math.nan
    """What the device was when it was given."""
    ended: float = math.inf
    outcome: str = "open"
    """done, failed, skipped (it was unavailable), cut (Home Assistant went), unsent; or open."""
    text: str = ""

    @override
    def __str__(self) -> str:
        took = self.ended - self.asked
        change = f"{self.was:g} to {self.value:g}"
        return f"command {self.number} of device {self.device} ({change}, {took:.2f} s)"


@dataclass(frozen=True)
class Executed:
    """A command that arrived at a device: its value from then on."""

    at: float
    value: float
    stranger: bool = False
    """Whether it was another device just then, at the same address."""


@dataclass(frozen=True)
class Doubt:
    """A time in which a device said yes and did nothing; `whole`: or was not heard at all."""

    start: float
    end: float
    whole: bool = False

    def hides(self, command: Command, later: list[Command]) -> bool:
        """Whether nobody could tell that a command was not done.

        The device was near what was asked for, or a newer command was given before it showed.
        """
        meanwhile = self.start <= command.ended + SLACK and command.asked <= self.end + SLACK
        taken_over = any(other.asked <= command.ended for other in later)
        near = abs(command.was - command.value) <= NEAR
        return meanwhile and (self.whole or near or taken_over)


@dataclass
class Ledger:
    """All commands, by device in the order they were given."""

    commands: dict[int, list[Command]] = field(default_factory=dict)
    doubts: dict[int, list[Doubt]] = field(default_factory=dict)
    changes: int = 0

    def open(self, command: Command) -> Command:
        """Write down a command that is given now."""
        self.commands.setdefault(command.device, []).append(command)
        return command

    def all(self) -> list[Command]:
        """Return all commands."""
        return [command for each in self.commands.values() for command in each]

    def counts(self) -> dict[str, int]:
        """Return how many ended how."""
        return dict(Counter(command.outcome for command in self.all()))


def not_done(commands: list[Command], executed: list[Executed], doubts: list[Doubt]) -> list[str]:
    """Return which commands of a device that were reported done were not, or out of order.

    Values that wait give way to newer ones: such a command is as done as the one that took its
    place, which was given before it ended.
    """
    wrong: list[str] = []
    last = -math.inf
    for place, command in enumerate(commands):
        if command.outcome != "done":
            continue
        times = _within(command, executed)
        if in_order := [at for at in times if at >= last]:
            last = in_order[0]
        elif not _excused(command, commands[place + 1 :], executed, doubts):
            how = "was done before an earlier one" if times else "was reported done and was not"
            wrong.append(f"{command} {how}")
    return wrong


def _excused(
    command: Command, later: list[Command], executed: list[Executed], doubts: list[Doubt]
) -> bool:
    """Whether there was nothing to do, a newer command was done instead, or nobody could tell."""
    replaced = any(_replaced(command, other, executed) for other in later)
    hidden = any(doubt.hides(command, later) for doubt in doubts)
    return command.was == command.value or replaced or hidden


def _within(command: Command, executed: list[Executed]) -> list[float]:
    start, end = command.asked - SLACK, command.ended + SLACK
    return [e.at for e in executed if e.value == command.value and start <= e.at <= end]


def _replaced(command: Command, later: Command, executed: list[Executed]) -> bool:
    """Whether a newer command took the place of one: it was done, or there was nothing to do."""
    has_nothing_to_do = later.outcome == "done" and later.was == later.value
    is_done = any(at <= command.ended + SLACK for at in _within(later, executed))
    return later.asked <= command.ended and (is_done or has_nothing_to_do)
