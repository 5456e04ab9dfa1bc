"""The form fields for what is sent for a command, by how the device talks."""

from collections.abc import Mapping
from typing import Any

from lan_edge import TypedError

from .message_form import COMMAND_FIELDS, HTTP, MESSAGE_FIELDS, entered_message, suggested_message
from .request_form import REQUEST_SCHEMA, entered_request, is_in_form, suggested_request

IN_FORMS = (HTTP, "lines", "json_rpc", "websocket", "udp", "inbound")
"""The ways to talk for which there are forms."""


def sending_fields(talks: str) -> dict[Any, Any]:
    """Return the fields for a device that talks in a way."""
    if talks == HTTP:
        return dict(REQUEST_SCHEMA.schema)
    return MESSAGE_FIELDS if talks == "json_rpc" else COMMAND_FIELDS


def entered_sending(talks: str, user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was entered; raise TypedError."""
    return entered_request(user_input) if talks == HTTP else entered_message(talks, user_input)


def suggested_sending(talks: str) -> dict[str, Any]:
    """Return what is in the form before anything was entered."""
    return suggested_request({"get": "/"}) if talks == HTTP else {}


def shown_sending(talks: str, sending: Any) -> dict[str, Any] | None:
    """Return what is sent for a command as the form has it; None if it cannot show that."""
    if talks not in IN_FORMS or not isinstance(sending, dict):
        return None
    if talks == HTTP:
        return suggested_request(sending) if is_in_form(sending) else None
    shown = suggested_message(sending)
    try:
        made = entered_message(talks, shown)
    except TypedError:
        return None
    return shown if all(sending.get(key) == each for key, each in made.items()) else None
