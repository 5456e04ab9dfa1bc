"""Values and texts as Python writes them, in a driver file that is written."""

import json
import re
from typing import Any

ONE_PLACEHOLDER = re.compile(r"\{([a-z_]\w*)\}")
"""A text that is one placeholder."""


def text_in(text: str) -> str:
    """Return a text as Python writes it, in double quotes: a text of JSON is one of Python, too."""
    return json.dumps(text, ensure_ascii=False)


def value_in(value: Any) -> str:
    """Return a plain value as Python writes it."""
    return text_in(value) if isinstance(value, str) else repr(value)


def filled_in(value: Any) -> str:
    """Return JSON as Python writes it, with arguments in the place of placeholders."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text_in(k)}: {filled_in(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(filled_in, value)) + "]"
    if isinstance(value, str) and (found := ONE_PLACEHOLDER.fullmatch(value)):
        return found[1]
    return value_in(value)


def words_in_query(value: str) -> str:
    """Return a value of a query as Python writes it, with an argument as text."""
    found = ONE_PLACEHOLDER.fullmatch(value)
    return f"str({found[1]})" if found else text_in(value)
