"""The field for a number."""

from typing import Any

from homeassistant.helpers.selector import NumberSelectorConfig
import pytest

from custom_components.lan_edge.flows.ranged_number import RangedNumberSelector
from custom_components.lan_edge.vol import Invalid


@pytest.mark.parametrize(
    ("limits", "entered", "message"),
    [
        ({"min": 0.03, "max": 30}, 99.0, "99.0 is not a number from 0.03 to 30"),
        ({"min": 1, "max": 65535}, 0, "0 is not a number from 1 to 65535"),
        ({"min": 5}, 4, "4 is not a number of at least 5"),
        ({"max": 5}, 6, "6 is not a number of at most 5"),
        ({}, "much", "much is not a number"),
    ],
)
def test_an_error_gives_the_range(limits: NumberSelectorConfig, entered: Any, message: str) -> None:
    field = RangedNumberSelector(limits)
    with pytest.raises(Invalid, match=f"^{message}$"):
        field(entered)
    assert field.serialize()["selector"]["number"]["mode"] == "box"


def test_a_number_within_the_range_is_accepted() -> None:
    assert RangedNumberSelector({"min": 0, "max": 30})(30) == 30.0
