"""The text of an OpenAPI document as its values, within limits."""

import json
import re
from string.templatelib import Template
from typing import Any, cast

from ....network.text import encodable
from ....sentences import said
from ...places import DescriptionError, Fault
from ...text import YamlRules, parsed
from ..notes import Notes
from ..variables import without_marks

MAX_DOCUMENT = 1024 * 1024
"""The longest document, in bytes."""
_DOCUMENT_RULES = YamlRules(most_bytes=MAX_DOCUMENT, most_nodes=100_000, most_depth=64)
_ODD_ESCAPE = re.compile(r"\\(?:u|U0000)(?:[dD][89a-fA-F]|[eE]00)")
"""Escapes that may stand for half of a character, or for what marks variables here."""
_API_VERSIONS = ("2.", "3.0", "3.1")


def document_of(text: str, notes: Notes) -> dict[str, Any]:
    """Return the values of a document that is JSON or YAML; raise DescriptionError."""
    text = without_marks(text).rstrip()  # its first line may be as far in as all others
    if len(text.encode(errors="replace")) > MAX_DOCUMENT:
        most = MAX_DOCUMENT // 1024
        remedy = said(t"at most {most} KiB are possible: remove paths that you do not need")
        raise DescriptionError(Fault((), said(t"it is too long"), remedy, 1))
    values = _json_values(text) if text.lstrip().startswith("{") else None
    if values is None:
        values = _yaml_values(text, notes)
    if _ODD_ESCAPE.search(text):
        values = _without_odd(values)
    if not isinstance(values, dict):
        raise _no_document(t"its text is not an object")
    values = cast("dict[str, Any]", values)
    version = str(values.get("openapi") or values.get("swagger") or "")
    if not version:
        raise _no_document(t"it has neither `openapi` nor `swagger`")
    if not version.startswith(_API_VERSIONS):
        notes.not_understood("openapi", t"{version:.20} is not a version that is known here")
    return values


def _no_document(because: Template) -> DescriptionError:
    why = said(because)
    reason = said(t"it is not an OpenAPI document: {why}")
    remedy = said(t"paste a document that begins with its version, as in `openapi: 3.0.0`")
    return DescriptionError(Fault((), reason, remedy, 1))


def _json_values(text: str) -> Any:
    """Return the values of JSON; None if it is none."""
    try:
        return json.loads(encodable(text))
    except ValueError, RecursionError:
        return None


def _without_odd(values: Any) -> Any:
    """Return values without characters that were written as escapes, and are no text."""
    return json.loads(without_marks(encodable(json.dumps(values, ensure_ascii=False))))


def _yaml_values(text: str, notes: Notes) -> Any:
    values, _, faults = parsed(text, _DOCUMENT_RULES)
    if values is None and faults:
        raise DescriptionError(*faults)
    for fault in faults:
        notes.not_understood(f"line {fault.line}: {fault.place}", fault.reason)
    return values
