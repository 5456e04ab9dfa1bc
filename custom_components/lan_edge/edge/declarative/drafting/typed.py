"""A request as people type it: a method, a path with its query, a body, and headers."""

from collections.abc import Iterable, Iterator
import json
import re
from string.templatelib import Template
from typing import Any
from urllib.parse import parse_qsl, quote

from ...errors import ArgumentError
from ...network.parsing import strict_json
from ...sentences import said

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
BODIES = ("json", "form", "text")
CONTENT_TYPE = "Content-Type"
_BARE_VALUE = re.compile(r"([:\[,]\s*)(\{\w+(?:\.raw)?\})(?=\s*[,}\]])")
"""A placeholder in JSON without quotes."""
_UNESCAPED = "{}[]()/:,;@!$'*|~^"
"""What is shown as it is, though it would be escaped in a URL."""


class TypedError(ArgumentError):
    """What was typed cannot be sent; `field` is `path`, `body`, `headers` or `message`."""

    def __init__(self, field: str, reason: Template | str) -> None:
        """Take the field and what is wrong with it."""
        self.reason: str = said(reason)
        """What is wrong."""
        super().__init__(self.reason)
        self.field = field


def typed_request(
    method: str, path: str, body_kind: str = "", body: str = "", headers: Iterable[str] = ()
) -> dict[str, Any]:
    """Return a request as a description has it; raise TypedError.

    The query of the path becomes a field of its own. A body is JSON, the fields of a form as in a
    query, or a text; its placeholder for the new value is `{value}`. A header is `Name: text`.
    """
    path, _, query = path.strip().partition("?")
    if not path.startswith("/"):
        path = f"/{path}"
    if re.search(r"[\s#]", path) or path.startswith("//") or "://" in path:
        raise TypedError("path", t"{path!r:.80} is not a path such as /api/status")
    request: dict[str, Any] = {method.lower(): path}
    if query:
        request["query"] = _fields(query, "path")
    if body_kind and body.strip():
        request[body_kind] = _body(body_kind, body.strip())
    if texts := _headers(headers):
        if body_kind == "text" and CONTENT_TYPE in texts and "text" in request:
            request["content_type"] = texts.pop(CONTENT_TYPE)
        request |= {"headers": texts} if texts else {}
    return request


def shown_request(request: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of `typed_request` that make a request."""
    method = next((m for m in METHODS if m.lower() in request), "GET")
    path = str(request.get(method.lower(), ""))
    if query := request.get("query"):
        path += f"?{_shown_fields(query)}"
    kind = next((kind for kind in BODIES if kind in request), "")
    body, headers = _shown_body(request, kind), [*_shown_headers(request)]
    return {"method": method, "path": path, "body_kind": kind, "body": body, "headers": headers}


def _headers(lines: Iterable[str]) -> dict[str, str]:
    """Return headers by name; that of the type of the body always has its usual name."""
    made = dict[str, str]()
    for line in lines:
        name, colon, text = line.strip().partition(":")
        if not colon or not name.strip() or not text.strip():
            raise TypedError("headers", t"{line!r:.80} is not as in Name: text")
        name = CONTENT_TYPE if name.strip().lower() == CONTENT_TYPE.lower() else name.strip()
        made[name] = text.strip()
    return made


def _shown_headers(request: dict[str, Any]) -> Iterator[str]:
    if kind := request.get("content_type"):
        yield f"{CONTENT_TYPE}: {kind}"
    yield from (f"{name}: {text}" for name, text in request.get("headers", {}).items())


def _shown_body(request: dict[str, Any], kind: str) -> str:
    if kind == "json":
        return json.dumps(request[kind], ensure_ascii=False)
    if kind == "form":
        return _shown_fields(request[kind])
    return str(request.get(kind, ""))


def _shown_fields(fields: dict[str, Any]) -> str:
    """Return fields as they are typed: only what would be read otherwise is escaped."""
    return "&".join(
        f"{quote(k, _UNESCAPED)}={quote(str(v), _UNESCAPED)}" for k, v in fields.items()
    )


def _body(kind: str, body: str) -> Any:
    if kind == "form":
        return _fields(body, "body")
    return body if kind == "text" else typed_json(body, "body")


def typed_json(text: str, field: str) -> Any:
    """Return JSON in which placeholders may stand without quotes; raise TypedError for `field`."""
    try:
        return strict_json(_BARE_VALUE.sub(r'\1"\2"', text))
    except (ValueError, RecursionError) as err:
        raise TypedError(field, t"it is not JSON: {err}") from None


def _fields(text: str, field: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=64)
    except ValueError:
        pairs = []
    if not pairs or len({key for key, _ in pairs}) < len(pairs):
        raise TypedError(field, t"{text!r:.80} is not as in name=value&other=value")
    return dict(pairs)
