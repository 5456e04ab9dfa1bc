"""What a bug report needs to know of a device, without what is nobody's business."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.core import HomeAssistant

from .coordinator import LanEdgeConfigEntry
from .edge import Device

TO_REDACT = {
    "unique_id",
    "serial_number",
    "mac",
    "url",
    "name",
    "title",
    "seen_as",
    "fields",
    "secrets",
    "host",
    "addresses",
}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: LanEdgeConfigEntry
) -> dict[str, Any]:
    """Return everything that is known of an entry's device."""
    device = entry.runtime_data.device
    private = _private(device)
    return {
        "entry": async_redact_data(entry.as_dict(), TO_REDACT),
        "device": async_redact_data(device.record.as_dict(), TO_REDACT),
        "driver": device.driver.id,
        "profile": device.profile.as_dict(),
        "state": {f"{c}: {a}": str(v) for (c, a), v in device.state.values().items()},
        "connection": {
            "status": device.connection.status,
            "available": device.available,
            "reason": _scrub(str(device.connection.reason or ""), private),
            "attempts": device.connection.attempts,
        },
        "handlers": {
            c.id: [_scrub(line, private) for line in device.explain(c)]
            for c in device.profile.commands()
        },
        "refused_values": device.state.rejected,
        "ignored_messages": device.link.oddities,
        "driver_errors": device.errors,
        "trace": [{**asdict(e), "text": _scrub(e.text, private)} for e in device.trace.entries()],
    }


def _private(device: Device) -> list[str]:
    """Return the texts that must not get out, the longest first."""
    identity = device.identity
    texts: list[str] = [identity.unique_id, identity.serial_number, identity.mac, identity.name]
    texts += [*device.secrets.values(), *_leaves(device.record.fields)]
    texts += [a.host for a in device.connection.addresses]
    return sorted({t for t in texts if len(t) > 2}, key=len, reverse=True)  # noqa: PLR2004


def _leaves(value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [text for v in value.values() for text in _leaves(v)]
    if isinstance(value, list):
        return [text for v in value for text in _leaves(v)]
    return [value] if isinstance(value, str) else []


def _scrub(text: str, private: list[str]) -> str:
    for each in private:
        text = text.replace(each, REDACTED)
    return text
