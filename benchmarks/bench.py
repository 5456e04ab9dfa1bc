"""What a figure uses: the options, the processes, and the collected values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .channel import Child
from .firewall import Firewall
from .processes import Hub


@dataclass(frozen=True)
class Target:
    """A target of a system; with `to`, of its ratio to that other system."""

    bound: float
    to: str = ""
    at_least: bool = False
    of: str = "ours"

    def is_kept(self, value: float) -> bool:
        """Return whether a value is within the bound."""
        return value >= self.bound if self.at_least else value <= self.bound


@dataclass(frozen=True)
class Row:
    """One quantity of a figure, measured for each system."""

    name: str
    unit: str
    target: Target | None = None
    to: str = "line"
    """The yardstick of its ratios."""


@dataclass(frozen=True)
class Options:
    """How much is measured."""

    repetitions: int = 5
    small: bool = False
    """Tiny, to try the benchmark itself."""
    long: bool = False
    """Devices are off for a minute, and at rest for two."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """The numbers of devices with which a figure is measured."""
        return (1, 5, 10) if self.small else (1, 50, 200)

    def either[T](self, normal: T, small: T, long: T | None = None) -> T:
        """Return the value for the chosen amount."""
        if self.small:
            return small
        return long if self.long and long is not None else normal


@dataclass
class Bench:
    """One run of the benchmark."""

    options: Options
    devices: Child
    firewall: Firewall
    repetition: int = 0
    figure: str = ""
    values: dict[str, dict[Row, dict[str, list[float]]]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)

    def add(self, row: Row, system: str, value: float) -> None:
        """Add a value of this repetition."""
        rows = self.values.setdefault(self.figure, {})
        rows.setdefault(row, {}).setdefault(system, []).append(value)

    def note(self, text: str) -> None:
        """Add a note about the figure, once."""
        notes = self.notes.setdefault(self.figure, [])
        if text not in notes:
            notes.append(text)

    def turns(self, hubs: Sequence[Hub], rounds: int = 1) -> Iterator[Hub]:
        """Yield the systems in turn for some rounds, each round starting with the next one."""
        for number in range(rounds):
            start = (self.repetition + number) % len(hubs)
            yield from (*hubs[start:], *hubs[:start])

    async def sent(self, method: str, hub: Hub, **params: Any) -> Any:
        """Call a method of the simulator for a system's devices; return its result."""
        return await self.devices.ask(method, system=hub.system.name, **params)
