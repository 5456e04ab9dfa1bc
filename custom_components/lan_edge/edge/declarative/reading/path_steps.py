"""The steps of a path: names, indices and conditions, as paths in JSON and XML are written."""

from dataclasses import dataclass
import re

from ..faults import field_fault

MAX_PATH = 256
"""The longest path, in characters."""
_QUOTED_TEXT = r'"((?:[^"\\]|\\.)*)"'
_PLAIN_STEP = re.compile(r'(?:^|\.)([^.\[\]"=]+)')
_QUOTED_STEP = re.compile(rf"\[{_QUOTED_TEXT}\]")
_INDEX_STEP = re.compile(r"\[(-?\d{1,6})\]")
_CONDITION_STEP = re.compile(rf'\[(?:([^\[\]"=]+)|{_QUOTED_TEXT})=(?:{_QUOTED_TEXT}|([^\[\]"]*))\]')
_ESCAPED_QUOTE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Name:
    """What has a name."""

    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """The one at a position of a list, from 0; negative: from the end."""

    at: int


@dataclass(frozen=True, slots=True)
class Condition:
    """The one in a list in which `field` is `value`, as text."""

    field: str
    value: str


type Step = Name | Index | Condition


def json_steps(text: str) -> list[tuple[Step, str]]:
    """Return the steps of a path in JSON, each with the path up to it; raise DescriptionError."""
    if len(text) > MAX_PATH:
        raise field_fault("path", t"has more than {MAX_PATH} characters")
    if text.startswith("$"):
        raise field_fault("path", t"is {text!r}", t"begin with the first name, without $")
    steps: list[tuple[Step, str]] = []
    at = 0
    while at < len(text):
        step, at = _step(text, at)
        steps.append((step, text[:at].lstrip(".")))
    return steps


def _step(text: str, at: int) -> tuple[Step, int]:
    if step := _PLAIN_STEP.match(text, at):
        return Name(step[1].strip()), step.end()
    if step := _QUOTED_STEP.match(text, at):
        return Name(_unquoted(step[1])), step.end()
    if (bracket := bracket_step(text, at)) is not None:
        return bracket
    rest = text[at:]
    raise field_fault(
        "path",
        t"is {text!r}, which makes no sense from {rest!r} on",
        t'write names with dots, [0], [id=3] or ["odd key"]',
    )


def bracket_step(text: str, at: int) -> tuple[Step, int] | None:
    """Return the index or condition that begins at a place, and where it ends; None: nothing."""
    if step := _INDEX_STEP.match(text, at):
        return Index(int(step[1])), step.end()
    if step := _CONDITION_STEP.match(text, at):
        name, quoted_name, quoted_value, value = step.groups()
        field = name.strip() if name is not None else _unquoted(quoted_name)
        wanted = value.strip() if value is not None else _unquoted(quoted_value)
        return Condition(field, wanted), step.end()
    return None


def _unquoted(text: str) -> str:
    return _ESCAPED_QUOTE.sub(r"\1", text)
