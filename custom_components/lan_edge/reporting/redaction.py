"""Texts taken out of what is shown, however they are spelled there."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
import json
import re
from typing import Any
from urllib.parse import quote, quote_plus

from homeassistant.components.diagnostics import REDACTED

from lan_edge import settings_of

from ..coordinator import LanEdgeConfigEntry

SHORT = 3
"""A text of fewer characters is no secret, but part of many words."""
LONG = 1000
"""Characters of a text that are shown."""


def redacted(value: Any, private: Iterable[str], *patterns: str) -> Any:
    """Return JSON data without the `private` texts and what the patterns match.

    Of a long text only the beginning is left, of bytes only how many they are.
    """
    texts = {spelt for text in private if len(text) >= SHORT for spelt in _spellings(text)}
    longest_first = sorted(texts, key=len, reverse=True)
    parts = (*map(re.escape, longest_first), *patterns)
    return _scrubbed(value, re.compile("|".join(parts) or "(?!)", re.IGNORECASE))


def secrets_of(entry: LanEdgeConfigEntry) -> list[str]:
    """Return what lets anybody into an entry's device: logins, and what its driver keeps."""
    device = entry.runtime_data.device
    typed = [entry.options.get(key) for key in secret_options(entry)]
    kept = [*device.secrets.values(), *typed, device.record.fields, device.driver.memory]
    return [text for value in kept for text in _leaves(value)]


def secret_options(entry: LanEdgeConfigEntry) -> set[str]:
    """Return the names of the options that hold a password."""
    driver = type(entry.runtime_data.device.driver)
    return {setting.key for setting in settings_of(driver.Settings) if setting.label.secret}


def _leaves(value: object) -> list[str]:
    """Return every text in JSON data or in a driver's memory."""
    if is_dataclass(value):
        return [text for f in fields(value) for text in _leaves(getattr(value, f.name))]
    if isinstance(value, Mapping):
        return [text for v in value.values() for text in _leaves(v)]
    if isinstance(value, list | tuple):
        return [text for v in value for text in _leaves(v)]
    return [value] if isinstance(value, str) else []


def _spellings(text: str) -> Iterator[str]:
    """Yield a text as it may stand in a URL, in JSON, or in bytes that were written down."""
    yield b64encode(text.encode()).decode().rstrip("=")
    for way in (str, quote, quote_plus, _in_json, _in_ascii_json):
        spelt = way(text)
        yield from (spelt, repr(spelt)[1:-1], repr(spelt.encode())[2:-1])


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _in_ascii_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _scrubbed(value: object, private: re.Pattern[str]) -> object:
    if isinstance(value, Mapping):
        return {k: _scrubbed(v, private) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_scrubbed(v, private) for v in value]
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return _shortened(private.sub(REDACTED, value)) if isinstance(value, str) else value


def _shortened(text: str) -> str:
    return text if len(text) <= LONG else f"{text[:LONG]}… ({len(text)} characters)"
