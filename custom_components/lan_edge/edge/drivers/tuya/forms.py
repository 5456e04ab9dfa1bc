"""The forms that Tuya's devices have of their own: covers, fans, and what phases draw."""

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, override

from lan_edge import (
    PointForm,
    PointUnit,
    ReplyError,
    ShadeCommand,
    ShadeState,
    number,
)


def position_of(value: Any, unit: PointUnit) -> int:
    """Return how far a cover is open, by how far its point says that it is closed, and back."""
    share = round(number(value, "the position", 0, 100))
    return share if unit.settings.is_reversed else 100 - share


class Position(PointForm):
    """How far a cover is open, in percent."""

    @override
    def decode(self, value: Any, unit: PointUnit) -> int:
        return position_of(value, unit)

    @override
    def encode(self, value: Any, unit: PointUnit, point: str) -> int:
        return position_of(value, unit)


SHADES: Sequence[Sequence[str]] = (
    ("open", "close", "stop"),
    ("ZZ", "FZ", "STOP"),
    ("1", "2", "0"),
    ("01", "02", "00"),
    ("fopen", "fclose", ""),
    ("up", "down", "stop"),
    ("on", "off", "stop"),
)
"""What opens, closes and stops a cover, in the vocabularies of different makers."""


def shades_of(word: Any) -> Sequence[str]:
    """Return the vocabulary of a word, or the usual one."""
    return next((words for words in SHADES if word and word in words), SHADES[0])


class Shade(PointForm):
    """Whether a cover is open, by its position or by the word that moved it last."""

    STATES = (ShadeState.OPEN, ShadeState.CLOSED, ShadeState.PARTIALLY_OPEN)

    @override
    def decode(self, value: Any, unit: PointUnit) -> ShadeState | None:
        if isinstance(value, str):
            return dict(zip(shades_of(value), self.STATES, strict=True)).get(value)
        return ShadeState.at(position_of(value, unit))

    @override
    def encode(self, value: Any, unit: PointUnit, point: str) -> str:
        return shades_of(unit.points.get(point))[self.STATES.index(value)]


class ShadeCommands(PointForm):
    """What moves a cover, by the word that moved it last."""

    @override
    def decode(self, value: Any, unit: PointUnit) -> tuple[ShadeCommand, ...]:
        both = zip(ShadeCommand, shades_of(value), strict=True)
        return tuple(command for command, word in both if word)


@dataclass(frozen=True)
class Speed(PointForm):
    """The speed of a fan, a number or digits, which is 0 while its switch is off."""

    switch: str

    @override
    def decode(self, value: Any, unit: PointUnit) -> int:
        return 0 if unit.points.get(self.switch) is False else round(number(value))

    @override
    def encode(self, value: Any, unit: PointUnit, point: str) -> int | str:
        return str(value) if isinstance(unit.points.get(point), str) else value


class SpeedRange(PointForm):
    """The speeds of a fan, as the owner says, or by a speed that it has had."""

    FEW, USUAL, MANY = 3, 6, 100

    @override
    def decode(self, value: Any, unit: PointUnit) -> tuple[int, int]:
        is_fine = number(value) > 2 * self.USUAL
        most = self.FEW if isinstance(value, str) else self.MANY if is_fine else self.USUAL
        return 0, unit.settings.speeds or most


@dataclass(frozen=True)
class Phase(PointForm):
    """What a phase draws: some of the bytes of its point."""

    SIZE = 8
    first: int
    end: int
    unit: float

    @staticmethod
    def bytes_in(value: Any) -> bytes:
        """Return the bytes that a point has of a phase; raise ReplyError if it has none."""
        try:
            data = b64decode(value, validate=True) if isinstance(value, str) else b""
        except ValueError:
            data = b""
        if len(data) < Phase.SIZE:
            raise ReplyError(f"{value!r:.20} is not what a phase draws")
        return data

    @override
    def decode(self, value: Any, unit: PointUnit) -> float:
        return round(int.from_bytes(self.bytes_in(value)[self.first : self.end]) * self.unit, 3)
