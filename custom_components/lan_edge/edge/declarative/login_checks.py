"""What is wrong with a login that is sent on each connection."""

from collections.abc import Iterator

from .description import Description
from .faults import fault
from .places import Fault
from .schema.wrong import choices, nearest

_WITHOUT_CONNECTION = ("http", "sse")
"""What talks by requests, each of which carries the login."""


def faults_of_the_login(description: Description) -> Iterator[Fault]:
    """Yield what is wrong with a login that is sent."""
    if description.login_session is not None and description.talks not in _WITHOUT_CONNECTION:
        remedy = t"use `send`, for a login on the connection"
        yield fault(("login", "session"), t"is only for HTTP", remedy)
    login = description.login_exchange
    if login is None:
        return
    if description.talks in _WITHOUT_CONNECTION:
        remedy = t"use basic, digest, bearer, header or query"
        yield fault(("login", "send"), t"is only for a connection that stays", remedy)
    is_answered = any(each.answered or each.call for each in login.sendings)
    if login.refused is not None and not is_answered:
        remedy = t"write `answered:` and the message that is the answer"
        yield fault(("login", "refused"), t"has no answer to be found in", remedy)
    for at, each in enumerate(login.sendings):
        name = each.answered
        if isinstance(name, str) and name not in description.messages:
            place = ("login", "send", at) if len(login.sendings) > 1 else ("login", "send")
            meant = nearest(name, description.messages)
            possible = t"did you mean {meant}?" if meant else choices(description.messages)
            yield fault((*place, "answered"), t"is not a message", possible)
