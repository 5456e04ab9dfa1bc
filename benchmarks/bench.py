"""What a figure works with: the options, the processes, and where its values go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .channel import Child
from .firewall import Firewall
from .processes import Hub


@dataclass(frozen=True)
class Target:
    """What a system is to keep; `to`: it is a ratio to that other system."""

    bound: float
    to: str = ""
    at_least: bool = False
    of: str = "ours"

    def is_kept(self, value: float) -> bool:
        """Whether a value is within the bound."""
        return value >= self.bound if self.at_least else value <= self.bound


@dataclass(frozen=True)
class Row:
    """One quantity of a figure, told for each system."""

    name: str
    unit: str
    target: Target | None = None
    to: str = "line"
    """The yardstick of its ratios."""


@dataclass(frozen=True)
class Options:
    """How much is done."""

    repetitions: int = 5
    small: bool = False
    """Tiny, to try the benchmark itself."""
    long: bool = False
    """Down for a minute, at rest for two."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many devices a home has."""
        return (1, 5, 10) if self.small else (1, 50, 200)

    def either[T](self, normal: T, small: T, long: T | None = None) -> T:
        """Return what fits to how much is done."""
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
        """Take a value of this repetition."""
        rows = self.values.setdefault(self.figure, {})
        rows.setdefault(row, {}).setdefault(system, []).append(value)

    def note(self, text: str) -> None:
        """Say something about the figure, once."""
        said = self.notes.setdefault(self.figure, [])
        if text not in said:
            said.append(text)

    def turns(self, hubs: Sequence[Hub], rounds: int = 1) -> Iterator[Hub]:
        """Yield the systems in turn, so many rounds; each is first at times."""
        for number in range(rounds):
            start = (self.repetition + number) % len(hubs)
            yield from (*hubs[start:], *hubs[:start])

    async def sent(self, method: str, hub: Hub, **params: Any) -> Any:
        """Have the simulator do something to a system's devices."""
        return await self.devices.ask(method, system=hub.system.name, **params)
