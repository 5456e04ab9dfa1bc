"""The form fields for messages of bytes: how they are cut, and whether they are typed as digits."""

from collections.abc import Mapping
import re
from typing import Any

from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
)

from lan_edge import TypedError

from ..vol import Optional, Required, Schema
from .choice_field import choice

FRAMES, WEBSOCKET, UDP = "frames", "websocket", "udp"
MAY_BE_BYTES = (FRAMES, WEBSOCKET, UDP)
"""The ways to talk by which messages may be bytes."""
CONF_FORM = "form"
AS_BYTES = "binary"
AS_TEXT = "text"
CONF_LENGTH = "length"
CONF_SIZE = "frame_size"
SECTION_FRAMING = "framing"
CONF_START, CONF_HEADER = "start", "header"
CONF_INCLUSIVE, CONF_EXTRA = "inclusive", "extra"
_FIXED, _LENGTH_KEPT = "fixed", "kept"
_LENGTH_FIELDS: Mapping[str, tuple[int, str]] = {
    "u8": (1, "big"),
    "u16be": (2, "big"),
    "u16le": (2, "little"),
    "u24be": (3, "big"),
    "u24le": (3, "little"),
    "u32be": (4, "big"),
    "u32le": (4, "little"),
}
"""How many bytes the length of a message is, and their order."""
DEFAULT_LENGTH = "u16be"
_ENGINE_SIZE = 4
"""Bytes of the length where a text does not say it."""
_DIGIT_PAIRS = re.compile(r"([0-9A-Fa-f]{2} ?)*")


def form_field(way: str) -> dict[Any, Any]:
    """Return the field for whether messages are bytes; empty if they cannot be."""
    field = {Required(CONF_FORM, default=_usual(way)): choice("message_form", AS_BYTES, AS_TEXT)}
    return field if way in MAY_BE_BYTES else {}


def is_bytes_in(way: str, user_input: Mapping[str, Any]) -> bool:
    """Return whether messages are bytes by what was entered, or else as usual."""
    return bool(user_input.get(CONF_FORM, _usual(way)) == AS_BYTES)


def _usual(way: str) -> str:
    return AS_BYTES if way == FRAMES else AS_TEXT


def framing_fields(framer: Mapping[str, Any]) -> dict[Any, Any]:
    """Return the fields for how frames are cut, or as `framer` has it if no field can show that."""
    kept = (_LENGTH_KEPT,) if _length_of(framer) == _LENGTH_KEPT else ()
    more = {
        Optional(CONF_START): TextSelector(),
        Optional(CONF_HEADER): _whole(0, 64),
        Required(CONF_INCLUSIVE, default=False): BooleanSelector(),
        Optional(CONF_EXTRA): _whole(-64, 64),
    }
    return {
        Required(CONF_LENGTH, default=DEFAULT_LENGTH): choice(
            "length", *kept, *_LENGTH_FIELDS, _FIXED
        ),
        Optional(CONF_SIZE): _whole(1, 65536),
        Optional(SECTION_FRAMING): section(Schema(more), {"collapsed": True}),
    }


def _whole(least: int, most: int) -> NumberSelector:
    mode = NumberSelectorMode.BOX
    return NumberSelector(NumberSelectorConfig(min=least, max=most, step=1, mode=mode))


def entered_framer(user_input: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return how frames are cut, as a text has it; raise TypedError.

    `known` is how they were cut before: a length that the form does not know stays.
    """
    size = int(user_input.get(CONF_SIZE) or 0)
    if user_input[CONF_LENGTH] == _FIXED:
        if not size:
            raise TypedError(CONF_SIZE, t"it is empty")
        return {"fixed": size}
    if size:
        raise TypedError(CONF_SIZE, t"fill this in only if all messages have the same length")
    more: Mapping[str, Any] = user_input.get(SECTION_FRAMING, {})
    given = {
        "start": _entered_start(more.get(CONF_START, "").strip()),
        "header": int(more.get(CONF_HEADER) or 0),
        "inclusive": more.get(CONF_INCLUSIVE, False),
        "extra": int(more.get(CONF_EXTRA) or 0),
    }
    length = _entered_length(user_input[CONF_LENGTH], known)
    return {**length, **{key: value for key, value in given.items() if value}}


def _entered_length(chosen: str, known: Mapping[str, Any]) -> dict[str, Any]:
    if chosen == _LENGTH_KEPT:
        return {key: known[key] for key in ("size", "order") if key in known}
    size, order = _LENGTH_FIELDS[chosen]
    return {"size": size} | ({"order": order} if order != "big" else {})


def _entered_start(text: str) -> str:
    """Return the bytes with which frames begin; raise TypedError."""
    if _DIGIT_PAIRS.fullmatch(text) is None:
        reason = t"{text!r:.40} is not in pairs of hexadecimal digits, such as 55 AA 01"
        raise TypedError("base", reason)  # a field in a section has no place for an error
    return text


def suggested_framing(framer: Mapping[str, Any]) -> dict[str, Any]:
    """Return how frames are cut, as the form has it."""
    if "fixed" in framer:
        return {CONF_LENGTH: _FIXED, CONF_SIZE: framer["fixed"]}
    more = {
        CONF_START: framer.get("start", ""),
        CONF_HEADER: framer.get("header"),
        CONF_INCLUSIVE: framer.get("inclusive", False),
        CONF_EXTRA: framer.get("extra"),
    }
    given = {key: value for key, value in more.items() if value is not None}
    return {CONF_LENGTH: _length_of(framer), SECTION_FRAMING: given}


def _length_of(framer: Mapping[str, Any]) -> str:
    """Return the length of messages as the form has it; `_LENGTH_KEPT` if it does not know that."""
    size = framer.get("size", _ENGINE_SIZE)
    said = size, framer.get("order", "big") if size > 1 else "big"
    return next((each for each, known in _LENGTH_FIELDS.items() if known == said), _LENGTH_KEPT)
