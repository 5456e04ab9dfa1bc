"""The form fields for a request, and for where the device is and how it is logged in to."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_SSL, CONF_USERNAME
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from lan_edge import Record, shown_request, typed_request

from ..flows.address_form import ADDRESS_FIELDS
from ..flows.entered_address import parse_entered
from ..flows.settings_form import UNCHANGED
from ..vol import Optional, Required, Schema
from .open_draft import OpenDraft

CONF_PATH = "path"
CONF_METHOD = "method"
CONF_BODY_KIND = "body_kind"
CONF_BODY = "body"
CONF_HEADERS = "headers"
CONF_LOGIN = "login"
SECTION_ACCESS = "access"
SECTION_REQUEST = "request"
NONE = "none"
METHOD_WORDS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def choice(key: str, *options: str, is_list: bool = False) -> SelectSelector:
    """Return a field to choose one of some options, as a dropdown or as a list."""
    mode = SelectSelectorMode.LIST if is_list else SelectSelectorMode.DROPDOWN
    config = SelectSelectorConfig(options=list(options), translation_key=key, mode=mode)
    return SelectSelector(config)


MULTILINE = TextSelector(TextSelectorConfig(multiline=True))
_SECRET = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
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
_ACCESS_SCHEMA = Schema(
    {
        Required(CONF_SSL, default=False): BooleanSelector(),
        Required(CONF_LOGIN, default=NONE): choice("login", NONE, "basic", "digest", "bearer"),
        Optional(CONF_USERNAME): TextSelector(),
        Optional(CONF_PASSWORD): _SECRET,
    }
)


def where_schema(*, is_access_open: bool) -> Schema:
    """Return the form for where the device is; the login is shown if `is_access_open`."""
    return Schema(
        {
            **ADDRESS_FIELDS,
            Required(CONF_PATH, default="/"): TextSelector(),
            Required(SECTION_ACCESS): section(_ACCESS_SCHEMA, {"collapsed": not is_access_open}),
            Required(SECTION_REQUEST): section(Schema(BODY_FIELDS), {"collapsed": True}),
        }
    )


def has_login(user_input: Mapping[str, Any]) -> bool:
    """Return whether a login was entered."""
    return bool(user_input[SECTION_ACCESS][CONF_LOGIN] != NONE)


def entered_request(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request that was entered; raise TypedError."""
    kind, body = user_input[CONF_BODY_KIND], user_input.get(CONF_BODY, "")
    method, path = user_input[CONF_METHOD], user_input[CONF_PATH]
    if kind == NONE:
        kind = _kind_of(body)
    return typed_request(method, path, kind, body, user_input.get(CONF_HEADERS, ()))


def is_in_form(sending: Any) -> bool:
    """Return whether the form can show what is sent."""
    methods = {method.lower() for method in METHOD_WORDS}
    return isinstance(sending, dict) and bool(methods & sending.keys())


def is_https(user_input: Mapping[str, Any]) -> bool:
    """Return whether a URL of TLS was pasted as the address."""
    return str(user_input[CONF_HOST]).strip(" \"'<").lower().startswith("https://")


def with_path_of_url(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was entered, with the path of a URL that was pasted as the address."""
    _, _, after = user_input[CONF_HOST].strip().partition("://")
    _, slash, path = after.partition("/")
    is_left = user_input[CONF_PATH].strip() in {"", "/"}
    return {**user_input, CONF_PATH: f"/{path}"} if slash and is_left else dict(user_input)


def _kind_of(body: str) -> str:
    """Return the kind of a body for which none was chosen; empty if there is no body."""
    if not body.strip():
        return ""
    return "json" if body.lstrip().startswith(("{", "[")) else "text"


def suggested_request(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request as the form has it."""
    shown = shown_request(dict(request))
    return {**shown, CONF_BODY_KIND: shown[CONF_BODY_KIND] or NONE}


def take_where(open_draft: OpenDraft, user_input: Mapping[str, Any]) -> None:
    """Take where a device is and how it is logged in to; raise EnteredAddressError."""
    access = user_input[SECTION_ACCESS]
    host, port = parse_entered(user_input[CONF_HOST])
    port = int(user_input.get(CONF_PORT) or port)
    login = "" if access[CONF_LOGIN] == NONE else access[CONF_LOGIN]
    if host != open_draft.where.get(CONF_HOST):
        open_draft.record = Record()
    open_draft.draft.connect(port=port, tls=access[CONF_SSL], login=login)
    open_draft.where = {CONF_HOST: host} | ({CONF_PORT: port} if port else {})
    known = open_draft.settings
    given = {key: access.get(key, "") for key in (CONF_USERNAME, CONF_PASSWORD)}
    if given[CONF_PASSWORD] == UNCHANGED:
        given[CONF_PASSWORD] = known.get(CONF_PASSWORD, "")
    names = open_draft.draft.values.get("parameters", {})
    open_draft.settings = {key: value for key, value in (known | given).items() if key in names}


def suggested_where(open_draft: OpenDraft) -> dict[str, Any]:
    """Return what was entered before, as the form has it; passwords are not shown."""
    draft, settings = open_draft.draft, open_draft.settings
    request = suggested_request(next(iter(draft.requests.values()), {"get": "/"}))
    return {
        **open_draft.where,
        CONF_PATH: request.pop(CONF_PATH),
        SECTION_REQUEST: request,
        SECTION_ACCESS: {
            CONF_SSL: "tls" in draft.values,
            CONF_LOGIN: draft.login or NONE,
            CONF_USERNAME: settings.get(CONF_USERNAME, ""),
            CONF_PASSWORD: UNCHANGED if settings.get(CONF_PASSWORD) else "",
        },
    }
