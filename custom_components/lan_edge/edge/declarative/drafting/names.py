"""Names in a description, made of the words of people."""

from collections.abc import Container
import re
import unicodedata


def identifier(name: str) -> str:
    """Return a name as an id: lowercase letters, digits and _; empty if it has none of these."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"^[^a-z]+", "", re.sub(r"[^a-z0-9]+", "_", plain)).strip("_")[:60]


def camel_name(name: str) -> str:
    """Return a name in camelCase."""
    first, *others = identifier(name).split("_")
    return first + "".join(each.title() for each in others)


def free_name(name: str, taken: Container[str]) -> str:
    """Return a name that is not taken: with a number, if it has to be."""
    number, free = 2, name
    while free in taken:
        free, number = f"{name}{number}", number + 1
    return free
