"""Names of requests, made of their paths and of what they send."""

from collections.abc import Iterator
import re
from typing import Any

from .urls import Url

_EXTENSION = re.compile(r"(?i)\.(?:f?cgi|php|aspx?|jsp|lua|html?|shtml?|json|xml|txt|csv|js)$")
_ASKED = re.compile(r"\{[^{}]*\}")
_MAX_DETAILS = 4


def last_name(url: Url) -> str:
    """Return the last name in a path, without the ending of a file."""
    names = [each for each in url.path.split("/") if any(map(str.isalpha, each))]
    return _EXTENSION.sub("", names[-1]) if names else "status"


def detailed_name(url: Url, sending: dict[str, Any]) -> str:
    """Return the last name in a path, with what is sent: `outlet 2 OFF`."""
    sent = (sending.get(each) for each in ("query", "json", "form"))
    details = [word for each in sent if each for word in _details(each)]
    steps = [each for each in url.path.split("/")[-2:] if each.isdecimal()]
    return " ".join([last_name(url), *steps, *details[:_MAX_DETAILS]])


def in_words(name: str) -> str:
    """Return a name as users read it."""
    return name.replace("_", " ").capitalize()


def _details(value: Any, name: str = "") -> Iterator[str]:
    """Yield the names and values that are sent, without those that are asked."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _details(each, str(key))
    elif isinstance(value, list):
        for each in value:
            yield from _details(each, name)
    elif not _ASKED.search(text := str(value)):
        is_clear = isinstance(value, str) and any(map(str.isalpha, value))
        yield text if is_clear and not name.isdecimal() else f"{name} {text}"
