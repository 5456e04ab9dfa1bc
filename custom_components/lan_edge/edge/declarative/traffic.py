"""What a described device is sent, and when, in a form that users can read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
import json
from urllib.parse import urlencode

from ..driver.driver import AnyDriver
from ..driver.points import points_families
from .compiling.parameters import secret_parameters
from .compiling.talks import TALK_BY_WORD
from .description import Description
from .sending import Sending
from .walk import readings_in, sendings_in

__all__ = ["Traffic", "traffic_of"]

MAX_REQUEST_SHOWN = 300
"""Characters of one request that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What a device is sent, and when. Requests are as they are sent, but for their placeholders.

    All of it is sent to the address of the device, nothing to another host.
    """

    talks: str
    """The word for the transport."""
    port: int
    """The port, unless the user enters another one; 0: there is no usual one."""
    parameters: tuple[str, ...]
    """What the user enters, by the names of the placeholders."""
    secrets: tuple[str, ...]
    """Those that are secret."""
    login: tuple[str, ...]
    """What is sent to log in: on a connection, or with each request, the way and what it has."""
    connected: tuple[str, ...]
    """What is sent at each connection."""
    identifying: tuple[str, ...]
    """What is sent only to find out who and what the device is, when it connects."""
    read: tuple[str, ...]
    """What is sent to read the device."""
    poll: float | None
    """Seconds between two readings; None: it is only read when it connects, and when needed."""
    commands: tuple[tuple[str, str], ...]
    """What is sent for commands: each request with the field of the text where it stands."""


def traffic_of(description: Description) -> Traffic:
    """Return what the device of a description is sent."""
    base = str(description.options.get("base", ""))
    sent = {each.path: _request(each.sending, base) for each in sendings_in(description)}
    requests = {path[1]: text for path, text in sent.items() if path[0] == "requests"}
    identifying = _identifying(description)
    commands = tuple(
        (".".join(str(part) for part in path[1:]), text)
        for path, text in sent.items()
        if path[0] == "components"
    )
    return Traffic(
        talks=description.talks,
        port=_port(description),
        parameters=tuple(description.parameters),
        secrets=tuple(sorted(secret_parameters(description))),
        login=tuple(_login(description, base)),
        connected=tuple(text for path, text in sent.items() if path[0] == "connected"),
        identifying=tuple(requests[name] for name in requests if name in identifying),
        read=tuple(requests[name] for name in requests if name not in identifying),
        poll=_poll(description),
        commands=commands,
    )


def _family(talks: str) -> AnyDriver | None:
    """Return the family of points that a description is of; None: it has a transport of its own."""
    return None if talks in TALK_BY_WORD else points_families()[talks]


def _identifying(description: Description) -> set[object]:
    """Return the requests that are not sent to read the device again and again.

    Where there is no other, a device that reports by itself is sent them at each reading.
    """
    names = [*dict.fromkeys((*description.requests, *description.messages))]
    sources: dict[bool, set[object]] = {True: set(), False: set()}
    for path, reading, _ in readings_in(description):
        source = reading.source or (names[0] if len(names) == 1 else "")
        sources[path[0] == "components"].add(source)
    found = (sources[False] - sources[True]) & description.requests.keys()
    is_all = bool(found) and found == description.requests.keys()
    return set() if is_all and not TALK_BY_WORD[description.talks].is_http else found


def _port(description: Description) -> int:
    if (family := _family(description.talks)) is not None:
        return family.options.port if family.options is not None else 0
    kind = TALK_BY_WORD[description.talks].transport.options_type
    port = description.options.get("port", getattr(kind(), "port", 0))
    return port if isinstance(port, int) else 0


def _poll(description: Description) -> float | None:
    if description.poll is None or description.poll >= 0:
        return description.poll
    if (family := _family(description.talks)) is not None:
        return family.transport.poll
    return TALK_BY_WORD[description.talks].transport.poll


def _login(description: Description, base: str) -> Iterator[str]:
    if (exchange := description.login_exchange) is not None:
        yield from (_request(each, base) for each in exchange.sendings)
    if (session := description.login_session) is not None:
        yield f"session: {_request(session.sending, base)}"
    for way, entered in description.login.items():
        texts = entered if isinstance(entered, Mapping) else {"": entered}
        fields = ", ".join(f"{name}: {text}" if name else str(text) for name, text in texts.items())
        yield f"{way}: {fields}"[:MAX_REQUEST_SHOWN]


def _request(sending: Sending, base: str) -> str:
    """Return one request as a line."""
    if sending.method:
        text = _http(sending, base)
    elif sending.call:
        text = f"{sending.call} {_json(sending.params)}" if sending.params else sending.call
    else:
        text = sending.line or sending.data or _json(sending.message)
    return text if len(text) <= MAX_REQUEST_SHOWN else f"{text[:MAX_REQUEST_SHOWN]}…"


def _http(sending: Sending, base: str) -> str:
    query = f"?{urlencode(sending.query, safe='{}:,')}" if sending.query else ""
    parts = [f"{sending.method} {base}{sending.path}{query}"]
    parts += (f"{name}: {text}" for name, text in sending.headers.items())
    body = sending.body
    if body.json is not None:
        parts.append(_json(body.json))
    elif body.form or body.text:
        parts.append(urlencode(body.form, safe="{}:,") if body.form else body.text)
    return " | ".join(parts)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
