"""What an emulated device can be told to do wrong; the switches combine."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from .rewriting import Rewrite

type Delay = float | Callable[[], float]

MERGE_WINDOW = 0.05
SPLIT_PAUSE = 0.001


@dataclass(frozen=True, slots=True)
class HttpOverride:
    """An HTTP answer given instead of the true one; the command is not carried out."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Faults:
    """The faults of one device; all off at first, each may change at any time."""

    slow: Delay = 0.0
    """Seconds before a command is carried out and answered."""
    late: Delay = 0.0
    """Seconds a finished reply is kept back while later messages overtake it."""
    hold: bool = False
    """Keep finished replies until `release()` sends them, in any order."""
    repeat: int = 1
    """How often each reply is sent."""
    split: int = 0
    """Cut what is sent into pieces of so many bytes, each a TCP write of its own."""
    merge: bool | float = False
    """Collect what is sent for so many seconds (true: 0.05) and write it at once."""
    bare: bool = False
    """Refuse, or leave without an answer, all questions but those for what the device is for."""
    silent: bool = False
    """Accept and read, but neither carry out, answer nor push: a hung program."""
    lie: bool = False
    """Answer as if the command had worked, and do nothing."""
    ignore: bool = False
    """Answer OK with the unchanged state, and do nothing."""
    refuse: bool | Collection[str] = False
    """Answer all commands, or those named, with an error."""
    impostor: str | None = None
    """Answer and announce as this id."""
    cut_in: int | None = None
    """Close the connection that sends the n-th byte from now, right after it; once."""
    odd: bool = False
    """Answer by HTTP as old programs do: odd bytes in the text, an odd head."""
    rewrite: Rewrite | None = None
    """Changes each answer, or keeps it back."""
    late_answers: Mapping[str, float] = field(default_factory=dict[str, float])
    """Seconds that the answers to these requests are kept back."""
    override: HttpOverride | None = None
    """The HTTP answer to everything (of a bulb: to its description)."""

    def clear(self) -> None:
        """Switch every fault off."""
        fresh = Faults()
        for switch in fields(self):
            setattr(self, switch.name, getattr(fresh, switch.name))

    def refuses(self, command: str) -> bool:
        """Tell whether a command is to be answered with an error."""
        if isinstance(self.refuse, bool):
            return self.refuse
        return command in self.refuse

    def merge_window(self) -> float:
        """Return the seconds to collect before a write; 0 when not merging."""
        return MERGE_WINDOW if self.merge is True else float(self.merge)

    def pieces(self, data: bytes) -> list[bytes]:
        """Cut data as `split` says."""
        size = self.split or max(len(data), 1)
        return [data[at : at + size] for at in range(0, len(data), size)]

    def spend(self, wanted: int) -> tuple[int, bool]:
        """Return how many bytes may go out, and whether to cut the line after them."""
        if self.cut_in is None:
            return wanted, False
        if wanted < self.cut_in:
            self.cut_in -= wanted
            return wanted, False
        allowed, self.cut_in = self.cut_in, None
        return allowed, True

    def as_dict(self) -> dict[str, Any]:
        """Return the switches for people to read."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


def seconds(delay: Delay) -> float:
    """Return a delay's seconds, this time."""
    return delay() if callable(delay) else delay
