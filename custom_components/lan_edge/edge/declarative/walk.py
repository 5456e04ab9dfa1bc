"""All that is read and sent in a description, each with the field of the text where it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from ..capabilities.definition import Attribute, Command, capability
from ..capabilities.schema import Schema
from .description import (
    CapabilityText,
    ComponentText,
    Description,
    MessageKind,
    OwnAttribute,
    ValueKind,
)
from .places import Path
from .reading import Conversion, ValueReading
from .sending import Sending

VALUE = "value"
"""The placeholder for the new value of something of a device's own."""


LITERAL_OPTIONS = frozenset(
    {"until", "greeting", "refused", "delimiter", "sent_delimiter", "framer", "messages", "key"}
)
"""The options that have no placeholders: in regular expressions, braces are something else."""


class PlacedReading(NamedTuple):
    """A reading: where it stands, and what it must give if it is an attribute's."""

    path: Path
    reading: ValueReading
    attribute: Attribute[object] | None = None


class PlacedSending(NamedTuple):
    """A sending: where it stands, and the arguments that it can have with what they take."""

    path: Path
    sending: Sending
    arguments: Mapping[str, Schema[object] | None] = {}
    """By their placeholders; None: not a standard command's."""


def readings_in(description: Description) -> Iterator[PlacedReading]:
    """Yield all readings."""
    if description.identity is not None:
        yield PlacedReading(("identity",), description.identity)
    for name, reading in description.details.items():
        yield PlacedReading(("device", name), reading)
    for component_id, component in description.components.items():
        yield from _readings_of(("components", component_id), component)


def recognizing_in(description: Description) -> Iterator[PlacedReading]:
    """Yield the readings by which messages are recognized, or a login is kept."""
    for name, kind in description.messages.items():
        if kind.when is not None:
            yield PlacedReading(("messages", name, "when"), kind.when)
    session = description.login_session
    if session is not None and session.token is not None:
        yield PlacedReading(("login", "token"), session.token)
    for path, refused in refusals_in(description):
        if refused.when is not None:
            yield PlacedReading((*path, "when"), refused.when)


def refusals_in(description: Description) -> Iterator[tuple[Path, MessageKind]]:
    """Yield the answers that are refusals."""
    if description.refused is not None:
        yield ("refused",), description.refused
    login = description.login_exchange
    refused = login.refused if login is not None else description.login_refused
    if refused is not None:
        yield ("login", "refused"), refused


def _readings_of(path: Path, component: ComponentText) -> Iterator[PlacedReading]:
    for each in component.capabilities:
        known = {a.name: a for a in attributes_of(each)}
        for name, reading in each.attributes.items():
            yield PlacedReading((*path, each.id, name), reading, known.get(name))
    for name, own in component.own.items():
        if own.reading is not None:
            yield PlacedReading((*path, "own", name), own.reading)


def sendings_in(description: Description) -> Iterator[PlacedSending]:
    """Yield all that is sent."""
    for name, request in description.requests.items():
        yield PlacedSending(("requests", name), request.sending)
    if (login := description.login_exchange) is not None:
        yield from _several(("login", "send"), login.sendings, {})
    if (session := description.login_session) is not None:
        yield PlacedSending(("login", "session"), session.sending)
    yield from _several(("connected",), description.connected, {})
    for component_id, component in description.components.items():
        path: Path = ("components", component_id)
        for each in component.capabilities:
            yield from _sendings_of(path, each)
        for name, own in component.own.items():
            yield from _sendings_of_own((*path, "own", name), own)


def _sendings_of(path: Path, text: CapabilityText) -> Iterator[PlacedSending]:
    for command in commands_of(text):
        if command.name in text.commands:
            arguments = {each.name: each.schema for each in command.arguments}
            within = (*path, text.id, command_key(command))
            yield from _several(within, text.commands[command.name], arguments)


def _sendings_of_own(path: Path, own: OwnAttribute) -> Iterator[PlacedSending]:
    is_button = own.kind is ValueKind.BUTTON
    within = (*path, "button" if is_button else "set")
    yield from _several(within, own.set, {} if is_button else {VALUE: None})


def _several(
    path: Path, sendings: tuple[Sending, ...], arguments: Mapping[str, Schema[object] | None]
) -> Iterator[PlacedSending]:
    for number, each in enumerate(sendings):
        yield PlacedSending((*path, number) if len(sendings) > 1 else path, each, arguments)


def attributes_of(text: CapabilityText) -> tuple[Attribute[object], ...]:
    """Return the attributes of the capability that a text is about."""
    standard = capability(text.id)
    return standard.attributes if standard is not None else ()


def commands_of(text: CapabilityText) -> tuple[Command[...], ...]:
    """Return the commands of the capability that a text is about."""
    standard = capability(text.id)
    return standard.commands if standard is not None else ()


def command_key(command: Command[...]) -> str:
    """Return the field of a command: with parentheses if an attribute has the same name."""
    names = {each.name for each in command.capability.attributes}
    return f"{command.name}()" if command.name in names else command.name


def own_conversion(own: OwnAttribute) -> Conversion:
    """Return how a value of the device's own is read: a choice by its words."""
    conversion = own.reading.conversion if own.reading is not None else Conversion()
    if own.kind is ValueKind.CHOICE and not conversion.map:
        return replace(conversion, map=own.choices)
    return conversion
