"""The form fields for a request, and for where the device is and how it is logged in to."""

from collections.abc import Iterable, Mapping
import re
from typing import Any

from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_SSL
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)

from lan_edge import DescriptionDraft, Record, TypedError, shown_request, typed_request

from ..flows.address_form import ADDRESS_FIELDS
from ..flows.entered_address import as_entered, parse_entered
from ..vol import Optional, Required, Schema
from .choice_field import choice
from .login_form import (
    BY_REQUESTS,
    CONF_LOGIN,
    CONF_LOGIN_NAME,
    CONF_LOGIN_PATH,
    NONE,
    SESSION,
    login_fields,
    suggested_login,
    take_login,
)
from .open_draft import OpenDraft

CONF_PATH = "path"
CONF_METHOD = "method"
CONF_BODY_KIND = "body_kind"
CONF_BODY = "body"
CONF_HEADERS = "headers"
SECTION_ACCESS = "access"
SECTION_REQUEST = "request"
METHOD_WORDS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_URL = re.compile(r"\s*https?://", re.IGNORECASE)
_LOOKS_LIKE_FIELDS = re.compile(r"[\w.%+-]+=(?!=)[^&\s]*(?:&[\w.%+-]+=[^&\s]*)*")
"""A body that looks like the fields of a form."""
MULTILINE = TextSelector(TextSelectorConfig(multiline=True))
METHOD_FIELD = SelectSelector(
    SelectSelectorConfig(options=METHOD_WORDS, mode=SelectSelectorMode.DROPDOWN)
)
BODY_FIELDS: dict[Any, Any] = {
    Required(CONF_METHOD, default="GET"): METHOD_FIELD,
    Required(CONF_BODY_KIND, default=NONE): choice("body_kind", NONE, "json", "form", "text"),
    Optional(CONF_BODY): MULTILINE,
    Optional(CONF_HEADERS): TextSelector(TextSelectorConfig(multiple=True)),
}
REQUEST_SCHEMA = Schema({Required(CONF_PATH): TextSelector(), **BODY_FIELDS})


def where_schema(open_draft: OpenDraft, *, is_access_open: bool, is_read: bool = True) -> Schema:
    """Return the form for where the device is; the login is shown if `is_access_open`.

    Unless it `is_read`, it may be one that cannot be asked for anything.
    """
    access = {
        Required(CONF_SSL, default=False): BooleanSelector(),
        **login_fields(open_draft, BY_REQUESTS),
    }
    path = Required(CONF_PATH, default="/") if is_read else Optional(CONF_PATH)
    return Schema(
        {
            **ADDRESS_FIELDS,
            path: TextSelector(),
            Required(SECTION_ACCESS): section(Schema(access), {"collapsed": not is_access_open}),
            Required(SECTION_REQUEST): section(Schema(BODY_FIELDS), {"collapsed": True}),
        }
    )


def has_login(user_input: Mapping[str, Any]) -> bool:
    """Return whether a login was entered."""
    return bool(user_input[SECTION_ACCESS][CONF_LOGIN] != NONE)


def entered_request(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request that was entered; raise TypedError."""
    kind, body = user_input[CONF_BODY_KIND], user_input.get(CONF_BODY, "")
    method, path = user_input[CONF_METHOD], _path_of(user_input[CONF_PATH])
    headers = user_input.get(CONF_HEADERS, ())
    kind = kind_of_body(body, headers) if kind == NONE else kind
    return typed_request(method, path, kind, body, headers)


def _path_of(text: str) -> str:
    """Return a path, or that of a URL as documentation has it."""
    _, slashes, after = text.strip().partition("://")
    is_url = slashes and _URL.match(text)
    return f"/{after.partition('/')[2]}" if is_url else text


def is_in_form(sending: Any) -> bool:
    """Return whether the form can show what is sent."""
    methods = {method.lower() for method in METHOD_WORDS}
    return isinstance(sending, dict) and bool(methods & sending.keys())


def is_by_session(user_input: Mapping[str, Any]) -> bool:
    """Return whether a login by a request was chosen, which was not entered yet."""
    access: Mapping[str, Any] = user_input[SECTION_ACCESS]
    return access[CONF_LOGIN] == SESSION and CONF_LOGIN_PATH not in access


def is_https(user_input: Mapping[str, Any]) -> bool:
    """Return whether a URL of TLS was pasted as the address."""
    return str(user_input[CONF_HOST]).strip(" \"'<").lower().startswith("https://")


def with_path_of_url(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was entered, with the path of a URL that was pasted as the address."""
    _, _, after = user_input[CONF_HOST].strip().partition("://")
    _, slash, path = after.partition("/")
    is_left = user_input.get(CONF_PATH, "").strip() in {"", "/"}
    return {**user_input, CONF_PATH: f"/{path}"} if slash and is_left else dict(user_input)


def with_login_of_query(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was entered, with the key in the query of the path as the login, if none was."""
    path, access = user_input.get(CONF_PATH, ""), user_input[SECTION_ACCESS]
    if access[CONF_LOGIN] != NONE or "?" not in path:
        return dict(user_input)
    try:
        found = DescriptionDraft.secret_in_query(typed_request("GET", path))
    except TypedError:  # which is said where the request is made
        found = None
    if found is None:
        return dict(user_input)
    name, secret = found
    login = {CONF_LOGIN: "query", CONF_LOGIN_NAME: name, CONF_PASSWORD: secret}
    return {**user_input, SECTION_ACCESS: {**access, **login}}


def kind_of_body(body: str, headers: Iterable[str]) -> str:
    """Return the kind of a body for which none was chosen; empty if there is no body.

    One whose type is said by a header is sent as it is, unless it is JSON.
    """
    if not body.strip():
        return ""
    if body.lstrip().startswith(("{", "[")):
        return "json"
    is_said = any(each.strip().lower().startswith("content-type") for each in headers)
    return "form" if _LOOKS_LIKE_FIELDS.fullmatch(body.strip()) and not is_said else "text"


def suggested_request(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request as the form has it."""
    shown = shown_request(dict(request))
    return {**shown, CONF_BODY_KIND: shown[CONF_BODY_KIND] or NONE}


def take_where(open_draft: OpenDraft, user_input: Mapping[str, Any]) -> None:
    """Take where a device is and how it is logged in to.

    Raises EnteredAddressError or TypedError.
    """
    access = user_input[SECTION_ACCESS]
    host, port = parse_entered(user_input[CONF_HOST])
    port = int(user_input.get(CONF_PORT) or port)
    if host != open_draft.where.get(CONF_HOST):
        open_draft.record = Record(call_token=open_draft.record.call_token)
    open_draft.draft.connect(port=port, tls=access[CONF_SSL])
    open_draft.where = as_entered(host, port)
    take_login(open_draft, access)


def suggested_where(open_draft: OpenDraft, path: str = "/") -> dict[str, Any]:
    """Return what was entered before, as the form has it; `path` is suggested if nothing was."""
    draft = open_draft.draft
    request = suggested_request(next(iter(draft.requests.values()), {"get": path}))
    return {
        **open_draft.where,
        CONF_PATH: request.pop(CONF_PATH),
        SECTION_REQUEST: request,
        SECTION_ACCESS: {CONF_SSL: "tls" in draft.values, **suggested_login(open_draft)},
    }
