"""Choices as people type them: `1=Idle`; the device's value is in quotes if there are more `=`."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
import json

_DECODER = json.JSONDecoder()


class NoChoicesError(ValueError):
    """The choices are not as in `1=Idle`."""


def choices_in(lines: Iterable[object]) -> dict[str, str]:
    """Return the words by the device's values, entered as `1=Idle`; raise NoChoicesError."""
    return dict(_choice_in(str(line).strip()) for line in lines)


def shown_choices(choices: Mapping[str, str]) -> list[str]:
    """Return the lines that `choices_in` takes."""
    return [f"{_shown(value, word)}={word}" for value, word in choices.items()]


def _choice_in(line: str) -> tuple[str, str]:
    value, word = _parts_of(line)
    if value is None or not word.strip():
        raise NoChoicesError(line)
    return value, word.strip()


def _parts_of(line: str) -> tuple[str | None, str]:
    """Return the device's value and the word; None if it is not certain what the value is."""
    if line.startswith('"'):
        with suppress(ValueError):
            value, end = _DECODER.raw_decode(line)
            if (rest := line[end:].lstrip()).startswith("="):
                return str(value), rest[1:]
    value, _, word = line.partition("=")
    return (None if "=" in word else value.strip() or None), word


def _shown(value: str, word: str) -> str:
    has_sign = "=" in value or "=" in word
    is_plain = value.strip() == value != "" and not has_sign and not value.startswith('"')
    return value if is_plain else json.dumps(value, ensure_ascii=False)
