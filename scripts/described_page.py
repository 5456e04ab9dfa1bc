"""What docs have of described devices: the JSON Schema for editors, and tables of all fields."""

from collections.abc import Iterator, Mapping
import json
from typing import Any

from lan_edge.declarative.schema.published import json_schema

BEGIN, END = "<!-- fields: generated -->", "<!-- /fields -->"
SECTIONS = {
    "": "A description",
    "request": "A request, or anything else that is sent",
    "message": "A message",
    "refusal": "A refusal",
    "reading": "Where a value is",
    "parameter": "A parameter or setting",
    "component": "A component",
    "own": "A value of the device's own",
}
"""The tables, by the names of what they show in the JSON Schema."""
SHOWN_TYPES = {
    "boolean": "true or false",
    "integer": "whole number",
    "object": "fields",
    "array": "list",
    "string": "text",
}
MANY = 12
"""A field with more words is shown by their number."""


def described_schema() -> str:
    """Return the JSON Schema as a file."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def tables() -> str:
    """Return the tables of all fields, with their markers."""
    schema = json_schema()
    parts = [BEGIN]
    for name, title in SECTIONS.items():
        parts += [f"### {title}", "\n".join(_table(schema["$defs"][name] if name else schema))]
    return "\n\n".join([*parts, END])


def _table(schema: Mapping[str, Any]) -> Iterator[str]:
    yield "| Field | Takes | Meaning |"
    yield "| --- | --- | --- |"
    for name, field in schema["properties"].items():
        if text := field.get("description", ""):
            needed = ", needed" if name in schema.get("required", ()) else ""
            words = text.replace("|", "\\|")
            yield f"| `{name}` | {_takes(field)}{needed} | {words} |"


def _takes(field: Mapping[str, Any]) -> str:
    """Return in words what a field takes."""
    if "anyOf" in field and "type" not in field:
        return " or ".join(dict.fromkeys(map(_takes, field["anyOf"])))
    if "const" in field:
        return f"`{json.dumps(field['const'])}`".replace('"', "")
    if "enum" in field:
        words = [f"`{word}`" for word in field["enum"]]
        return ", ".join(words) if len(words) <= MANY else f"one of {len(words)} words"
    if "$ref" in field:
        name: str = field["$ref"].rpartition("/")[2]
        return name.replace("_", " ")
    kind: Any = field.get("type", "anything")
    return "text" if isinstance(kind, list) else SHOWN_TYPES.get(kind, str(kind))
