"""The device's words for something, of which several may mean the same: the first is sent."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

SEPARATOR = ";"


def meanings_of(
    user_input: Mapping[str, Any], fields: Mapping[str, str], before: Mapping[str, str]
) -> dict[str, str]:
    """Return the meanings by the device's words for them; `fields` have the words of a meaning.

    Those `before` stay if the fields cannot show them, and nothing is entered instead.
    """
    entered = {
        word: meaning
        for field, meaning in fields.items()
        for word in _words_in(user_input.get(field, ""))
    }
    return entered or ({} if can_show(before) else dict(before))


def shown_words(meanings: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields with the words for their meanings, if they can show them."""
    if not can_show(meanings):
        return {}
    words = {field: [w for w, each in meanings.items() if each == m] for field, m in fields.items()}
    return {field: f"{SEPARATOR} ".join(each) for field, each in words.items() if each}


def can_show(words: Iterable[object]) -> bool:
    """Return whether words can be shown in a field: none has what separates them there."""
    return not any(SEPARATOR in str(each) for each in words)


def ambiguous(user_input: Mapping[str, Any], fields: Iterable[str]) -> dict[str, str]:
    """Return the error of a field with a word that an earlier one of the fields has, too."""
    seen = set[str]()
    for field in fields:
        words = {*_words_in(user_input.get(field, ""))}
        if words & seen:
            return {field: "ambiguous_word"}
        seen |= words
    return {}


def _words_in(text: str) -> Iterator[str]:
    return (word for each in text.split(SEPARATOR) if (word := each.strip()))
