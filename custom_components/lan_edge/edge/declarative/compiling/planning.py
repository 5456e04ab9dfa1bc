"""Makes the plan of a description: what it reads, from what, and what it sends for what."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from ...capabilities.schema import Schema, schema_of
from ..description import Description
from ..places import Path
from ..reading import ValueReading
from ..reading.fitted import fitted
from ..reading.reader import Reader, field_of, place_of, reader_of
from ..reading.received import MISSING, Received
from .faults import CompilerFaults
from .members import Members
from .messages import part_of
from .options import has_variable_options
from .parameters import initial_values, template_values
from .plan import CommandPlan, Plan, ReadSource, ReadValue, Recognize, Slot
from .sending_driver import CALLBACK_URL
from .sending_planner import SendingPlanner
from .talks import TALK_BY_WORD
from .toggles import toggle_of

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
        self._sends = SendingPlanner(description, faults)
        self._slots: dict[str, list[Slot]] = {}
        self._details: dict[str, dict[str, ReadValue]] = {}
        self._parameters = template_values(description, initial_values(description))
        """What templates see of the parameters of the device that is read now."""
        self._has_templates = False

    def plan(self) -> Plan:
        description = self._description
        self._read_members()
        identity = self._identity()
        requests = {name: self._request(name) for name in description.requests}
        connected = tuple(self._sends.steps(("connected",), description.connected, {CALLBACK_URL}))
        return Plan(
            description=description,
            talk=self._talk,
            requests=requests,
            polled=self._polled(),
            described_by=tuple(name for name in requests if self._only_describes(name)),
            replies=self._replies(requests),
            kinds=tuple(self._kinds()),
            fixed=tuple(self._fixed()),
            identity=identity,
            commands=dict(self._commands()),
            connected=connected,
            refusals=tuple(self._sends.refusals()),
            login=self._sends.login(),
            parameters=self._parameters if self._has_templates else None,
            has_variable_options=has_variable_options(description),
            has_login_query=self._talk.is_http
            and "query" in description.login
            and description.login_session is None,
            is_called=any(CALLBACK_URL in step.names for step in connected),
        )

    def _commands(self) -> Iterator[tuple[tuple[str, str], CommandPlan]]:
        """Yield what is sent for each command, by its component and id."""
        members = self._members
        for each in members.commands:
            toggle = toggle_of(each, members.commands, members.reads)
            yield (each.component, each.command.id), self._sends.command(each, toggle)

    # what is read

    def _read_members(self) -> None:
        for member in self._members.reads:
            source = self._source(member.path, member.reading)
            attribute = member.attribute
            read = self._reader(member.path, member.reading, attribute.schema, attribute.words)
            if source and read:
                slot = Slot(member.attribute, member.component, read, _finder(member.reading))
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
            raw, field = reader_of(reading, self._parameters), field_of(reading)
            self._has_templates |= bool(reading.conversion.template)
            read = _fitting(raw, schema, place_of(reading), words)
            return read if field is None else _of_field(field, schema, read)

        return self._faults.made(path, make)

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
            value = self._faults.made(
                member.path, partial(fitted, member.value, member.attribute.schema)
            )
            yield member.component, member.attribute, value

    # where it is read from

    def _request(self, name: str) -> ReadSource:
        request = self._description.requests[name]
        path: Path = ("requests", name)
        steps = list(self._sends.steps(path, (request.sending,), is_read=True, kind=name))
        is_kind = self._sends.answers_by_kind(name)
        return ReadSource(
            name,
            slots=tuple(self._slots.get(name, ())),
            details=self._details.get(name),
            step=steps[0] if steps else None,
            is_optional=request.optional,
            recognize=self._sends.recognizers[name] if is_kind else None,
            within=request.within,
            part=self._part(path, request.within),
            is_told=is_kind or self._description.talks == "json_rpc",
        )

    def _kinds(self) -> Iterator[ReadSource]:
        for name in self._description.messages:
            slots, details = tuple(self._slots.get(name, ())), self._details.get(name)
            kind, recognize = self._description.messages[name], self._sends.recognizers[name]
            if slots or details or kind.refresh or kind.within:
                yield ReadSource(
                    name,
                    slots,
                    details,
                    event=kind.event,
                    recognize=recognize,
                    within=kind.within,
                    part=self._part(("messages", name), kind.within),
                    refreshes=kind.refresh,
                )

    def _part(self, path: Path, within: str) -> Recognize | None:
        return self._faults.made((*path, "within"), partial(part_of, within))

    def _replies(self, requests: Mapping[str, ReadSource]) -> dict[str, ReadSource]:
        if self._description.talks != "json_rpc":
            return {}
        calls = {name: each.sending.call for name, each in self._description.requests.items()}
        return {calls[name]: each for name, each in requests.items() if each.slots}

    def _only_describes(self, name: str) -> bool:
        """Return whether a request only says what the device is, and is not sent to identify it."""
        return name in self._details and not self._slots.get(name) and not self._identifies(name)

    def _polled(self) -> tuple[str, ...]:
        """Return the requests of a refresh.

        If the only request identifies the device, it is sent again: its answer may be one of the
        messages from which values are read.
        """
        names = self._description.requests
        polled = tuple(name for name in names if self._is_polled(name))
        if polled or not any(self._slots.get(name) for name in self._description.messages):
            return polled
        return tuple(name for name in names if self._identifies(name) and not self._talk.is_http)

    def _is_polled(self, name: str) -> bool:
        """Return whether a refresh sends a request: unless it only says who or what it is."""
        is_only_that = self._identifies(name) or name in self._details
        return bool(self._slots.get(name)) or not is_only_that

    def _identifies(self, name: str) -> bool:
        """Return whether a request is sent to identify the device."""
        identity = self._description.identity
        return identity is not None and name == (identity.source or self._names[0])


def _finder(reading: ValueReading) -> ReadValue | None:
    """Return what finds the place of a value; None if any text might have it there."""
    if reading.path or reading.xml:
        return reader_of(ValueReading(path=reading.path, xml=reading.xml))
    return reader_of(ValueReading(pattern=reading.pattern)) if reading.pattern else None


def _fitting(
    raw: Reader, schema: Schema[Any], name: str, words: tuple[str, str] | None
) -> ReadValue:
    """Return what makes of what `raw` reads a value that `schema` takes."""
    kind = schema.type if schema.type in SCALARS else None

    def read(message: Received) -> Any:
        value = raw(message)
        if value is MISSING or type(value) is kind:
            return value
        if kind is bool and words is not None and value in words:
            return value == words[1]
        return fitted(value, schema, name)

    return read


def _of_field(field: str, schema: Schema[Any], read: ReadValue) -> ReadValue:
    """Return what reads a field that has the type of its attribute; otherwise, `read` does."""
    kind = schema.type if schema.type in SCALARS else None

    def read_field(message: Received) -> Any:
        if (fields := message.fields) is not None:
            value = fields.get(field, MISSING)
            if type(value) is kind or value is MISSING:
                return value
        return read(message)

    return read_field
