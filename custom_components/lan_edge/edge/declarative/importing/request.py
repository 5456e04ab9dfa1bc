"""A request as other programs send it: a whole URL, with the login among its headers."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class UserLogin:
    """A user and a password."""

    way: str
    """`basic` or `digest`."""
    username: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainRequest:
    """A request, whose texts may have marked variables."""

    url: str
    method: str = "GET"
    query: tuple[tuple[str, str], ...] = ()
    """Besides the one in the URL."""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: str = ""
    form: tuple[tuple[str, str], ...] = ()
    """The fields of a form, in place of a body."""
    json: Any = None
    """A JSON value, in place of a body."""
    login: UserLogin | None = None
    url_login_way: str = "basic"
    """How it is logged in with a user in the URL."""
    keeps_cookies: bool = False
    """Whether later requests send the cookies of its answer."""
    is_verified: bool = True
    """Whether the certificate is checked."""
    timeout: float | None = None
    poll: float | None = None
