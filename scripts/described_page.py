"""The JSON Schema of described devices, by which editors complete and check a text."""

import json

from lan_edge.declarative.schema.published import json_schema


def described_schema() -> str:
    """Return it as a file."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"
