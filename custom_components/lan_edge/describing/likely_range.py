"""The range in which a number can be set, as it seems by what its device sends."""

from collections.abc import Collection, Iterator
import math
from typing import NamedTuple

from lan_edge import AnswerField

from .said_of_itself import place_words, words_in

USUAL_LOWEST, USUAL_HIGHEST = 0.0, 100.0
"""The usual range of a number of which nothing is known."""
_LOWEST_WORDS = {"lower", "lowest", "min", "minimum"}
_HIGHEST_WORDS = {"highest", "max", "maximum", "upper"}
_OTHER_WORDS = {"alarm", "daily", "day", "ever", "peak", "today", "yesterday"}
"""Words of what was, or warns: it limits nothing."""


class LikelyRange(NamedTuple):
    """The lowest and the highest value, and the smallest change."""

    lowest: float
    highest: float
    step: float


def likely_range(
    field: AnswerField, called: str, others: Collection[AnswerField], scale: float
) -> LikelyRange | None:
    """Return the range of what is `called` so; None for what is no number now.

    Its limits are what the device sends, such as `max_current`, if its value is between them.
    Without them it is the usual range, or a wider one that has its value.
    """
    if (now := _number_in(field)) is None:
        return None
    wanted = {*place_words(field), *words_in(called)}
    lows = _limits(field, wanted, others, _LOWEST_WORDS)
    highs = _limits(field, wanted, others, _HIGHEST_WORDS)
    low = max((each for each in lows if each.value <= now), default=None)
    high = max((each for each in highs if each.value >= now), default=None)
    now *= scale
    return LikelyRange(
        low.value * scale if low else min(USUAL_LOWEST, -_round_number(-now)),
        high.value * scale if high else max(USUAL_HIGHEST, _round_number(now)),
        _step_of(now),
    )


class _Limit(NamedTuple):
    """A value that may limit another one; the greatest fits best."""

    shared_words: int
    is_beside: bool
    value: float


def _limits(
    field: AnswerField, wanted: set[str], others: Collection[AnswerField], sides: set[str]
) -> Iterator[_Limit]:
    """Yield what may limit a field on one side, by its name."""
    parent, _, _ = field.place.rpartition(".")
    for each in others:
        within, _, name = each.place.rpartition(".")
        words, value = {*words_in(name)}, _number_in(each)
        if not words & sides or words & _OTHER_WORDS or value is None:
            continue
        shared, is_beside = len(words & wanted), within == parent
        if shared or (is_beside and words <= sides):
            yield _Limit(shared, is_beside, value)


def _number_in(field: AnswerField) -> float | None:
    if isinstance(field.value, bool):
        return None
    try:
        number = float(field.value or 0)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _round_number(number: float) -> float:
    """Return the next of 1, 2, 5, 10, 20 and so on."""
    if number <= 0:
        return 0.0
    size = 10.0 ** math.floor(math.log10(number))
    return next(each * size for each in (1, 2, 5, 10) if each * size >= number)


def _step_of(number: float) -> float:
    """Return a step of which a number is a multiple."""
    steps = (1, 0.5, 0.1)
    return next((each for each in steps if math.isclose(number / each % 1, 0, abs_tol=1e-6)), 0.1)
