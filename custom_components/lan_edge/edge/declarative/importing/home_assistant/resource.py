"""The requests of rest and rest_command, and of command lines with curl."""

from dataclasses import replace

from ....sentences import said
from ..curl import CurlRequest, curl_requests
from ..request import PlainRequest, UserLogin
from ..variables import VALUE_VARIABLE, has_variable, marked
from .fields import ConfigFields
from .text_variables import filled, stands_for_number, variables_of


def resource_request(fields: ConfigFields, url_field: str = "resource") -> PlainRequest:
    """Return the request of an entry; raise ValueError with the reason if it is none."""
    url = _templated(fields.text(url_field) or fields.text("resource_template"))
    if not url:
        raise ValueError(said(t"has no {url_field}"))
    body = _templated(fields.text("payload") or fields.text("payload_template"))
    headers = {name: _templated(text) for name, text in fields.items("headers")}
    if kind := fields.text("content_type"):
        headers["Content-Type"] = kind
    return PlainRequest(
        url=url,
        method=fields.text("method", "GET"),
        query=tuple((name, _templated(text)) for name, text in fields.items("params")),
        headers=headers,
        body=body,
        login=_login(fields),
        is_verified=fields.flag("verify_ssl", otherwise=True),
        timeout=fields.seconds("timeout"),
        poll=fields.seconds("scan_interval"),
    )


def _login(fields: ConfigFields) -> UserLogin | None:
    username, password = fields.text("username"), fields.text("password")
    way = fields.text("authentication", "basic").lower()
    if not username:
        return None
    if way not in {"basic", "digest"}:
        raise ValueError(said(t"has an unknown authentication {way!r:.20}"))
    return UserLogin(way, username, password)


def _templated(text: str) -> str:
    """Return a text without templates; raise ValueError if it has one that is not known."""
    if "{{" not in text and "{%" not in text:
        return text
    variables = variables_of(text)
    for each in variables:
        if each.name != VALUE_VARIABLE and not each.is_entity:
            name = each.name
            raise ValueError(said(t"uses {name}, which is not known to the device"))
    return filled(text, {each: each.name for each in variables})


def with_value(text: str, numbers: dict[str, bool]) -> str:
    """Return a text with the only variable of its templates as the value that is set.

    Adds it to `numbers` with whether it is a number; raises ValueError for other templates.
    """
    variables = variables_of(text)
    for each in variables:
        is_number = stands_for_number(each, text) or numbers.get(each.name, False)
        numbers[each.name] = is_number
    if len(numbers) > 1:
        known = ", ".join(sorted(numbers))[:120]
        raise ValueError(said(t"takes several values: {known}"))
    return filled(text, dict.fromkeys(variables, VALUE_VARIABLE))


def command_request(fields: ConfigFields, name: str) -> CurlRequest:
    """Return the request of a command line with curl; raise ValueError if it is none."""
    command = fields.text(name)
    if "{{" in command or "{%" in command:
        raise ValueError(said(t"{name} has a template"))
    found = curl_requests(command, fields.notes)
    if len(found) != 1:
        raise ValueError(said(t"{name} is not one request of curl"))
    timeout = found[0].request.timeout
    return replace(found[0], request=replace(found[0].request, timeout=timeout))


def is_value_set(request: PlainRequest) -> bool:
    """Return whether a request has the value that is set in it."""
    texts = (
        *(request.url, request.body, *request.headers.values()),
        *(text for pair in request.query for text in pair),
    )
    return any(has_variable(text) and marked(VALUE_VARIABLE) in text for text in texts)
