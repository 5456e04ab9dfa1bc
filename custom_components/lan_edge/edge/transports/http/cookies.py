"""Cookies as a device of the local network uses them: by name, for all of it."""

from collections.abc import Iterable
import re

MAX_COOKIES = 32
"""The most cookies that are carried; the oldest are left out."""
_ENDED = re.compile(
    r";\s*(max-age\s*=\s*(0|-\d+)\s*(;|$)|expires\s*=[^;]{0,40}\b1970\b)", re.IGNORECASE
)
"""What takes a cookie back."""


def cookies_after(carried: str, lines: Iterable[str]) -> str:
    """Return the header `Cookie` after some lines of `Set-Cookie`; `carried` is what it was."""
    known = dict(_pair(each) for each in carried.split(";") if each.strip())
    for line in lines:
        name, value = _pair(line.partition(";")[0])
        known.pop(name, None)
        if name and value and not _ENDED.search(line):
            known[name] = value
    pairs = [*known.items()][-MAX_COOKIES:]
    return "; ".join(f"{name}={value}" if name else value for name, value in pairs)


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    return (name.strip(), value.strip()) if sign else ("", text.strip())
