"""The form fields for a message, and for where a device is that talks by messages."""

from collections.abc import Mapping
import re
from typing import Any

from homeassistant.const import CONF_HOST, CONF_PORT, CONF_SSL
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import BooleanSelector, TextSelector

from lan_edge import DescriptionDraft, Record, TypedError, shown_message, talk_of, typed_message

from ..const import CONF_CALL_ID
from ..flows.address_form import ADDRESS_FIELDS
from ..flows.entered_address import as_entered, parse_entered
from ..vol import Optional, Required, Schema
from .choice_field import choice
from .framing_form import (
    AS_BYTES,
    AS_TEXT,
    CONF_FORM,
    FRAMES,
    MAY_BE_BYTES,
    UDP,
    WEBSOCKET,
    entered_framer,
    form_field,
    framing_fields,
    suggested_framing,
)
from .login_form import (
    BY_MESSAGE,
    BY_WEBSOCKET,
    CONF_LOGIN,
    NONE,
    login_fields,
    suggested_login,
    take_login,
)
from .open_draft import OpenDraft
from .request_form import CONF_PATH, MULTILINE, SECTION_ACCESS

HTTP = "http"
LINES, JSON_LINES = "lines", "json_lines"
INBOUND = "inbound"
POSTS = "posts"
WAYS = (HTTP, POSTS, LINES, JSON_LINES, WEBSOCKET, FRAMES, UDP, INBOUND)
"""The ways to talk that users choose from; what talks by lines of JSON shows in the first one."""
CONF_TALKS = "talks"
CONF_CALL_NAME = "call_name"
"""What its kind of devices is called in the path that it calls."""
CONF_MESSAGE, CONF_ANSWERED, CONF_ENDING = "message", "answered", "ending"
_ENDINGS: Mapping[str, dict[str, str]] = {
    "crlf": {"sent_delimiter": "\r\n"},
    "lf": {},
    "cr": {"delimiter": "\r"},
}
"""The options of lines by how they end; a device may end its own ones otherwise."""
DEFAULT_ENDING = "crlf"
TALKS_FIELD = choice("talks", *WAYS, is_list=True)
MESSAGE_FIELDS: dict[Any, Any] = {Required(CONF_MESSAGE): MULTILINE}
MESSAGE_SCHEMA = Schema(MESSAGE_FIELDS)
COMMAND_FIELDS: dict[Any, Any] = {
    **MESSAGE_FIELDS,
    Required(CONF_ANSWERED, default=True): BooleanSelector(),
}
"""Fields of a command; the answer to a call of JSON-RPC always comes."""

_CALL_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_CALL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_INBOUND_FIELDS: dict[Any, Any] = {
    Required(CONF_HOST): TextSelector(),
    Required(CONF_CALL_NAME): TextSelector(),
    Required(CONF_CALL_ID): TextSelector(),
    Optional(CONF_MESSAGE): MULTILINE,
}


def address_schema(open_draft: OpenDraft, way: str, *, is_access_open: bool) -> Schema:
    """Return the form for where a device is that talks in a way, and what it is asked first.

    The login is shown if `is_access_open`.
    """
    fields: dict[Any, Any] = dict(_INBOUND_FIELDS if way == INBOUND else ADDRESS_FIELDS)
    if way == LINES:
        fields[Required(CONF_ENDING, default=DEFAULT_ENDING)] = choice("ending", *_ENDINGS)
    if way == WEBSOCKET:
        fields[Required(CONF_PATH, default="/")] = TextSelector()
    if way == FRAMES:
        fields |= framing_fields(_framer(open_draft))
    fields |= form_field(way)
    fields[Optional(CONF_MESSAGE)] = MULTILINE
    if way not in {UDP, INBOUND}:
        fields[Required(CONF_SSL, default=False)] = BooleanSelector()
    login = login_fields(open_draft, BY_WEBSOCKET if way == WEBSOCKET else BY_MESSAGE)
    access = section(Schema(login), {"collapsed": not is_access_open})
    # with a default, the frontend would leave out those of its fields
    return Schema({**fields, Optional(SECTION_ACCESS): access})


def has_login(user_input: Mapping[str, Any]) -> bool:
    """Return whether a login was entered."""
    access: Mapping[str, Any] = user_input.get(SECTION_ACCESS, {})
    return bool(access.get(CONF_LOGIN, NONE) != NONE)


def way_of(open_draft: OpenDraft) -> str:
    """Return in which of the `WAYS` a draft talks."""
    talks = open_draft.draft.talks
    if talks == HTTP and "posts" in open_draft.draft.values:
        return POSTS
    return JSON_LINES if talks == "json_rpc" else talks


