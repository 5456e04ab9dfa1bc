"""Bodies of requests: the fields of a form, or JSON."""

import json
from urllib.parse import unquote


def pair(text: str) -> tuple[str, str]:
    """Return the name and the value of a field of a form."""
    name, _, value = text.partition("=")
    return unquote(name.replace("+", " ")), unquote(value.replace("+", " "))


def is_json(text: str) -> bool:
    """Return whether a text is a list or an object in JSON."""
    try:
        return isinstance(json.loads(text), dict | list)
    except ValueError, RecursionError:
        return False


def is_form(text: str) -> bool:
    """Return whether a text has fields with values, and is no markup."""
    return "=" in text and not text.lstrip().startswith(("<", "{", "["))
