"""Text from the network: whatever it contains, it is kept as one printable line."""

MAX_FIELD = 256
"""The most characters of a field that are kept."""


def one_line(text: str) -> str:
    """Return `text` as one line: control characters and runs of blanks become one space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
