"""Expressions of Jinja as text again, with `value` for the value that is read."""

from dataclasses import dataclass
import re

from jinja2 import nodes

from ....sentences import Said, said


@dataclass(frozen=True, slots=True)
class Which:
    """The one in a list that has a value."""

    name: str
    value: str


type PathInTemplate = tuple[str | int | Which, ...]
"""Names, indices, and which one in a list."""
_ROOTS = {"value", "value_json"}
_NAME_IN_PATH = re.compile(r"[A-Za-z_][\w-]*")
_VALUE_IN_PATH = re.compile(r"[\w.:-]+")
_TESTS_OF_EQUALITY = {"eq", "equalto", "=="}
_OPERATORS = {
    "eq": "==",
    "ne": "!=",
    "gt": ">",
    "gteq": ">=",
    "lt": "<",
    "lteq": "<=",
    "in": "in",
    "notin": "not in",
}


def path_of(node: nodes.Node) -> PathInTemplate | None:
    """Return the path that a part of a template is; None if it is something else."""
    match node:
        case nodes.Name(name=name) if name in _ROOTS:
            return ()
        case nodes.Getattr(node=inner, attr=name):
            around = path_of(inner)
            return None if around is None else (*around, name)
        case nodes.Getitem(node=inner, arg=nodes.Const(value=str() | int() as key)):
            around = path_of(inner)
            return None if around is None or isinstance(key, bool) else (*around, key)
        case nodes.Filter(name="first", node=nodes.Filter() as chosen, args=[], kwargs=[]):
            return _first_of(chosen)
        case _:
            return None


def _first_of(node: nodes.Filter) -> PathInTemplate | None:
    """Return the path of the first that is selected by what it has; None if it is not that."""
    match node:
        case nodes.Filter(name="map", node=nodes.Filter() as chosen, args=[], kwargs=named):
            around, names = _first_of(chosen), _attribute_of(named)
            return None if around is None or not names else (*around, *names.split("."))
        case nodes.Filter(
            name="selectattr",
            node=nodes.Expr() as of,
            args=[nodes.Const(value=str(name)), nodes.Const(value=test), nodes.Const(value=wanted)],
            kwargs=[],
        ) if test in _TESTS_OF_EQUALITY and _NAME_IN_PATH.fullmatch(name):
            around = path_of(of)
            which = str(wanted)
            is_plain = _VALUE_IN_PATH.fullmatch(which) is not None
            return (*around, Which(name, which)) if around is not None and is_plain else None
        case _:
            return None


def _attribute_of(named: list[nodes.Pair] | list[nodes.Keyword]) -> str:
    """Return which attribute a call is given; empty if it is given anything else."""
    match [(each.key, each.value) for each in named]:
        case [("attribute", nodes.Const(value=str(name)))]:
            return name
        case _:
            return ""


def paths_in(node: nodes.Node) -> list[PathInTemplate]:
    """Return the longest paths within a part of a template."""
    path = path_of(node)
    if path is not None:
        return [path]
    return [path for each in node.iter_child_nodes() for path in paths_in(each)]


def _root_of(node: nodes.Node) -> str:
    """Return the name with which a path begins."""
    names = [
        each.name for each in (node, *node.find_all(nodes.Name)) if isinstance(each, nodes.Name)
    ]
    return names[0] if names else ""


def joined(path: PathInTemplate, before: str = "") -> str:
    """Return a path as it is written in a description."""
    text = before
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif isinstance(step, Which):
            text += f"[{step.name}={step.value}]"
        elif _NAME_IN_PATH.fullmatch(step):
            text += f".{step}" if text else step
        else:
            escaped = step.replace("\\", "\\\\").replace('"', '\\"')
            text += f'["{escaped}"]'
    return text


def source_of(node: nodes.Node, shared: PathInTemplate) -> str:
    """Return a part of a template as text, with `value` for the path; raise ValueError."""
    return _SourceWriter(shared).of(node)


