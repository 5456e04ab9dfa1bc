"""How a description logs in: as options of its transport, with the values of its parameters."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ...errors import EdgeError, RefusedError
from ...transports import HttpOptions, Login, Options
from ..description import Description
from .filled import Values, filled, names_used
from .parameters import secret_parameters
from .plan import Plan


def login_query(description: Description, values: Values) -> dict[str, str]:
    """Return the fields of the login that each request has in its query."""
    return dict(_entered(description, values).get("query", {}))


def lacks_login(plan: Plan, values: Values, err: EdgeError) -> bool:
    """Return whether a request can have failed because there is nothing to log in with."""
    is_refused, description = isinstance(err, RefusedError), plan.description
    if plan.login is not None:
        is_there = is_refused or not (plan.talk.is_datagrams or plan.talk.is_http)
        return is_there and not all(values[name] for name in plan.login.needed)
    needed = secret_parameters(description).intersection(names_used(description.login))
    is_understood = is_refused and description.refused is not None
    return is_understood and not all(values[name] for name in needed)


def login_options(
    description: Description, values: Values, kind: type[Options], given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the options of the login, in addition to those `given`."""
    if description.login_session is not None:
        return {}  # what it gives is known later
    entered, made = _entered(description, values), dict[str, Any]()
    headers = dict(entered.get("header", {}))
    if "bearer" in entered:
        headers["Authorization"] = f"Bearer {entered['bearer']}"
    for way in ("basic", "digest"):
        if way in entered:
            login = Login(**_user(entered[way]), digest=way == "digest")
            if issubclass(kind, HttpOptions):
                made["login"] = login
            else:
                pair = b64encode(f"{login.user}:{login.password}".encode()).decode()
                headers["Authorization"] = f"Basic {pair}"
    if headers:
        made["headers"] = {**given.get("headers", {}), **headers}
    if "query" in entered and not issubclass(kind, HttpOptions):
        path = str(given.get("path", "/"))
        made["path"] = f"{path}{'&' if '?' in path else '?'}{urlencode(entered['query'])}"
    return made


def _user(entered: Mapping[str, str]) -> dict[str, str]:
    return {"user": entered["username"], "password": entered["password"]}


def _entered(description: Description, values: Values) -> dict[str, Any]:
    """Return the ways to log in that can be used: what they need is not all empty."""
    ways = {way: filled(text, values) for way, text in description.login.items()}
    return {
        way: entered
        for way, entered in ways.items()
        if (any(entered.values()) if isinstance(entered, Mapping) else entered)
    }