def take_address(open_draft: OpenDraft, way: str, user_input: Mapping[str, Any]) -> None:
    """Take where a device is, how it talks and is logged in to.

    Raises EnteredAddressError or TypedError.
    """
    if way == INBOUND:
        _take_caller(open_draft, user_input)
    else:
        _take_place(open_draft, way, user_input)
    take_login(open_draft, user_input.get(SECTION_ACCESS, {CONF_LOGIN: NONE}))


def _take_place(open_draft: OpenDraft, way: str, user_input: Mapping[str, Any]) -> None:
    host, port = parse_entered(user_input[CONF_HOST])
    port = int(user_input.get(CONF_PORT) or port)
    options: dict[str, Any] = {"port": port}
    if way == LINES:
        is_same = host == open_draft.where.get(CONF_HOST)
        greeting = open_draft.draft.greeting if is_same else ""
        options |= {**_ENDINGS[user_input[CONF_ENDING]], "greeting": greeting}
    if way == WEBSOCKET:
        options["path"] = f"/{user_input[CONF_PATH].strip().lstrip('/')}"
    if way == FRAMES:
        options["framer"] = entered_framer(user_input, _framer(open_draft))
    if user_input.get(CONF_FORM) == AS_BYTES:
        options["messages"] = AS_BYTES
    talks = talk_of(user_input.get(CONF_MESSAGE, "")) if way == JSON_LINES else way
    open_draft.draft.talk(talks, options, tls=user_input.get(CONF_SSL, False))
    if host != open_draft.where.get(CONF_HOST):
        open_draft.record = Record()
    open_draft.where = as_entered(host, port)


def _take_caller(open_draft: OpenDraft, user_input: Mapping[str, Any]) -> None:
    """Take where a device is that connects to Home Assistant, and what it calls."""
    host, _ = parse_entered(user_input[CONF_HOST])
    name, id_ = (user_input[key].strip() for key in (CONF_CALL_NAME, CONF_CALL_ID))
    if not _CALL_NAME.fullmatch(name):
        raise TypedError(
            CONF_CALL_NAME, t"{name!r:.80} has characters other than a to z, 0 to 9, - and _"
        )
    if not _CALL_ID.fullmatch(id_):
        reason = t"{id_!r:.80} has characters other than letters, digits, . _ : -"
        raise TypedError(CONF_CALL_ID, reason)
    draft = open_draft.draft
    draft.talk(INBOUND, {})
    draft.values["found_by"] = [{"calls": name}]
    open_draft.where = {CONF_HOST: host, CONF_CALL_ID: id_}


def suggested_address(open_draft: OpenDraft, way: str) -> dict[str, Any]:
    """Return what was entered before, as the form has it; nothing for another way to talk."""
    if way != way_of(open_draft):
        return dict(open_draft.where)
    draft = open_draft.draft
    options: dict[str, Any] = draft.values.get("options", {})
    made = {**open_draft.where, CONF_SSL: "tls" in draft.values}
    made[SECTION_ACCESS] = suggested_login(open_draft)
    if way == INBOUND:
        made[CONF_CALL_NAME] = next((each["calls"] for each in draft.values["found_by"]), "")
    if requests := draft.requests:
        made[CONF_MESSAGE] = shown_message(next(iter(requests.values())))
    if way == WEBSOCKET:
        made[CONF_PATH] = options.get("path", "/")
    if way == FRAMES:
        made |= suggested_framing(_framer(open_draft))
    if way in MAY_BE_BYTES:
        made[CONF_FORM] = AS_BYTES if draft.is_bytes else AS_TEXT
    if way == LINES:
        kinds = {key: options.get(key) for key in ("delimiter", "sent_delimiter") if key in options}
        made[CONF_ENDING] = next((k for k, each in _ENDINGS.items() if each == kinds), "lf")
    return made


def _framer(open_draft: OpenDraft) -> dict[str, Any]:
    """Return how frames are cut."""
    found: dict[str, Any] = open_draft.draft.values.get("options", {}).get("framer", {})
    return found


def entered_message(draft: DescriptionDraft, user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return the message that was entered for a device; raise TypedError."""
    sending = typed_message(draft.talks, user_input[CONF_MESSAGE], is_bytes=draft.is_bytes)
    if user_input.get(CONF_ANSWERED):
        sending["answered"] = True
    return sending


def suggested_message(sending: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message as the form has it."""
    return {CONF_MESSAGE: shown_message(sending), CONF_ANSWERED: bool(sending.get("answered"))}
