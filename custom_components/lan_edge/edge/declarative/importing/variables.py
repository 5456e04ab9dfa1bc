"""Values that are not in a text itself: variables and secrets, marked until they are parameters."""

from collections.abc import Callable
import re

VALUE_VARIABLE = "value"
"""The variable for the new value of something that can be set."""
SECRET_MARK = "!"  # noqa: S105  # no secret itself
"""With what the variable of a secret begins."""
_MARK_BEGIN, _MARK_END = "\ue000", "\ue001"
_VARIABLE = re.compile(f"{_MARK_BEGIN}([^{_MARK_BEGIN}{_MARK_END}]{{1,100}}){_MARK_END}")
_MARKS = str.maketrans("", "", _MARK_BEGIN + _MARK_END)


def without_marks(text: str) -> str:
    """Return a text without the characters that mark variables."""
    return text.translate(_MARKS)


def marked(name: str) -> str:
    """Return the mark of a variable, which stands in a text until it is a placeholder."""
    return f"{_MARK_BEGIN}{name[:100]}{_MARK_END}"


def variables_in(text: str) -> list[str]:
    """Return the variables in a text."""
    return _VARIABLE.findall(text)


def only_variable(text: str) -> str:
    """Return the variable that a text consists of; empty: it is another text."""
    found = _VARIABLE.fullmatch(text)
    return found[1] if found else ""


def has_variable(text: str) -> bool:
    """Return whether a text has a variable in it."""
    return _MARK_BEGIN in text


def shown(text: str) -> str:
    """Return a text with its variables as $name, to be shown."""
    return _VARIABLE.sub(lambda found: f"${found[1].removeprefix(SECRET_MARK)}", text)


def with_placeholders(text: str, name_of: Callable[[str], str]) -> str:
    """Return a text of a description: its braces doubled, with placeholders for its variables."""
    escaped = text.replace("{", "{{").replace("}", "}}")
    return without_marks(_VARIABLE.sub(lambda found: f"{{{name_of(found[1])}}}", escaped))
