"""The table of docs/capabilities.md: what each capability has, and which entity shows it."""

from collections.abc import Iterable
from enum import Enum
from types import SimpleNamespace
from typing import Any, cast

from custom_components.lan_edge.entities.mapping import EntitySpec, entity_specs
from custom_components.lan_edge.entities.rules import RULES, Rule
from lan_edge import (
    STANDARD,
    Attribute,
    Capability,
    Command,
    Device,
    Kind,
    Profile,
    Schema,
)

BEGIN, END = "<!-- capabilities: generated -->", "<!-- /capabilities -->"
FOLDED_BEGIN, FOLDED_END = "<!-- entities: generated -->", "<!-- /entities -->"
FOLDED_HEAD = (
    "| Entity | One of these makes it | if these are there | It takes these in, too |",
    "| --- | --- | --- | --- |",
)
HEAD = (
    "| Capability | Attributes | Commands | Alone | Folds into |",
    "| --- | --- | --- | --- | --- |",
)
MANY = 12
"""An enum with more values is shown by their number."""


def table() -> str:
    """Return the table of all standard capabilities, with its markers."""
    return "\n".join([BEGIN, *HEAD, *map(_row, STANDARD), END])


def folded_table() -> str:
    """Return the table of the entities that are made of several capabilities, with its markers."""
    return "\n".join([FOLDED_BEGIN, *FOLDED_HEAD, *map(_folded_row, RULES), FOLDED_END])


def _folded_row(rule: Rule) -> str:
    any_of, takes = _ids(rule.any_of), _ids(rule.takes)
    if rule.category:
        any_of.append(f"the category `{rule.category}`")
    if rule.takes_presets:
        takes.append("each capability with a preset that can be set")
    cells = (rule.platform.value, *map(", ".join, (any_of, _ids(rule.needs), takes)))
    return f"| {' | '.join(cells)} |"


def _ids(capabilities: Iterable[type[Capability]]) -> list[str]:
    return [f"`{capability.id}`" for capability in capabilities]


def _row(capability: type[Capability]) -> str:
    cells = (
        f"`{capability.id}`",
        "<br>".join(map(_attribute, capability.attributes)),
        "<br>".join(map(_command, capability.commands)),
        _alone(capability),
        ", ".join(_folds_into(capability)),
    )
    return f"| {' | '.join(cells)} |"


def _attribute(attribute: Attribute[Any]) -> str:
    unit = f" {attribute.unit}" if attribute.unit else ""
    words = f": {', '.join(attribute.words)}" if attribute.words else ""
    hidden = ", inner" if attribute.kind is Kind.HIDDEN else ""
    return f"`{attribute.name}` {_values(attribute.schema)}{unit}{words}{hidden}"


def _command(command: Command[...]) -> str:
    arguments = ", ".join(
        f"{a.name} {_values(a.schema)}{'' if a.required else ', if wanted'}"
        for a in command.arguments
    )
    return f"`{command.name}`({arguments}){' ?' if command.optional else ''}"


def _values(schema: Schema[Any]) -> str:
    if schema.item is not None:
        return f"list of {_values(schema.item)}"
    if issubclass(schema.type, Enum):
        values = [str(member.value) for member in schema.type]
        return ", ".join(values) if len(values) <= MANY else f"one of {len(values)} words"
    low, high = schema.limits.minimum, schema.limits.maximum
    if issubclass(schema.type, int | float) and schema.type is not bool and low is not None:
        return f"{low:g} to {high:g}" if high is not None else f"{low:g} or more"
    return {str: "text", bytes: "bytes", bool: "yes or no", int: "number", float: "number"}.get(
        schema.type, ", ".join(schema.fields)
    )


def _alone(capability: type[Capability]) -> str:
    platforms = {spec.platform.value: None for spec in _specs(capability)}
    return ", ".join(platforms) or "action only"


def _folds_into(capability: type[Capability]) -> Iterable[str]:
    for rule in RULES:
        own = {spec.platform for spec in _specs(capability)}
        if rule.platform not in own and capability in rule.any_of + rule.takes + rule.needs:
            yield rule.platform.value


def _specs(capability: type[Capability]) -> Iterable[EntitySpec]:
    """Yield the entities of a device that has only this capability, and handles all of it."""
    device = SimpleNamespace(profile=Profile(capability), handles=lambda _: True)
    return entity_specs(cast("Device", device))
