"""Templates of Home Assistant as one expression, in the parts that descriptions have."""

from collections.abc import Sequence
import re

from jinja2 import Environment, nodes

from ....sentences import said

_MAX_EXPRESSION_PARTS = 1000
"""The most parts of an expression, once names stand for what was assigned to them."""
_ENVIRONMENT = Environment(autoescape=False)  # noqa: S701  # never rendered
_METHODS_OF_TEXTS = {
    **dict.fromkeys(("split", "lower", "upper", "replace", "title", "capitalize"), ""),
    "strip": "trim",
}
"""Methods of texts that are filters as well, by another name if they have one."""
_FUNCTIONS_AS_FILTERS = {"float", "int", "round", "abs", "bool"}
_TRUE_WORDS = ("true", "on", "yes", "enable", "1")
"""What Home Assistant's filter `bool` takes for true."""
_DIGITS_OF_FORMAT = re.compile(r"%\.(\d)f")


def expression_of(text: str) -> nodes.Expr:
    """Return the only expression of a template; one that is chosen by if is one as well.

    Raises ValueError with the reason if there is none, and TemplateError if it is no template.
    """
    rewriter = _Rewriter()
    body: list[nodes.Node] = []
    for each in _ENVIRONMENT.parse(text.strip()).body:
        match each:
            case nodes.Assign(target=nodes.Name(name=name), node=nodes.Expr() as value) if not body:
                rewriter.assign(name, value)
            case _ if not _is_blank(each):
                body.append(each)
    return rewriter.rewritten(_without_bool(_only_expression(body)))


def _without_bool(whole: nodes.Expr) -> nodes.Expr:
    """Return all of a template without its last filter `bool`: words that mean on are read so."""
    match whole:
        case nodes.Filter(node=nodes.Expr() as of, name="bool", args=[]):
            return of
        case nodes.Call(node=nodes.Name(name="bool"), args=[of], kwargs=[]):
            return of
        case _:
            return whole


def _only_expression(body: Sequence[nodes.Node]) -> nodes.Expr:
    match body:
        case [nodes.Output(nodes=[nodes.TemplateData(data=data)])]:
            raise ValueError(said(t"the template has no value in it, only {data!r:.40}"))
        case [nodes.Output() as output]:
            return _output(output)
        case [nodes.If() as choice]:
            return _choice(choice)
        case _:
            raise ValueError(said(t"the template has statements in it"))


def _is_blank(node: nodes.Node) -> bool:
    match node:
        case nodes.Output(nodes=parts):
            return all(isinstance(p, nodes.TemplateData) and not p.data.strip() for p in parts)
        case _:
            return False


def _output(output: nodes.Output) -> nodes.Expr:
    parts = [
        p for p in output.nodes if not (isinstance(p, nodes.TemplateData) and not p.data.strip())
    ]
    if len(parts) == 1 and not isinstance(parts[0], nodes.TemplateData):
        return parts[0]
    texts = [nodes.Const(p.data) if isinstance(p, nodes.TemplateData) else p for p in parts]
    return nodes.Concat(texts)


def _choice(choice: nodes.If) -> nodes.Expr:
    other = _branch(choice.else_) if choice.else_ else nodes.Const(None)
    for each in reversed(choice.elif_):
        other = nodes.CondExpr(each.test, _branch(each.body), other)
    return nodes.CondExpr(choice.test, _branch(choice.body), other)


def _branch(body: list[nodes.Node]) -> nodes.Expr:
    shown = [each for each in body if not _is_blank(each)]
    match shown:
        case [nodes.Output(nodes=[nodes.TemplateData(data=data)])]:
            return nodes.Const(data.strip())
        case [nodes.Output() as output]:
            return _output(output)
        case [nodes.If() as choice]:
            return _choice(choice)
        case _:
            raise ValueError(said(t"the template has several branches"))


