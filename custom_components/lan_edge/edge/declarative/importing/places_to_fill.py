"""Words in brackets that a page has in place of a value, such as `<device id>` or `{TOKEN}`."""

import re

from .variables import VALUE_VARIABLE, marked

_NAME_IN_BRACKETS = r"[^\W\d_][\w .-]{1,40}"
_BRACKETS = (rf"<({_NAME_IN_BRACKETS})>", rf"\{{({_NAME_IN_BRACKETS})\}}")
_BRACKETS_IN_TEXT = re.compile("|".join(_BRACKETS))
_ONLY_BRACKETS = re.compile("|".join((*_BRACKETS, rf"\[({_NAME_IN_BRACKETS})\]")))


def with_places(text: str) -> str:
    """Return a part of a URL with marked variables for the places in it."""
    return (
        _ONLY_BRACKETS.sub(_mark, text)
        if _ONLY_BRACKETS.fullmatch(text)
        else _BRACKETS_IN_TEXT.sub(_mark, text)
    )


def whole_place(text: str) -> str:
    """Return the marked variable for a text that is only a place to fill; empty: it is not."""
    return _mark(found) if (found := _ONLY_BRACKETS.fullmatch(text)) else ""


def _mark(found: re.Match[str]) -> str:
    name = next(filter(None, found.groups())).strip()
    return marked(f"new {name}" if name == VALUE_VARIABLE else name)
