"""How a device is logged in to, as a form has it."""

from collections.abc import Mapping
from dataclasses import dataclass
import json
import re
from typing import Any

from ...network.parsing import strict_json
from .byte_messages import typed_bytes
from .messages import shown_message, typed_message
from .typed import TypedError, shown_request, typed_request

USERNAME, PASSWORD = "username", "password"
_BOTH = {USERNAME: "{username}", PASSWORD: "{password}"}
_SECRET_PLACEHOLDER = _BOTH[PASSWORD]
_REST = ".{0,400}"
"""What may follow in an answer that refuses."""
_CARRIED_PLACEHOLDER = "{token}"
_JSON_BEGINS = re.compile(r"""\s*(?:\{\s*["}]|\[)""")
_FORM_BODY = re.compile(r"[^=&\s]+=[^&\s]*(?:&[^=&\s]+=[^&\s]*)*")
_LOGIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True)
class DraftLogin:
    """A login; the user name and the password are the parameters `username` and `password`."""

    way: str = ""
    """basic, digest, bearer, header, query, send, or session; empty: none."""
    name: str = ""
    """What the header is called, or the parameter in the query."""
    message: str = ""
    """What is sent, as it is typed, such as `PASS {password}`: for send on each connection, for
    session in the request that logs in; empty: that is a GET.
    """
    is_answered: bool = True
    """Whether the device answers that."""
    refused: str = ""
    """An example of an answer that refuses it; empty: nothing is known of that."""
    path: str = ""
    """For session: where it logs in, such as `/login`."""
    token: str = ""
    """For session: the path of the token in the answer; empty: its cookies are sent."""
    carried: str = "bearer"
    """For session: how the token is sent then: bearer, header or query."""

    def values(self, talks: str, *, is_bytes: bool = False) -> dict[str, Any]:
        """Return what a text has under `login`; raise TypedError for what cannot be sent.

        Messages are typed as hexadecimal digits if they are bytes.
        """
        match self.way:
            case "":
                return {}
            case "basic" | "digest":
                return {self.way: dict(_BOTH)}
            case "bearer":
                return {"bearer": _SECRET_PLACEHOLDER}
            case "send":
                return self._sent(talks, is_bytes=is_bytes)
            case "session":
                return self._session()
            case _:
                return {self.way: {self._checked_name(): _SECRET_PLACEHOLDER}}

    def _checked_name(self) -> str:
        if not _LOGIN_NAME.fullmatch(self.name):
            raise TypedError("login_name", t"{self.name!r:.80} is not a name")
        return self.name

    def _session(self) -> dict[str, Any]:
        method = "POST" if self.message.strip() else "GET"
        try:
            request = typed_request(method, self.path, _body_kind(self.message), self.message)
        except TypedError as err:
            field = "login_path" if err.field == "path" else "login_message"
            raise TypedError(field, err.reason) from None
        if not self.token:
            return {"session": request}
        made = {"session": request, "token": {"path": self.token}}
        if self.carried == "bearer":
            return made
        return {**made, self.carried: {self._checked_name(): _CARRIED_PLACEHOLDER}}

    def _sent(self, talks: str, *, is_bytes: bool) -> dict[str, Any]:
        try:
            sending = typed_message(talks, self.message, is_bytes=is_bytes)
        except TypedError as err:
            raise TypedError("login_message", err.reason) from None
        if talks != "json_rpc" and self.is_answered:
            sending["answered"] = True
        is_refused = self.refused.strip() and (talks == "json_rpc" or self.is_answered)
        if not is_refused:
            return {"send": sending}
        refused = self._refused_bytes() if is_bytes else _like(self.refused)
        return {"send": sending, "refused": refused}

    def _refused_bytes(self) -> dict[str, Any]:
        return {"begins": typed_bytes(self.refused, "login_refused")["bytes"]}

    def labels(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Return the labels of the parameters that are used in `values`."""
        token = {"basic", "digest", "send", "session"}.isdisjoint(values)
        labels = {USERNAME: "Username", PASSWORD: "Token" if token else "Password"}
        used = json.dumps(values)
        return {name: label for name, label in labels.items() if f"{{{name}" in used}


NO_LOGIN = DraftLogin()


def login_in(values: Mapping[str, Any], talks: str, *, is_bytes: bool = False) -> DraftLogin | None:
    """Return the login that is in a text; None if a form cannot show it."""
    login: Mapping[str, Any] = values.get("login", {})
    made = _shown(login)
    try:
        is_the_same = made.values(talks, is_bytes=is_bytes) == login
    except TypedError:
        return None
    return made if is_the_same else None


def _shown(login: Mapping[str, Any]) -> DraftLogin:
    match login:
        case {"send": dict(sending)}:
            return DraftLogin(
                "send",
                message=shown_message(sending),
                is_answered=bool(sending.get("answered")) or "call" in sending,
                refused=_example(login.get("refused", {})),
            )
        case {"session": dict(request)}:
            return _shown_session(login, request)
        case {"header": dict(fields)} | {"query": dict(fields)} if fields:
            return DraftLogin(next(iter(login)), name=next(iter(fields)))
        case _:
            return DraftLogin(next(iter(login), ""))


def _shown_session(login: Mapping[str, Any], request: dict[str, Any]) -> DraftLogin:
    shown = shown_request(request)
    carried = next((way for way in ("header", "query") if way in login), "bearer")
    return DraftLogin(
        "session",
        name=next(iter(login.get(carried, ())), "") if carried != "bearer" else "",
        message=shown["body"],
        path=shown["path"],
        token=login.get("token", {}).get("path", ""),
        carried=carried,
    )


def _body_kind(body: str) -> str:
    """Return the kind of a body as it is typed: JSON, the fields of a form, or a text."""
    if _JSON_BEGINS.match(body):
        return "json"
    return "form" if _FORM_BODY.fullmatch(body.strip()) else "text"


def _like(example: str) -> dict[str, Any]:
    """Return how answers like one are recognized: by the first value in JSON, else by its text."""
    text = example.strip()
    try:
        path, value = _first_value(strict_json(text))
    except ValueError, RecursionError:
        path, value = "", None
    if not path:
        return {"pattern": f"{re.escape(text)}{_REST}"}
    return {
        "when": {"path": path},
        "equals": value if isinstance(value, str) else json.dumps(value),
    }


def _first_value(content: Any) -> tuple[str, Any]:
    if not isinstance(content, dict) or not content:
        return "", content
    name, inner = next(iter(content.items()))
    if not re.fullmatch(r"[A-Za-z_]\w*", name):
        return "", None
    path, value = _first_value(inner)
    return (f"{name}.{path}" if path else name), value


def _example(kind: Mapping[str, Any]) -> str:
    """Return an example of such answers, which may not make the same of it."""
    match kind:
        case {"begins": str(begins)}:
            return begins
        case {"pattern": str(pattern)}:
            return re.sub(r"\\(.)", r"\1", pattern.removesuffix(_REST))
        case {"when": {"path": str(path)}, "equals": value}:
            content: Any = value if value not in {"true", "false"} else value == "true"
            for name in reversed(path.split(".")):
                content = {name: content}
            return json.dumps(content)
        case _:
            return ""
