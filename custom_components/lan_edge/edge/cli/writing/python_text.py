"""Substitutes, texts and names as Python writes them, in a driver file that is written."""

from enum import Enum
import json
import keyword
import re
from typing import Any

from ...capabilities.spelling import camel


def text_in(text: str) -> str:
    """Return a text as Python writes it, in double quotes: a text of JSON is one of Python, too."""
    return json.dumps(text, ensure_ascii=False)


def value_in(value: Any) -> str:
    """Return a plain value as Python writes it."""
    match value:
        case Enum():
            return f"{type(value).__name__}.{value.name}"
        case str():
            return text_in(value)
        case bytes():
            return _double_quoted(repr(value))
        case dict():
            inner = ", ".join(f"{value_in(k)}: {value_in(v)}" for k, v in value.items())
            return f"{{{inner}}}"
        case list() | tuple():
            inner = ", ".join(map(value_in, value))
            is_list, comma = isinstance(value, list), "," if len(value) == 1 else ""
            return f"[{inner}]" if is_list else f"({inner}{comma})"
        case _:
            return repr(value)


def _double_quoted(text: str) -> str:
    """Return bytes as Python writes them in double quotes, unless they have such."""
    return f'b"{text[2:-1]}"' if '"' not in text and "\\'" not in text else text


def class_name(text: str) -> str:
    """Return the name of a class: `GoECharger` for `go_e_charger` or `goECharger`."""
    name = camel(text)
    return name[:1].upper() + name[1:]


def member_name(name: str) -> str:
    """Return the name of a member of a class of which the vocabulary has `name` in camelCase."""
    snake = re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()
    made = snake if camel(snake) == name else name
    return f"{made}_" if keyword.iskeyword(made) and camel(f"{made}_") == name else made


def constant_name(text: str) -> str:
    """Return the name of a constant: `CHARGER_STATE` for `chargerState`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", text).upper()
