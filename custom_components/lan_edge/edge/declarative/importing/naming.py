"""Names and numbers for what is imported, as people write them in a description."""

from collections.abc import Container
import re
import unicodedata

_WORD_OF_NAME = re.compile(r"[a-z0-9]+")
_MAX_NAME = 40


def simple_name(text: str, otherwise: str, taken: Container[str] = ()) -> str:
    """Return a free name with lowercase letters, digits and _, made of a text."""
    return _free("_".join(_words(text, otherwise))[:_MAX_NAME].strip("_"), taken, "_")


def own_name(text: str, otherwise: str, taken: Container[str] = ()) -> str:
    """Return a free name in camelCase, made of a text."""
    first, *rest = _words(text, otherwise)
    return _free((first + "".join(map(str.capitalize, rest)))[:_MAX_NAME], taken, "")


def _words(text: str, otherwise: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text[:200]).encode("ascii", "ignore").decode()
    words = _WORD_OF_NAME.findall(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain).lower())
    if not words or not words[0][0].isalpha():
        words = [otherwise, *words]
    return words


def _free(name: str, taken: Container[str], separator: str) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}{separator}{number}"
    return free


def plain_number(number: float) -> float:
    """Return a number without a fraction as a whole one, as people write it."""
    return int(number) if number == int(number) else number
