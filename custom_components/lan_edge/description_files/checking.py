"""A text that was typed: what is wrong in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from homeassistant.core import HomeAssistant

from lan_edge import (
    Description,
    DescriptionError,
    EdgeError,
    Fault,
    compile_description,
    read_description,
    said_in,
)

from ..reporting.language import Patterns
from ..reporting.markdown import as_code

MAX_FAULTS_LISTED = 20
"""Faults of a text that are displayed."""
MAX_LINE_QUOTED = 100
"""Characters of a line that are displayed with its fault."""


@dataclass(frozen=True, slots=True)
class CheckedText:
    """A text, with the description that it is or what is wrong in it."""

    text: str
    description: Description | None = None
    faults: tuple[Fault, ...] = ()


async def async_check_text(hass: HomeAssistant, text: str) -> CheckedText:
    """Return what is wrong in a text, or the description that it is."""
    return await hass.async_add_executor_job(_check, text)


def _check(text: str) -> CheckedText:
    try:
        description = read_description(text)
        compile_description(description)
    except DescriptionError as err:
        return CheckedText(text, faults=err.faults)
    except EdgeError as err:
        return CheckedText(text, faults=(Fault((), str(err), "", 1),))
    return CheckedText(text, description)


def faults_list(faults: Iterable[Fault], patterns: Patterns, text: str) -> str:
    """Return what is wrong in a text as a list in Markdown, each with its line, as it is."""
    lines = text.splitlines()
    return "\n".join(
        f"- {as_code(fault_text(each, patterns))}{_quoted(lines, each.line)}"
        for each in islice(faults, MAX_FAULTS_LISTED)
    )


def _quoted(lines: Sequence[str], number: int) -> str:
    """Return a line of a text with its number; nothing if it is empty, or there is none."""
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    cut = f"{line[:MAX_LINE_QUOTED]}…" if len(line) > MAX_LINE_QUOTED else line
    return f"\n  {as_code(f'{number} | {cut}')}" if line else ""


def fault_text(fault: Fault, patterns: Patterns) -> str:
    """Return what is wrong: `Line 9: requests.state.gett is an unknown field. Did ...?`."""
    reason, remedy = said_in(fault.reason, patterns), said_in(fault.remedy, patterns)
    text = " ".join(filter(None, (fault.place, f"{reason}.", _sentence(remedy))))
    line = _sentence(said_in(fault.at_line, patterns), ":")
    return f"{line} {text}".lstrip()


def _sentence(text: str, end: str = ".") -> str:
    """Return some words as a sentence of its own."""
    end = "" if not text or text[-1] in ".?!" else end
    return f"{text[:1].upper()}{text[1:]}{end}"
