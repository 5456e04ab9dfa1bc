"""A template of Home Assistant as a reading: its path, scale and rounding, or a template again."""

from dataclasses import dataclass, replace
from decimal import Decimal, DecimalException
import re
from typing import Any

from jinja2 import Environment, TemplateError, nodes

from ....sentences import said
from ...places import DescriptionError
from ...templating.expression import template_of
from ..naming import plain_number
from .jinja_source import PathInTemplate, joined, path_of, paths_in, source_of

_MAX_TEMPLATE = 2000
_PASSED = {"is_defined", "default", "d", "string", "trim"}
"""Filters that make nothing else of a value that is there."""
_ENVIRONMENT = Environment(autoescape=False)  # noqa: S701  # never rendered


@dataclass(frozen=True, slots=True)
class TemplateReading:
    """What a simple template does to a value."""

    path: PathInTemplate = ()
    scale: Decimal = Decimal(1)
    offset: Decimal = Decimal(0)
    digits: int | None = None
    is_number: bool = False
    template: str = ""

    def fields(self, before: str = "") -> dict[str, Any]:
        """Return it as fields of a reading; `before` is the path to what it gets."""
        path = joined(self.path, before)
        made: dict[str, Any] = {"path": path} if path else {}
        if self.scale != 1:
            made["scale"] = plain_number(float(self.scale))
        if self.offset:
            made["offset"] = plain_number(float(self.offset))
        if self.digits is not None:
            made["round"] = self.digits
        return {**made, "template": self.template} if self.template else made


def template_reading(text: str) -> TemplateReading:
    """Return the reading that a template is; raise ValueError with the reason if it is none."""
    if len(text) > _MAX_TEMPLATE:
        raise ValueError(said(t"the template is too long"))
    try:
        expression = _expression_of(text)
        return _simple(expression) or _other(expression)
    except (TemplateError, RecursionError, DecimalException) as err:
        raise ValueError(said(t"the template cannot be read: {err}")) from None


def _expression_of(text: str) -> nodes.Expr:
    """Return the only expression of a template; an if with texts is one as well."""
    body = [each for each in _ENVIRONMENT.parse(text.strip()).body if not _is_blank(each)]
    match body:
        case [nodes.Output(nodes=[nodes.TemplateData(data=data)])]:
            raise ValueError(said(t"the template has no value in it, only {data!r:.40}"))
        case [nodes.Output() as output]:
            return _output(output)
        case [nodes.If(elif_=[]) as choice]:
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
    one, other = (_branch(each) for each in (choice.body, choice.else_))
    return nodes.CondExpr(choice.test, one, other)


def _branch(body: list[nodes.Node]) -> nodes.Expr:
    shown = [each for each in body if not _is_blank(each)]
    match shown:
        case [nodes.Output(nodes=[nodes.TemplateData(data=data)])]:
            return nodes.Const(data.strip())
        case [nodes.Output() as output]:
            return _output(output)
        case _:
            raise ValueError(said(t"the template has several branches"))


def _simple(node: nodes.Node) -> TemplateReading | None:
    """Return what a template does if a path, a calculation and rounding are all of it."""
    if (path := path_of(node)) is not None:
        return TemplateReading(path)
    match node:
        case nodes.Filter(node=nodes.Node() as inner):
            return _filtered(node, inner)
        case nodes.Compare(expr=inner, ops=[nodes.Operand(op="eq", expr=nodes.Const(value=True))]):
            return _simple(inner)
        case nodes.BinExpr():
            return _calculated(node)
        case _:
            return None


def _filtered(node: nodes.Filter, inner: nodes.Node) -> TemplateReading | None:
    if node.name in _PASSED:
        return _simple(inner)
    if node.name == "float":
        reading = _simple(inner)
        return reading and replace(reading, is_number=True)
    return _rounded(node, _simple(inner)) if node.name in {"int", "round"} else None


