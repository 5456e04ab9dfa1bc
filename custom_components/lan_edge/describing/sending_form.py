"""The form fields for what is sent for a command, by how the device talks."""

from collections.abc import Iterator, Mapping
from typing import Any

from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from lan_edge import DescriptionDraft, TypedError

from ..reporting.markdown import as_plain_text
from ..vol import Optional, Required, Schema
from .message_form import (
    COMMAND_FIELDS,
    CONF_ANSWERED,
    CONF_MESSAGE,
    HTTP,
    MESSAGE_FIELDS,
    entered_message,
    suggested_message,
)
from .request_form import (
    CONF_METHOD,
    CONF_PATH,
    REQUEST_SCHEMA,
    entered_request,
    is_in_form,
    suggested_request,
)

CONF_REQUEST = "request"

IN_FORMS = (HTTP, "lines", "json_rpc", "websocket", "frames", "udp", "inbound")
"""The ways to talk for which there are forms."""


def place_of(talks: str) -> str:
    """Return the field that says what is sent to a device that talks in a way."""
    return CONF_PATH if talks == HTTP else CONF_MESSAGE


def sending_fields(talks: str) -> dict[Any, Any]:
    """Return the fields for a device that talks in a way.

    None is required: Home Assistant would let nobody back who has entered nothing yet.
    """
    others = MESSAGE_FIELDS if talks == "json_rpc" else COMMAND_FIELDS
    fields = REQUEST_SCHEMA.schema if talks == HTTP else others
    place = place_of(talks)
    return {Optional(place) if key == place else key: each for key, each in fields.items()}


def entered_sending(draft: DescriptionDraft, user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was entered; raise TypedError."""
    if draft.talks == HTTP:
        return entered_request(user_input)
    return entered_message(draft, user_input)


def suggested_sending(talks: str) -> dict[str, Any]:
    """Return what is in the form before anything was entered: nothing that could be sent."""
    return {**suggested_request({"get": ""})} if talks == HTTP else {}


def request_picker(draft: DescriptionDraft) -> Schema:
    """Return the form to pick one of the requests that the forms can show."""
    shown = {name: shown_sending(draft, each) for name, each in draft.requests.items()}
    options = [
        SelectOptionDict(value=name, label=as_plain_text(f"{name}: {_label(each)}"))
        for name, each in shown.items()
        if each is not None
    ]
    config = SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST)
    return Schema({Required(CONF_REQUEST): SelectSelector(config)})


def _label(shown: Mapping[str, Any]) -> str:
    if CONF_MESSAGE in shown:
        return str(shown[CONF_MESSAGE])
    return f"{shown[CONF_METHOD]} {shown[CONF_PATH]}"


def shown_sending(draft: DescriptionDraft, sending: Any) -> dict[str, Any] | None:
    """Return what is sent for a command as the form has it; None if it cannot show that."""
    if (talks := draft.talks) not in IN_FORMS or not isinstance(sending, dict):
        return None
    if talks == HTTP:
        return suggested_request(sending) if is_in_form(sending) else None
    shown = suggested_message(sending)
    try:
        made = entered_message(draft, shown)
    except TypedError:
        return None
    sending = {**sending, CONF_ANSWERED: bool(sending.get(CONF_ANSWERED))}  # by whatever kind
    return shown if all(sending.get(key) == each for key, each in made.items()) else None


def shown_requests(draft: DescriptionDraft) -> Iterator[dict[str, Any]]:
    """Yield the requests of a draft that the form can show."""
    shown = (shown_sending(draft, each) for each in draft.requests.values())
    yield from (each for each in shown if each is not None)


def shown_commands(draft: DescriptionDraft) -> Iterator[dict[str, Any]]:
    """Yield what is sent for all commands of a draft that the form can show."""
    for place in draft.things:
        for sending in draft.thing(place).commands.values():
            if (shown := shown_sending(draft, sending)) is not None:
                yield shown
