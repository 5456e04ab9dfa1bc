"""The options that all transports over HTTP have."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ..base import Options
from .login import HttpSession, Login
from .messages import Response

LOGIN_STATUSES = (401,)
"""The statuses that refuse a login by HTTP's own rules (RFC 9110, 15.5.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpOptions(Options):
    """Options of Http."""

    port: int = 80
    timeout: float = 5.0
    limit: int = 1024 * 1024
    base: str = ""
    """The path that all paths start with."""
    headers: Mapping[str, str] | None = None
    """Headers of every request."""
    connections: int = 1
    """Connections to the device at a time."""
    content_type: str = ""
    """The type that every answer with a body must have, as "application/json"; empty: any."""
    login: Login | Callable[[Any], Awaitable[HttpSession | None]] | None = None
    """The user name and password, where the device asks for them; or what logs in by requests.

    That gets the transport, and returns what all other requests carry then; None: it cannot log in
    yet. It runs before the first request, and again when one is refused because that has ended.
    """
    login_statuses: Collection[int] = LOGIN_STATUSES
    """The statuses by which the device refuses a missing or wrong login; often 403 as well."""
    login_refusal: Callable[[Response], str | None] | None = None
    """Returns the words of an answer that refuses the login though its status says all is well."""
    again: bool = False
    """Whether a POST may be sent again when its answer is missing: if none does harm twice."""
