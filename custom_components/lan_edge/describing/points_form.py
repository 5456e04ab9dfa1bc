"""The forms in which owners say what the points of a device mean."""

from collections.abc import Mapping
from typing import Any

from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)

from lan_edge import PointKind, PointMeaning, Points

from ..vol import Optional, Required, Schema
from .choice_field import choice
from .choice_lines import choices_in, shown_choices
from .shown import MAX_VALUE_SHOWN, value_text
from .thing_form import CONF_CHOICES

CONF_POINT = "point"
CONF_MEANING = "meaning"
CONF_NAME = "name"
CONF_DIVISOR = "divisor"
CONF_LOWEST, CONF_HIGHEST = "lowest", "highest"
_ANY_NUMBER = NumberSelector(NumberSelectorConfig(mode=NumberSelectorMode.BOX, step="any"))
_DIVISOR = NumberSelector(
    NumberSelectorConfig(mode=NumberSelectorMode.BOX, step="any", min=0.001, max=100_000)
)


def points_schema(points: Points, meanings: Mapping[str, str]) -> Schema:
    """Return the form to pick one of some points, each with its value and words for its meaning."""
    numbers = sorted(points, key=lambda n: (not n.isdecimal(), int(n) if n.isdecimal() else 0, n))
    options = [
        SelectOptionDict(value=n, label=_label(n, points[n], meanings.get(n, ""))) for n in numbers
    ]
    config = SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST)
    return Schema({Required(CONF_POINT): SelectSelector(config)})


def _label(point: str, value: Any, meaning: str) -> str:
    shown = "" if value is None else f" = {value_text(value)[:MAX_VALUE_SHOWN]}"
    return f"{point}{shown} ({meaning})" if meaning else f"{point}{shown}"


def meaning_schema(*, is_described: bool) -> Schema:
    """Return the form that asks what a point means; `is_described`: that no form can say it."""
    offered = (each for each in PointKind if is_described or each is not PointKind.DESCRIBED)
    kinds = choice("point_kind", *(each.value for each in offered))
    return Schema(
        {
            Required(CONF_MEANING, default=PointKind.AUTOMATIC.value): kinds,
            Optional(CONF_NAME): TextSelector(),
            Required(CONF_DIVISOR, default=1): _DIVISOR,
            Required(CONF_LOWEST, default=0): _ANY_NUMBER,
            Required(CONF_HIGHEST, default=100): _ANY_NUMBER,
            Optional(CONF_CHOICES): TextSelector(TextSelectorConfig(multiple=True)),
        }
    )


def said_of(meaning: PointMeaning) -> dict[str, Any]:
    """Return what `meaning_in` takes for a meaning."""
    return {
        CONF_MEANING: meaning.kind.value,
        CONF_NAME: meaning.name,
        CONF_DIVISOR: meaning.divisor,
        CONF_LOWEST: meaning.lowest,
        CONF_HIGHEST: meaning.highest,
        CONF_CHOICES: shown_choices(meaning.choices),
    }


def lacks_choices(user_input: Mapping[str, Any]) -> bool:
    """Return whether a point is said to be a choice, but not between what."""
    is_choice = user_input[CONF_MEANING] == PointKind.CHOICE
    return is_choice and not any(each.strip() for each in user_input.get(CONF_CHOICES, ()))


def meaning_in(user_input: Mapping[str, Any]) -> PointMeaning:
    """Return what was entered; raise NoChoicesError for what is none."""
    return PointMeaning(
        kind=PointKind(user_input[CONF_MEANING]),
        name=str(user_input.get(CONF_NAME, "")).strip(),
        divisor=user_input[CONF_DIVISOR],
        lowest=user_input[CONF_LOWEST],
        highest=user_input[CONF_HIGHEST],
        choices=choices_in(user_input.get(CONF_CHOICES, ())),
    )
