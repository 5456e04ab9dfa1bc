"""The form fields for what is sent for a command, by how the device talks."""

from collections.abc import Mapping
from typing import Any

from .message_form import COMMAND_FIELDS, HTTP, MESSAGE_FIELDS, entered_message
from .request_form import REQUEST_SCHEMA, entered_request, suggested_request


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
