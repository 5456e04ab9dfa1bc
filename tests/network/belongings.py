"""What an owner was told about each vault, and what Home Assistant kept of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
import time
from typing import Any

from tests.real.client import Json

from .vault import Vault

LATE = 0.3
"""Seconds that a file may be newer than what is in it."""


@dataclass
class Fact:
    """Something that was changed: what it was, what it should be, and when that was told."""

    before: Any
    wanted: Any
    told: float = 0.0
    """Wall time; 0: nobody was told that it is done."""

    def may_be(self, stored: Any, written: float) -> bool:
        """Tell whether that may be stored, in a file that was written at a time."""
        if self.told and self.told + LATE < written:
            return bool(stored == self.wanted)
        return stored in (self.before, self.wanted)

    def lost(self, stored: Any) -> bool:
        """Tell whether it was told, and not kept."""
        return bool(self.told) and stored != self.wanted


@dataclass
class Belonging:
    """A vault, and what is known of its entry."""

    vault: Vault
    entry: Json = field(default_factory=dict)
    """As it is stored; empty: it has none."""
    facts: dict[str, Fact] = field(default_factory=dict)
    """What was changed since, by its name."""

    @property
    def entry_id(self) -> str:
        """Its entry's id."""
        return str(self.entry["entry_id"])

    def change(self, name: str, wanted: Any) -> Callable[[], None]:
        """Note that something is being changed; return what notes that it is told as done."""
        fact = self.facts[name] = Fact(value(self.entry, name), wanted)

        def told() -> None:
            fact.told = time.time()

        return told


def value(entry: Json, name: str) -> Any:
    """Return what a stored entry has of something."""
    match name:
        case "there":
            return bool(entry)
        case "port":
            return entry.get("data", {}).get("port")
        case _:
            return entry.get("options", {}).get(name, False)
