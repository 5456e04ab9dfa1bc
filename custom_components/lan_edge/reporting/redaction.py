"""Removes secrets and personal data, in any encoding, from what a user may publish."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
import json
import re
from typing import Any
from urllib.parse import quote, quote_plus

from homeassistant.components.diagnostics import REDACTED

from lan_edge import Device, Driver, settings_of

MIN_SECRET_LENGTH = 3
"""Shorter texts are not redacted: too many words contain them."""
MAX_TEXT_LENGTH = 1000
"""A text is cut to this many characters."""


def redact(value: Any, private: Iterable[str], *patterns: str) -> Any:
    """Return JSON data without the `private` texts and without matches of the patterns.

    Long texts are truncated; bytes are replaced by their length.
    """
    private = [text for text in private if len(text) >= MIN_SECRET_LENGTH]
    spellings = {spelling for text in private for spelling in _spellings(text)}
    longest_first = sorted(spellings, key=len, reverse=True)
    parts = (*map(re.escape, longest_first), *patterns)
    return _redact(value, re.compile("|".join(parts) or "(?!)", re.IGNORECASE))


def secrets_of(device: Device, options: Mapping[str, Any]) -> list[str]:
    """Return all texts that may grant access to a device: secrets, passwords, its memory."""
    passwords = [options.get(key) for key in secret_options(type(device.driver))]
    values = [*device.secrets.values(), *passwords, device.record.fields, device.driver.memory]
    return [text for value in values for text in _texts(value)]


def secret_options(driver: type[Driver[Any]]) -> set[str]:
    """Return the keys of a driver's settings that contain a password."""
    return {setting.key for setting in settings_of(driver.Settings) if setting.label.secret}


def _texts(value: object) -> list[str]:
    """Return every text within JSON data or a driver's memory."""
    if is_dataclass(value):
        return [text for f in fields(value) for text in _texts(getattr(value, f.name))]
    if isinstance(value, Mapping):
        return [text for v in value.values() for text in _texts(v)]
    if isinstance(value, list | tuple):
        return [text for v in value for text in _texts(v)]
    return [value] if isinstance(value, str) else []


def _spellings(text: str) -> Iterator[str]:
    """Yield a text as it may appear in URLs, in JSON, in Base64, and in the repr of bytes."""
    yield b64encode(text.encode()).decode().rstrip("=")
    for encode in (str, quote, quote_plus, _in_json, _in_ascii_json):
        spelling = encode(text)
        yield from (spelling, repr(spelling)[1:-1], repr(spelling.encode())[2:-1])


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _in_ascii_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _redact(value: object, private: re.Pattern[str]) -> object:
    if isinstance(value, Mapping):
        return {k: _redact(v, private) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_redact(v, private) for v in value]
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return _truncated(private.sub(REDACTED, value)) if isinstance(value, str) else value


def _truncated(text: str) -> str:
    if len(text) <= MAX_TEXT_LENGTH:
        return text
    return f"{text[:MAX_TEXT_LENGTH]}… ({len(text)} characters)"
