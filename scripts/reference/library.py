"""What is public of the library: the names of `lan_edge`, and the types of ours that these name."""

from collections.abc import Iterator
from pathlib import Path

import griffe

PACKAGE = "lan_edge"

type Thing = griffe.Object
"""A class, a function, a constant or a name for a type."""


class Library:
    """The public part of the library, read from its source; nothing of it is run."""

    def __init__(self, folder: Path) -> None:
        """Read the package `lan_edge` in `folder`."""
        package = griffe.load(PACKAGE, search_paths=[folder], resolve_aliases=True)
        assert isinstance(package, griffe.Module)  # noqa: S101  # what `load` gives for a package
        self._package = package
        exported = {str(name): self._named(str(name)) for name in package.exports or ()}
        self.exported = {thing.path for thing in exported.values()}
        """The paths of what `from lan_edge import ...` gives."""
        self.names: dict[str, str] = {}
        """What each public thing is called, by its path."""
        for name, thing in exported.items():
            self._add(thing, name)

    def _named(self, name: str) -> Thing:
        """Return what an exported name stands for: not the file that is called as its function."""
        thing = resolved(self._package[name])
        return resolved(thing.members[name]) if thing.is_module else thing

    def _add(self, thing: Thing, name: str) -> None:
        if thing.path in self.names or thing.name.startswith("_"):
            return
        self.names[thing.path] = name
        members = [resolved(m) for m in thing.all_members.values()] if thing.is_class else []
        public = [member for member in members if not member.name.startswith("_")]
        for member in public:
            if (nested := self.nested(member)) is not None:
                self._add(nested, f"{name}.{member.name}")
        for each in (thing, *public):
            for mentioned in self._mentioned(each):
                self._add(mentioned, mentioned.name)

    def defined_in(self, path: str) -> Iterator[Thing]:
        """Yield what is public of a module, as it comes in its file, or the one thing named."""
        place = resolved(self._package[path])
        if not place.is_module:
            yield place
            return
        for member in place.members.values():
            if not member.is_alias and member.path in self.names:
                yield resolved(member)

    def introduction(self, path: str) -> str:
        """Return what a module says of itself; empty text for the one thing named."""
        place = resolved(self._package[path])
        return place.docstring.value if place.is_module and place.docstring else ""

    def find(self, name: griffe.ExprName) -> Thing | None:
        """Return what a name in the source stands for, if it is something of ours."""
        path = name.canonical_path
        try:
            thing = resolved(self._package[path.removeprefix(f"{PACKAGE}.")])
        except KeyError, griffe.AliasResolutionError:
            return None
        return thing if path.startswith(PACKAGE) and not thing.is_module else None

    def nested(self, member: Thing) -> Thing | None:
        """Return the class that a class has under a name of its own, such as `JsonRpc.Message`."""
        value = member.value if isinstance(member, griffe.Attribute) else None
        found = self.find(value) if isinstance(value, griffe.ExprName) else None
        return found if str(getattr(member, "annotation", "")) == "TypeAlias" else None

    def _mentioned(self, thing: Thing) -> Iterator[Thing]:
        """Yield the types of ours in a signature; not in how the library makes its own objects."""
        if thing.is_class and thing.path not in self.exported:
            return
        for expression in expressions(thing):
            for part in expression.iterate(flat=True):
                found = self.find(part) if isinstance(part, griffe.ExprName) else None
                is_member = found is not None and found.parent is not None and found.parent.is_class
                if found is not None and not is_member and not found.is_function:
                    yield found


def resolved(thing: griffe.Object | griffe.Alias) -> Thing:
    """Return what an imported name stands for."""
    return thing.final_target if isinstance(thing, griffe.Alias) else thing


def expressions(thing: Thing) -> Iterator[griffe.Expr]:
    """Yield what a signature says of types."""
    found: list[str | griffe.Expr | None] = []
    if isinstance(thing, griffe.Class):
        found += [parameter.annotation for parameter in thing.parameters]
    for function in [*(thing.overloads or []), thing] if isinstance(thing, griffe.Function) else ():
        found += [function.returns, *(parameter.annotation for parameter in function.parameters)]
    if isinstance(thing, griffe.Attribute):
        found += [thing.annotation, made_by(thing)]
    if isinstance(thing, griffe.TypeAlias):
        found += [thing.value]
    yield from (each for each in found if isinstance(each, griffe.Expr))


def made_by(attribute: griffe.Attribute) -> griffe.Expr | None:
    """Return the class that is called for the value of an attribute without annotation."""
    value = attribute.value
    is_call = attribute.annotation is None and isinstance(value, griffe.ExprCall)
    return value.function if is_call and isinstance(value, griffe.ExprCall) else None
