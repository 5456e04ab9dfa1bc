"""The login of a description by one request, with whose answer all others are sent."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, cast

from ...errors import ArgumentError, CredentialsError, ReplyError
from ...sentences import said, said_by
from ...transports import Http, HttpSession
from ...transports.http.messages import Response
from ..description import TOKEN, LoginSession, MessageKind
from ..reading.received import MISSING, Received, as_text, received_of
from ..sending.ready import ReadyHttp
from .filled import Values, filled
from .messages import refusal_of
from .plan import LoginPlan, ReadValue, Refusal
from .talks import http_response


@dataclass(frozen=True)
class SessionSteps:
    """The `login` of the options of HTTP.

    Two are equal if they send the same, so that another text can take over a connection.
    """

    session: LoginSession
    carried: Mapping[str, Any]
    """How the token is carried: by `bearer`, `header` or `query`, with placeholders."""
    values: Values = field(repr=False)
    """The parameters."""
    plan: LoginPlan = field(repr=False, compare=False)

    async def __call__(self, io: Http) -> HttpSession | None:
        """Log in; return what other requests carry, None without what the user has to enter."""
        if not self.plan.is_possible(self.values):
            return None
        [step] = self.plan.steps
        response = await http_response(io, cast("ReadyHttp", step.build(self.values)))
        received = received_of(response.body, response.what)
        if (words := self.plan.refusal(received)) is not None:
            raise CredentialsError(words)
        if (read := self.plan.token) is None:
            return HttpSession(headers={"Cookie": response.cookie} if response.cookie else {})
        if name := self.session.header:
            received = received_of(response.headers.get(name, ""), response.what)
        return self._with(_token(read, received))

    def _renewed(self, read: ReadValue, header: str) -> HttpSession | None:
        """Return the session after a later answer, whose header is read as that of the login."""
        with suppress(CredentialsError, ReplyError):  # it has no token: the old one is kept
            return self._with(_token(read, received_of(header)))
        return None

    def _with(self, token: str) -> HttpSession:
        try:
            entered = filled(self.carried, {**self.values, TOKEN: token})
        except ArgumentError as err:
            raise ReplyError(said(t"the token of the login: {said_by(err)}")) from err
        headers = dict(entered.get("header", {}))
        if "bearer" in entered:
            headers["Authorization"] = f"Bearer {entered['bearer']}"
        session = HttpSession(headers=headers, query=dict(entered.get("query", {})))
        if (name := self.session.header) and (read := self.plan.token) is not None:
            session = replace(session, renewed_by=name, renew=partial(self._renewed, read))
        return session


def _token(read: ReadValue, received: Received) -> str:
    """Return the token in an answer; raise CredentialsError if there is none."""
    value = read(received)
    token = "" if value is MISSING or value is None else as_text(value, said(t"the token"))
    if not token:
        words = t"{received.what}: the login was answered without a token"
        raise CredentialsError(said(words))
    return token


@dataclass(frozen=True)
class LoginRefusal:
    """The `login_refusal` of the options of HTTP; two that recognize the same are equal."""

    kind: MessageKind

    @cached_property
    def _words(self) -> Refusal:
        return refusal_of(self.kind)

    def __call__(self, response: Response) -> str | None:
        """Return the words of an answer that refuses the login, None for another one."""
        return self._words(received_of(response.body))
