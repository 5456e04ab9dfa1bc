"""The operators of templates, on numbers and texts only, with bounded results."""

from collections.abc import Callable, Mapping
import math
import operator
from typing import Any

from jinja2 import nodes

from ...capabilities.schema import short
from ...errors import ReplyError
from ...sentences import said
from .functions import bounded_text

MAX_EXPONENT = 64
MAX_BITS = 1000
"""The largest number, in bits; it also fits into a float."""

type Operator = Callable[[Any, Any], Any]


def bounded_number(value: Any) -> Any:
    """Return a value; raise ReplyError for a number that is too large, or none."""
    if isinstance(value, complex) or (isinstance(value, float) and not math.isfinite(value)):
        raise ReplyError(said(t"the result is not a number"))
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise ReplyError(said(t"the result is too large a number"))
    return value


def _of_numbers(name: str, calculate: Operator) -> Operator:
    def apply(left: Any, right: Any) -> Any:
        for value in (left, right):
            if not isinstance(value, int | float):
                raise ReplyError(said(t"{short(value)} is not a number, as {name} needs"))
        return bounded_number(calculate(left, right))

    return apply


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        bounded_text(len(left) + len(right))
        return left + right
    return _PLUS(left, right)


def _power(left: Any, right: Any) -> Any:
    if abs(right) > MAX_EXPONENT:
        words = t"the exponent {short(right)} is larger than {MAX_EXPONENT}"
        raise ReplyError(said(words))
    return left**right


def _is_in(left: Any, right: Any) -> bool:
    return left in right


_PLUS = _of_numbers("+", operator.add)

BINARY: Mapping[type[nodes.Node], Operator] = {
    nodes.Add: _add,
    nodes.Sub: _of_numbers("-", operator.sub),
    nodes.Mul: _of_numbers("*", operator.mul),
    nodes.Div: _of_numbers("/", operator.truediv),
    nodes.FloorDiv: _of_numbers("//", operator.floordiv),
    nodes.Mod: _of_numbers("%", operator.mod),
    nodes.Pow: _of_numbers("**", _power),
}
COMPARING: Mapping[str, Operator] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "gteq": operator.ge,
    "lt": operator.lt,
    "lteq": operator.le,
    "in": _is_in,
    "notin": lambda left, right: not _is_in(left, right),
}
