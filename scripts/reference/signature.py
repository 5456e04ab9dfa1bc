"""Signatures as Python writes them, with the values of constants in place of their names."""

import ast
from collections.abc import Iterator
import re

import griffe

from .library import Library, Thing, made_by

WIDTH = 88
SHOWN = ("abstractmethod", "classmethod", "command", "contextmanager", "staticmethod")
"""The decorators that the caller of a method must know."""

type Value = str | griffe.Expr | None


def text_of(value: Value, library: Library) -> str:
    """Return a type or a value as it is written; for a constant of the library, its value."""
    found = library.find(value) if isinstance(value, griffe.ExprName) else None
    if isinstance(found, griffe.Attribute) and isinstance(found.value, str | griffe.ExprCall):
        value = found.value
    text = re.sub(r"'([^'\"]*)'", r'"\1"', str(value)) if value is not None else ""
    return re.sub(r"dict\[[^()]*\]\(\)", "{}", text)


def signature(thing: Thing, name: str, library: Library) -> Iterator[str]:
    """Yield the declaration; for a class, also the call that creates an object."""
    if isinstance(thing, griffe.Class):
        bases = ", ".join(_bases(thing, library))
        yield f"class {name}{_generic(thing, library)}" + (f"({bases})" if bases else "")
        if is_made(thing, library):
            yield _call(name, thing, library)
    elif isinstance(thing, griffe.Function):
        for function in thing.overloads or [thing]:
            yield from _function(function, name.rpartition(".")[2], library)
    elif isinstance(thing, griffe.TypeAlias):
        yield f"type {name}{_generic(thing, library)} = {text_of(thing.value, library)}"
    elif isinstance(thing, griffe.Attribute):
        kind = text_of(thing.annotation, library)
        yield f"{name}: {kind}" if kind else f"{name} = {text_of(thing.value, library)}"


def _bases(thing: griffe.Class, library: Library) -> Iterator[str]:
    """Yield the bases; in place of one that is not public, its own public bases."""
    for base in thing.bases:
        found = library.find(base) if isinstance(base, griffe.ExprName) else None
        if isinstance(found, griffe.Class) and found.path not in library.names:
            public = library.names.values()
            yield from (name for name in _bases(found, library) if name in public)
        else:
            yield text_of(base, library)


def is_made(thing: griffe.Class, library: Library) -> bool:
    """Return whether users of the library create objects of a class, with arguments."""
    return thing.path in library.exported and len(thing.parameters) > 1


def _function(function: griffe.Function, name: str, library: Library) -> Iterator[str]:
    for decorator in function.decorators:
        text = text_of(decorator.value, library)
        if text.partition("(")[0] in SHOWN:
            yield f"@{text}"
    start = "async def" if "async" in function.labels else "def"
    yield f"{start} {_call(f'{name}{_generic(function, library)}', function, library)}"


def _call(name: str, function: griffe.Function | griffe.Class, library: Library) -> str:
    """Return a call with its parameters, on several lines if it is long."""
    parts = list(_parts([*function.parameters], library))
    returned = text_of(function.returns, library) if isinstance(function, griffe.Function) else ""
    arrow = f" -> {returned}" if returned else ""
    line = f"{name}({', '.join(parts)}){arrow}"
    if len(line) <= WIDTH:
        return line
    return f"{name}(\n{''.join(f'    {part},\n' for part in parts)}){arrow}"


def _parts(parameters: list[griffe.Parameter], library: Library) -> Iterator[str]:
    """Yield the parameters, and the marks between their kinds."""
    kinds = griffe.ParameterKind
    if parameters and parameters[0].name in {"self", "cls"}:
        parameters = parameters[1:]
    only_named = False
    for at, parameter in enumerate(parameters):
        if parameter.kind is kinds.keyword_only and not only_named:
            yield "*"
        only_named |= parameter.kind in {kinds.keyword_only, kinds.var_positional}
        yield _part(parameter, library)
        following = parameters[at + 1].kind if at + 1 < len(parameters) else None
        if parameter.kind is kinds.positional_only is not following:
            yield "/"


def _part(parameter: griffe.Parameter, library: Library) -> str:
    stars = {griffe.ParameterKind.var_positional: "*", griffe.ParameterKind.var_keyword: "**"}
    star = stars.get(parameter.kind, "") if parameter.kind else ""
    annotation = text_of(parameter.annotation, library)
    default = "" if star else text_of(parameter.default, library)
    kind = f": {annotation}" if annotation else ""
    return f"{star}{parameter.name}{kind}" + (f" = {default}" if default else "")


def _generic(thing: griffe.Class | griffe.Function | griffe.TypeAlias, library: Library) -> str:
    """Return the type parameters in brackets; empty text if there are none."""
    names = [
        f"{'**' * (p.kind is griffe.TypeParameterKind.param_spec)}{p.name}"
        + (f": {text_of(p.bound, library)}" if p.bound else "")
        for p in thing.type_parameters
    ]
    return f"[{', '.join(names)}]" if names else ""


def type_of(attribute: griffe.Attribute, library: Library) -> Value:
    """Return an attribute's type: its annotation, or the type of its first value."""
    owner = attribute.parent
    if attribute.annotation is not None or not isinstance(owner, griffe.Class):
        return attribute.annotation
    if any("Enum" in str(base) for base in owner.bases):
        return None  # the class itself
    return (
        made_by(attribute) or _argument_type(attribute, owner) or _literal_type(attribute, library)
    )


def _argument_type(attribute: griffe.Attribute, owner: griffe.Class) -> Value:
    maker, value = owner.members.get("__init__"), str(attribute.value)
    if isinstance(maker, griffe.Function) and value in {p.name for p in maker.parameters}:
        return maker.parameters[value].annotation
    return None


def _literal_type(attribute: griffe.Attribute, library: Library) -> Value:
    try:
        return type(ast.literal_eval(text_of(attribute.value, library))).__name__
    except ValueError, SyntaxError:
        return None
