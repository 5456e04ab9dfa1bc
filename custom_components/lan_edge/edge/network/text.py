"""Text from the network, reduced to one printable line."""

MAX_FIELD = 256
"""The most characters of a field that are kept."""


def one_line(text: str) -> str:
    """Return `text` with every run of blanks and unprintable characters as one space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
