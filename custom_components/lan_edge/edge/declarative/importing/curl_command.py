"""One command line of curl, as the requests that it sends."""

from collections.abc import Iterator
from dataclasses import dataclass, field
import re
from typing import Any
from urllib.parse import quote

from .curl_options import LONG_NAMES, MEANINGLESS, REASONS, WITH_VALUE
from .forms import is_form, is_json, pair
from .notes import Notes
from .request import PlainRequest, UserLogin
from .variables import has_variable, shown

_METHODS_AS_OPTIONS = {"PUT", "POST", "GET", "PATCH", "DELETE"}
"""What people write where they mean `-X PUT`: it is not what curl takes it for."""
_STDIN = {"@-", "@/dev/stdin"}


@dataclass(slots=True)
class _ForUrls:
    """The options for the URLs of one command, up to --next."""

    urls: list[str] = field(default_factory=list[str])
    method: str = ""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    data: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """The parts of the body, each with the option of which it is."""
    query: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    is_get: bool = False
    user: str = ""
    login_way: str = "basic"
    keeps_cookies: bool = False
    is_verified: bool = True
    timeout: float | None = None
    file_method: str = ""
    """The method by which a file is sent, that is not there."""


class CurlCommand:
    """One command line: its words without the program's name."""

    def __init__(self, words: list[str], notes: Notes, given: str | None = None) -> None:
        """Take the words, and what is given to it; what is not understood is noted."""
        self._words, self._notes, self._given = words, notes, given
        self._at = 0
        self._options = _ForUrls()

    def requests(self) -> Iterator[PlainRequest]:
        """Yield a request for each URL."""
        may_be_value = False
        while self._at < len(self._words):
            word = self._words[self._at]
            self._at += 1
            if word in {"--next", "-:"}:
                yield from self._finished()
            elif word.startswith("--") and len(word) > 2:  # noqa: PLR2004  # the dashes alone
                name, _, value = word[2:].partition("=")
                may_be_value = not self._take(name, value or None)
            elif word.startswith("-") and len(word) > 1:
                may_be_value = not self._short(word[1:])
            elif may_be_value and not any(sign in word for sign in "./:"):
                self._notes.not_understood(shown(word)[:60], t"may belong to the option before it")
                may_be_value = False
            else:
                self._options.urls.append(word)
        yield from self._finished()

    def _short(self, letters: str) -> bool:
        if letters in _METHODS_AS_OPTIONS:
            self._notes.changed(f"-{letters}", t"is taken for -X {letters}")
            self._options.method = letters
            return True
        for at, letter in enumerate(letters):
            name = LONG_NAMES.get(letter, "")
            if name in WITH_VALUE:
                return self._take(name, letters[at + 1 :] or None)
            if not self._take(name or f"-{letter}", None):
                return False
        return True

    def _take(self, name: str, value: str | None) -> bool:
        """Take an option; return whether it is known."""
        shown_name = name if name.startswith("-") else f"--{name}"
        if name in WITH_VALUE and value is None:
            value = self._words[self._at] if self._at < len(self._words) else ""
            self._at += 1
        if self._apply(name, value or ""):
            return True
        if name in MEANINGLESS:
            reason = REASONS.get(name, t"has no meaning for a described device")
            self._notes.left_out(shown_name, reason)
            return True
        reason = REASONS.get(name, t"is not known here")
        self._notes.not_understood(shown(shown_name)[:60], reason)
        return name in WITH_VALUE or name in REASONS

    def _apply(self, name: str, value: str) -> bool:
        options = self._options
        match name:
            case "url":
                options.urls.append(value)
            case "request":
                options.method = value
            case "header":
                self._header(value)
            case "cookie":
                self._cookie(value)
            case "cookie-jar":
                options.keeps_cookies = True
                return False
            case "get":
                options.is_get = True
            case "user":
                options.user = value
            case "digest" | "basic":
                options.login_way = name
            case "url-query":
                options.query.append(pair(value))
            case _:
                return self._apply_rest(name, value)
        return True

    def _apply_rest(self, name: str, value: str) -> bool:
        match name:
            case "max-time" | "connect-timeout":
                self._timeout(name, value)
            case "data" | "data-raw" | "data-ascii" | "data-binary" | "data-urlencode" | "json":
                self._data(name, value)
            case "form" | "form-string":
                self._data("form", value)
            case "oauth2-bearer":
                self._options.headers["Authorization"] = f"Bearer {value}"
            case "head":
                self._notes.changed("--head", t"asks for headers alone; it is sent as GET")
            case "insecure":
                self._options.is_verified = False
            case "upload-file":
                self._options.file_method = "PUT"
                self._notes.not_understood("--upload-file", t"a file cannot be sent")
            case _:
                return False
        return True

    def _cookie(self, value: str) -> None:
        """Take cookies; a file of them, which has no `=`, is of a login before."""
        if "=" in value or has_variable(value):
            self._options.headers["Cookie"] = value
        elif value:
            self._notes.left_out("--cookie", t"the cookies of a login are sent by themselves")

    def _header(self, value: str) -> None:
        name, colon, text = value.partition(":")
        if colon and name.strip():
            self._options.headers[name.strip()[:100]] = text.strip()
        else:
            header = shown(value)[:40]
            self._notes.not_understood("--header", t"{header!r} is not a header")

    def _timeout(self, name: str, value: str) -> None:
        try:
            seconds = float(value)
        except ValueError:
            seconds = 0
        if 0 < seconds < 1e6:  # noqa: PLR2004  # not nan or inf either
            self._options.timeout = max(seconds, self._options.timeout or 0)
        else:
            self._notes.not_understood(f"--{name}", t"is not a time in seconds")

    def _data(self, name: str, value: str) -> None:
        if value in _STDIN and name != "data-raw" and self._given is not None:
            is_kept = name in {"data-binary", "json"}
            value = self._given if is_kept else re.sub(r"[\r\n]", "", self._given)
            name = "data-raw" if name not in {"json", "data-urlencode"} else name
        if name == "data-urlencode" and value[:1] != "@":  # only its value is encoded
            key, equals, text = value.partition("=")
            is_in_file = not equals and "@" in value
            encoded = f"{key}={quote(text)}" if equals else quote(value)
            value = "@" if is_in_file else encoded
        is_file = value.startswith("@") if name != "form" else "=@" in value or "=<" in value
        if is_file and name != "data-raw":
            self._options.file_method = "POST"
            self._notes.not_understood(f"--{name}", t"reads a file, which is not there")
        else:
            self._options.data.append((name, value))

    # the requests

    def _finished(self) -> Iterator[PlainRequest]:
        options, self._options = self._options, _ForUrls()
        if not options.urls:
            self._notes.not_understood("curl", t"has no URL")
        for url in options.urls:
            yield self._request(options, url)

    def _request(self, options: _ForUrls, url: str) -> PlainRequest:
        username, _, password = options.user.partition(":")
        login = UserLogin(options.login_way, username, password) if options.user else None
        body: dict[str, Any] = {}
        query, method = list(options.query), options.method or "GET"
        if options.is_get:
            query += [field for _, text in options.data for field in map(pair, text.split("&"))]
        elif options.data:
            body, method = self._body(options), options.method or "POST"
        else:
            method = options.method or options.file_method or "GET"
        return PlainRequest(
            url=url,
            url_login_way=options.login_way,
            keeps_cookies=options.keeps_cookies,
            method=method,
            query=tuple(query),
            headers=dict(options.headers),
            login=login,
            is_verified=options.is_verified,
            timeout=options.timeout,
            **body,
        )

    def _body(self, options: _ForUrls) -> dict[str, Any]:
        kinds = {name for name, _ in options.data}
        kind = next((v for k, v in options.headers.items() if k.lower() == "content-type"), "")
        texts = [text for _, text in options.data]
        if "form" in kinds:
            self._notes.changed("--form", t"is sent as the fields of a form that has no parts")
            _without_type(options)
            return {"form": tuple(map(pair, texts))}
        joined = ("" if "json" in kinds else "&").join(texts)
        is_other = kind and "urlencoded" not in kind.lower()
        if "json" in kinds or is_other or is_json(joined) or not is_form(joined):
            if not kind and is_json(joined) and "json" not in kinds:
                self._notes.changed("--data", t"is sent as JSON, though curl calls it a form")
            return {"body": joined}
        _without_type(options)
        return {"form": tuple(field for text in texts for field in map(pair, text.split("&")))}


def _without_type(options: _ForUrls) -> None:
    for name in [name for name in options.headers if name.lower() == "content-type"]:
        del options.headers[name]
