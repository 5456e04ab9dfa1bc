"""The small functions that a written driver may need: each is written only if it is used."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Helper:
    """A function of a written file."""

    code: str
    imports: tuple[str, ...] = ()
    """The lines that import what it uses."""
    needs: tuple[str, ...] = ()
    """The names that it uses of `lan_edge` and of other helpers."""


HELPERS: Mapping[str, Helper] = {
    "at": Helper(
        '''
def at(message: Any, *steps: str | int | tuple[str, str]) -> Any:
    """Return what is at a place in JSON: by keys, positions, or a field of a list's objects."""
    for step in steps:
        if isinstance(step, tuple):
            field, wanted = step
            objects = message if isinstance(message, list) else []
            message = next((e for e in objects if text_of(at(e, field)) == wanted), None)
        else:
            try:
                message = message[step]
            except IndexError, KeyError, TypeError:
                return None
    return message
''',
        ("from typing import Any",),
        ("text_of",),
    ),
    "part_at": Helper(
        '''
def part_at(message: Any, *steps: str | int | tuple[str, str]) -> Any:
    """Return what is at a place in an answer; raise ReplyError if it is missing."""
    if (found := at(message, *steps)) is None:
        raise ReplyError(f"the answer has nothing at {steps}")
    return found
''',
        ("from typing import Any",),
        ("at", "ReplyError"),
    ),
    "text_of": Helper(
        '''
def text_of(value: object) -> str:
    """Return a value as text, as JSON has it; an empty one if it is missing."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
'''
    ),
    "truth": Helper(
        '''
def truth(value: object) -> bool:
    """Return what a word, a number or a boolean of the device means."""
    words = {"true": True, "on": True, "yes": True, "1": True}
    words |= {"false": False, "off": False, "no": False, "0": False}
    return word_of(words, text_of(value).strip().lower())
''',
        needs=("text_of", "word_of"),
    ),
    "whole": Helper(
        '''
def whole(value: object) -> int:
    """Return a number as a whole one, half of it up."""
    return floor(number(value) + 0.5)
''',
        ("from math import floor",),
        ("number",),
    ),
    "key_for": Helper(
        '''
def key_for[K](words: Mapping[K, object], value: object) -> K:
    """Return what the device calls a value."""
    for key, word in words.items():
        if word == value:
            return key
    raise ArgumentError(f"{value} is not one of {', '.join(map(str, words.values()))}")
''',
        ("from collections.abc import Mapping",),
        ("ArgumentError",),
    ),
    "given": Helper(
        '''
def given(**fields: object) -> dict[str, Any]:
    """Return the fields that have a value."""
    return {key: value for key, value in fields.items() if value is not None}
''',
        ("from typing import Any",),
    ),
    "found_in": Helper(
        '''
def found_in(pattern: re.Pattern[str], text: str) -> str | None:
    """Return the first group of a pattern in a text, or all that it matches."""
    match = pattern.search(text)
    return None if match is None else match[1 if pattern.groups else 0]
''',
        ("import re",),
    ),
    "part_of": Helper(
        '''
def part_of(text: str, index: int, separator: str | None = None) -> str | None:
    """Return a part of a text."""
    parts = text.split(separator)
    return parts[index].strip() if -len(parts) <= index < len(parts) else None
'''
    ),
    "number_in": Helper(
        '''
def number_in(message: bytes, at: int, kind: str) -> Any:
    """Return a number in a message, as `struct` names its kind; None if it is too short."""
    at = at + len(message) if at < 0 else at
    if not 0 <= at <= len(message) - calcsize(kind):
        return None
    value = unpack_from(kind, message, at)[0]
    if isinstance(value, float):  # without the digits that 32 bits do not have
        return float(f"{value:.7g}") if isfinite(value) else None
    return value
''',
        (
            "from math import isfinite",
            "from struct import calcsize, unpack_from",
            "from typing import Any",
        ),
    ),
    "bit_in": Helper(
        '''
def bit_in(message: bytes, at: int, kind: str, bit: int) -> bool | None:
    """Return a bit of a number in a message, 0 the lowest; None if it is too short."""
    number = number_in(message, at, kind)
    return None if number is None else bool(number >> bit & 1)
''',
        needs=("number_in",),
    ),
    "flag_in": Helper(
        '''
def flag_in(value: object, bit: int) -> bool | None:
    """Return a bit of a whole number, 0 the lowest; None if it is none."""
    try:
        found = number(value, "the flags", 0)
    except ReplyError:
        return None
    return bool(int(found) >> bit & 1) if found == int(found) else None
''',
        needs=("number", "ReplyError"),
    ),
    "part_in": Helper(
        '''
def part_in(message: bytes, at: int, length: int) -> bytes | None:
    """Return a part of a message; without a length to its end; None if it is too short."""
    at = at + len(message) if at < 0 else at
    if not 0 <= at < len(message) or at + length > len(message):
        return None
    return message[at : at + length] if length else message[at:]
''',
    ),
    "ascii_in": Helper(
        '''
def ascii_in(message: bytes, at: int, length: int = 0) -> str | None:
    """Return a text in a message, which ends at a zero; None if the message is too short."""
    part = part_in(message, at, length)
    return None if part is None else part.decode(errors="replace").partition("\\0")[0].strip()
''',
        needs=("part_in",),
    ),
    "hex_in": Helper(
        '''
def hex_in(message: bytes, at: int, length: int = 0) -> str | None:
    """Return a part of a message as hexadecimal digits; None if the message is too short."""
    part = part_in(message, at, length)
    return None if part is None else part.hex()
''',
        needs=("part_in",),
    ),
    "element_at": Helper(
        '''
def element_at(root: Element, path: str, attribute: str = "") -> str | None:
    """Return the text of an element, or an attribute of it; None if it is missing."""
    element = root.find(path)
    first, _, rest = path.partition("/")
    if element is None and rest and root.tag.rpartition("}")[2] == first.removeprefix("{*}"):
        element = root.find(rest)
    if element is None:
        return None
    return (element.get(attribute) if attribute else element.text) or None
''',
        ("from xml.etree.ElementTree import Element",),
    ),
    "json_of": Helper(
        '''
def json_of(message: str | bytes) -> Any:
    """Return what a message is as JSON; None if it is none."""
    try:
        return json.loads(message)
    except ValueError, RecursionError:
        return None
''',
        ("import json", "from typing import Any"),
    ),
    "path_part": Helper(
        '''
def path_part(text: str) -> str:
    """Return a text as one part of a path; raise ArgumentError for one that leads elsewhere."""
    if text in {"", ".", ".."}:
        raise ArgumentError(f"{text!r} cannot be a part of a path")
    return quote(text, safe="")
''',
        ("from urllib.parse import quote",),
        ("ArgumentError",),
    ),
    "md5_of": Helper(
        '''
def md5_of(text: str) -> str:
    """Return the MD5 of a text, as the device wants its password."""
    return md5(text.encode(), usedforsecurity=False).hexdigest()
''',
        ("from hashlib import md5",),
    ),
}
