"""How often a device is read, in the values of a description."""

from collections.abc import Mapping
from typing import Any

from ..compiling.talks import TALK_BY_WORD

POLL = "poll"
NEVER = "never"


def poll_in(values: Mapping[str, Any]) -> float | None:
    """Return the seconds between two readings; None if the device is not read again and again."""
    if not values.get("requests") or values["talks"] not in TALK_BY_WORD:
        return None
    poll = values.get(POLL, usual_poll(values))
    return None if poll == NEVER else poll


def usual_poll(values: Mapping[str, Any]) -> float:
    """Return the seconds between two readings where nothing is said."""
    return TALK_BY_WORD[values["talks"]].transport.poll


def say_poll(values: dict[str, Any], seconds: float) -> None:
    """Say how often a device is read, unless it is as usual."""
    if seconds == usual_poll(values):
        values.pop(POLL, None)
    else:
        values[POLL] = seconds
