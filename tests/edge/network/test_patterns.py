"""Regular expressions on what strangers send: few ways to fit, or none at all."""

from functools import partial

import pytest

from lan_edge.network.patterns import (
    MAX_PATTERN,
    MAX_SEARCHED,
    SlowPatternError,
    bounded_pattern,
    safe_pattern,
)
from lan_edge.network.text import MAX_FIELD
from tests.processor import done_within


@pytest.mark.parametrize(
    "pattern",
    [
        r"^eWeLink_(\w+)$",
        r"_(\w+)$",
        r"-([0-9a-f]{6})\b",
        r"^(.*)-(.*)$",
        r"(?i)shelly(plus|pro)?",
        r"^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}",
        r"[^_]+",
        "",
    ],
)
def test_usual_ones(pattern: str) -> None:
    compiled = safe_pattern(pattern)
    assert compiled.pattern == pattern
    for text in ("a" * MAX_FIELD, "_" * MAX_FIELD, "ab:" * 85, "-" * MAX_FIELD, "A1" * 128):
        done_within(0.1, partial(compiled.search, text))


@pytest.mark.parametrize(
    "pattern",
    [
        r"(\w+\s?)*$",
        r"(a+)+$",
        r"(a|aa)*$",
        r"(.*)-(.*)",
        r"^(.*)-(.*)-(.*)$",
        r"a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaaaaaaaaa",
        r"(x{0,9}){9}",
    ],
)
def test_those_that_could_take_long(pattern: str) -> None:
    with pytest.raises(ValueError, match="could take long"):
        safe_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "better"),
    [
        (r"(.*)-(.*)", r"^(.*)-(.*)"),
        (r"(?i)(.*)-(.*)", r"(?i)^(.*)-(.*)"),
        (r"^(.*)-(.*)-(.*)$", ""),
        (r"(a+)+$", ""),
        (r"(.*)-(.*)-(.*)", ""),
    ],
)
def test_whether_an_anchor_is_enough(pattern: str, better: str) -> None:
    with pytest.raises(SlowPatternError) as caught:
        safe_pattern(pattern)
    assert caught.value.better == better
    assert not better or safe_pattern(better).search("a-b")


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(", "is not a regular expression"),
        (r"(a)\1", "refer to its groups"),
        ("a(?=b)", "look around"),
        ("x" * (MAX_PATTERN + 1), "more than 256 characters"),
    ],
)
def test_those_that_are_none(pattern: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        safe_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "is_whole", "limit"),
    [
        (r"(\d+)x", False, 2048),
        (r"(\d+)x", True, MAX_SEARCHED),
        (r"^(\d+)x", False, MAX_SEARCHED),
        (r"Power: ([0-9.]{1,8})", False, MAX_SEARCHED),
        (r"(?>\w+)z", False, 2048),
        (r"\w++\d*+z", False, 2048),
        (r"(a*)(b*)c", True, 2048),
        (r"(?:ab|c){1,4}d", False, 8192),
        (r"[a-z]{200}x", False, 32768),
    ],
)
def test_the_longest_text_for_a_pattern(pattern: str, is_whole: bool, limit: int) -> None:
    bounded = bounded_pattern(pattern, is_whole=is_whole)
    assert bounded.limit == limit
    search = bounded.pattern.fullmatch if is_whole else bounded.pattern.search
    for text in ("a", "1", "Power: 1", "ab", "abc", " "):
        done_within(0.5, partial(search, (text * limit)[:limit]))


@pytest.mark.parametrize(
    "pattern", [r"((?:a{60000}){60000}){60000}", r"(?:a|b|ab)*c", r"(a?){64}b"]
)
def test_repeats_of_repeats(pattern: str) -> None:
    with pytest.raises(ValueError, match="could take long"):
        bounded_pattern(pattern)
