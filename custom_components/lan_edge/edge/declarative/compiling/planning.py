"""Makes the plan of a description: what it reads, from what, and what it sends for what."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import partial
from typing import Any

from ...capabilities.schema import Schema, schema_of
from ...errors import EdgeError
from ..description import Description
from ..places import Path
from ..reading import Conversion, ValueReading
from ..reading.fitted import fitted
from ..reading.inverse import inverse
from ..reading.reader import place_of, reader_of
from ..reading.received import MISSING, Received
from ..sending import Sending
from ..sending.building import builder_of
from ..sending.placeholders import Placeholder
from .described import CALLBACK_URL, IDENTITY
from .faults import CompilerFaults
from .members import CommandMember, Members
from .messages import received_of, recognizer_of, refusal_of
from .numbers import NUMBER, largest_number
from .options import has_variable_options
from .parameters import initial_values, secret_parameters, template_values
from .plan import CommandPlan, Plan, ReadSource, ReadValue, Recognize, Slot, Step
from .talks import TALK_BY_WORD

TEXT: Schema[str] = schema_of(str)
SCALARS = frozenset({bool, int, float, str})
"""The types of values that need no fitting; the state checks their limits."""


def plan_of(description: Description, members: Members, faults: CompilerFaults) -> Plan:
    """Return the plan; note what cannot be done."""
    return _Planner(description, members, faults).plan()


class _Planner:
    """Makes the plan of one description."""

    def __init__(self, description: Description, members: Members, faults: CompilerFaults) -> None:
        self._description = description
        self._members = members
        self._faults = faults
        self._talk = TALK_BY_WORD[description.talks]
        self._names = [*dict.fromkeys((*description.requests, *description.messages))]
        self._secret = secret_parameters(description)
        self._recognizers: dict[str, Recognize | None] = {}
        self._slots: dict[str, list[Slot]] = {}
        self._details: dict[str, dict[str, ReadValue]] = {}
        self._parameters = template_values(description, initial_values(description))
        """What templates see of the parameters of the device that is read now."""
        self._has_templates = False

    def plan(self) -> Plan:
        description = self._description
        for name, kind in description.messages.items():
            self._recognizers[name] = self._made(("messages", name), partial(recognizer_of, kind))
        refusal = self._made(("refused",), partial(refusal_of, description.refused))
        self._refusal = refusal or (lambda _: None)
        self._read_members()
        identity = self._identity()
        requests = {name: self._request(name) for name in description.requests}
        return Plan(
            description=description,
            talk=self._talk,
            requests=requests,
            polled=tuple(name for name in requests if self._is_polled(name)),
            described_by=tuple(name for name in requests if self._only_describes(name)),
            replies=self._replies(requests),
            kinds=tuple(self._kinds()),
            fixed=tuple(self._fixed()),
            identity=identity,
            commands={
                (m.component, m.command.id): self._command(m) for m in self._members.commands
            },
            connected=tuple(self._steps(("connected",), description.connected, {CALLBACK_URL})),
            refusal=self._refusal,
            parameters=self._parameters if self._has_templates else None,
            has_variable_options=has_variable_options(description),
            has_login_query="query" in description.login and description.talks in {"http", "sse"},
            is_called=any(CALLBACK_URL in builder_of(each).names for each in description.connected),
        )

    def _made[T](self, path: Path, make: Callable[[], T]) -> T | None:
        """Return what `make` returns; note its error and return None if it fails."""
        try:
            return make()
        except (EdgeError, ValueError) as err:
            self._faults.take(path, err)
            return None

    # what is read

    def _read_members(self) -> None:
        for member in self._members.reads:
            source = self._source(member.path, member.reading)
            attribute = member.attribute
            read = self._reader(member.path, member.reading, attribute.schema, attribute.words)
            if source and read:
                slot = Slot(member.attribute, member.component, read)
                self._slots.setdefault(source, []).append(slot)
        for name, reading in self._description.details.items():
            path: Path = ("device", name)
            source, read = self._source(path, reading), self._reader(path, reading, TEXT)
            if source and read:
                self._details.setdefault(source, {})[name] = read

    def _source(self, path: Path, reading: ValueReading) -> str:
        """Return the request or message of a reading; note it if there is none, or several."""
        if reading.source in self._names:
            return reading.source
        if not reading.source and len(self._names) == 1:
            return self._names[0]
        known = ", ".join(self._names) or "none is there"
        wrong = f"there is no request or message {reading.source!r}"
        reason = wrong if reading.source else "it is not said from what it is read"
        self._faults.add((*path, "from"), reason, f"write from: and one of these: {known}")
        return ""

    def _reader(
        self,
        path: Path,
        reading: ValueReading,
        schema: Schema[Any],
        words: tuple[str, str] | None = None,
    ) -> ReadValue | None:
        """Return what reads a value; `words` are those for False and True, as a map may give."""

        def make() -> ReadValue:
            raw, name = reader_of(reading, self._parameters), place_of(reading)
            self._has_templates |= bool(reading.conversion.template)

            kind = schema.type if schema.type in SCALARS else None

            def read(message: Received) -> Any:
                value = raw(message)
                if value is MISSING or type(value) is kind:
                    return value
                if kind is bool and words is not None and value in words:
                    return value == words[1]
                return fitted(value, schema, name)

            return read

        return self._made(path, make)

    def _identity(self) -> tuple[str, ReadValue] | None:
        if (reading := self._description.identity) is None:
            return None
        path: Path = ("identity",)
        source, read = self._source(path, reading), self._reader(path, reading, TEXT)
        if source and source not in self._description.requests:
            remedy = "name one of the requests: the device is asked who it is"
            self._faults.add((*path, "from"), f"{source!r} is not a request", remedy)
            return None
        return (source, read) if source and read else None

    def _fixed(self) -> Iterator[tuple[str, Any, Any]]:
        for member in self._members.fixed:
            value = self._made(member.path, partial(fitted, member.value, member.attribute.schema))
            yield member.component, member.attribute, value

    # where it is read from

    def _request(self, name: str) -> ReadSource:
        request = self._description.requests[name]
        path: Path = ("requests", name)
        steps = list(self._steps(path, (request.sending,), is_read=True, kind=name))
        is_kind = self._answers_by_kind(name)
        return ReadSource(
            name,
            slots=tuple(self._slots.get(name, ())),
            details=self._details.get(name),
            step=steps[0] if steps else None,
            is_optional=request.optional,
            recognize=self._recognizers[name] if is_kind else None,
            is_told=is_kind or self._description.talks == "json_rpc",
        )

    def _kinds(self) -> Iterator[ReadSource]:
        for name in self._description.messages:
            slots, details = tuple(self._slots.get(name, ())), self._details.get(name)
            if slots or details:
                kind, recognize = self._description.messages[name], self._recognizers[name]
                yield ReadSource(name, slots, details, event=kind.event, recognize=recognize)

    def _replies(self, requests: Mapping[str, ReadSource]) -> dict[str, ReadSource]:
        if self._description.talks != "json_rpc":
            return {}
        calls = {name: each.sending.call for name, each in self._description.requests.items()}
        return {calls[name]: each for name, each in requests.items() if each.slots}

    def _only_describes(self, name: str) -> bool:
        """Return whether a request only says what the device is, and is not sent to identify it."""
        return name in self._details and not self._slots.get(name) and not self._identifies(name)

    def _is_polled(self, name: str) -> bool:
        """Return whether a refresh sends a request: unless it only says who or what it is."""
        is_only_that = self._identifies(name) or name in self._details
        return bool(self._slots.get(name)) or not is_only_that

    def _identifies(self, name: str) -> bool:
        """Return whether a request is sent to identify the device."""
        identity = self._description.identity
        return identity is not None and name == (identity.source or self._names[0])

    # what is sent

    def _steps(
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
            builder = self._made(place, partial(builder_of, sending))
            if builder is not None:
                self._check_names(place, builder.uses, more)
                yield Step(
                    partial(builder.build, secrets=self._secret),
                    builder.names,
                    largest_number(placeholder for _, placeholder in builder.uses),
                    sending.wait,
                    is_answered=self._answered(sending, is_read=is_read or NUMBER in builder.names),
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

    def _answers_by_kind(self, name: str) -> bool:
        """Return whether the answer to the request of a name is the message of that name."""
        is_message = not (self._talk.is_http or self._description.talks == "json_rpc")
        return is_message and name in self._description.messages

    def _answered(self, sending: Sending, *, is_read: bool) -> bool:
        if sending.answered is None:
            return is_read or self._talk.always_answered
        return bool(sending.answered)

    def _match(self, path: Path, sending: Sending, kind: str) -> Callable[[Any], bool] | None:
        """Return which messages are the answer; None: the next one."""
        name = sending.answered if isinstance(sending.answered, str) else kind
        if not self._answers_by_kind(name):
            if isinstance(sending.answered, str):
                reason = f"there is no message {name!r}"
                self._faults.add((*path, "answered"), reason, "name one of messages")
            return None
        recognize, refusal = self._recognizers[name], self._refusal

        def match(message: Any) -> bool:
            received = received_of(message)
            is_kind = recognize is None or recognize(received) is not None
            return is_kind or refusal(received) is not None

        return match

    def _command(self, member: CommandMember) -> CommandPlan:
        arguments = {IDENTITY, *(argument.name for argument in member.command.arguments)}
        steps = tuple(self._steps(member.path, member.sendings, arguments))
        names = {name for step in steps for name in step.names}
        converts = {
            name: convert
            for name, (conversion, whole) in member.conversions.items()
            if name in names and (convert := self._converter(member.path, conversion, whole=whole))
        }
        return CommandPlan(steps, converts)

    def _converter(
        self, path: Path, conversion: Conversion, *, whole: bool
    ) -> Callable[[Any], Any] | None:
        back = self._made(path, partial(inverse, conversion, whole=whole))
        if back is None:
            return None
        return lambda value: back(value.value if isinstance(value, Enum) else value)
