"""Signs: what the values of points have to be."""

from typing import Any

import pytest

from lan_edge.driver.signs import Names, Signs, points_in

NAMES: Names = {"mode": {"auto", "manual"}, "even": lambda value: value in (2, 4)}


@pytest.mark.parametrize(
    ("text", "fits", "does_not"),
    [
        ("1=flag", {"1": False}, {"1": 0}),
        ("1=text", {"1": ""}, {"1": 5}),
        ("1=number", {"1": 1.5}, {"1": True}),
        ("1=any", {"1": 0}, {}),
        ("1=none", {}, {"1": 0}),
        ("1=5..95", {"1": 5}, {"1": 96}),
        ("1=-40..", {"1": 9999}, {"1": -41}),
        ('1="a|b"', {"1": "b"}, {"1": "a|b"}),
        ('1=!"a"?', {"1": "b"}, {"1": "a"}),
        ("1=mode", {"1": "auto"}, {"1": ["auto"]}),
        ("1=even", {"1": 2}, {"1": 3}),
        ("1=!flag", {}, {"1": True}),
        ("1=flag?", {}, {"1": 5}),
        ("1|2=flag", {"1": 5, "2": True}, {"1": 5}),
        ("1-3=flag", {"1": True, "2": True, "3": True}, {"1": True, "3": True}),
        ("1,3=flag", {"1": True, "3": True}, {"1": True}),
        ("^1-3=flag", {"2": True, "3": 5}, {"2": 5, "3": True}),
        ("1=flag *=number", {"1": True, "8": 5}, {"1": True, "8": "x"}),
        ("1=flag #=0..2", {"1": True, "8": 5}, {"1": True, "8": 5, "9": 5}),
        ("", {}, None),
    ],
)
def test_signs(text: str, fits: dict[str, Any], does_not: dict[str, Any] | None) -> None:
    signs = Signs(text, NAMES)
    assert signs.fit(fits)
    assert does_not is None or not signs.fit(does_not)


def test_points() -> None:
    assert points_in("1-3,9") == ["1", "2", "3", "9"]
    assert points_in("3|1") == ["3", "1"]
    assert points_in("*") == points_in("#") == []


@pytest.mark.parametrize("where", ["x", "", "1-", "3-1", "1||2", "^", "1 2", "**"])
def test_what_is_no_point(where: str) -> None:
    with pytest.raises(ValueError, match=r"is no point|has no points"):
        points_in(where)


@pytest.mark.parametrize("text", ["1", "1=", "1=flga", '1="', '1=""', "1=a|b", "1=x..5", "=flag"])
def test_what_is_no_sign(text: str) -> None:
    with pytest.raises(ValueError, match=r"no sign|no point|could not convert"):
        Signs(text, NAMES)
