"""Text from the network: reduced to one printable line, or checked before it is sent back."""

import re

MAX_FIELD = 256
"""The most characters of a field that are kept."""
_UNSENDABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def one_line(text: str) -> str:
    """Return `text` with every run of blanks and unprintable characters as one space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def is_sendable(text: str) -> bool:
    """Return whether `text` fits into a line or header: valid, and without control characters."""
    return _UNSENDABLE.search(text) is None
