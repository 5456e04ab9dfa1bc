"""The device's words for something, of which several may mean the same: the first is sent."""

from collections.abc import Mapping
from typing import Any

SEPARATOR = ";"


def meanings_of(user_input: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, str]:
    """Return the meanings by the device's words for them; `fields` have the words of a meaning."""
    return {
        word: meaning
        for field, meaning in fields.items()
        for each in user_input.get(field, "").split(SEPARATOR)
        if (word := each.strip())
    }


def shown_words(meanings: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields with the words for their meanings."""
    words = {field: [w for w, each in meanings.items() if each == m] for field, m in fields.items()}
    return {field: f"{SEPARATOR} ".join(each) for field, each in words.items() if each}
