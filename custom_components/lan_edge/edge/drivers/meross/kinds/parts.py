"""What a Meross device consists of: parts, by tables of what it tells and of what sets it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast, override

from lan_edge import (
    Attribute,
    Coding,
    Json,
    PropertiesPart,
    Property,
    Switch,
    Values,
    optional_object,
    turns_off,
    value_in,
)

from ..protocol.messages import SET, Request

type Table = tuple[Property, ...]
FLAG = Coding.flag()
MILLI, TENTHS, HUNDREDTHS = Coding.units(0.001), Coding.units(0.1), Coding.units(0.01)


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
    is_list: bool = False
    own: str = "channel"
    """The field that says for which part it is; empty: there is only one."""


def setting(
    attribute: Attribute[Any], at: str, coding: Coding, namespace: str, key: str, **more: Any
) -> Property:
    """Return the row of what is set by the field by which it is told; `more` is as in `Send`."""
    return Property(attribute, at, coding, Send(namespace, key, {at: CODE}, **more))


@dataclass(frozen=True)
class MerossPart(PropertiesPart):
    """A part, by its table and what the device tells of it; one behind a hub is a child.

    What sets a property is the `Send` of its row, or several; without one, its code is such.
    """

    channel: int = field(default=0, kw_only=True)

    @property
    @override
    def is_available(self) -> bool:
        """Whether the hub reaches it, if it is behind one."""
        online = optional_object(self.told, "online") or self.told
        return not self.child or online.get("status") == 1

    @property
    def is_outlet(self) -> bool:
        """Whether the device lists it as an outlet, too, which turns it on and off."""
        return "toggle" in self.told

    def changes(self, values: Values) -> list[Request]:
        """Return what is sent for what is asked; raise RefusedError."""
        if turns_off(values):
            return self.change(Switch.switch, value=False)
        return [each for name, value in values.items() for each in self.change(name, value)]

    def change(self, attribute: Attribute[Any], value: Any) -> list[Request]:
        """Return what is sent for one of its properties; raise RefusedError."""
        own = self.row(attribute)
        code = own.coding.write(value)
        sends: Any = own.setter or code
        every = (sends,) if isinstance(sends, Send) else sends
        return [self.message(each, code) for each in every]

    def message(self, send: Send, code: Any = None) -> Request:
        """Return a message, with a code in it."""
        mine: dict[str, Json] = {
            "": {},
            "channel": {"channel": self.channel},
            "id": {"id": self.component},
        }
        fields = mine[send.own] | self.filled(send.fields, code)
        return Request(SET, send.namespace, {send.key: [fields] if send.is_list else fields})

    def filled(self, fields: Mapping[str, Any], code: Any) -> Json:
        """Return the fields of a message with the code, and with what is told, in their places."""
        every = {name: self.value(each, code) for name, each in fields.items()}
        return {name: each for name, each in every.items() if each is not None}

    def value(self, field: Any, code: Any) -> Any:
        """Return the value of a field; None: it is left out, as what is not told."""
        if isinstance(field, Mapping):
            return self.filled(cast("Mapping[str, Any]", field), code)
        if field is CODE:
            return code
        return value_in(self.told, field.at) if isinstance(field, Told) else field
