"""The public part of the library: the names of `lan_edge`, and the types in their signatures."""

from collections.abc import Iterator
from pathlib import Path

import griffe

PACKAGE = "lan_edge"

type Thing = griffe.Object
"""A class, a function, a constant or a type alias."""


class Library:
    """The public part of the library, read from its source without running it."""

    def __init__(self, folder: Path) -> None:
        """Read the package `lan_edge` in `folder`."""
        package = griffe.load(PACKAGE, search_paths=[folder], resolve_aliases=True)
        assert isinstance(package, griffe.Module)  # noqa: S101  # what `load` returns for a package
        self._package = package
        exported = {str(name): self._named(str(name)) for name in package.exports or ()}
        self.exported = {thing.path for thing in exported.values()}
        """The paths of the names that `from lan_edge import ...` provides."""
        self.names: dict[str, str] = {}
        """The name of each public object, by path."""
        for name, thing in exported.items():
            self._add(thing, name)

    def _named(self, name: str) -> Thing:
        """Return the object of an exported name: the function, if a module has the same name."""
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
        """Yield the public objects of a module, in the order of its file, or the one at `path`."""
        place = resolved(self._package[path])
        if not place.is_module:
            yield place
            return
        for member in place.members.values():
            if not member.is_alias and member.path in self.names:
                yield resolved(member)

    def introduction(self, path: str) -> str:
        """Return the docstring of a module; empty text if `path` is not a module."""
        place = resolved(self._package[path])
        return place.docstring.value if place.is_module and place.docstring else ""

    def find(self, name: griffe.ExprName) -> Thing | None:
        """Return the object that a name in the source refers to, if it is part of the library."""
        path = name.canonical_path
        try:
            thing = resolved(self._package[path.removeprefix(f"{PACKAGE}.")])
        except KeyError, griffe.AliasResolutionError:
            return None
        return thing if path.startswith(PACKAGE) and not thing.is_module else None

    def nested(self, member: Thing) -> Thing | None:
        """Return the class that is nested in another by a type alias, such as `JsonRpc.Message`."""
        value = member.value if isinstance(member, griffe.Attribute) else None
        found = self.find(value) if isinstance(value, griffe.ExprName) else None
        return found if str(getattr(member, "annotation", "")) == "TypeAlias" else None

    def _mentioned(self, thing: Thing) -> Iterator[Thing]:
        """Yield the library's types in a signature, except of classes that only it creates."""
        if thing.is_class and thing.path not in self.exported:
            return
        for expression in expressions(thing):
            for part in expression.iterate(flat=True):
                found = self.find(part) if isinstance(part, griffe.ExprName) else None
                is_member = found is not None and found.parent is not None and found.parent.is_class
                if found is not None and not is_member and not found.is_function:
                    yield found


def resolved(thing: griffe.Object | griffe.Alias) -> Thing:
    """Return the object that an imported name refers to."""
    return thing.final_target if isinstance(thing, griffe.Alias) else thing


def expressions(thing: Thing) -> Iterator[griffe.Expr]:
    """Yield the types in a signature."""
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
    """Return the class whose call is the value of an attribute without annotation."""
    value = attribute.value
    is_call = attribute.annotation is None and isinstance(value, griffe.ExprCall)
    return value.function if is_call and isinstance(value, griffe.ExprCall) else None
