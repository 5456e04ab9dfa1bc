"""Codings: what the codes of a device mean, and the codes of what is wanted."""

from typing import Any

import pytest

from lan_edge import Case, Coding, RefusedError, ReplyError, value_in

MODES = Case.coding(
    Case("off", {"on": 0}, "turn off"),
    Case("by plan", {"on": 1, "plan.state": 3}),
    Case("busy", {"on": 1, "load": Case.MORE}, "work"),
    Case("idle", {"on": 1, "load": Case.ANY}, "rest"),
)


def test_what_is_plain_is_its_own_code() -> None:
    assert Coding().read("x") == "x"
    assert Coding().write(7) == 7


def test_a_number_may_be_told_in_tenths() -> None:
    tenths = Coding.units(0.1)
    assert tenths.read(215) == 21.5
    assert tenths.write(20.5) == 205
    with pytest.raises(ReplyError):
        tenths.read("warm")


def test_a_number_may_be_told_as_a_share_of_its_range() -> None:
    white = Coding.share(2700, 6500, 1, 100)
    assert [white.read(code) for code in (1, 100)] == [2700, 6500]
    assert [white.write(kelvins) for kelvins in (1000, 2700, 6500, 9000)] == [1, 1, 100, 100]
    with pytest.raises(ReplyError):
        white.read(101)


def test_a_choice_has_a_word_for_each_code() -> None:
    speeds = Coding.words({0: "low", 1: "high", 2: "high", 3: None})
    assert [speeds.read(code) for code in (0, 1, 2, 3)] == ["low", "high", "high", None]
    assert speeds.write("high") == 1  # the first of both
    with pytest.raises(RefusedError, match="it only has low, high"):
        speeds.write("medium")
    with pytest.raises(ReplyError):
        speeds.read(7)


def test_true_is_not_the_number_one() -> None:
    words = Coding.words({"on": True, True: True, False: False})
    assert [words.read(code) for code in ("on", True, False)] == [True, True, False]
    for code in (1, 0, ["on"]):
        with pytest.raises(ReplyError):
            words.read(code)
    with pytest.raises(ReplyError):
        Coding.flag().read(True)


def test_a_flag_may_be_the_other_way_round() -> None:
    assert Coding.flag().read(1) is True
    assert Coding.flag(off=1, on=0).read(1) is False
    assert Coding.flag(off=1, on=0).write(True) == 0


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ({"on": 0, "load": 7}, "off"),
        ({"on": 1, "plan": {"state": 3}}, "by plan"),
        ({"on": 1, "load": 7}, "busy"),
        ({"on": 1, "load": 0}, "idle"),
        ({"on": 1}, None),
        ({"on": True, "load": 7}, None),
        ({"on": 1, "load": "7"}, None),
        ({"on": 1, "plan": 3, "load": 1.5}, None),
        ([], None),
    ],
)
def test_the_first_case_that_is_true_counts(message: Any, word: str | None) -> None:
    assert MODES.read(message) == word


def test_what_no_case_sets_is_refused() -> None:
    assert MODES.write("busy") == "work"
    with pytest.raises(RefusedError, match="it only has off, busy, idle"):
        MODES.write("by plan")


def test_a_value_is_found_by_its_path() -> None:
    assert value_in({"a": {"b": 7}}, "a.b") == 7
    assert value_in({"a": {"b": 7}}, "a.c") is None
    assert value_in({"a": 7}, "a.b") is None
    assert value_in({"a": [{"b": 7}, 8]}, "a.0.b") == 7
    assert value_in({"a": [{"b": 7}, 8]}, "a.1") == 8
    assert value_in({"a": [8]}, "a.1") is None
    assert value_in({"a": [8]}, "a.b") is None


def test_a_colour_may_be_one_number() -> None:
    hue, saturation = Coding.hue(), Coding.saturation()
    assert (hue.read(0x00FF00), saturation.read(0x00FF00)) == (pytest.approx(100 / 3), 100)
    assert saturation.read(0xFFFFFF) == 0
    assert hue.write((0, 100)) == saturation.write((0, 100)) == 0xFF0000
    with pytest.raises(ReplyError):
        hue.read("red")
