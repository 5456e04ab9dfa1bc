"""A description: everything that its text says, checked, with what it leaves out filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..driver.confirm import Confirm
from .component_texts import CapabilityText, ComponentText, OwnAttribute, ValueKind
from .places import Places
from .reading import ValueReading
from .sending import Sending

TOKEN = "token"  # noqa: S105  # the word for it
"""The placeholder, in a login, for what its session gives."""

__all__ = [
    "CapabilityText",
    "ComponentText",
    "Description",
    "LoginExchange",
    "LoginSession",
    "MessageKind",
    "OwnAttribute",
    "Parameter",
    "ParameterKind",
    "Product",
    "ReadRequest",
    "ValueKind",
]


@dataclass(frozen=True, slots=True)
class Product:
    """A device that it is for."""

    manufacturer: str
    model: str

    @property
    def label(self) -> str:
        """The maker and the model as one text; a model may begin with its maker."""
        if self.model.lower().startswith(self.manufacturer.lower()):
            return self.model
        return f"{self.manufacturer} {self.model}".strip()


class ParameterKind(StrEnum):
    """How a parameter is asked for."""

    TEXT = "text"
    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"
    SECRET = "secret"  # noqa: S105  # the word for the kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """Something that the user enters: when the device is added, or only later as a setting."""

    kind: ParameterKind = ParameterKind.TEXT
    label: str = ""
    help: str = ""
    default: str | float | bool | None = None
    required: bool = True
    """Whether it must not be empty, if it is asked for."""
    asked: bool = True
    """Whether it is asked for when the device is added."""
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict[str, str])
    """The words for the possible values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest:
    """What is asked for to read the device."""

    sending: Sending
    optional: bool = False
    """Whether the device is what it is without an answer to it, such as that of its meter."""
    within: str = ""
    """The path in JSON of the part of the answer in which all is read; empty: in all of it.

    Such an answer has a shape of its own: it is not the kind of messages of the same name.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageKind:
    """A kind of message of the device, replies included, and how it is recognized."""

    pattern: str = ""
    """A regular expression that its whole text matches; its named groups are values."""
    when: ValueReading | None = None
    """What is read from a message to recognize it, ..."""
    equals: str = ""
    """... and what that must be, as text; empty: it is there, and not null."""
    unless: str = ""
    """... or what that is, as text, in an answer that is no refusal; empty: `equals` counts."""
    event: str = ""
    """The type of a server-sent event, or the method of a notification of JSON-RPC."""
    begins: bytes = b""
    """How its bytes begin."""
    within: str = ""
    """The path in JSON of the part of it in which all is read; a message without it is ignored."""
    refresh: bool = False
    """Whether everything is read again when such a message arrives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginExchange:
    """A login by what is sent on each new connection, before anything else."""

    sendings: tuple[Sending, ...]
    refused: MessageKind | None = None
    """An answer by which the device refuses it; the description's `refused` counts as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginSession:
    """A login by one request, with whose answer all others are sent; again when that has ended."""

    sending: Sending
    token: ValueReading | None = None
    """What of the answer they carry, as `{token}` in the `login`; None: the cookies that it sets.
    """
    header: str = ""
    """The header of the answer in which the token is read; empty: its body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """All that a text says about a kind of devices."""

    id: str
    """Stored with each device; it is never changed."""
    name: str
    """What users see."""
    talks: str
    """The transport: http, sse, websocket, json_rpc, lines, frames, udp or inbound.

    Or the id of a `PointsDriver`: then only what the points mean is described.
    """
    components: Mapping[str, ComponentText]
    """What it can do, by the ids of its components."""
    ignored: tuple[str, ...] = ()
    """Points of a family that are not shown, as if the device did not report them."""
    products: tuple[Product, ...] = ()
    """The devices that it is for."""
    source: str = ""
    """Where the device's protocol is published."""
    requirements: str = ""
    """What the user has to do at the device first, as a sentence."""
    parameters: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])
    """What the user enters, settings too, by name."""
    found_by: tuple[Mapping[str, Any], ...] = ()
    """The matchers: `{"mdns": "_x._tcp.local.", "unique_id": "{txt[id]}"}`."""
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Those of the transport that are plain data, `pace` and `tls` too; with placeholders.

    Besides, `framer` of frames is the arguments of LengthFramer, `start` as hexadecimal digits, or
    `{"fixed": 8}`. `messages` of frames and udp is json, text or binary; by default, as what is
    sent is written. `key` of websocket, inbound, frames and udp is a ValueReading: where an answer
    repeats the `{number}` of its request, a placeholder that all sendings may have; those of
    `connected` and of commands also `{callback_url}`, at which the device reaches the hub. Commands
    have `{identity}`, the device's own id, which some devices want repeated. `again` of a sending
    is for HTTP and udp.
    """
    login: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """How the device is logged in to: basic, digest, bearer, header or query."""
    login_exchange: LoginExchange | None = None
    """How the device is logged in to on a connection, before it is asked who it is."""
    login_session: LoginSession | None = None
    """How the device is logged in to by a request, whose answer `login` then carries."""
    login_refused: MessageKind | None = None
    """An answer by which the device refuses a `login`, where its status does not say so."""
    connected: tuple[Sending, ...] = ()
    """What is sent at each connection once it is known who the device is, such as a subscription.
    """
    posts: bool = False
    """Whether its owner enters the URL of the hub in it, to which it posts its messages."""
    requests: Mapping[str, ReadRequest] = field(default_factory=dict[str, ReadRequest])
    """What is asked for to read the device.

    A request and a kind of messages that share a name are read alike. Unless it is HTTP or
    JSON-RPC, such a message is the answer to that request.
    """
    messages: Mapping[str, MessageKind] = field(default_factory=dict[str, MessageKind])
    """With HTTP, what the device posts to the hub; otherwise all that it sends.

    Of a server-sent event, a message is the data; of JSON-RPC, the params of a notification.
    """
    refused: MessageKind | None = None
    """An answer that is a refusal; its words are the first group, or what `when` reads.

    Where `when` reads false, 0 or an empty text, or what is `unless`, it is none.
    """
    identity: ValueReading | None = None
    """The device's own id; None: it has none that can be read."""
    details: Mapping[str, ValueReading] = field(default_factory=dict[str, ValueReading])
    """Model, firmware, serial_number, mac and name, where the device tells them."""
    poll: float | None = -1
    """Seconds between two readings; None: never; -1: as the transport does."""
    confirm: Confirm | None = None
    """How the result of a command gets into the state; None: as suits the transport."""
    confirm_within: float = 2.0
    """Seconds in which it shows."""
    places: Places = field(default_factory=Places)
    """Where in the text each field stands."""
