"""The forms that Tuya's devices have of their own: covers, fans, and what phases draw."""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from lan_edge import (
    Coding,
    Facts,
    PointForm,
    PointUnit,
    ReplyError,
    ShadeCommand,
    ShadeState,
    VocabularyForm,
    number,
)


def turned(unit: PointUnit) -> Callable[[Any], int]:
    """Return what makes how far a cover is open of how far it is closed, and back."""

    def convert(value: Any) -> int:
        share = round(number(value, t"the position", 0, 100))
        return share if unit.settings.is_reversed else 100 - share

    return convert


class Position(PointForm):
    """How far a cover is open, in percent."""

    @override
    def coding(self, unit: PointUnit, point: str) -> Coding:
        return Coding(turned(unit), turned(unit))


@dataclass(frozen=True, kw_only=True)
class Shade(PointForm):
    """Whether a cover is open, by its position or by the word that moved it last."""

    words: VocabularyForm

    @override
    def coding(self, unit: PointUnit, point: str) -> Coding:
        words = self.words.coding(unit, point)

        def read(value: Any) -> ShadeState | None:
            if not isinstance(value, str):
                return ShadeState.at(turned(unit)(value))
            return words.read(value) if self.words.has(value) else None

        return Coding(read, words.write)


@dataclass(frozen=True, kw_only=True)
class ShadeCommands(PointForm):
    """What moves a cover, by the words that it has said."""

    words: VocabularyForm

    @override
    def coding(self, unit: PointUnit, point: str) -> Coding:
        def read(value: Any) -> tuple[ShadeCommand, ...]:
            fits = self.words.fitting((*unit.kept.get(point, ()), value))
            both = zip(ShadeCommand, fits[0] if fits else (), strict=False)
            return tuple(command for command, word in both if word)

        return Coding(read)

    @override
    def keep(self, unit: PointUnit, point: str) -> Facts:
        return self.words.keep(unit, point)


LEVEL = "level_"
"""What some fans say before the number of their speed."""
FEW, USUAL, MANY = 3, 6, 100
"""How many speeds a fan has."""


@dataclass(frozen=True, kw_only=True)
class Speed(PointForm):
    """The speed of a fan, a number, digits or a word, which is 0 while its switch is off."""

    words: VocabularyForm
    switch: str

    @override
    def coding(self, unit: PointUnit, point: str) -> Coding:
        words, now = self.words.coding(unit, point), unit.points.get(point)

        def read(value: Any) -> Any:
            if unit.points.get(self.switch) is False:
                return 0
            if self.words.has(value):
                return words.read(value)
            return round(number(value.removeprefix(LEVEL) if isinstance(value, str) else value))

        def write(speed: int) -> Any:
            if not isinstance(now, str) or self.words.has(now):
                return words.write(speed) if isinstance(now, str) else speed
            return f"{LEVEL if now.startswith(LEVEL) else ''}{speed}"

        return Coding(read, write)

    @override
    def listed(self, unit: PointUnit, point: str) -> tuple[int, int]:
        """Return the speeds that its owner says, or those by a speed that it has had."""
        speed: Any = unit.seen.get(point)
        is_fine = type(speed) in {int, float} and speed > 2 * USUAL
        most = FEW if isinstance(speed, str) else MANY if is_fine else USUAL
        return 0, unit.settings.speeds or most

    @override
    def keep(self, unit: PointUnit, point: str) -> Facts:
        return self.words.keep(unit, point)


PHASE_SIZE = 8


def phase_bytes(value: Any) -> bytes:
    """Return the bytes that a point has of a phase; raise ReplyError if it has none."""
    try:
        data = b64decode(value, validate=True) if isinstance(value, str) else b""
    except ValueError:
        data = b""
    if len(data) < PHASE_SIZE:
        raise ReplyError(t"{value!r:.20} is not what a phase draws")
    return data


def phase(first: int, end: int, unit: float) -> Coding:
    """Return the coding of what a phase draws: some of the bytes of its point."""
    return Coding(lambda value: round(int.from_bytes(phase_bytes(value)[first:end]) * unit, 3))
