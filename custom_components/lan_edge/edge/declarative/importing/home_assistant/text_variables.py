"""The variables in texts with templates, such as `{{ level | int }}`."""

from dataclasses import dataclass
import re

from jinja2 import Environment, TemplateError, nodes

from ....sentences import said
from ..variables import marked

_ENVIRONMENT = Environment(autoescape=False)  # noqa: S701  # never rendered
_PLACE_IN_TEXT = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
_MAX_VARIABLE = 300
_NUMBER_FILTERS = {"int", "float", "round"}
_JSON_FILTERS = {"tojson", "to_json"}
_PASSED_IN_TEXT = {*_NUMBER_FILTERS, *_JSON_FILTERS, "string", "trim", "urlencode", "default", "d"}
"""Filters that make the same of a value, as far as a device sees it."""
_ENTITY = re.compile(r"(input_\w{1,20}|text|number|select|var)\.(\w{1,60})")
"""Entities whose state their owner enters."""


@dataclass(frozen=True, slots=True)
class TextVariable:
    """One place in a text that is filled."""

    place: str
    """The place as it is written, with its braces."""
    name: str
    is_number: bool
    is_json: bool
    """Whether it is put in as JSON, with quotes if it is a text."""
    is_entity: bool
    """Whether it is the state of an entity, not a variable of the one who calls."""


def variables_of(text: str) -> list[TextVariable]:
    """Return the variables in a text with templates; raise ValueError for other templates."""
    if "{%" in text or "{#" in text:
        raise ValueError(said(t"the template has statements in it"))
    return [_variable(found[0], found[1]) for found in _PLACE_IN_TEXT.finditer(text)]


def filled(text: str, names: dict[TextVariable, str]) -> str:
    """Return a text with marked variables in the places that have a name."""
    for variable, name in names.items():
        mark = marked(name)
        text = text.replace(variable.place, f'"{mark}"' if variable.is_json else mark)
    return text


def stands_for_number(variable: TextVariable, text: str) -> bool:
    """Return whether a variable is put into JSON without quotes, or is made a number."""
    before = text.partition(variable.place)[0].rstrip()[-1:]
    is_bare = text.lstrip().startswith("{") and before in {":", ",", "["} and not variable.is_json
    return variable.is_number or is_bare


def _variable(place: str, inner: str) -> TextVariable:
    none = ValueError(said(t"the template {inner!r:.60} is not a variable"))
    if len(inner) > _MAX_VARIABLE:
        raise none
    try:
        [output] = _ENVIRONMENT.parse(f"{{{{ {inner} }}}}").body
    except TemplateError, RecursionError, ValueError:
        raise none from None
    node = output.nodes[0] if isinstance(output, nodes.Output) else output
    filters: set[str] = set()
    while isinstance(node, nodes.Filter) and node.name in _PASSED_IN_TEXT and node.node is not None:
        filters.add(node.name)
        node = node.node
    match node:
        case nodes.Name(name=name):
            is_entity = False
        case nodes.Call(node=nodes.Name(name="states"), args=[nodes.Const(value=str(entity))]) if (
            found := _ENTITY.fullmatch(entity)
        ):
            name, is_entity = found[2], True
        case _:
            raise none
    return TextVariable(
        place, name, bool(filters & _NUMBER_FILTERS), bool(filters & _JSON_FILTERS), is_entity
    )
