"""Secrets of a device that were typed or pasted: the placeholders of their parameters instead."""

from collections.abc import Mapping
import json
import re
from typing import Any
from urllib.parse import quote, quote_plus, unquote
from xml.sax.saxutils import escape

from ..importing.credentials import is_secret_field, is_user_name
from .typed import METHODS

_TEXT_KEYS = ("line", "text")
_JSON_KEYS = ("json", "message", "params")
_FIELD_KEYS = ("query", "form")
_METHOD_KEYS = tuple(method.lower() for method in METHODS)
_SENT_KEYS = (*_METHOD_KEYS, *_TEXT_KEYS, "call", "message")
_LEAST_LENGTH = 4
"""Characters of what may be a secret by the name of its field."""
_UNMISTAKABLE = re.compile(r".{8,}|(?=.*\d)(?=.*[^\W\d]).{6,}", re.DOTALL)
"""A secret that is known wherever it stands; a short word, such as admin, may mean anything."""
_BETWEEN_WORDS = r"\s=&;:,\"'<>|/?()\[\]{}"


class KnownSecrets:
    """The secrets of a device, by what its parameters are set to."""

    def __init__(self, description: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
        """Take the values of a description, and those that were entered for its parameters."""
        parameters: Mapping[str, Any] = description.get("parameters", {})
        self._placeholders = {
            str(value): f"{{{name}}}"
            for name, value in settings.items()
            if value and parameters.get(name, {}).get("kind") == "secret"
        }
        login: Mapping[str, Any] = description.get("login", {})
        self._added_to_query: Mapping[str, Any] = login.get("query", {})
        self._added_headers = {str(name).lower() for name in login.get("header", {})}
        if not login.keys().isdisjoint(("basic", "bearer", "digest")):
            self._added_headers.add("authorization")

    def without_in(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return requests, or components, in which no secret is sent that a parameter has.

        Only whole values are compared. What the login adds to each request is left out.
        """
        if _is_sent(values):
            return dict(filter(None, (self._field(*each) for each in values.items())))
        return {key: self._within(each) for key, each in values.items()}

    def _within(self, value: Any) -> Any:
        match value:
            case dict():
                return self.without_in(value)
            case list():
                return [self._within(each) for each in value]
            case _:
                return value

    def _field(self, key: str, value: Any) -> tuple[str, Any] | None:
        """Return a field of what is sent; None if nothing is left of it."""
        made: Any = value
        if key in _FIELD_KEYS:
            added = self._added_to_query if key == "query" else {}
            made = {k: self._value(k, v) for k, v in value.items() if k not in added}
        elif key == "headers":
            made = {k: self._words(v) for k, v in value.items() if not self._is_added(k, v)}
        elif key in _JSON_KEYS:
            made = self._json("", value)
        elif key in _TEXT_KEYS:
            made = self._words(value)
        elif key in _METHOD_KEYS:
            made = "".join(self._value("", each) for each in re.split(r"([/?&=])", value))
        return (key, made) if made != {} or value == {} else None

    def _is_added(self, name: str, value: Any) -> bool:
        """Return whether a header is one that the login adds."""
        is_secret = self._words(value) != value or "{" in str(value)
        is_login = name.lower() == "authorization"
        return name.lower() in self._added_headers and (is_secret or is_login)

    def _json(self, name: str, value: Any) -> Any:
        match value:
            case dict():
                return {key: self._json(key, each) for key, each in value.items()}
            case list():
                return [self._json(name, each) for each in value]
            case _:
                return self._value(name, value)

    def _value(self, name: str, value: Any) -> Any:
        """Return a value, or the placeholder if it is a secret, which may be escaped."""
        if not isinstance(value, str):
            return value
        is_named = is_secret_field(name, "0" * _LEAST_LENGTH)
        for text in (value, unquote(value), value.replace("{{", "{").replace("}}", "}")):
            if text in self._placeholders and (is_named or _UNMISTAKABLE.fullmatch(text)):
                return self._placeholders[text]
        return value

    def _words(self, text: Any) -> Any:
        """Return a text in which placeholders are instead of the words that are secrets."""
        if not isinstance(text, str):
            return text
        for secret, placeholder in self._placeholders.items():
            if _UNMISTAKABLE.fullmatch(secret):
                forms = "|".join(map(re.escape, sorted(_written(secret), key=len, reverse=True)))
                alone = f"(?<![^{_BETWEEN_WORDS}])(?:{forms})(?![^{_BETWEEN_WORDS}])"
                text = re.sub(alone, placeholder, text)
        return text


def secret_in_query(request: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the name and value of the only field of a query that is a secret by its name."""
    query: Mapping[str, Any] = request.get("query", {})
    found = [
        (name, value)
        for name, value in query.items()
        if "{" not in value and is_secret_field(name, value) and not is_user_name(name)
    ]
    return found[0] if len(found) == 1 else None


def _is_sent(value: Mapping[str, Any]) -> bool:
    """Return whether these are the fields of something that is sent."""
    return any(
        isinstance(value.get(key), dict | list if key == "message" else str) for key in _SENT_KEYS
    )


def _written(secret: str) -> set[str]:
    """Return how a secret is written in a text: as it is, or escaped for what the text is."""
    doubled = secret.replace("{", "{{").replace("}", "}}")
    escaped = {quote(secret, safe=""), quote_plus(secret), escape(secret)}
    return {secret, doubled, json.dumps(secret, ensure_ascii=False)[1:-1], *escaped}
