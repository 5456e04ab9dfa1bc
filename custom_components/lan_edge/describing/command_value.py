"""The new value in what is sent for a command, and what is kept of one that was known."""

from collections.abc import Mapping
import json
import re
from typing import Any

from lan_edge import DescriptionDraft, shown_message, shown_request

from .message_form import CONF_MESSAGE
from .request_form import CONF_BODY, CONF_PATH

TAKES_VALUE = {"set", "level", "temperature", "mode"}
"""The commands that set a value."""
MASK = "***"
"""What is shown of a secret."""
_WITH_VALUE = re.compile(r"\{value\b")
_AS_TEXT = re.compile(r"\{value:(?:ascii|hex)\}")


def has_value(sending: Mapping[str, Any]) -> bool:
    """Return whether what is sent has the new value in it."""
    return bool(_WITH_VALUE.search(json.dumps(sending)))


def place_of_value(user_input: Mapping[str, Any]) -> str:
    """Return the field in which the new value is missing."""
    if CONF_MESSAGE in user_input:
        return CONF_MESSAGE
    return CONF_BODY if user_input.get(CONF_BODY, "").strip() else CONF_PATH


def still_answered(before: Any, sending: dict[str, Any]) -> dict[str, Any]:
    """Return what is sent with the kind of message that answers it, if that was picked before."""
    known = before.get("answered") if isinstance(before, dict) else None
    return {**sending, "answered": known} if known and sending.get("answered") else sending


def typed_value(value: str | None, sending: Mapping[str, Any]) -> str | float | None:
    """Return a value to try as a number, if it is one and is not sent as a text among bytes."""
    if not value:
        return None
    if _AS_TEXT.search(json.dumps(sending)):
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() else number


def shown_as_sent(sending: Mapping[str, Any], value: str | float | None) -> str:
    """Return what is sent, as a line, with the value that is tried; that among bytes stays open."""
    if "bytes" in sending:
        return str(sending["bytes"])
    if text := shown_message(sending):
        parts = [text]
    else:
        shown = shown_request(dict(sending))
        parts = [shown["method"], shown["path"], shown["body"]]
    made = " ".join(filter(None, parts))
    if value is None:
        return made
    return made.replace('"{value}"', json.dumps(value)).replace("{value}", str(value))


def with_login(draft: DescriptionDraft, sending: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is sent by HTTP, with what the login adds to its query; secrets are hidden."""
    added = dict.fromkeys(draft.values.get("login", {}).get("query", {}), MASK)
    query = {"query": {**added, **sending.get("query", {})}} if added else {}
    return {**sending, **query}


def without_parameters(draft: DescriptionDraft, text: str) -> str:
    """Return a text in which the places for secrets are hidden."""
    for name, each in draft.values.get("parameters", {}).items():
        if each.get("kind") == "secret":
            text = re.sub(rf"\{{{name}(?::\w+)?\}}", MASK, text)
    return text
