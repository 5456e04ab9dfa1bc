"""Tuya's covers: 1 a word that moves it, 2 and 3 where it shall be and where it is."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from lan_edge import (
    Json,
    ShadeCommand,
    ShadeState,
    WindowShade,
    WindowShadeLevel,
    number,
    value_at,
)

from .parts import Part, Reading, TuyaSettings, constant, has_number, is_number, reading

type Words = tuple[str, str, str]

SHADES: tuple[Words, ...] = (
    ("open", "close", "stop"),
    ("ZZ", "FZ", "STOP"),
    ("1", "2", "0"),
    ("01", "02", "00"),
    ("fopen", "fclose", ""),
    ("up", "down", "stop"),
    ("on", "off", "stop"),
)
"""What opens, closes and stops a cover, in the vocabularies of different makers."""


def vocabulary_of(word: object) -> Words | None:
    """Return the vocabulary that a word of a cover belongs to."""
    return next((words for words in SHADES if word and word in words), None)


def is_cover(points: Json) -> bool:
    """Return whether a unit is a cover; where its words are digits, it has a position, too."""
    word = points.get("1")
    if not isinstance(word, str) or not vocabulary_of(word):
        return False
    return not word.isdigit() or any(has_number(points, n, 0, 100) for n in "23")


def covers(points: Json, settings: TuyaSettings) -> Iterator[tuple[str, Part]]:
    """Yield a cover, with a position if it reports one."""
    where = next((n for n in "32" if is_number(points.get(n))), "")
    commands = tuple(c for c, word in zip(ShadeCommand, words_of(points), strict=True) if word)
    shade, level = WindowShade.window_shade, WindowShadeLevel.shade_level
    readings = [
        constant(WindowShade, WindowShade.supported_window_shade_commands, commands),
        Reading(WindowShade, shade, partial(shade_of, settings, where)),
    ]
    if where:
        convert = partial(position_of, settings=settings)
        readings += [reading(WindowShadeLevel, level, where, convert)]
    yield "", Part(tuple(readings), {"control": "1", "position": "2"})


def words_of(points: Json) -> Words:
    """Return what opens, closes and stops a cover; empty text: nothing does."""
    return vocabulary_of(points.get("1")) or SHADES[0]


def position_of(position: Any, settings: TuyaSettings) -> int:
    """Return how far a cover is open, by its point, or the other way round."""
    share = round(number(position, "the position", 0, 100))
    return share if settings.is_reversed else 100 - share


def shade_of(settings: TuyaSettings, where: str, points: Json) -> ShadeState | None:
    """Return the state of a cover by its position, or else by what moved it last."""
    if where:
        position = value_at(points, where, partial(position_of, settings=settings))
        return ShadeState.at(position)
    states = (ShadeState.OPEN, ShadeState.CLOSED, ShadeState.PARTIALLY_OPEN)
    return dict(zip(words_of(points), states, strict=True)).get(points.get("1", ""))
