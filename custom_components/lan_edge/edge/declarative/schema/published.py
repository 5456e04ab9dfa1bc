"""The JSON Schema of descriptions, by which editors complete and check a text."""

from typing import Any

from .attribute import ATTRIBUTE
from .components import CAPABILITIES, ComponentShape, capability_shape
from .compound import Named, Reference
from .messages import MESSAGE, REFUSAL
from .options import TRANSPORTS, options_of
from .own import OWN
from .parameters import PARAMETERS, SETTINGS
from .reading import READING
from .root import DESCRIPTION, REQUEST
from .sending import SENDING
from .shapes import Json, Shape
from .token import SESSION_TOKEN

ADDRESS = "https://raw.githubusercontent.com/lan-edge/lan-edge/main/docs/described-devices.json"
"""Where it is published."""


def json_schema() -> Json:
    """Return the JSON Schema (2020-12) of version 1."""
    defs: dict[str, Any] = {"attribute": ATTRIBUTE.json(), "component": ComponentShape().json()}
    for each in (
        READING,
        SENDING,
        MESSAGE,
        REFUSAL,
        REQUEST,
        SESSION_TOKEN,
        *map(_item, (PARAMETERS, SETTINGS, OWN)),
    ):
        defs[each.name] = each.shape.json()
    for id_, capability in CAPABILITIES.items():
        words = (capability.__doc__ or "").partition("\n")[0]
        defs[id_] = {"description": words, **capability_shape(id_).json()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ADDRESS,
        "title": "A described device of LAN Edge",
        **DESCRIPTION.json(),
        "allOf": [_options(talks) for talks in TRANSPORTS],
        "$defs": defs,
    }


def _options(talks: str) -> Json:
    """Return which options there are with a transport."""
    return {
        "if": {"properties": {"talks": {"const": talks}}},
        "then": {"properties": {"options": options_of(talks).json()}},
    }


def _item(named: Named) -> Reference:
    item: Shape = named.item
    assert isinstance(item, Reference)  # noqa: S101  # for the type checker
    return item
