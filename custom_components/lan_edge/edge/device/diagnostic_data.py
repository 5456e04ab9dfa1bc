"""What a device's diagnostics say beside its state, as JSON data without anything private."""

from collections.abc import Iterable
from typing import Any

from ..diagnostics.privacy import Privacy
from ..transports.base import Transport
from .core import DeviceCore
from .ways import Ways


def failed_readings_of(core: DeviceCore) -> list[dict[str, Any]]:
    """Return the optional readings that failed when they were tried last."""
    return [
        {
            "reading": core.privacy.text(failed.name),
            "component": failed.component,
            "unknown": list(failed.unknown),
            "reason": core.privacy.text(str(failed.reason)),
            "since": failed.since,
            "times": failed.times,
            "tried_again_every": failed.wait,
        }
        for failed in core.optional_readings.failed
    ]


def ways_of(io: Transport, privacy: Privacy) -> list[dict[str, Any]]:
    """Return the ways to the device beside the first: which are open, or why not."""
    return [
        {
            "way": way.name,
            "transport": way.declared.transport.__name__,
            "optional": way.declared.optional,
            "open": way.is_open,
            "since": way.since,
            "attempts": way.attempts,
            "reason": privacy.text(str(way.reason or "")),
        }
        for way in (io.ways if isinstance(io, Ways) else ())
    ]


def waiting_commands_of(
    asleep: Iterable[tuple[str, float]], privacy: Privacy
) -> list[dict[str, Any]]:
    """Return the commands that wait until the device wakes."""
    return [{"command": privacy.text(name), "since": since} for name, since in asleep]


def counts_of(core: DeviceCore, ignored_messages: dict[str, int]) -> dict[str, dict[str, Any]]:
    """Return the counts of refused values, ignored messages and errors of the driver, by kind."""
    return {
        "refused_values": {
            name: (count, core.privacy.text(reason))
            for name, (count, reason) in core.state.rejected.items()
        },
        "ignored_messages": ignored_messages,
        "driver_errors": core.guard.errors,
    }
