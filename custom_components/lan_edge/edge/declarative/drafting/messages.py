"""Messages as people type them: a line of text, a call of JSON-RPC, JSON, or another text."""

from collections.abc import Mapping
from contextlib import suppress
import json
import re
from typing import Any

from .byte_messages import number_place, typed_bytes
from .typed import TypedError, typed_json

MESSAGE_FIELD = "message"
"""The field in which a message is typed."""
BYTES_NAME = "status"
"""What a request of bytes is called, which say nothing to people."""
MAX_MESSAGE_NAME = 30
"""Characters of a message that become the name of a request."""
_PLACEHOLDER = re.compile(r"\{[A-Za-z_]\w*(?:\.raw)?(?::[0-9.]*[A-Za-z0-9]*)?\}")
_CALL_FIELDS = {"id", "jsonrpc", "method", "params"}
_NUMBERED = "{number}"


def talk_of(text: str) -> str:
    """Return how a device talks that gets a line of JSON: `json_rpc`, if it is a call of it."""
    with suppress(TypedError):
        typed_message("json_rpc", text)
        return "json_rpc"
    return "lines"


def typed_message(talks: str, text: str, *, is_bytes: bool = False) -> dict[str, Any]:
    """Return a message as a description has it; raise TypedError.

    `{name}` is a placeholder in it, every other brace stands for itself. If it `is_bytes`, they
    are typed as hexadecimal digits.
    """
    text = text.strip()
    if not text:
        raise TypedError(MESSAGE_FIELD, t"it is empty")
    if is_bytes:
        return typed_bytes(text, MESSAGE_FIELD)
    if talks == "json_rpc":
        return _call(text)
    if talks == "lines":
        if len(text.splitlines()) > 1:
            raise TypedError(MESSAGE_FIELD, t"it has a line break: enter one line")
        return {"line": _with_braces(text)}
    if text.startswith(("{", "[")):
        return {"message": typed_json(text, MESSAGE_FIELD)}
    return {"text": _with_braces(text)}


def shown_message(sending: Mapping[str, Any]) -> str:
    """Return a message as it is typed; empty if it is none of these."""
    if "call" in sending:
        params = {"params": sending["params"]} if "params" in sending else {}
        return json.dumps({"method": sending["call"], **params}, ensure_ascii=False)
    if "message" in sending:
        return json.dumps(sending["message"], ensure_ascii=False)
    if "bytes" in sending:
        return str(sending["bytes"])
    text = str(sending.get("line", sending.get("text", "")))
    return text.replace("{{", "{").replace("}}", "}")


def message_name(sending: Mapping[str, Any]) -> str:
    """Return a name for a message, by what is most telling in it; empty if it is none of these."""
    match sending:
        case {"call": name} | {"line": name} | {"text": name}:
            return re.sub(r"\{.*", "", str(name))[:MAX_MESSAGE_NAME]
        case {"message": dict(fields)}:
            words = [each for each in fields.values() if isinstance(each, str)]
            return next(
                (word[:MAX_MESSAGE_NAME] for word in words if "{" not in word), MESSAGE_FIELD
            )
        case {"message": _}:
            return MESSAGE_FIELD
        case {"bytes": _}:
            return BYTES_NAME
        case _:
            return ""


def number_reading(sending: Mapping[str, Any]) -> dict[str, Any]:
    """Return where a message has the number of its request, as a reading; empty: it has none."""
    path = _path_of_number(sending.get("message"))
    return {"path": path} if path else number_place(sending)


def _path_of_number(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    for key, each in value.items():
        if each == _NUMBERED and re.fullmatch(r"[A-Za-z_]\w*", key):
            return str(key)
        if path := _path_of_number(each):
            return f"{key}.{path}"
    return ""


def _call(text: str) -> dict[str, Any]:
    call = typed_json(text, MESSAGE_FIELD)
    if not isinstance(call, dict) or not isinstance(call.get("method"), str):
        example = '{"method": "get"}'
        raise TypedError(MESSAGE_FIELD, t"it is not a call such as {example}")
    if others := call.keys() - _CALL_FIELDS:
        name = min(others)
        raise TypedError(MESSAGE_FIELD, t"a call has no {name!r:.80}")
    params = {"params": call["params"]} if call.get("params") else {}
    return {"call": call["method"], **params}


def _with_braces(text: str) -> str:
    """Return a text in which all braces but those of placeholders are doubled."""
    made, end = "", 0
    for match in _PLACEHOLDER.finditer(text):
        made += _doubled(text[end : match.start()]) + match[0]
        end = match.end()
    return made + _doubled(text[end:])


def _doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
