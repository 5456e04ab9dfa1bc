"""Writes what is reported of a request's answer or a message."""

from collections.abc import Iterator
import re
from typing import Any

from ...capabilities.definition import Attribute
from ...capabilities.profile import MAIN
from ...declarative import Description
from ...declarative.compiling.members import Members, ReadMember
from ...declarative.places import Path
from ...declarative.reading import ValueReading
from .names import Names
from .python_text import text_in
from .readings import ReadingWriter
from .source_file import SourceFile

REPORT = '''
    def report[T](
        self,
        attribute: Attribute[T],
        value: object,
        convert: Callable[[Any], T | None],
        component: str = MAIN,
        *,
        unchanged: bool = False,
    ) -> None:
        """Report a value of the device; one that is missing is unknown, or else `unchanged`."""
        fields = {} if value is None and unchanged else {"it": value}
        self.emit_field(attribute, fields, "it", component, convert=convert, unchanged=unchanged)'''
_GROUP = re.compile(r'match\["[^"]*"\]')


class EmitWriter:
    """Writes the lines that report values, by the request or message that they are read from."""

    def __init__(
        self,
        description: Description,
        file: SourceFile,
        names: Names,
        members: Members,
        readings: ReadingWriter,
    ) -> None:
        """Take what the components have."""
        self._description = description
        self._file = file
        self._names = names
        self._members = members
        self.readings = readings
        self.has_report = False
        """Whether `report` is used, which the driver then needs."""

    def sources(self) -> list[str]:
        """Return the names of all requests and messages."""
        return [*dict.fromkeys((*self._description.requests, *self._description.messages))]

    def source(self, reading: ValueReading) -> str:
        """Return the request or message of a reading."""
        return reading.source or self.sources()[0]

    def of(self, source: str) -> list[ReadMember]:
        """Return what is read from a request or message."""
        return [each for each in self._members.reads if self.source(each.reading) == source]

    def details(self, source: str) -> dict[str, ValueReading]:
        """Return what a request or message says of the device itself."""
        details = self._description.details.items()
        return {name: each for name, each in details if self.source(each) == source}

    def attributes(self, source: str, component: str) -> str:
        """Return the attributes of a component that are read from a source, as code."""
        found = [each.attribute for each in self.of(source) if each.component == component]
        return ", ".join(map(self._names.of_attribute, dict.fromkeys(found)))

    def lines(
        self, source: str, message: str, *, partly: bool = False, describes: bool = True
    ) -> Iterator[str]:
        """Yield the lines that report what is in a message, in which `partly` not everything is."""
        for each in self.of(source):
            yield self._line(each, message, partly=partly)
        if describes:
            yield from self.described(source, message)

    def described(self, source: str, message: str) -> Iterator[str]:
        """Yield the line that says what the device itself is."""
        parts = [
            f"{name}={self._text(('device', name), reading, message)}"
            for name, reading in self.details(source).items()
        ]
        if parts:
            yield f"self.describe({', '.join(parts)})"

    def _text(self, path: Path, reading: ValueReading, message: str) -> str:
        """Return the expression for a text about the device."""
        value = self.readings.value(path, reading, message)
        meaning = self.readings.meaning(path, reading, _DETAIL)
        made = re.sub(r"\bvalue\b", lambda _: value, meaning)
        is_text = self.readings.is_text(reading) and made == f"text_of({value})"
        return value if is_text else made

    def _line(self, member: ReadMember, message: str, *, partly: bool) -> str:
        reading, attribute, path = member.reading, member.attribute, member.path
        where = "" if member.component == MAIN else f", {text_in(member.component)}"
        convert = self.readings.convert(path, reading, attribute)
        name = self._names.of_attribute(attribute)
        unchanged = ", unchanged=True" if partly else ""
        place = self.readings.parent_and_key(reading, message)
        if place is not None:
            parent, key = place
            more = f", convert={convert}" if convert else ""
            return f"self.emit_field({name}, {parent}, {key}{where}{more}{unchanged})"
        value = self.readings.value(path, reading, message)
        if _GROUP.fullmatch(value) and self._has_always(reading):
            more = f", convert={convert}" if convert else ""
            return f"self.emit_parsed({name}, {value}{where}{more})"
        self._uses_report()
        return f"self.report({name}, {value}, {convert or 'lambda value: value'}{where}{unchanged})"

    def _has_always(self, reading: ValueReading) -> bool:
        """Return whether all that matches the pattern of a message has the group of a reading."""
        pattern, depth = self._description.messages[self.source(reading)].pattern, 0
        for character in pattern:
            depth += (character == "(") - (character == ")")
            if character == "|" and depth == 0:
                return False
        return ")?" not in pattern and ")*" not in pattern

    def _uses_report(self) -> None:
        self.has_report = True
        self._file.imports("from collections.abc import Callable")
        self._file.uses("Attribute")
        self._file.uses("MAIN")


_DETAIL: Attribute[Any] = Attribute(str)
