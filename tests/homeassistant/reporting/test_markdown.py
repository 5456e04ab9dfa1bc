"""A device's name comes from the network: nothing in it may become a link or an image."""

from hypothesis import example, given, strategies as st
import pytest

from custom_components.lan_edge.reporting.issues import markdown_of
from custom_components.lan_edge.reporting.markdown import (
    MAX_LENGTH,
    as_code,
    as_name,
    as_plain_markdown,
)
from lan_edge import LoadFailure


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kitchen lamp", "Kitchen lamp"),
        ("Lamp (2) - *left*", "Lamp (2) - \u2217left\u2217"),
        ("**bold** ~~off~~", "\u2217\u2217bold\u2217\u2217 \u223c\u223coff\u223c\u223c"),
        ("_c_ and a_b", "_c\uff3f and a_b"),
        ("# Title", "\uff03 Title"),
        ("1. one", "1\uff0e one"),
        ("- one", "\uff0d one"),
        ("-5 to 5, 1.5", "-5 to 5, 1.5"),
        ("![x](http://a.b/c.png)", "!(x)(http\uff1a//a.b/c.png)"),
        ("<img src=x>", "(img src=x)"),
        ("see www.evil.test", "see www\uff0eevil.test"),
        ("a@b.test", "a\uff20b.test"),
        ("one\n\n# two", "one # two"),
        ("## Title", "\uff03# Title"),
        ("===", "\uff1d=="),
        ("12) one", "12\uff09 one"),
        ("a\u200bb\u2060c", "ab c"),
        ("x" * 1000, "x" * MAX_LENGTH),
    ],
)
def test_texts(text: str, expected: str) -> None:
    assert as_plain_markdown(text) == expected


@given(st.text(max_size=200))
@example("__")
def test_no_markdown_that_leads_elsewhere_is_left(text: str) -> None:
    made = as_plain_markdown(text)
    assert not set("[]<>`*~\n\r") & set(made)
    assert "://" not in made
    assert as_plain_markdown(made) == made
    assert made.isprintable()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("put @register before it", "`put @register before it`"),
        ("an __init__.py, Driver[Http]", "`an __init__.py, Driver[Http]`"),
        ("put `async` before `def`", "`` put `async` before `def` ``"),
        ("two\nlines", "`two lines`"),
        ("``", "``` `` ```"),
        ("[x](http://evil) <img>", "`[x](http://evil) <img>`"),
    ],
)
def test_code_is_copied_as_it_is(text: str, expected: str) -> None:
    assert as_code(text) == expected


@given(st.text())
def test_no_code_ends_early(text: str) -> None:
    code = as_code(text)
    fence = code[: len(code) - len(code.lstrip("`"))]
    assert "\u200b" not in code
    assert fence not in code[len(fence) : -len(fence)] or len(code) <= 2 * len(fence)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("/config/lan_edge/drivers/my_lamp.py", "/config/lan_edge/drivers/my_lamp.py"),
        ("__init__.py", "`__init__.py`"),
        ("lamp_.py", "`lamp_.py`"),
        ("/home/a@b/my*lamp.py", "`/home/a@b/my*lamp.py`"),
    ],
)
def test_a_name_can_be_copied(name: str, expected: str) -> None:
    assert as_name(name) == expected


def test_a_remedy_can_be_copied() -> None:
    failure = LoadFailure("/x/__init__.py", 3, "it is not used", "put @register before it")
    expected = "- `__init__.py`:3: `it is not used`: `put @register before it`"
    assert markdown_of(failure, {}) == expected
