"""What a Meross device consists of: parts, by tables of what it tells and of what sets it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, cast, override

from lan_edge import (
    MAIN,
    Attribute,
    Coding,
    Json,
    PropertiesPart,
    Property,
    Values,
    objects_at,
    optional_object,
    value_in,
)


class Change(NamedTuple):
    """A message that changes something."""

    namespace: str
    payload: Json


@dataclass(frozen=True, slots=True)
class Told:
    """In the fields of a message: what is told at a path, which stays as it is."""

    at: str


CODE = Told("")
"""In the fields of a message: the code of what is wanted."""


@dataclass(frozen=True, slots=True)
class Send:
    """What is sent to set something: fields of an object in the payload of a namespace."""

    namespace: str
    key: str
    fields: Mapping[str, Any]
    is_list: bool = True
    own: str = "channel"
    """The field that says for which part it is; empty: there is only one."""


def setting(
    attribute: Attribute[Any],
    at: str,
    coding: Coding,
    namespace: str,
    key: str,
    *,
    is_list: bool = False,
    own: str = "channel",
) -> Property:
    """Return the row of what is set by the same field by which it is told."""
    return Property(attribute, at, coding, (Send(namespace, key, {at: CODE}, is_list, own),))


def channel_of(told: Json) -> int:
    """Return the number of a channel; 0 if there is none."""
    value: Any = told.get("channel")
    return value if type(value) is int and value >= 0 else 0


def listed(value: Any) -> list[Json]:
    """Return the objects in a list, or the one that is not in a list: devices answer by both."""
    message = {"told": value}
    if isinstance(value, list):
        return objects_at(message, "told")
    one = optional_object(message, "told")
    return [one] if one else []


def place(kind: str, told: Json) -> tuple[str, str]:
    """Return the component for a channel, and its name."""
    channel = channel_of(told)
    return (f"{kind}_{channel}", f"{kind.capitalize()} {channel}") if channel else (MAIN, "")


def at_side(kind: str, told: Json) -> tuple[str, str]:
    """Return the component for a channel beside the main one, and its name."""
    component, name = place(kind, told)
    return (component, name) if name else (kind, kind.capitalize())


@dataclass(frozen=True)
class MerossPart(PropertiesPart):
    """A part, by its table and what the device tells of it; one behind a hub is a child."""

    @property
    @override
    def is_available(self) -> bool:
        """Whether the hub reaches it, if it is behind one."""
        online = optional_object(self.told, "online") or self.told
        return not self.child or online.get("status") == 1

    def changes(self, values: Values) -> list[Change]:
        """Return what is sent for what is asked; raise RefusedError."""
        return [each for name, value in values.items() for each in self.change(name, value)]

    def change(self, attribute: Attribute[Any], value: Any) -> list[Change]:
        """Return what is sent for one of its properties; raise RefusedError."""
        own = next(each for each in self.table if each.attribute is attribute)
        code = self.code(own, value)
        sends: Any = own.setter or code
        return [self.message(each, code) for each in sends]

    def code(self, own: Property, value: Any) -> Any:
        """Return the code of what is wanted; raise RefusedError."""
        return own.coding.write(value)

    def message(self, send: Send, code: Any = None) -> Change:
        """Return a message, with a code in it."""
        mine = {"": {}, "channel": {"channel": channel_of(self.told)}, "id": {"id": self.component}}
        fields: Json = mine[send.own] | self.filled(send.fields, code)
        return Change(send.namespace, {send.key: [fields] if send.is_list else fields})

    def filled(self, fields: Any, code: Any) -> Any:
        """Return the fields of a message with the code, and with what is told, in their places."""
        if isinstance(fields, Mapping):
            parts = cast("Mapping[str, Any]", fields)
            return {name: self.filled(each, code) for name, each in parts.items()}
        if fields is CODE:
            return code
        return value_in(self.told, fields.at) if isinstance(fields, Told) else fields
