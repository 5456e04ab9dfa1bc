"""The pause for which a device asks when it refuses a request (RFC 9110, 10.2.3; RFC 6585, 4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
import re

from ..pacing import Pacing

_DELAY = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class RequestedPause:
    """A pause for which a device asks."""

    seconds: float | None
    """None: it does not say how long."""


def begin_pause(
    pacing: Pacing, what: str, status: int, headers: Mapping[str, str], *, is_paced: bool
) -> bool:
    """Begin the pause for which the answer to `what` asks; return whether it asks for one."""
    pause = requested_pause(status, headers, is_paced=is_paced)
    if pause is None:
        pacing.accepted()
        return False
    pacing.ask_for_pause(what, pause.seconds)
    return True


def requested_pause(
    status: int, headers: Mapping[str, str], *, is_paced: bool
) -> RequestedPause | None:
    """Return the pause for which an answer asks; None if it asks for none.

    Where the driver sets no pace, 429 alone is a refusal like others.
    """
    is_refused = status == HTTPStatus.TOO_MANY_REQUESTS
    if not is_refused and status != HTTPStatus.SERVICE_UNAVAILABLE:
        return None
    if (seconds := retry_after(headers)) is not None:
        return RequestedPause(seconds)
    return RequestedPause(None) if is_refused and is_paced else None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that `Retry-After` names; None without one that makes sense.

    A date counts from the device's own `Date`, if there is one: few devices know the time.
    """
    text = headers.get("Retry-After", "").strip()
    if _DELAY.fullmatch(text):
        return float(text)
    if (until := _moment(text)) is None:
        return None
    now = _moment(headers.get("Date", "")) or datetime.now(UTC)
    return max((until - now).total_seconds(), 0)


def _moment(text: str) -> datetime | None:
    """Return the moment of a date of HTTP; None if it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError, OverflowError, IndexError, TypeError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
