"""The entry of a public name: its signature, its contract, and its public members."""

from collections.abc import Callable, Iterator
import html
from typing import override

import griffe

from .library import Library, Thing, resolved
from .members import docstring, inherited_members, meaning, own_members, value_of
from .signature import Value, is_made, signature, text_of, type_of

MAKERS = ("__init__", "__post_init__", "__init_subclass__")
"""The methods whose docstrings say how an object is created."""
NAMED = "Used in signatures; it cannot be imported from `lan_edge`."


class Entry:
    """The entry of one public name; `linked` turns the names in a text into links."""

    def __init__(self, thing: Thing, library: Library, linked: Callable[[str], str]) -> None:
        """Describe `thing`."""
        self._thing = thing
        self._library = library
        self._linked = linked
        self._name = library.names[thing.path]

    @override
    def __str__(self) -> str:
        """Return the text, in Markdown."""
        thing = self._thing
        parts = [f"### {heading(thing, self._name)}", self._signature(thing, self._name)]
        if thing.path not in self._library.exported:
            parts.append(NAMED)
        parts.append(self._linked(docstring(thing)))
        if isinstance(thing, griffe.Class):
            parts += [*self._made(thing), self._attributes(thing)]
            parts += [*self._inherited(thing), *self._methods(thing)]
        return "\n\n".join(filter(None, parts))

    def _signature(self, thing: Thing, name: str) -> str:
        return f"```python\n{'\n'.join(signature(thing, name, self._library))}\n```"

    def _made(self, thing: griffe.Class) -> Iterator[str]:
        """Yield how an object is created, unless only the library creates it."""
        for name in MAKERS if is_made(thing, self._library) else MAKERS[1:]:
            if name in thing.members:
                yield self._linked(docstring(resolved(thing.members[name])))

    def _methods(self, thing: griffe.Class) -> Iterator[str]:
        for method in own_members(thing, self._library):
            if method.is_function:
                name = f"{self._name}.{method.name}"
                yield f"#### `{name}`"
                yield self._signature(method, name)
                yield self._linked(meaning(thing, method))

    def _inherited(self, thing: griffe.Class) -> Iterator[str]:
        for base, names in inherited_members(thing, self._library):
            yield f"From {self._linked(f'`{base}`')}: {', '.join(f'`{n}`' for n in names)}."

    # the table of attributes

    def _attributes(self, thing: griffe.Class) -> str:
        library = self._library
        own = (m for m in own_members(thing, library) if isinstance(m, griffe.Attribute))
        members = [member for member in own if library.nested(member) is None]
        given = "Default" if "dataclass" in thing.labels else "Value"
        head = ("Name", "Type", given, "Meaning")
        return table(head, [self._row(thing, member) for member in members])

    def _row(self, owner: griffe.Class, member: griffe.Attribute) -> tuple[str, ...]:
        kind = self._type(type_of(member, self._library))
        if "property" in member.labels:
            kind += ", read-only"
        value = text_of(value_of(owner, member), self._library)
        text = meaning(owner, member) or self._above(owner, member.name)
        cell = " ".join(self._linked(text).split()).replace("|", "\\|")
        return f"`{member.name}`", kind, code(value), cell

    def _above(self, owner: griffe.Class, name: str) -> str:
        """Return where a member is explained, if the class's own docstrings name it."""
        prose = "\n".join([docstring(owner), *self._made(owner)])
        return "See above." if f"`{name}`" in prose else ""

    def _type(self, kind: Value) -> str:
        if isinstance(kind, griffe.ExprBinOp) and kind.operator == "|":
            return f"{self._type(kind.left)} or {self._type(kind.right)}"
        text = text_of(kind, self._library)
        return self._linked(code(text)) if text.isidentifier() else code(text)


def heading(thing: Thing, name: str) -> str:
    """Return the heading of an entry, with its kind: both `Command` and `command` exist."""
    kind = thing.kind.value
    if isinstance(thing, griffe.TypeAlias | griffe.Attribute):
        kind = "constant" if name.isupper() else "type"
    return f"{kind} `{name}`"


def code(text: str) -> str:
    """Return code for a cell of a table; a bar is escaped, since it would end the cell."""
    if "|" not in text:
        return f"`{text}`" if text else ""
    return f"<code>{html.escape(text).replace('|', '&#124;')}</code>"


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a table without empty columns; empty text if there are no rows."""
    columns = [c for c in zip(head, *rows, strict=True) if any(c[1:])]
    lines = [f"| {' | '.join(cells)} |" for cells in zip(*columns, strict=True)]
    return "\n".join([*lines[:1], f"|{' --- |' * len(columns)}", *lines[1:]]) if lines else ""
