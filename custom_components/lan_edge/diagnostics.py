"""What a bug report needs to know of a device, without what is nobody's business."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import asdict
import json
import re
from typing import Any, cast
from urllib.parse import quote, quote_plus

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant

from .const import CONF_SEEN_AS
from .coordinator import LanEdgeConfigEntry

TO_REDACT = {
    "addresses",
    "discovery_keys",
    "fields",
    "host",
    "mac",
    "name",
    "secrets",
    "seen_as",
    "serial_number",
    "title",
    "unique_id",
    "url",
}
MAC = re.compile(r"\b[0-9a-f]{2}([:-]?)(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}\b", re.IGNORECASE)
SHORT = 3
"""A text of fewer characters is no secret, but part of many words."""


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: LanEdgeConfigEntry
) -> dict[str, Any]:
    """Return everything that is known of an entry's device."""
    device = entry.runtime_data.device
    connection = device.connection
    told = {
        "entry": async_redact_data(entry.as_dict(), TO_REDACT),
        "device": async_redact_data(device.record.as_dict(), TO_REDACT),
        "driver": device.driver.id,
        "class": type(device.driver).__name__,
        "profile": device.profile.as_dict(),
        "state": {f"{c}: {a}": str(v) for (c, a), v in device.state.values().items()},
        "connection": {
            "status": connection.status,
            "available": device.available,
            "reason": str(connection.reason or ""),
            "attempts": connection.attempts,
        },
        "handlers": {c.id: device.explain(c) for c in device.profile.commands()},
        "refused_values": device.state.rejected,
        "ignored_messages": device.link.oddities,
        "driver_errors": device.errors,
        "trace": [asdict(entry) for entry in device.trace.entries()],
    }
    private = sorted(_private(entry), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, private)) or "(?!)", re.IGNORECASE)
    return cast("dict[str, Any]", _scrubbed(told, pattern))


def _private(entry: LanEdgeConfigEntry) -> set[str]:
    """Return the texts that must not get out, wherever they are quoted."""
    device = entry.runtime_data.device
    identity = device.identity
    texts = [entry.title, str(entry.unique_id), entry.data[CONF_SEEN_AS], entry.data[CONF_HOST]]
    texts += [identity.unique_id, identity.serial_number, identity.mac, identity.name]
    texts += [*device.secrets.values(), *_leaves(device.record.fields), *_leaves(device.fields)]
    texts += [a.host for a in device.connection.addresses]
    return {spelt for text in texts if len(text) >= SHORT for spelt in _spellings(text)}


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


def _leaves(value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [text for v in value.values() for text in _leaves(v)]
    if isinstance(value, list | tuple):
        return [text for v in value for text in _leaves(v)]
    return [value] if isinstance(value, str) else []


def _scrubbed(value: object, private: re.Pattern[str]) -> object:
    if isinstance(value, Mapping):
        return {k: _scrubbed(v, private) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_scrubbed(v, private) for v in value]
    if isinstance(value, str):
        return MAC.sub(REDACTED, private.sub(REDACTED, value))
    return value