class _SourceWriter:
    """Writes the parts of a template whose values are all below one path."""

    def __init__(self, shared: PathInTemplate) -> None:
        self._below = len(shared)

    def of(self, node: nodes.Node) -> str:
        path = path_of(node)
        if path is not None:
            steps = path[self._below :]
            if any(isinstance(step, Which) for step in steps):
                raise ValueError(said(t"the template uses several values of the answer"))
            is_parsed = self._below > 0 or _root_of(node) == "value"
            root = "value" if is_parsed else "(value | from_json)"
            return root + "".join(f"[{_literal(step)}]" for step in steps)  # type: ignore[arg-type]
        for write in (self._operation, self._choice, self._collection, self._function):
            if (text := write(node)) is not None:
                return text
        raise ValueError(_refusal_of(node))

    def _operation(self, node: nodes.Node) -> str | None:
        match node:
            case nodes.And() | nodes.Or():
                word = "and" if isinstance(node, nodes.And) else "or"
                return f"({self.of(node.left)} {word} {self.of(node.right)})"
            case nodes.BinExpr(left=left, right=right):
                return f"({self.of(left)} {node.operator} {self.of(right)})"
            case nodes.Not(node=inner):
                return f"(not {self.of(inner)})"
            case nodes.Neg(node=inner):
                return f"(-{self.of(inner)})"
            case _:
                return None

    def _choice(self, node: nodes.Node) -> str | None:
        match node:
            case nodes.Compare(expr=first, ops=ops):
                rest = (f" {_OPERATORS[each.op]} {self.of(each.expr)}" for each in ops)
                return f"({self.of(first)}{''.join(rest)})"
            case nodes.CondExpr(test=test, expr1=one, expr2=nodes.Node() as other):
                return f"({self.of(one)} if {self.of(test)} else {self.of(other)})"
            case nodes.Concat(nodes=parts):
                return f"({' ~ '.join(map(self.of, parts))})"
            case _:
                return None

    def _collection(self, node: nodes.Node) -> str | None:
        match node:
            case nodes.Const(value=str() | int() | float() | bool() | None as value):
                return _literal(value)
            case nodes.List(items=items) | nodes.Tuple(items=items):
                return f"[{', '.join(map(self.of, items))}]"
            case nodes.Dict(items=pairs):
                entries = (f"{self.of(p.key)}: {self.of(p.value)}" for p in pairs)
                return f"{{{', '.join(entries)}}}"
            case _:
                return self._item(node)

    def _item(self, node: nodes.Node) -> str | None:
        match node:
            case nodes.Getitem(node=inner, arg=nodes.Slice(start=start, stop=stop, step=step)):
                ends = (self.of(end) if end is not None else "" for end in (start, stop))
                by = f":{self.of(step)}" if step is not None else ""
                return f"{self.of(inner)}[{':'.join(ends)}{by}]"
            case nodes.Getitem(node=inner, arg=key):
                return f"{self.of(inner)}[{self.of(key)}]"
            case nodes.Getattr(node=inner, attr=name):
                return f"{self.of(inner)}[{_literal(name)}]"
            case _:
                return None

    def _function(self, node: nodes.Node) -> str | None:
        if not isinstance(node, nodes.Filter | nodes.Test) or node.node is None:
            return None
        inner = self.of(node.node)
        if node.name == "is_defined":
            return inner
        arguments = [self.of(each) for each in node.args]
        arguments += [f"{each.key}={self.of(each.value)}" for each in node.kwargs]
        call = f"{node.name}({', '.join(arguments)})" if arguments else node.name
        return f"({inner} | {call})" if isinstance(node, nodes.Filter) else f"({inner} is {call})"


def _refusal_of(node: nodes.Node) -> Said:
    match node:
        case nodes.Call(node=nodes.Getattr(attr=name)):
            return said(t"the template calls {name}")
        case nodes.Call(node=nodes.Name(name=name)) | nodes.Name(name=name):
            return said(t"the template uses {name}, which is not in the answer")
        case _:
            kind = type(node).__name__.lower()
            return said(t"the template has {kind} in it")


def _literal(value: str | float | bool | None) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return repr(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
