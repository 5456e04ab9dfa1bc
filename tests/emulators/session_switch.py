"""The REST switch behind a login by a request: a token or a cookie, which it forgets at will."""

from dataclasses import replace
import json
from typing import override
from urllib.parse import parse_qs, urlsplit

from .http_messages import Answer, Request
from .rest_switch import RestSwitchEmulator

USER, PASSWORD = "admin", "Geheim-7-lang"


class SessionSwitchEmulator(RestSwitchEmulator):
    """A switch; POST /login with a name and a password opens a session."""

    def __init__(
        self,
        carried: str = "bearer",
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        id: str = "relay-1",  # noqa: A002
    ) -> None:
        """`carried` is how it takes the session: bearer, cookie, header, query or auth.

        With `auth`, it gives it in a header, too.
        """
        super().__init__(host, port, id=id)
        self.carried = carried
        self.logins = list[str]()
        """The bodies of all logins."""
        self.opened = 0
        self.sessions = set[str]()
        self.over = Answer(401, b"log in first")
        """How it answers without a session."""
        self.forbidden = set[str]()
        """The methods that it does not allow, whatever the session."""
        self.given: str | None = None
        """What it answers to a login instead."""
        self.rotates = False
        """Whether each answer gives a new session, and ends the one before."""
        self.taken = carried
        """How it takes the session, if that is not how it gives it."""
        self.header = "{}"
        """What the header says that gives a session."""

    def forget(self) -> None:
        """End all sessions."""
        self.sessions.clear()

    @override
    def _answer(self, request: Request) -> Answer:
        if self.faults.override or self.faults.refuses(request.method) or request.error:
            return super()._answer(request)
        target = urlsplit(request.path)
        if target.path == "/login":
            return self._log_in(request)
        if self._carried(request, target.query) not in self.sessions:
            return self.over
        if request.method in self.forbidden:
            return Answer(403, b"not for you")
        plain = Request(request.method, target.path, request.headers, request.body)
        answer = super()._answer(plain)
        return replace(answer, headers=self._session()) if self.rotates else answer

    def _log_in(self, request: Request) -> Answer:
        body = request.body.decode()
        self.logins.append(body)
        if json.loads(body) != {"user": USER, "password": PASSWORD}:
            return Answer(403, b'{"error": "wrong name or password"}')
        if self.given is not None:
            return Answer(200, self.given.encode())
        headers = self._session()
        if self.carried in {"cookie", "auth"}:
            return Answer(201 if self.carried == "auth" else 200, b"{}", headers)
        return Answer(200, json.dumps({"token": headers["X-Auth-Token"]}).encode())

    def _session(self) -> dict[str, str]:
        """Begin a session; return the headers that give it."""
        self.opened += 1
        token = f"t0ken-{self.opened:08}"
        if self.rotates:
            self.sessions.clear()
        self.sessions.add(token)
        if self.carried == "cookie":
            return {"Set-Cookie": f"sid={token}; Path=/; HttpOnly"}
        return {"X-Auth-Token": self.header.format(token)}

    def _carried(self, request: Request, query: str) -> str:
        match self.taken:
            case "bearer":
                return request.headers.get("authorization", "").removeprefix("Bearer ")
            case "cookie":
                return request.headers.get("cookie", "").removeprefix("sid=")
            case "auth":
                return request.headers.get("x-auth-token", "")
            case "header":
                return request.headers.get("x-session", "")
            case _:
                return parse_qs(query).get("sid", [""])[0]
