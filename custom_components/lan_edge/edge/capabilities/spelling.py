"""SmartThings' spelling of names and ids: camelCase."""

import re

__all__ = ["camel"]

_CAPABILITY_ID = re.compile(r"([a-z]\w*\.)?[a-z]\w*")


def camel(name: str) -> str:
    """Return a Python name in SmartThings' spelling: setLevel for set_level and SetLevel."""
    head, *tail = name.split("_")
    return head[:1].lower() + head[1:] + "".join(word.title() for word in tail)


def uncamel(name: str) -> str:
    """Return a camelCase name as words: heating setpoint for heatingSetpoint."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()


def is_capability_id(text: str) -> bool:
    """Return whether a text is the id of a capability: camelCase, perhaps with a namespace."""
    return _CAPABILITY_ID.fullmatch(text) is not None
