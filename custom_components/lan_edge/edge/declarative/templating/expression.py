"""Templates: Jinja expressions whose time and results are bounded, whoever wrote them.

Jinja reads them, but its sandbox does not bound what they take. So they are not run as its code:
each part is one of those below, and everything else is a fault.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
import inspect
from typing import Any

from jinja2 import Environment, TemplateError, nodes
from jinja2.parser import Parser

from ...capabilities.schema import short
from ...errors import ReplyError
from ...sentences import Said, Sayable, said, said_by
from ..faults import field_fault
from ..parser_words import jinja_said
from ..places import DescriptionError
from ..reading.received import Raw, as_text
from .functions import FILTERS, TESTS, Function, bounded_text
from .operators import BINARY, COMPARING, bounded_number

MAX_TEMPLATE = 512
"""The longest template, in characters."""
MAX_TEMPLATE_VALUES = 5000
"""The most values within a list or object that a template gets."""

type _Names = Mapping[str, Any]
type _Evaluate = Callable[[_Names], Any]
_WRONG = (
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
)


def template_of(text: str, parameters: Mapping[str, Any]) -> Callable[[Raw, str], Raw]:
    """Return what a template makes of a value, with a name for errors; raise DescriptionError.

    The function raises ReplyError.
    """
    evaluate = _compiled(text, frozenset(parameters))

    def convert(value: Raw, name: str) -> Raw:
        try:
            result = evaluate({**parameters, "value": _bounded(value)})
            return _bounded(result)
        except (ReplyError, *_WRONG) as err:
            why, shown = _why(err), f"{short(value):.60}"
            words = t"{name} is {shown}, and the template {text!r:.80} fails with it: {why}"
            raise ReplyError(said(words)) from None

    return convert


def _why(error: Exception) -> Said:
    """Return why a template fails; what only Python says stays as it is."""
    return said(t"it divides by 0") if isinstance(error, ZeroDivisionError) else said_by(error)


def _bounded(value: Any) -> Any:
    """Return a value; raise ReplyError if it is too large to be worked on."""
    if isinstance(value, str):
        bounded_text(len(value))
    waiting, count = [value], 0
    while waiting:
        each = waiting.pop()
        children = each.values() if isinstance(each, dict) else each
        if isinstance(children, str | int | float | None):
            continue
        count += len(children)
        if count > MAX_TEMPLATE_VALUES:
            raise ReplyError(said(t"there are more than {MAX_TEMPLATE_VALUES} values in it"))
        waiting.extend(children)
    return bounded_number(value)


@lru_cache(maxsize=256)
def _compiled(text: str, parameters: frozenset[str]) -> _Evaluate:
    if len(text) > MAX_TEMPLATE:
        raise field_fault("template", t"has more than {MAX_TEMPLATE} characters")
    try:
        return _Compiler(parameters).evaluator(_parsed(text))
    except TemplateError as err:
        reason = t"is {text!r}, not a Jinja expression: {jinja_said(str(err.message))}"
        raise field_fault("template", reason, t"write only the expression: value / 10") from None
    except RecursionError, ValueError, OverflowError:
        raise field_fault("template", t"is {text!r:.80}, which cannot be read") from None


def _parsed(text: str) -> nodes.Expr:
    text = text.strip()
    if text.startswith("{{") and text.endswith("}}"):
        text = text[2:-2]
    parser = Parser(Environment(autoescape=False), text, state="variable")  # noqa: S701  # no HTML
    expression: nodes.Expr = parser.parse_expression()
    if not parser.stream.eos:
        parser.fail(f"{parser.stream.current.value!r} is not expected")
    return expression


def _fault(what: Sayable, remedy: Sayable = "") -> DescriptionError:
    return field_fault("template", what, remedy)


class _Compiler:
    """Makes functions of the parts of an expression."""

    def __init__(self, parameters: frozenset[str]) -> None:
        self._names = ("value", *sorted(parameters))

    def evaluator(self, node: nodes.Node) -> _Evaluate:
        """Return a function for the value of a part; raise DescriptionError."""
        match node:
            case nodes.Const(value=value):
                return lambda _: value
            case nodes.Name(name=name):
                return self._name(name)
            case nodes.BinExpr():
                return self._binary(node)
            case nodes.UnaryExpr():
                return self._unary(node)
            case nodes.Compare():
                return self._comparison(node)
            case _:
                return self._larger(node)

    def _larger(self, node: nodes.Node) -> _Evaluate:
        match node:
            case nodes.Filter() | nodes.Test():
                return self._function(node)
            case nodes.CondExpr(test=test, expr1=one, expr2=other):
                return self._choice(test, one, other)
            case nodes.Concat(nodes=parts):
                return self._concatenation(parts)
            case nodes.Getitem(node=of, arg=key):
                return self._item(of, key)
            case _:
                return self._literal(node)

    def _literal(self, node: nodes.Node) -> _Evaluate:
        match node:
            case nodes.List(items=items) | nodes.Tuple(items=items):
                values = self._all(items)
                return lambda names: [value(names) for value in values]
            case nodes.Dict(items=pairs):
                entries = [(self.evaluator(p.key), self.evaluator(p.value)) for p in pairs]
                return lambda names: {key(names): value(names) for key, value in entries}
            case nodes.Getattr(attr=name):
                reason = t"has .{name}: attributes and methods are not possible"
                raise _fault(reason, f'["{name}"]')
            case nodes.Call():
                filters = ", ".join(FILTERS)
                raise _fault(t"calls a function", t"use the filters: {filters}")
            case _:
                kind = type(node).__name__.lower()
                raise _fault(t"contains {kind}, which is not possible")

    def _all(self, items: Sequence[nodes.Node]) -> list[_Evaluate]:
        return [self.evaluator(item) for item in items]

    def _name(self, name: str) -> _Evaluate:
        if name not in self._names:
            known = ", ".join(self._names)
            raise _fault(t"uses {name!r}", t"there is only {known}")
        return lambda names: names.get(name)

    def _binary(self, node: nodes.BinExpr) -> _Evaluate:
        left, right = self.evaluator(node.left), self.evaluator(node.right)
        if isinstance(node, nodes.And):
            return lambda names: left(names) and right(names)
        if isinstance(node, nodes.Or):
            return lambda names: left(names) or right(names)
        apply = BINARY[type(node)]
        return lambda names: apply(left(names), right(names))

    def _unary(self, node: nodes.UnaryExpr) -> _Evaluate:
        inner = self.evaluator(node.node)
        if isinstance(node, nodes.Not):
            return lambda names: not inner(names)
        if isinstance(node, nodes.Neg):
            return lambda names: -inner(names)
        return lambda names: +inner(names)

    def _comparison(self, node: nodes.Compare) -> _Evaluate:
        first = self.evaluator(node.expr)
        rest = [(COMPARING[each.op], self.evaluator(each.expr)) for each in node.ops]

        def compare(names: _Names) -> bool:
            left = first(names)
            for is_true, other in rest:
                right = other(names)
                if not is_true(left, right):
                    return False
                left = right
            return True

        return compare

    def _choice(self, test: nodes.Expr, one: nodes.Expr, other: nodes.Expr | None) -> _Evaluate:
        is_one, first = self.evaluator(test), self.evaluator(one)
        second = (lambda _: None) if other is None else self.evaluator(other)
        return lambda names: first(names) if is_one(names) else second(names)

    def _concatenation(self, parts: Sequence[nodes.Expr]) -> _Evaluate:
        values = self._all(parts)

        def concatenate(names: _Names) -> str:
            texts = [as_text(value(names)) for value in values]
            bounded_text(sum(map(len, texts)))
            return "".join(texts)

        return concatenate

    def _item(self, of: nodes.Expr, key: nodes.Expr) -> _Evaluate:
        value = self.evaluator(of)
        if isinstance(key, nodes.Slice):
            ends = [
                (lambda _: None) if end is None else self.evaluator(end)
                for end in (key.start, key.stop, key.step)
            ]
            return lambda names: value(names)[slice(*(end(names) for end in ends))]
        at = self.evaluator(key)

        def item(names: _Names) -> Any:
            try:
                return value(names)[at(names)]
            except LookupError:
                return None

        return item

    def _function(self, node: nodes.Filter | nodes.Test) -> _Evaluate:
        known, kind = (FILTERS, "filter") if isinstance(node, nodes.Filter) else (TESTS, "test")
        if node.name in COMPARING and isinstance(node, nodes.Test):
            known = COMPARING
        if node.node is None or (function := known.get(node.name)) is None:
            listed = ", ".join(known)
            raise _fault(t"uses the {kind} {node.name!r}", t"there are only {listed}")
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            raise _fault(t"passes arguments with *", t"write them one by one")
        inner, arguments = self.evaluator(node.node), self._all(node.args)
        named = {str(each.key): self.evaluator(each.value) for each in node.kwargs}
        _check_call(node.name, function, len(arguments), named)
        return lambda names: bounded_number(
            function(
                inner(names),
                *(argument(names) for argument in arguments),
                **{key: value(names) for key, value in named.items()},
            )
        )


def _check_call(name: str, function: Function, count: int, named: Mapping[str, Any]) -> None:
    try:
        inspect.signature(function).bind(None, *([None] * count), **named)
    except TypeError as err:
        raise _fault(t"passes to {name} what it does not take: {err}") from None
