"""Expressions of Jinja as text again, with `value` for the value that is read."""

import re

from jinja2 import nodes

from ....sentences import Said, said

type PathInTemplate = tuple[str | int, ...]
"""Names and indices."""
_ROOTS = {"value", "value_json"}
_NAME_IN_PATH = re.compile(r"[A-Za-z_][\w-]*")
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
        case _:
            return None


def paths_in(node: nodes.Node) -> list[PathInTemplate]:
    """Return the longest paths within a part of a template."""
    path = path_of(node)
    if path is not None:
        return [path]
    return [path for each in node.iter_child_nodes() for path in paths_in(each)]


def joined(path: PathInTemplate, before: str = "") -> str:
    """Return a path as it is written in a description."""
    text = before
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
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
            return "value" + "".join(f"[{_literal(step)}]" for step in path[self._below :])
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
            case nodes.Getitem(node=inner, arg=key) if not isinstance(key, nodes.Slice):
                return f"{self.of(inner)}[{self.of(key)}]"
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
