"""What has numbers and colons in it, but is one value: MAC addresses, UUIDs, dates and times."""

import re

type Span = tuple[int, int]
"""Where one begins and ends in a text."""

_MAC_PATTERN = r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{12}"
_UUID_PATTERN = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_TIME_PATTERN = r"\d{2}:\d{2}|\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?"
_MONTH_PATTERN = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_DATE_PATTERN = (
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}"
    rf"|\d{{1,2}}[ -]{_MONTH_PATTERN}[ -]\d{{4}}|{_MONTH_PATTERN} {{1,2}}\d{{1,2}}(?:,? \d{{4}})?"
)
_ZONE_PATTERN = r" ?(?:Z|GMT|UTC|[+-]\d{2}:?\d{2})"
_TIME_AND_ZONE = rf"(?:{_TIME_PATTERN})(?:{_ZONE_PATTERN})?"
_MOMENT_PATTERN = (
    rf"(?:{_DATE_PATTERN})(?:(?:T|,? ){_TIME_AND_ZONE}(?: \d{{4}})?)?|{_TIME_AND_ZONE}"
)
_UNDIVIDED = re.compile(
    rf"(?<![\w.:-])(?:{_UUID_PATTERN}|{_MAC_PATTERN}|{_MOMENT_PATTERN})(?![\w:]|[.-]\w)"
)


def spans_of(text: str) -> list[Span]:
    """Return where each of them is in a text, in its order."""
    return [match.span() for match in _UNDIVIDED.finditer(text)]
