"""What the driver of a description does, ready to be used: built once, when it is compiled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ...capabilities.definition import Attribute
from ...errors import DeviceError
from ..description import Description
from ..reading.received import Received
from ..sending.ready import Ready
from .talks import Talk
from .toggles import Toggle

type Values = Mapping[str, Any]
"""Arguments and parameters by name."""
type ReadValue = Callable[[Received], Any]
"""Reads a value of a message; None if it is missing. Raises ReplyError."""
type Recognize = Callable[[Received], Received | None]
"""Returns a message of some kind, with the groups of its pattern; None for another one."""
type Refusal = Callable[[Received], str | None]
"""Returns the words of an answer that is a refusal; None for another one."""
type Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """A value that is read from a message, and the attribute that has it."""

    attribute: Attribute[Any]
    component: str
    read: ReadValue
    find: ReadValue | None = None
    """Returns what is at its place in JSON or XML, whatever that means; None: it has none."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is sent."""

    build: Callable[[Values], Ready]
    """Puts arguments and parameters in; raises ArgumentError."""
    names: frozenset[str]
    """The names of those that it uses."""
    raw: frozenset[str] = frozenset()
    """Those among them that are not converted back."""
    largest_number: int = 0
    """The largest number that it can have, which its answer repeats; 0: it has none."""
    wait: float = 0.0
    """Seconds to wait before it."""
    is_answered: bool = True
    again: bool = True
    """Whether it may be sent again if the answer is missing."""
    match: Callable[[Any], bool] | None = None
    """Which message is the answer; None: the next one."""


@dataclass(frozen=True, slots=True)
class CommandPlan:
    """What is sent for a command."""

    steps: tuple[Step, ...]
    converts: Mapping[str, Convert]
    """How arguments become the device's values, by name; others stay as they are."""
    raw: frozenset[str] = frozenset()
    """The names of those that are sent as they are, too."""
    is_called: bool = False
    """Whether anything that is sent has the URL at which the device reaches the hub."""
    toggle: Toggle | None = None
    """What it sets, if it only toggles that."""

    def values(self, arguments: Values) -> dict[str, Any]:
        """Return the arguments as placeholders take them: converted back, and `level.raw`."""
        values = {**arguments}
        for name in self.raw:
            values[f"{name}.raw"] = arguments.get(name)
        for name, convert in self.converts.items():
            if (value := arguments.get(name)) is not None:
                values[name] = convert(value)
        return values


@dataclass(frozen=True, slots=True)
class LoginPlan:
    """What is sent to log in."""

    talk: Talk
    steps: tuple[Step, ...]
    refusal: Refusal
    """Returns the words of an answer that refuses the login; None for another one."""
    names: frozenset[str]
    """The names of the parameters that it uses."""
    needed: frozenset[str]
    """Those that are secret, and that the user must enter."""
    token: ReadValue | None = None
    """What of the answer later requests carry, where the login is one request by HTTP."""

    def is_possible(self, values: Values) -> bool:
        """Return whether all is known: nothing secret is, where it is not known who answers."""
        if not all(values[name] for name in self.needed):
            return False
        return not self.names or any(values[name] for name in self.names)


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A request or a kind of messages, and what is read from it."""

    name: str
    slots: tuple[Slot, ...] = ()
    details: Mapping[str, ReadValue] | None = None
    """What the device says of itself, by the name of the detail."""
    step: Step | None = None
    """The request; None: it is a kind of messages."""
    event: str = ""
    """The type of a server-sent event."""
    is_optional: bool = False
    recognize: Recognize | None = None
    """For a kind of messages, or a request with such an answer: which these are; None: all."""
    within: str = ""
    """The path of the part of a message in which all is read."""
    part: Recognize | None = None
    """Returns the part of a message in which all is read, None if it has none; None: all of it."""
    refreshes: bool = False
    """Whether everything is read again when a message of this kind arrives."""
    is_told: bool = False
    """Whether its slots are filled when its answer arrives as a message."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the driver of a description does."""

    description: Description
    talk: Talk
    requests: Mapping[str, ReadSource]
    polled: tuple[str, ...]
    """The requests of a refresh."""
    described_by: tuple[str, ...]
    """The requests that are sent once a connection, as they only say what the device is."""
    replies: Mapping[str, ReadSource]
    """The requests of JSON-RPC whose answers arrive as messages, by their method."""
    kinds: tuple[ReadSource, ...]
    """The kinds of messages from which anything is read."""
    fixed: tuple[tuple[str, Attribute[Any], Any], ...]
    """The values that never change, by component and attribute."""
    identity: tuple[str, ReadValue] | None
    """The request that says who the device is, and how."""
    commands: Mapping[tuple[str, str], CommandPlan]
    """By component and the command's id."""
    connected: tuple[Step, ...]
    refusals: tuple[tuple[Refusal, type[DeviceError]], ...]
    """What says whether an answer to any request refuses the login, or anything else."""
    login: LoginPlan | None
    """How the device is logged in to by what is sent; None: not by that."""
    parameters: dict[str, Any] | None
    """Where templates find the parameters of the device that is read; None: there are none."""
    has_variable_options: bool
    """Whether the transport's options depend on parameters."""
    has_login_query: bool
    """Whether each request carries the login in its query."""
    is_called: bool
    """Whether anything that is sent has the URL at which the device reaches the hub."""

    @property
    def is_polled(self) -> bool:
        """Whether the device is read again and again, whatever it reports by itself."""
        poll = self.description.poll
        return (self.talk.transport.poll if poll == -1 else poll) is not None
