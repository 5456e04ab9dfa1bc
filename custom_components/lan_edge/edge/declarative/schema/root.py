"""The fields of a description itself."""

from typing import Any, override

import voluptuous as vol

from ...driver.confirm import Confirm
from ..description import (
    Description,
    LoginExchange,
    LoginSession,
    MessageKind,
    Product,
    ReadRequest,
)
from ..reading.path_steps import MAX_PATH
from ..sending import Sending
from .components import COMPONENTS
from .compound import Each, FieldSet, Named, Reference
from .found_by import MatcherShape
from .messages import MESSAGE, REFUSAL, WITHIN
from .options import PACE, TALKS, LoginShape, TlsShape, options_of
from .parameters import PARAMETERS, SETTINGS, SIMPLE_NAME, SIMPLE_NAME_WORDS
from .reading import READING
from .sending import SENDING_FIELDS, SENDINGS, sending_of
from .shapes import Anything, Flag, Json, Number, OneOf, Shape, Text
from .wrong import Wrong, collect, raise_all

VERSION = 1
"""The version of the format."""
_DRIVER_ID = r"[a-z][a-z0-9_]{0,99}"
_DETAIL_NAMES = ("model", "firmware", "serial_number", "mac", "name")
_MAX_SECONDS = 86_400.0


class _Version(Shape):
    """The version of the format."""

    @override
    def __call__(self, value: Any) -> int:
        if value != VERSION or isinstance(value, bool):
            raise Wrong(t"is not a version of this format", t"write `description: {VERSION}`")
        return VERSION

    @override
    def json(self) -> Json:
        return {"const": VERSION}


class _Options(Anything):
    """Options, which are checked once it is known of which transport."""

    @override
    def json(self) -> Json:
        return {"type": "object"}


class _Poll(Number):
    """Seconds, or never."""

    @override
    def __call__(self, value: Any) -> float | None:
        return None if value == "never" else super().__call__(value)

    @override
    def json(self) -> Json:
        return {"anyOf": [super().json(), {"const": "never"}]}


def _request_of(*, optional: bool = False, within: str = "", **fields: Any) -> ReadRequest:
    return ReadRequest(sending=sending_of(**fields), optional=optional, within=within)


_OPTIONAL = vol.Optional(
    "optional", description="Whether the device works without an answer, such as that of a meter."
)
REQUEST = Reference(
    "request",
    FieldSet({**SENDING_FIELDS, _OPTIONAL: Flag(), WITHIN: Text(MAX_PATH)}, _request_of),
)


def _product_of(manufacturer: str, model: str = "") -> Product:
    return Product(manufacturer, model)


_PRODUCT = FieldSet(
    {
        vol.Required("manufacturer", description="Who makes it."): Text(200),
        vol.Optional("model", description="Its model, as it is sold."): Text(200),
    },
    _product_of,
)
_DESCRIPTION_FIELDS = {
    vol.Required("description", description="The version of this format."): _Version(),
    vol.Required("id", description="Stored with each device: never change it."): Text(
        100, _DRIVER_ID, t"lowercase letters, digits and _, beginning with a letter"
    ),
    vol.Required("name", description="What users see."): Text(
        200, r"[^\r\n]*\S[^\r\n]*", t"a name in one line"
    ),
    vol.Optional("products", description="The devices that it is for."): Each(_PRODUCT),
    vol.Optional("source", description="Where the device's protocol is published."): Text(1000),
    vol.Optional(
        "requirements", description="What has to be switched on first, as a sentence."
    ): Text(1000),
    vol.Optional("parameters", description="Asked when the device is added."): PARAMETERS,
    vol.Optional("settings", description="Only changed later."): SETTINGS,
    vol.Optional("found_by", description="How it is found."): Each(MatcherShape(), 16),
    vol.Required("talks", description="How the device talks."): TALKS,
    vol.Optional("options", description="Options of the transport."): _Options(),
    vol.Optional("pace", description="How often the device may be asked."): PACE,
    vol.Optional("tls", description="Whether and how TLS is used."): TlsShape(),
    vol.Optional("login", description="How the device is logged in to."): LoginShape(),
    vol.Optional("poll", description="Seconds between two readings, or never."): _Poll(
        0.5, _MAX_SECONDS
    ),
    vol.Optional("confirm", description="How the result of a command is known."): OneOf(
        {each.value: each for each in Confirm}
    ),
    vol.Optional(
        "confirm_within", description="Seconds in which a result shows; 2 by default."
    ): Number(0.1, 60),
    vol.Optional(
        "connected",
        description="What is sent at each connection, once it is known which device it is.",
    ): SENDINGS,
    vol.Optional(
        "posts", description="Whether its owner enters a URL of Home Assistant in it, for messages."
    ): Flag(),
    vol.Optional("requests", description="What is asked to read the device."): Named(
        REQUEST, SIMPLE_NAME, SIMPLE_NAME_WORDS, 64
    ),
    vol.Optional("messages", description="The kinds of messages of the device."): Named(
        MESSAGE, SIMPLE_NAME, SIMPLE_NAME_WORDS, 64
    ),
    vol.Optional("refused", description="An answer that is a refusal."): REFUSAL,
    vol.Optional("identity", description="Where the device's own id is read from."): READING,
    vol.Optional("device", description="What the device says of itself."): FieldSet(
        {
            vol.Optional(name, description=f"Where its {name} is read from."): READING
            for name in _DETAIL_NAMES
        }
    ),
    vol.Optional("ignored", description="Points of a family that are not shown."): Each(
        Text(64), 256
    ),
    vol.Required("components", description="What it can do."): COMPONENTS,
}
_OF_OPTIONS = ("pace", "tls")


def _exchange_of(send: tuple[Sending, ...], refused: MessageKind | None = None) -> LoginExchange:
    return LoginExchange(sendings=send, refused=refused)


def _description_of(*, description: int, **fields: Any) -> Description:  # checked
    errors: list[Any] = []
    options = collect(errors, "options", options_of(fields["talks"]), fields.pop("options", {}))
    parameters, settings = fields.pop("parameters", {}), fields.pop("settings", {})
    errors += [
        Wrong(t"is a parameter already", t"give one of them another name", ["settings", name])
        for name in settings
        if name in parameters
    ]
    raise_all(errors)
    own = {name: fields.pop(name) for name in _OF_OPTIONS if name in fields}
    login = fields.pop("login", {})
    by_sending = "send" in login
    refused = None if by_sending else login.pop("refused", None)
    token, sending = login.pop("token", {}), login.pop("session", None)
    return Description(
        options={**options, **own},
        details=fields.pop("device", {}),
        parameters={**parameters, **settings},
        login={} if by_sending else login,
        login_exchange=_exchange_of(**login) if by_sending else None,
        login_session=LoginSession(sending=sending, **token) if sending else None,
        login_refused=refused,
        **fields,
    )


DESCRIPTION = FieldSet(_DESCRIPTION_FIELDS, _description_of)
"""A whole description."""
