"""Plans what is sent: the steps of requests, commands and the login, each with its answer."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import Enum
from functools import partial
from typing import Any

from ...errors import CredentialsError, DeviceError, RefusedError
from ..description import Description
from ..places import Path
from ..reading import Conversion
from ..reading.inverse import inverse
from ..reading.reader import reader_of
from ..reading.received import Received, received_of
from ..sending import Sending
from ..sending.building import builder_of
from ..sending.placeholders import Placeholder
from .faults import CompilerFaults
from .members import CommandMember
from .messages import recognizer_of, refusal_of
from .numbers import NUMBER, largest_number
from .parameters import secret_parameters
from .plan import CommandPlan, LoginPlan, ReadValue, Recognize, Refusal, Step
from .sending_driver import CALLBACK_URL, IDENTITY
from .talks import TALK_BY_WORD
from .toggles import Toggle

_NO_CONVERSION = Conversion()
"""What leaves an argument as it is."""


class SendingPlanner:
    """Plans what a description sends."""

    def __init__(self, description: Description, faults: CompilerFaults) -> None:
        """Make what recognizes the kinds of messages; note what is wrong there."""
        self._description = description
        self._faults = faults
        self._talk = TALK_BY_WORD[description.talks]
        self._secret = secret_parameters(description)
        self.recognizers: dict[str, Recognize | None] = {
            name: faults.made(("messages", name), partial(recognizer_of, kind))
            for name, kind in description.messages.items()
        }
        refusal = faults.made(("refused",), partial(refusal_of, description.refused))
        self.refusal: Refusal = refusal or (lambda _: None)
        self._login_refusal = self._refusal_of_login()

    def steps(
        self,
        path: Path,
        sendings: Sequence[Sending],
        more: Container[str] = (),
        *,
        is_read: bool = False,
        kind: str = "",
    ) -> Iterator[Step]:
        """Yield what is sent, with the parameters and `more` names put in."""
        for at, sending in enumerate(sendings):
            place = (*path, at) if len(sendings) > 1 else path
            builder = self._faults.made(place, partial(builder_of, sending))
            if builder is not None:
                has_answer = is_read or NUMBER in builder.names
                self._check_names(place, builder.uses, more)
                yield Step(
                    partial(builder.build, secrets=self._secret),
                    builder.names,
                    builder.raw,
                    largest_number(placeholder for _, placeholder in builder.uses),
                    sending.wait,
                    is_answered=self.is_answered(sending, is_read=has_answer),
                    again=sending.again is not False,
                    match=self._match(path, sending, kind),
                )

    def _check_names(
        self, path: Path, uses: Iterable[tuple[Path, Placeholder]], more: Container[str]
    ) -> None:
        known = self._description.parameters
        for field, placeholder in uses:
            name = placeholder.name
            if not (name in known or name in more or name == NUMBER):
                reason = f"has {{{placeholder.key}}}, which is no parameter or argument here"
                remedy = f"use {', '.join(known)}" if known else "add it to parameters"
                self._faults.add((*path, *field), reason, remedy)

    def answers_by_kind(self, name: str) -> bool:
        """Return whether the answer to the request of a name is the message of that name."""
        request = self._description.requests.get(name)
        has_own_shape = request is not None and bool(request.within)
        return self.is_kind(name) and not has_own_shape

    def is_kind(self, name: str) -> bool:
        """Return whether there is a kind of messages of a name that can be an answer."""
        is_message = not (self._talk.is_http or self._description.talks == "json_rpc")
        return is_message and name in self._description.messages

    def is_answered(self, sending: Sending, *, is_read: bool) -> bool:
        """Return whether what is sent has an answer; `is_read`: it reads, or has a number."""
        if sending.answered is None:
            return is_read or self._talk.always_answered
        return bool(sending.answered)

    def _match(self, path: Path, sending: Sending, kind: str) -> Callable[[Any], bool] | None:
        """Return which messages are the answer; None: the next one."""
        refusal = self._login_refusal if path[0] == "login" else self.refusal
        name = sending.answered if isinstance(sending.answered, str) else kind
        if isinstance(sending.answered, str) and not self.is_kind(name):
            reason = f"there is no message {name!r}"
            self._faults.add((*path, "answered"), reason, "name one of messages")
            return None
        if not isinstance(sending.answered, str) and not self.answers_by_kind(name):
            return None
        recognize = self.recognizers[name]

        def match(message: Any) -> bool:
            received = received_of(message)
            is_kind = recognize is None or recognize(received) is not None
            return is_kind or refusal(received) is not None

        return match

    def login(self) -> LoginPlan | None:
        """Return how the device is logged in to by what is sent; None: by nothing that is."""
        token: ReadValue | None = None
        if (exchange := self._description.login_exchange) is not None:
            steps = tuple(self.steps(("login", "send"), exchange.sendings))
        elif (session := self._description.login_session) is not None:
            steps = tuple(self.steps(("login", "session"), (session.sending,)))
            if (reading := session.token) is not None:
                token = self._faults.made(("login", "token"), partial(reader_of, reading))
        else:
            return None
        names = frozenset(name for step in steps for name in step.names) - {NUMBER}
        parameters = self._description.parameters
        needed = {name for name in names & self._secret if parameters[name].required}
        refusal = self._login_refusal
        return LoginPlan(self._talk, steps, refusal, names, frozenset(needed), token)

    def refusals(self) -> Iterator[tuple[Refusal, type[DeviceError]]]:
        """Yield what says whether an answer to any request is a refusal, and of what.

        For one of the login, HTTP has an option.
        """
        kind = None if self._talk.is_http else self._description.login_refused
        if kind is not None:
            of_login = self._faults.made(("login", "refused"), partial(refusal_of, kind))
            if of_login is not None:
                yield of_login, CredentialsError
        if self._description.refused is not None:
            yield self.refusal, RefusedError

    def _refusal_of_login(self) -> Refusal:
        """Return what says whether an answer refuses the login: by its own words, or by others."""
        exchange, general = self._description.login_exchange, self.refusal
        kind = exchange.refused if exchange is not None else None
        own = self._faults.made(("login", "refused"), partial(refusal_of, kind))
        if kind is None or own is None:
            return general

        def refusal(answer: Received) -> str | None:
            words = own(answer)
            return words if words is not None else general(answer)

        return refusal

    def command(self, member: CommandMember, toggle: Toggle | None) -> CommandPlan:
        """Return what is sent for a command; what toggles is not sent again without an answer."""
        arguments = {
            IDENTITY,
            CALLBACK_URL,
            *(argument.name for argument in member.command.arguments),
        }
        sendings = member.sendings
        if toggle is not None:
            sendings = tuple(replace(sending, again=False) for sending in sendings)
        steps = tuple(self.steps(member.path, sendings, arguments))
        names = {name for step in steps for name in step.names}
        converts = {
            name: convert
            for name, (conversion, whole) in member.conversions.items()
            if name in names and conversion != _NO_CONVERSION
            if (convert := self._converter(member.path, conversion, whole=whole))
        }
        raw = frozenset(name for step in steps for name in step.raw)
        return CommandPlan(steps, converts, raw, CALLBACK_URL in names, toggle)

    def _converter(
        self, path: Path, conversion: Conversion, *, whole: bool
    ) -> Callable[[Any], Any] | None:
        back = self._faults.made(path, partial(inverse, conversion, whole=whole))
        if back is None:
            return None
        return lambda value: back(value.value if isinstance(value, Enum) else value)
