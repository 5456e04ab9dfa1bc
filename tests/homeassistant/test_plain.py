"""A device's name is a stranger's word: nothing in it may become a link or a picture."""

from hypothesis import given, strategies as st
import pytest

from custom_components.lan_edge.reporting.markdown import LONGEST, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kitchen lamp", "Kitchen lamp"),
        ("Lamp (2) - *left*", "Lamp (2) - *left*"),
        ("![x](http://a.b/c.png)", "!(x)(http:\u200b//a.b/c.png)"),
        ("<img src=x>", "(img src=x)"),
        ("see www.evil.test", "see www\u200b.evil.test"),
        ("a@b.test", "a@\u200bb.test"),
        ("one\n\n# two", "one # two"),
        ("x" * 1000, "x" * LONGEST),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.text(max_size=200))
def test_nothing_is_left_of_markdown_that_leads_elsewhere(text: str) -> None:
    made = plain(text)
    assert not set("[]<>`\n\r") & set(made)
    assert "://" not in made
    assert plain(made).replace("\u200b", "") == made.replace("\u200b", "")
