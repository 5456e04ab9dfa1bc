"""What several commands have in common: the rest says what each does."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
import json
import re
from typing import Any

from .message_form import CONF_MESSAGE
from .request_form import CONF_BODY, CONF_PATH

_PARTS_OF_PATH = re.compile(r"[^/]*/?")
_PARTS_OF_TEXT = re.compile(r"\S*\s*")


_WORDS_OF_TEXT = re.compile(r"([^\s/?&=,;:|]+)")
_VALUES_OF_JSON = re.compile(r'"(?:[^"\\]|\\.)*"\s*:|"((?:[^"\\]|\\.)*)"|([\w.+-]+)')
"""The names of fields are no groups of it."""
_WORDS: Mapping[str, str] = {
    "on": "on|true",
    "off": "off|false",
    "open": "open|opened|up",
    "close": "close|closed|down",
    "stop": "stop|pause",
}
"""What a command is mostly called in what is sent for it."""


def without_its_word(name: str, command: Mapping[str, Any]) -> dict[str, Any]:
    """Return a command in a form without the word that says what it does: its place is empty.

    That is one by which it is mostly called, else the last one.
    """
    word = re.compile(rf"(?<![a-z])({_WORDS[name]})(?![a-z])", re.IGNORECASE)
    fields = (key for key in (CONF_BODY, CONF_MESSAGE, CONF_PATH) if command.get(key))
    places = [(key, *span) for key in fields for span in _words_of(command[key])]
    named = (place for place in places if word.search(command[place[0]][slice(*place[1:])]))
    last = next((place for place in reversed(places) if place[0] == places[0][0]), None)
    if (chosen := next(named, last)) is None:
        return dict(command)
    key, begin, end = chosen
    return {**command, key: command[key][:begin] + command[key][end:]}


def _words_of(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the words of a text are, or the values in JSON."""
    try:
        is_json = isinstance(json.loads(text), dict | list)
    except ValueError, RecursionError:
        is_json = False
    matches = (_VALUES_OF_JSON if is_json else _WORDS_OF_TEXT).finditer(text)
    return (each.span(each.lastindex) for each in matches if each.lastindex)


def in_common(commands: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the commands in a form have in common, so that it does what none of them does."""
    last = commands[-1]
    return {key: _of_field(key, [each.get(key) for each in commands]) for key in last}


def path_in_common(paths: Sequence[str]) -> str:
    """Return the beginning that paths have in common, with the fields of their queries."""
    before, after = zip(*(each.partition("?")[::2] for each in paths), strict=True)
    if len({*before}) > 1:
        beginning = _beginning(_PARTS_OF_PATH, before)
        return beginning if beginning.strip("/") else ""
    fields = [each.split("&") for each in after]
    same = [each for each in fields[0] if each and all(each in others for others in fields[1:])]
    return "?".join(filter(None, (before[0], "&".join(same))))


def _of_field(key: str, entered: Sequence[Any]) -> Any:
    if all(each == entered[-1] for each in entered):
        return entered[-1]
    if key == CONF_PATH:
        return path_in_common(entered)
    if key in {CONF_BODY, CONF_MESSAGE}:
        return _text_in_common([each or "" for each in entered])
    return entered[-1]


def _text_in_common(texts: Sequence[str]) -> str:
    """Return the fields that objects of JSON have in common, or the first words of other texts."""
    try:
        values = [json.loads(each) for each in texts]
    except ValueError, RecursionError:
        return _beginning(_PARTS_OF_TEXT, texts).rstrip()
    same = _value_in_common(values)
    return json.dumps(same) if isinstance(same, dict | list) else ""


def _value_in_common(values: Sequence[Any]) -> Any:
    """Return the fields that values of JSON have in common, in lists of equal length, too."""
    first = values[0]
    if all(each == first for each in values):
        return first
    if all(isinstance(each, dict) for each in values):
        keys = [key for key in first if all(key in each for each in values)]
        fields = {key: _value_in_common([each[key] for each in values]) for key in keys}
        return {key: each for key, each in fields.items() if each is not None} or None
    if all(isinstance(each, list) and len(each) == len(first) for each in values):
        same = [_value_in_common(each) for each in zip(*values, strict=True)]
        return None if None in same else same
    return None


def _beginning(parts: re.Pattern[str], texts: Iterable[str]) -> str:
    """Return the whole parts with which all texts begin."""
    split: Iterator[tuple[str, ...]] = zip(*map(parts.findall, texts), strict=False)
    return "".join(each[0] for each in takewhile(lambda same: len({*same}) == 1, split))
