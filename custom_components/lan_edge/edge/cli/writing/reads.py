"""Writes how the device is identified and read."""

from collections.abc import Iterator

from ...capabilities.profile import MAIN
from ...declarative.compiling.filled import names_used
from ...declarative.compiling.members import FixedMember, Members
from ...declarative.compiling.parameters import secret_parameters
from ...declarative.compiling.plan import Plan
from ...declarative.description import ReadRequest
from ...declarative.places import Path
from ...declarative.reading import ValueReading
from .comparing import ComparisonWriter
from .emits import EmitWriter
from .fills import Substitutes
from .names import Names
from .python_text import text_in, value_in
from .refusal import UnwritableError
from .sendings import SendingWriter
from .source_file import SourceFile

_CALLBACK = "self.callback_url()"


class ReadWriter:
    """Writes `identify`, `connected` and `refresh`."""

    def __init__(
        self,
        plan: Plan,
        file: SourceFile,
        emits: EmitWriter,
        requests: SendingWriter,
        settings: Substitutes,
        *,
        comparison: ComparisonWriter,
        names: Names,
    ) -> None:
        """Take the plan of a description, and what settings stand for."""
        self._names = names
        self._comparison = comparison
        self._description = plan.description
        self._plan = plan
        self._file = file
        self._emits = emits
        self._requests = requests
        self._settings = settings

    def lines(self, members: Members) -> Iterator[str]:
        """Yield the lines of all that reads."""
        yield from self._identify()
        yield from self._connected()
        yield from self._refresh(members)

    # who it is

    def _identify(self) -> Iterator[str]:
        reading = self._description.identity
        if reading is None:
            return
        source = self._emits.source(reading)
        variable = self._names.variable(source)
        yield "\n    async def identify(self) -> str:"
        asked = self._asked(source)
        yield from self._identity_asked(f"{variable}: Any = {asked}")
        if (match := self._recognized(source, variable, reading)) is not None:
            yield match
        yield from (f"        {line}" for line in self._emits.described(source, variable))
        yield f"        return {self._id(reading, source, variable)}"

    def _identity_asked(self, statement: str) -> Iterator[str]:
        """Yield the statement that asks for the id; a refusal without a login means that."""
        needed, errors = self._lacking()
        if not needed or not errors:
            yield f"        {statement}"
            return
        self._file.uses("CredentialsError")
        caught = ", ".join(map(self._file.uses, errors))
        yield "        try:"
        yield f"            {statement}"
        yield f"        except {f'({caught})' if len(errors) > 1 else caught} as err:"
        yield f"            if {' and '.join(self._settings.code[name] for name in needed)}:"
        yield "                raise"
        yield "            raise CredentialsError(str(err)) from err"

    def _lacking(self) -> tuple[list[str], tuple[str, ...]]:
        """Return the secrets to log in with, and the errors by which a lack of them shows."""
        description, login = self._description, self._plan.login
        if login is not None:
            talk = self._plan.talk
            is_there = not (talk.is_datagrams or talk.is_http)  # once it is connected
            silent = ("TimedOutError", "UnreachableError") if is_there else ()
            return sorted(login.needed), ("RefusedError", *silent)
        needed = secret_parameters(description).intersection(names_used(description.login))
        return sorted(needed), () if description.refused is None else ("RefusedError",)

    def _recognized(self, source: str, variable: str, reading: ValueReading) -> str | None:
        """Return the line that matches the pattern of an answer whose groups are read."""
        if not reading.group:
            return None
        pattern = self._file.pattern(source, self._description.messages[source].pattern)
        return f"        match: Any = {pattern}.fullmatch({variable})"

    def _id(self, reading: ValueReading, source: str, message: str) -> str:
        path: Path = ("identity",)
        if (place := self._emits.readings.parent_and_key(reading, message)) is not None:
            return f"{self._file.uses('id_at')}({place[0]}, {place[1]})"
        value = self._emits.readings.value(path, reading, message)
        if value == message and self._is_text(source):
            return f"str({value})"
        return f"{self._file.uses('id_at')}({{{text_in('id')}: {value}}}, {text_in('id')})"

    # at each connection

    def _connected(self) -> Iterator[str]:
        sendings, described_by = self._description.connected, self._plan.described_by
        if not sendings and not described_by:
            return
        yield "\n    async def connected(self) -> None:"
        yield from self._comparison.begin()
        for (at, sending), sent in zip(enumerate(sendings), self._sent_first(), strict=True):
            if at and sending.wait:
                self._file.imports("import asyncio")
                yield f"        await asyncio.sleep({sending.wait!r})"
            if self._plan.is_polled and _CALLBACK in sent:
                self._file.imports("from contextlib import suppress")
                error = self._file.uses("UnreachableError")
                yield f"        with suppress({error}):  # it is polled as well"
                yield f"            {sent}"
            else:
                yield f"        {sent}"
        for name in described_by:
            variable = self._names.variable(name)
            answer = self._answer(name, self._description.requests[name])
            yield f"        {variable}: Any = {answer}"
            yield from (f"        {line}" for line in self._emits.described(name, variable))

    def _sent_first(self) -> Iterator[str]:
        """Yield the statement for each sending of a new connection."""
        code = {**self._settings.code, "callback_url": f"await {_CALLBACK}"}
        values = Substitutes(code, self._settings.types)
        for at, sending in enumerate(self._description.connected):
            yield self._requests.sent(("connected", at), sending, values)

    # everything

    def _refresh(self, members: Members) -> Iterator[str]:
        names = self._names
        yield "\n    async def refresh(self) -> None:"
        yield from self._comparison.before()
        is_empty = True
        for name in self._plan.polled:
            is_empty = False
            yield from (f"        {line}" for line in self._read(name))
        for each in members.fixed:
            is_empty = False
            where = "" if each.component == MAIN else f", {text_in(each.component)}"
            attribute = names.of_attribute(each.attribute)
            value = names.values_of(each.value) or self._fixed(each.value)
            emitted = f"self.emit({attribute}, {value}{where})"
            if self._may_lack(members, each):
                yield f"        if self.has({names.capability(each.attribute.capability)}{where}):"
                emitted = f"    {emitted}"
            yield f"        {emitted}"
        yield from self._comparison.after(each for each in self._sent_first() if _CALLBACK in each)
        if is_empty:
            yield "        pass"
        for name in self._plan.polled:
            if self._has_method(name):
                yield from self._method(name)

    def _may_lack(self, members: Members, fixed: FixedMember) -> bool:
        """Return whether a device may lack what has a value that never changes."""
        is_optional = self._description.components[fixed.component].optional
        return is_optional or fixed.attribute.capability in members.may_lack(fixed.component)

    def _fixed(self, value: object) -> str:
        kinds = {type(each) for each in (value if isinstance(value, tuple) else (value,))}
        for kind in kinds:
            if kind.__module__ != "builtins":
                self._file.uses(kind.__name__)
        return value_in(value)

    def _read(self, name: str) -> Iterator[str]:
        request, source = self._description.requests[name], self._plan.requests[name]
        if request.optional:
            first = source.slots[0].component if source.slots else MAIN
            of = self._emits.attributes(name, first)
            where = "" if first == MAIN else f", component={text_in(first)}"
            asked = f"await self.optional(self.read_{name}, {of}{where})".replace(", )", ")")
        else:
            asked = self._asked(name)
        if source.is_told or not (source.slots or source.details):
            yield asked
            return
        variable = self._names.variable(name)
        yield f"{variable}: Any = {asked}"
        yield from self._emits.lines(name, variable, describes=not self._identifies(name))

    def _identifies(self, name: str) -> bool:
        identity = self._description.identity
        return identity is not None and self._emits.source(identity) == name

    def _has_method(self, name: str) -> bool:
        """Return whether a request is sent in two places, and so has a method of its own."""
        is_polled = name in self._plan.polled
        return is_polled and (self._identifies(name) or self._description.requests[name].optional)

    def _asked(self, name: str) -> str:
        if self._has_method(name):
            return f"await self.read_{name}()"
        return self._answer(name, self._description.requests[name])

    def _method(self, name: str) -> Iterator[str]:
        asked = self._answer(name, self._description.requests[name])
        yield f"\n    async def read_{name}(self) -> Any:"
        yield f"        return {asked}"

    # answers

    def _answer(self, name: str, request: ReadRequest) -> str:
        """Return the expression for the answer to a request, as its readings take it."""
        path: Path = ("requests", name)
        if not self._requests.is_http:
            asked = self._requests.asked(path, request.sending, self._settings, kind=name)
        else:
            kinds = {self._kind(reading) for reading in self._readings(name)}
            if len(kinds) > 1 or (request.within and kinds != {"json"}):
                raise UnwritableError(path, "an answer that is read in several formats")
            write = getattr(self._requests, next(iter(kinds), "answer_text"))
            asked = str(write(path, request.sending, self._settings))
        return self._emits.readings.part(path, request.within, asked, "part_at")

    def _is_text(self, name: str) -> bool:
        return all(self._kind(reading) == "answer_text" for reading in self._readings(name))

    def _readings(self, name: str) -> Iterator[ValueReading]:
        yield from (each.reading for each in self._emits.of(name))
        yield from self._emits.details(name).values()
        identity = self._description.identity
        if identity is not None and self._emits.source(identity) == name:
            yield identity

    def _kind(self, reading: ValueReading) -> str:
        if reading.bytes_at is not None and self._requests.is_http:
            raise UnwritableError(("requests",), "bytes by HTTP")
        return "json" if reading.path else "xml" if reading.xml else "answer_text"
