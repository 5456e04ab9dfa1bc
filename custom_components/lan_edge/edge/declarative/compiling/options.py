"""The options of a description's transport, with the values of its parameters."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from typing import Any, get_type_hints

from ...network.tls import Tls, Trust
from ...transports import (
    FixedFramer,
    HttpOptions,
    JsonCodec,
    LengthFramer,
    Options,
    Pace,
    PlainCodec,
    Standing,
    TextCodec,
)
from ..description import Description
from ..sending import Sending
from ..walk import LITERAL_OPTIONS
from .filled import Values, filled, names_used
from .login_steps import login_steps
from .logins import login_options
from .numbers import NumberOf
from .plan import LoginPlan
from .session_steps import LoginRefusal, SessionSteps
from .talks import TALK_BY_WORD

CODECS = {"json": JsonCodec, "text": TextCodec, "binary": PlainCodec}
OF_MESSAGES = frozenset({"websocket", "inbound", "frames", "udp"})
"""What talks by messages of one kind."""


def has_variable_options(description: Description) -> bool:
    """Return whether the options depend on parameters."""
    texts = {n: value for n, value in description.options.items() if n not in LITERAL_OPTIONS}
    uses = any(True for each in (texts, description.login) for _ in names_used(each))
    is_by_sending = description.login_exchange or description.login_session
    return uses or is_by_sending is not None


def options_of(description: Description, values: Values, login: LoginPlan | None = None) -> Options:
    """Return the options for a device whose parameters have these values; raise EdgeError."""
    kind = TALK_BY_WORD[description.talks].transport.options_type
    hints, known = get_type_hints(kind), {each.name for each in fields(kind)}
    given = {
        name: _option(
            name, value if name in LITERAL_OPTIONS else filled(value, values, name), hints
        )
        for name, value in description.options.items()
        if name in known and name not in {"framer", "key"}
    }
    given |= _special(description)
    if login is not None and description.login_exchange is not None:
        given["login"] = login_steps(description.login_exchange, login, values)
    if login is not None and (session := description.login_session) is not None:
        given["login"] = SessionSteps(session, description.login, values, login)
    if issubclass(kind, HttpOptions) and (refused := description.login_refused) is not None:
        given["login_refusal"] = LoginRefusal(refused)
    return kind(**{**given, **login_options(description, values, kind, given)})


def messages_of(description: Description) -> str:
    """Return what a message is, as the options say, or else as what is sent is written."""
    if (given := description.options.get("messages")) is not None:
        return str(given)
    login = description.login_exchange
    first = (*(login.sendings if login is not None else ()), *description.connected)
    sendings = (*first, *(r.sending for r in description.requests.values()))
    commands = (
        sending
        for component in description.components.values()
        for capability in component.capabilities
        for each in capability.commands.values()
        for sending in each
    )
    own = (s for c in description.components.values() for o in c.own.values() for s in o.set)
    return next(map(_kind_of, (*sendings, *commands, *own)), "json")


def form_of_messages(description: Description) -> str:
    """Return what all messages of a device are: text, json or binary; empty by HTTP."""
    if description.talks in OF_MESSAGES:
        return messages_of(description)
    return {"lines": "text", "json_rpc": "json"}.get(description.talks, "")


def _kind_of(sending: Sending) -> str:
    if sending.data:
        return "binary"
    return "text" if sending.line else "json"


def _special(description: Description) -> dict[str, Any]:
    """Return the options that a text writes otherwise than a driver, or leaves out."""
    talks, made = description.talks, dict[str, Any]()
    if talks == "frames":
        made["framer"] = framer_of(description.options.get("framer", {}))
    if (key := description.options.get("key")) is not None:
        made["key"] = NumberOf(key)
    if talks in {"frames", "udp"}:
        made["codec"] = CODECS[messages_of(description)]
    elif talks in OF_MESSAGES:
        made["messages"] = messages_of(description)
    if talks == "inbound" and "name" not in description.options:
        made["name"] = next((f["calls"] for f in description.found_by if "calls" in f), "")
    if talks == "lines" and description.refused is not None and description.refused.pattern:
        made["refused"] = description.refused.pattern
    return made


def framer_of(text: Mapping[str, Any]) -> Callable[..., Any]:
    """Return what makes the framer of a connection."""
    if "fixed" in text:
        return partial(FixedFramer, text["fixed"])
    arguments = dict(text)
    if isinstance(start := arguments.get("start"), str):
        arguments["start"] = bytes.fromhex(start)
    return partial(LengthFramer, **arguments)


def _option(name: str, value: Any, hints: Mapping[str, Any]) -> Any:
    match name:
        case "pace":
            return Pace(**value)
        case "tls":
            return Tls(**{**value, "trust": Trust(value.get("trust", Trust.PIN))})
        case "standing":
            return Standing(**value)
        case _ if hints[name] is bytes and isinstance(value, str):
            return value.encode()
        case _:
            return tuple(value) if isinstance(value, list) else value
