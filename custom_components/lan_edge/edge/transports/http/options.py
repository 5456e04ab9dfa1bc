"""The options that all transports over HTTP have."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ..base import Options
from .login import Login

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
    login: Login | None = None
    """The user name and password, where the device asks for them."""
    login_statuses: Collection[int] = LOGIN_STATUSES
    """The statuses by which the device refuses a missing or wrong login; often 403 as well."""
    again: bool = False
    """Whether a POST may be sent again when its answer is missing: if none does harm twice."""