def _rounded(node: nodes.Filter, reading: TemplateReading | None) -> TemplateReading | None:
    if reading is None or reading.digits is not None:
        return reading if reading and node.name == "int" and reading.digits == 0 else None
    if node.name == "int":
        # it cuts off: of what was calculated, something else than rounding
        is_plain = reading.scale == 1 and not reading.offset
        return replace(reading, digits=0, is_number=True) if is_plain else None
    match node.args, node.kwargs:
        case [], []:
            digits = 0
        case [nodes.Const(value=int(digits))], []:
            pass
        case _:
            return None
    return replace(reading, digits=digits, is_number=True) if 0 <= digits <= 6 else None  # noqa: PLR2004


def _calculated(node: nodes.BinExpr) -> TemplateReading | None:
    left, right = _number(node.left), _number(node.right)
    if (left is None) is (right is None):
        return None
    reading = _simple(node.left if left is None else node.right)
    if reading is None or reading.digits is not None:
        return None
    number = left if left is not None else right
    assert number is not None  # noqa: S101  # one of them is
    reading = replace(reading, is_number=True)
    return _with_operation(node, reading, number, is_first=right is None)


def _with_operation(
    node: nodes.BinExpr, reading: TemplateReading, number: Decimal, *, is_first: bool
) -> TemplateReading | None:
    """Return a reading followed by an operation, whose number may be its first operand."""
    match node:
        case nodes.Mul() if number:
            return _scaled(reading, number)
        case nodes.Div() if number and not is_first:
            return _scaled(reading, 1 / number)
        case nodes.Add():
            return replace(reading, offset=reading.offset + number)
        case nodes.Sub() if is_first:
            return replace(_scaled(reading, Decimal(-1)), offset=number - reading.offset)
        case nodes.Sub():
            return replace(reading, offset=reading.offset - number)
        case _:
            return None


def _scaled(reading: TemplateReading, number: Decimal) -> TemplateReading:
    return replace(reading, scale=reading.scale * number, offset=reading.offset * number)


def _number(node: nodes.Node) -> Decimal | None:
    match node:
        case nodes.Neg(node=inner):
            number = _number(inner)
            return None if number is None else -number
        case nodes.Filter(
            name="round", node=nodes.Const() as inner, args=[nodes.Const(value=int(to))]
        ):
            # of the number alone, as in `x * 0.1 | round(1)`
            number = _number(inner)
            return None if number is None else round(number, min(max(to, 0), 15))
        case nodes.Const(value=int() | float() as value) if not isinstance(value, bool):
            return Decimal(repr(value))
        case _:
            return None


def _other(node: nodes.Node) -> TemplateReading:
    """Return a reading whose template does what another one does; raise ValueError."""
    paths = paths_in(node)
    if not paths:
        raise ValueError(said(t"the template uses no value of the answer"))
    shared = _shared(paths)
    if not shared and any(paths):
        raise ValueError(said(t"the template uses several values of the answer"))
    source = source_of(node, shared)
    try:
        template_of(source, {})
    except DescriptionError as err:
        why = said(err.faults[0].reason)
        raise ValueError(said(t"the template {why}")) from None
    return TemplateReading(shared, template=source)


def _shared(paths: list[PathInTemplate]) -> PathInTemplate:
    first, *others = paths
    for end in range(len(first), 0, -1):
        if all(each[:end] == first[:end] for each in others):
            return first[:end]
    return ()


_PLACE = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
_VARIABLE_NAME = re.compile(r"[A-Za-z_]\w{0,60}")


def variables_of(text: str) -> list[tuple[str, str]]:
    """Return the places of a text with templates, each with its variable; raise ValueError."""
    if "{%" in text or "{#" in text:
        raise ValueError(said(t"the template has statements in it"))
    found = [(each[0], each[1]) for each in _PLACE.finditer(text)]
    for _, inner in found:
        name = inner.split("|")[0].strip()
        if not _VARIABLE_NAME.fullmatch(name):
            raise ValueError(said(t"the template {inner!r:.60} is not a variable"))
    return [(place, inner.split("|")[0].strip()) for place, inner in found]
