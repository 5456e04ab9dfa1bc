"""A template of Home Assistant as a reading: its path, scale and rounding, or a template again."""

from dataclasses import dataclass, replace
from decimal import Decimal, DecimalException
from typing import Any

from jinja2 import TemplateError, nodes

from ....sentences import said
from ...places import DescriptionError
from ...templating.expression import template_of
from ..naming import plain_number
from ..openapi.units import unit_named
from .jinja_source import PathInTemplate, joined, path_of, paths_in, source_of
from .plain_template import expression_of

_MAX_TEMPLATE = 2000
_PASSED = {"is_defined", "default", "d", "string", "trim"}
"""Filters that make nothing else of a value that is there."""


@dataclass(frozen=True, slots=True)
class TemplateReading:
    """What a simple template does to a value."""

    path: PathInTemplate = ()
    scale: Decimal = Decimal(1)
    offset: Decimal = Decimal(0)
    digits: int | None = None
    is_number: bool = False
    pattern: str = ""
    """What is searched for in the text of the value."""
    unit: str = ""
    """The unit that is shown behind it; empty: none."""
    template: str = ""

    def fields(self, before: str = "") -> dict[str, Any]:
        """Return it as fields of a reading; `before` is the path to what it gets."""
        path = joined(self.path, before)
        made: dict[str, Any] = {"path": path} if path else {}
        made |= {"pattern": self.pattern} if self.pattern else {}
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
        return _reading(expression_of(text))
    except (TemplateError, RecursionError, DecimalException) as err:
        raise ValueError(said(t"the template cannot be read: {err}")) from None


def _reading(expression: nodes.Expr) -> TemplateReading:
    """Return the reading of an expression; what is shown with its unit is a number."""
    match expression:
        case nodes.Concat(nodes=[nodes.Expr() as number, nodes.Const(value=str(unit))]):
            if name := unit_named(unit.strip()):
                return replace(_reading(number), unit=name, is_number=True)
        case _:
            pass
    return _simple(expression) or _other(expression)


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
    if node.name == "regex_findall_index":
        return _searched(node, _simple(inner))
    if node.name == "float":
        reading = _simple(inner)
        return reading and replace(reading, is_number=True)
    return _rounded(node, _simple(inner)) if node.name in {"int", "round"} else None


def _searched(node: nodes.Filter, reading: TemplateReading | None) -> TemplateReading | None:
    """Return a reading of the first text that a pattern finds in what another one reads."""
    match node.args, node.kwargs:
        case [nodes.Const(value=str(pattern))] | [
            nodes.Const(value=str(pattern)),
            nodes.Const(value=0),
        ], [] if reading == TemplateReading(reading.path if reading else ()):
            return replace(reading, pattern=pattern)
        case _:
            return None


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
