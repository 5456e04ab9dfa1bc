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
_NO_OTHER_WORDS = {"allowed", "hard", "limit", "possible", "set", "soft", "supported", "value"}
"""Words that say nothing else of a limit; one with any other word limits something else."""
_LEAST_SETTING, _MOST_SETTING = 1e-6, 1e12


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
    value = _number_in(field)
    if value is None or not _is_usual(now := value * scale) or scale <= 0:
        return None
    lows = _limits(field, called, others, _LOWEST_WORDS)
    low = max((each for each in lows if each.value <= value), default=None)
    lowest = low.value * scale if low else min(USUAL_LOWEST, -_round_number(-now))
    highs = _limits(field, called, others, _HIGHEST_WORDS)
    is_above = (each for each in highs if each.value >= value and each.value * scale > lowest)
    high = max(is_above, default=None)
    highest = high.value * scale if high else max(USUAL_HIGHEST, _round_number(now))
    return LikelyRange(lowest, highest, _step_of(now)) if lowest < highest else None


class _Limit(NamedTuple):
    """A value that may limit another one; the greatest fits best."""

    shared_words: int
    is_beside: bool
    value: float


def _limits(
    field: AnswerField, called: str, others: Collection[AnswerField], sides: set[str]
) -> Iterator[_Limit]:
    """Yield what may limit a field on one side, by its name; what is a limit itself has none."""
    own, wanted = place_words(field), {*place_words(field), *words_in(called)}
    parent, _, _ = field.place.rpartition(".")
    if sides & {*own}:
        return
    for each in others:
        within, _, name = each.place.rpartition(".")
        words, value = {*words_in(name)}, _number_in(each)
        if each.place == field.place or not words & sides or value is None:
            continue
        shared, is_beside = words & wanted, within == parent
        if words <= sides | _NO_OTHER_WORDS | shared and (shared or is_beside):
            yield _Limit(len(shared), is_beside, value)


def _number_in(field: AnswerField) -> float | None:
    if isinstance(field.value, bool) or field.value is None:
        return None
    try:
        number = float(field.value)
    except ValueError:
        return None
    return number if _is_usual(number) else None


def _is_usual(number: float) -> bool:
    """Return whether a number may be a setting: others are what something else looks like."""
    return number == 0 or _LEAST_SETTING < abs(number) < _MOST_SETTING


def _round_number(number: float) -> float:
    """Return the next of 1, 2, 5, 10, 20 and so on."""
    if number <= 0:
        return 0.0
    size = 10.0 ** math.floor(math.log10(number))
    return next((each * size for each in (1, 2, 5) if each * size >= number), 10 * size)


def _step_of(number: float) -> float:
    """Return a step of which a number is a multiple."""
    steps = (1, 0.5)
    return next((each for each in steps if math.isclose(number / each % 1, 0, abs_tol=1e-6)), 0.1)
