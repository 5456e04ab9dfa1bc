"""The form fields for how a device is logged in to."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.helpers.selector import (
    BooleanSelector,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from lan_edge import DraftLogin, TypedError

from ..flows.settings_form import UNCHANGED
from ..vol import Optional, Required, Schema
from .choice_field import choice
from .open_draft import OpenDraft

CONF_LOGIN = "login"
CONF_LOGIN_NAME = "login_name"
CONF_LOGIN_MESSAGE = "login_message"
CONF_LOGIN_ANSWERED = "login_answered"
CONF_LOGIN_REFUSED = "login_refused"
CONF_LOGIN_PATH, CONF_LOGIN_TOKEN = "login_path", "login_token"
CONF_CARRIED = "carried"
SESSION = "session"
"""The login by a request of its own, which has a form of its own."""
NONE, KEPT = "none", "kept"
BY_REQUESTS = ("basic", "digest", "bearer", "header", "query", SESSION)
"""The ways to log in by HTTP."""
BY_WEBSOCKET = ("send", "basic", "bearer", "header", "query")
BY_MESSAGE = ("send",)
_CARRIED = ("bearer", "header", "query")
_SECRET = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
_MESSAGE = TextSelector(TextSelectorConfig(multiline=True))


def login_fields(open_draft: OpenDraft, ways: tuple[str, ...]) -> dict[Any, Any]:
    """Return the fields for a login in one of some ways, or as the text of the draft has it."""
    kept = () if open_draft.draft.login is not None else (KEPT,)
    fields: dict[Any, Any] = {
        Required(CONF_LOGIN, default=NONE): choice("login", NONE, *kept, *ways),
        Optional(CONF_USERNAME): TextSelector(),
        Optional(CONF_PASSWORD): _SECRET,
    }
    if "header" in ways:
        fields[Optional(CONF_LOGIN_NAME)] = TextSelector()
    if "send" in ways:
        fields |= {
            Optional(CONF_LOGIN_MESSAGE): _MESSAGE,
            Required(CONF_LOGIN_ANSWERED, default=True): BooleanSelector(),
            Optional(CONF_LOGIN_REFUSED): TextSelector(),
        }
    return fields


def session_schema() -> Schema:
    """Return the form for the request that logs in, and what all others carry then."""
    return Schema(
        {
            Required(CONF_LOGIN_PATH): TextSelector(),
            Optional(CONF_LOGIN_MESSAGE): _MESSAGE,
            Optional(CONF_USERNAME): TextSelector(),
            Optional(CONF_PASSWORD): _SECRET,
            Optional(CONF_LOGIN_TOKEN): TextSelector(),
            Required(CONF_CARRIED, default="bearer"): choice("carried", *_CARRIED),
            Optional(CONF_LOGIN_NAME): TextSelector(),
        }
    )


def take_login(open_draft: OpenDraft, given: Mapping[str, Any]) -> None:
    """Take how a device is logged in to, and the secrets; raise TypedError."""
    draft, known = open_draft.draft, open_draft.settings
    if (way := given[CONF_LOGIN]) == KEPT:
        return
    draft.log_in(
        DraftLogin(
            "" if way == NONE else way,
            given.get(CONF_LOGIN_NAME, "").strip(),
            given.get(CONF_LOGIN_MESSAGE, ""),
            given.get(CONF_LOGIN_ANSWERED, True),
            given.get(CONF_LOGIN_REFUSED, ""),
            given.get(CONF_LOGIN_PATH, ""),
            given.get(CONF_LOGIN_TOKEN, "").strip(),
            given.get(CONF_CARRIED, "bearer"),
        )
    )
    entered = {key: given.get(key, "") for key in (CONF_USERNAME, CONF_PASSWORD)}
    if entered[CONF_PASSWORD] == UNCHANGED:
        entered[CONF_PASSWORD] = known.get(CONF_PASSWORD, "")
    names = draft.values.get("parameters", {})
    open_draft.settings = {key: value for key, value in (known | entered).items() if key in names}


def suggested_login(open_draft: OpenDraft) -> dict[str, Any]:
    """Return the login as the form has it; passwords are not shown."""
    settings, login = open_draft.settings, open_draft.draft.login
    secrets = {
        CONF_USERNAME: settings.get(CONF_USERNAME, ""),
        CONF_PASSWORD: UNCHANGED if settings.get(CONF_PASSWORD) else "",
    }
    if login is None:
        return {CONF_LOGIN: KEPT, **secrets}
    return {
        CONF_LOGIN: login.way or NONE,
        CONF_LOGIN_NAME: login.name,
        CONF_LOGIN_MESSAGE: login.message,
        CONF_LOGIN_ANSWERED: login.is_answered,
        CONF_LOGIN_REFUSED: login.refused,
        CONF_LOGIN_PATH: login.path,
        CONF_LOGIN_TOKEN: login.token,
        CONF_CARRIED: login.carried,
        **secrets,
    }


def is_of_login(error: Exception) -> bool:
    """Return whether what was entered for the login is wrong."""
    return isinstance(error, TypedError) and error.field.startswith(CONF_LOGIN)
