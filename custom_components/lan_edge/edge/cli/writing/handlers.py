"""Writes the handlers of the commands."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

from ...capabilities.arguments import Argument
from ...capabilities.definition import Command
from ...declarative.compiling.members import CommandMember, Members
from ...declarative.compiling.toggles import toggle_of
from ...declarative.reading import Conversion
from .comparing import ComparisonWriter
from .fills import Substitutes
from .names import Names
from .python_text import text_in
from .refusal import UnwritableError
from .sendings import SendingWriter
from .source_file import SourceFile


class HandlerWriter:
    """Writes the handlers of one description."""

    def __init__(
        self,
        file: SourceFile,
        names: Names,
        requests: SendingWriter,
        settings: Substitutes,
        *,
        comparison: ComparisonWriter,
    ) -> None:
        """Take the file that is written, and what settings stand for."""
        self._comparison = comparison
        self._file = file
        self._names = names
        self._requests = requests
        self._settings = settings

    def lines(self, members: Members) -> Iterator[str]:
        """Yield the lines of all handlers."""
        by_command: dict[str, list[CommandMember]] = {}
        for member in members.commands:
            by_command.setdefault(member.command.id, []).append(member)
        for member in members.commands:
            if toggle_of(member, members.commands, members.reads) is not None:
                raise UnwritableError(member.path, "a command that only toggles")
        for same in by_command.values():
            yield from self._handler(same, is_assumed=same[0].command.id in members.assumed)

    def _handler(self, members: list[CommandMember], *, is_assumed: bool) -> Iterator[str]:
        command = members[0].command
        owner, member = self._names.of_command(command)
        confirm = f", confirm={self._file.uses('Confirm')}.ECHO" if is_assumed else ""
        arguments = "".join(self._argument(members[0], each) for each in command.arguments)
        yield f"\n    @{self._file.uses('handles')}({owner}.{member}{confirm})"
        yield f"    async def {self._names.method(command)}(self{arguments}) -> None:"
        yield from (f"        {line}" for line in self._comparison.excuse())
        if len(members) == 1:
            yield from (f"        {line}" for line in self._statements(members[0]))
            return
        yield "        match self.component:"
        for each in members:
            yield f"            case {text_in(each.component)}:"
            yield from (f"                {line}" for line in self._statements(each))

    def _argument(self, member: CommandMember, argument: Argument) -> str:
        kind = argument.schema.type
        if issubclass(kind, Enum):
            name = self._file.uses(kind.__name__)
        elif kind in {bool, int, float, str}:
            name = kind.__name__
        else:
            raise UnwritableError(member.path, f"the argument {argument.name}, a {kind.__name__}")
        return f", {argument.name}: {name}" + ("" if argument.required else " | None = None")

    def _statements(self, member: CommandMember) -> Iterator[str]:
        values = self._values(member)
        for at, sending in enumerate(member.sendings):
            path = (*member.path, at) if len(member.sendings) > 1 else member.path
            if at and sending.wait:
                self._file.imports("import asyncio")
                yield f"await asyncio.sleep({sending.wait!r})"
            yield self._requests.sent(path, sending, values)

    def _values(self, member: CommandMember) -> Substitutes:
        code, types = dict(self._settings.code), dict(self._settings.types)
        code["identity"] = "self.identity.unique_id"
        command: Command[...] = member.command
        for each in command.arguments:
            code[f"{each.name}.raw"] = code[each.name] = each.name
            types[f"{each.name}.raw"] = types[each.name] = each.schema.type
            if each.name in member.conversions:
                conversion, whole = member.conversions[each.name]
                if conversion != Conversion() and not each.required:
                    raise UnwritableError(member.path, f"{each.name}, which may be missing")
                code[each.name], types[each.name] = self._sent(
                    member, each, conversion, whole=whole
                )
        optional = frozenset(each.name for each in command.arguments if not each.required)
        return Substitutes(code, types, optional)

    def _sent(
        self, member: CommandMember, argument: Argument, conversion: Conversion, *, whole: bool
    ) -> tuple[str, type[Any]]:
        """Return what the device calls the value of an argument, and its type."""
        name, kind, command = argument.name, argument.schema.type, member.command
        if conversion.template:
            return name, kind  # nothing but its raw value is sent
        if conversion.map:
            attribute = next(a for a, n in command.effects({name: name}) if n == name)
            constant, key = self._names.map_constant(attribute, conversion.map, is_number=True)
            return f"{self._file.uses('key_for')}({constant}, {name})", key
        if conversion.invert:
            return f"not {name}", bool
        scale, offset = conversion.scale, conversion.offset
        if scale == 1 and offset == 0:
            return name, kind
        moved = f"({name} {'+' if offset < 0 else '-'} {abs(offset)!r})" if offset else name
        made = f"{moved} / {scale!r}" if scale != 1 else moved.strip("()")
        if abs(scale) < 1 or whole:
            return f"round({made})", int
        return made, float
