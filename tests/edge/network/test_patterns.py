"""Regular expressions on what strangers send: few ways to fit, or none at all."""

from time import process_time

import pytest

from lan_edge.network.patterns import MAX_PATTERN, SlowPatternError, safe_pattern
from lan_edge.network.text import MAX_FIELD


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
        began = process_time()
        compiled.search(text)
        assert process_time() - began < 0.1


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