class _Rewriter:
    """Puts in what was assigned to names, and writes functions and methods as filters."""

    def __init__(self) -> None:
        self._assigned: dict[str, tuple[nodes.Expr, int]] = {}
        """The expressions, each with how many parts it has."""
        self._count = 0

    def assign(self, name: str, value: nodes.Expr) -> None:
        """Take what a name stands for from here on."""
        before = self._count
        self._assigned[name] = self.rewritten(value), self._count - before

    def rewritten[T: nodes.Node](self, node: T) -> T:
        """Return a part of a template that does the same; raise ValueError if it is too large."""
        self._add(1)
        for name, value in node.iter_fields():
            if isinstance(value, nodes.Node):
                setattr(node, name, self.rewritten(value))
            elif isinstance(value, list):
                made = [self.rewritten(e) if isinstance(e, nodes.Node) else e for e in value]
                setattr(node, name, made)
        return self._replaced(node)  # type: ignore[return-value]  # an expression for an expression

    def _add(self, count: int) -> None:
        self._count += count
        if self._count > _MAX_EXPRESSION_PARTS:
            raise ValueError(said(t"the template is too long"))

    def _replaced(self, node: nodes.Node) -> nodes.Node:
        match node:
            case nodes.Name(name=name) if name in self._assigned:
                value, count = self._assigned[name]
                self._add(count)
                return value
            case nodes.Call(node=nodes.Getattr(node=of, attr=name), args=args, kwargs=[]):
                return _method(of, name, args) or node
            case nodes.Call(node=nodes.Name(name=name), args=[_, *_] as args, kwargs=[]):
                return _function(name, args) or node
            case nodes.Filter(node=nodes.Expr() as of, name=name, args=args, kwargs=[]):
                return _filter(of, name, args) or node
            case nodes.Mod(left=nodes.Const(value=str(form)), right=value):
                return _formatted(form, value) or node
            case _:
                return node


def _method(of: nodes.Expr, name: str, args: list[nodes.Expr]) -> nodes.Expr | None:
    """Return a call of a method in another way; None if there is none."""
    match name, args:
        case "get", [key]:
            return nodes.Getitem(of, key, "load")
        case "get", [key, default]:
            return _filtered(nodes.Getitem(of, key, "load"), "default", default)
        case _ if name in _METHODS_OF_TEXTS:
            return _filtered(of, _METHODS_OF_TEXTS[name] or name, *args)
        case _:
            return None


def _function(name: str, args: list[nodes.Expr]) -> nodes.Expr | None:
    first, *others = args
    if name in {"min", "max"} and others:
        return _filtered(nodes.List(args), name)
    if name == "iif":
        return _filter(first, name, others)
    if name in _FUNCTIONS_AS_FILTERS:
        return _filter(first, name, others) or _filtered(first, name, *others)
    return None


def _filter(of: nodes.Expr, name: str, args: list[nodes.Expr]) -> nodes.Expr | None:
    """Return what a filter of Home Assistant does, in another way; None if there is none."""
    match name, args:
        case "iif", _ if len(args) <= 2:  # a third one is for what is null  # noqa: PLR2004
            one = args[0] if args else nodes.Const(True)
            other = args[1] if len(args) > 1 else nodes.Const(False)
            return nodes.CondExpr(of, one, other)
        case "multiply" | "add", [number]:
            return nodes.Mul(of, number) if name == "multiply" else nodes.Add(of, number)
        case "bool", []:
            text = _filtered(_filtered(of, "string"), "lower")
            words = nodes.List([nodes.Const(word) for word in _TRUE_WORDS])
            return nodes.Compare(text, [nodes.Operand("in", words)])
        case "from_json", [] if isinstance(of, nodes.Name) and of.name == "value":
            return nodes.Name("value_json", "load")
        case "format", [value] if isinstance(of, nodes.Const) and isinstance(of.value, str):
            return _formatted(of.value, value)
        case _:
            return None


def _formatted(form: str, value: nodes.Expr) -> nodes.Expr | None:
    """Return a number with so many digits after the point as a format says."""
    found = _DIGITS_OF_FORMAT.fullmatch(form)
    return _filtered(value, "round", nodes.Const(int(found[1]))) if found else None


def _filtered(of: nodes.Expr, name: str, *args: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(of, name, [*args], [], None, None)
