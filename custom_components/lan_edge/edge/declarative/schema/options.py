"""How a description talks: the transport, its options, TLS, logins and the pace."""

from collections.abc import Mapping
from typing import Any, override

import voluptuous as vol

from ...driver.points import points_families
from ...network.tls import Tls
from ...transports import (
    Frames,
    Http,
    Inbound,
    JsonRpc,
    Lines,
    Pace,
    Sse,
    Transport,
    Udp,
    WebSocket,
)
from .compound import FieldSet, Named
from .derived import record_of, shapes_of
from .messages import REFUSAL
from .reading import READING
from .sending import SENDING, SENDINGS
from .shapes import Flag, Json, Number, OneOf, Shape, Text
from .token import SESSION_TOKEN
from .wrong import Wrong, choices, mapping

TRANSPORTS: Mapping[str, type[Transport]] = {
    "http": Http,
    "sse": Sse,
    "websocket": WebSocket,
    "json_rpc": JsonRpc,
    "lines": Lines,
    "frames": Frames,
    "udp": Udp,
    "inbound": Inbound,
}
"""The transports, by the word for them in a text."""


class _Talks(OneOf[str]):
    """A transport, or the family of which a description says what the points mean."""

    @override
    def __call__(self, value: Any) -> str:
        if isinstance(value, str) and value not in TRANSPORTS and value in points_families():
            return value
        return super().__call__(value)

    @override
    def json(self) -> Json:
        return {"enum": [*TRANSPORTS, *points_families()]}


TALKS = _Talks({word: word for word in TRANSPORTS})
_ELSEWHERE = ("tls", "pace", "login", "refused", "secret")
"""Options that are fields of the description itself, or follow from its parameters."""
_MESSAGES = OneOf({word: word for word in ("json", "text", "binary")})
_FRAMER_FIELDS = {
    vol.Optional("size", description="Bytes of the length field; 4 by default."): Number(
        1, 8, whole=True
    ),
    vol.Optional("order", description="The order of its bytes; big by default."): OneOf(
        {"big": "big", "little": "little"}
    ),
    vol.Optional("start", description="With what each frame begins, as hexadecimal digits."): Text(
        64, r"([0-9a-fA-F]{2} ?)*", t"hexadecimal digits in pairs"
    ),
    vol.Optional("header", description="Bytes between the start and the length."): Number(
        0, 64, whole=True
    ),
    vol.Optional("inclusive", description="Whether the length counts what is before it."): Flag(),
    vol.Optional("extra", description="Extra bytes included in the length."): Number(
        -64, 64, whole=True
    ),
    vol.Optional("fixed", description="The size of every message, without a length."): Number(
        1, 65536, whole=True
    ),
}


def _framer_of(**fields: Any) -> dict[str, Any]:
    if "fixed" in fields and len(fields) > 1:
        other = next(name for name in fields if name != "fixed")
        raise Wrong(
            t"cannot be there beside fixed", t"a message of fixed size has no length", [other]
        )
    return fields


_KEY: dict[Any, Shape] = {
    vol.Optional("key", description="Where an answer has the `{number}` of its request."): READING
}
_OWN: Mapping[str, dict[Any, Shape]] = {
    "websocket": _KEY,
    "inbound": _KEY,
    "frames": {
        vol.Optional("framer", description="How frames are cut."): FieldSet(
            _FRAMER_FIELDS, _framer_of
        ),
        vol.Optional(
            "messages", description="What a frame is; by default, as what is sent is written."
        ): _MESSAGES,
        **_KEY,
    },
    "udp": {
        vol.Optional(
            "messages", description="What a datagram is; by default, as what is sent is written."
        ): _MESSAGES,
        **_KEY,
    },
}
"""Options that a text writes otherwise than a driver."""


def options_of(talks: str) -> FieldSet:
    """Return the shape of the options of a transport."""
    return _OPTIONS.get(talks, _NO_OPTIONS)


_OPTIONS = {
    talks: FieldSet({**shapes_of(transport.options_type, _ELSEWHERE), **_OWN.get(talks, {})})
    for talks, transport in TRANSPORTS.items()
}
_NO_OPTIONS = FieldSet({})
"""Those of a family: its driver has them."""
PACE = record_of(Pace)


class TlsShape(Shape):
    """How TLS is used, as fields; or just true."""

    def __init__(self) -> None:
        """Take the fields of `Tls`."""
        self._fields = record_of(Tls)

    @override
    def __call__(self, value: Any) -> dict[str, Any]:
        """Return the fields."""
        return {} if value is True else dict(self._fields(value))

    @override
    def json(self) -> Json:
        """Return both ways of writing it."""
        return {"anyOf": [{"const": True}, self._fields.json()]}


_LOGIN_TEXT = Text(1000)
_USER = FieldSet({vol.Required("username"): _LOGIN_TEXT, vol.Required("password"): _LOGIN_TEXT})
_LOGINS = {
    vol.Optional("basic", description="A user name and a password, by HTTP's Basic login."): _USER,
    vol.Optional("digest", description="The same by Digest, which never sends it."): _USER,
    vol.Optional("bearer", description="A token in the header Authorization."): _LOGIN_TEXT,
    vol.Optional("header", description="Headers with the secret."): Named(_LOGIN_TEXT, most=8),
    vol.Optional("query", description="Parameters of each URL with the secret."): Named(
        _LOGIN_TEXT, most=8
    ),
    vol.Optional(
        "send", description="What is sent first on each connection, before anything is asked."
    ): SENDINGS,
    vol.Optional(
        "session",
        description="The request that logs in: what it is answered, all others carry.",
    ): SENDING,
    vol.Optional(
        "token",
        description="Where in that answer the `{token}` is; without it, its cookies are carried.",
    ): SESSION_TOKEN,
    vol.Optional("refused", description="An answer that refuses the login."): REFUSAL,
}
_WAYS = ("basic", "digest", "bearer", "header", "query", "send", "session")
_CARRIED = ("bearer", "header", "query")
"""How a token can be carried."""


class LoginShape(FieldSet):
    """How the device is logged in to: one of the ways."""

    def __init__(self) -> None:
        """Take the ways."""
        super().__init__(_LOGINS, one_of=_WAYS)

    @override
    def __call__(self, value: Any) -> dict[str, Any]:
        """Return the way that is used."""
        fields: dict[str, Any] = super().__call__(value)
        if not mapping(value):
            raise Wrong(t"is empty", t"write how the device is logged in to, such as `bearer`")
        if "token" in fields:
            return _with_token(fields)
        ways = [name for name in fields if name in _WAYS]
        if len(ways) > 1:
            first, second, *_ = ways
            raise Wrong(t"cannot be there beside {first}", t"use one way to log in", [second])
        if "refused" in fields and not ways:
            raise Wrong(t"is only beside a way to log in", choices(_WAYS), ["refused"])
        return fields


def _with_token(fields: dict[str, Any]) -> dict[str, Any]:
    """Return a login whose session gives a token, carried by `bearer` by default."""
    if "session" not in fields:
        raise Wrong(t"is only beside a session", t"write `session:` and what logs in", ["token"])
    others = [name for name in fields if name in _WAYS and name not in {"session", *_CARRIED}]
    carried = [name for name in fields if name in _CARRIED]
    if others or len(carried) > 1:
        first, second, *_ = carried if len(carried) > 1 else ("session", *others)
        raise Wrong(t"cannot be there beside {first}", t"use one way to log in", [second])
    return fields if carried else {**fields, "bearer": "{token}"}
