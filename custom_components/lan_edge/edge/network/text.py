"""Text from the network: how much of it is kept, and how it is shown."""

MAX_FIELD = 256
"""The most characters of a field that are kept."""


def printable(text: str) -> str:
    """Return `text` with every unprintable character as its escape sequence."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
