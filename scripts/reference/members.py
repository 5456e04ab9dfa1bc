"""The public members of a class: its own, and those that a public base describes."""

from collections.abc import Iterator

import griffe

from .library import Library, Thing, resolved
from .signature import Value


def own_members(owner: griffe.Class, library: Library) -> list[Thing]:
    """Return the members to describe: its own, and those of bases that are not public."""
    sources = [owner, *(base for base in owner.mro() if base.path not in library.names)]
    found: dict[str, Thing] = {}
    for member in (resolved(m) for source in sources for m in source.members.values()):
        if not member.name.startswith("_") and not _only_implements(member, owner, library):
            found.setdefault(member.name, member)
    return list(found.values())


def inherited_members(owner: griffe.Class, library: Library) -> Iterator[tuple[str, list[str]]]:
    """Yield each public base by its name, and the names of the members that it describes."""
    seen = {member.name for member in own_members(owner, library)}
    for base in _public_bases(owner, library):
        names = [m for m in base.members if not m.startswith("_") and m not in seen]
        seen.update(names)
        if names:
            yield library.names[base.path], names


def meaning(owner: griffe.Class, member: Thing) -> str:
    """Return a member's docstring, or that of what it overrides."""
    bases = (base.members[member.name] for base in owner.mro() if member.name in base.members)
    texts = (docstring(resolved(each)) for each in (member, *bases))
    return next(filter(None, texts), "")


def value_of(owner: griffe.Class, member: griffe.Attribute) -> Value:
    """Return the default of a field, or the value of a class attribute."""
    if "dataclass" in owner.labels and member.name in owner.parameters:
        return owner.parameters[member.name].default
    return member.value if "class-attribute" in member.labels else None


def docstring(thing: Thing) -> str:
    """Return the docstring; empty text if there is none."""
    return thing.docstring.value if thing.docstring is not None else ""


def _public_bases(owner: griffe.Class, library: Library) -> Iterator[griffe.Class]:
    return (base for base in owner.mro() if base.path in library.names)


def _only_implements(member: Thing, owner: griffe.Class, library: Library) -> bool:
    """Return whether a method or property only implements what a public base describes."""
    if docstring(member) or not (member.is_function or "property" in member.labels):
        return False
    return any(member.name in base.members for base in _public_bases(owner, library))
