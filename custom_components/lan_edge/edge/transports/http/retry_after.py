"""The pause for which a device asks when it refuses a request (RFC 9110, 10.2.3; RFC 6585, 4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
import re

from .messages import Response

_DELAY = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class RequestedPause:
    """A pause for which a device asks."""

    seconds: float | None
    """None: it does not say how long."""


def requested_pause(response: Response, *, is_paced: bool) -> RequestedPause | None:
    """Return the pause for which an answer asks; None if it asks for none.

    Where the driver sets no pace, 429 alone is a refusal like others.
    """
    is_refused = response.status == HTTPStatus.TOO_MANY_REQUESTS
    if not is_refused and response.status != HTTPStatus.SERVICE_UNAVAILABLE:
        return None
    if (seconds := retry_after(response.headers)) is not None:
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
