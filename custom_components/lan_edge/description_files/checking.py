"""A text that was typed: what is wrong in it."""

from collections.abc import Iterable
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
)

from ..reporting.markdown import as_code
from .texts import MAX_SAVED_TEXT

MAX_FAULTS_LISTED = 20
"""Faults of a text that are displayed."""


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
    if len(text.encode(errors="replace")) > MAX_SAVED_TEXT:
        reason = f"the text has more than {MAX_SAVED_TEXT // 1024} KiB"
        return CheckedText(text, faults=(Fault((), reason, "shorten it", 1),))
    try:
        description = read_description(text)
        compile_description(description)
    except DescriptionError as err:
        return CheckedText(text, faults=err.faults)
    except EdgeError as err:
        return CheckedText(text, faults=(Fault((), str(err), "", 1),))
    return CheckedText(text, description)


def faults_list(faults: Iterable[Fault]) -> str:
    """Return what is wrong in a text as a list in Markdown, each with its line."""
    shown = islice(faults, MAX_FAULTS_LISTED)
    return "\n".join(f"- {as_code(fault_text(each))}" for each in shown)


def fault_text(fault: Fault) -> str:
    """Return what is wrong: `9: requests.state.gett is an unknown field. Did you mean get?`."""
    line = f"{fault.line}:" if fault.line else ""
    return " ".join(filter(None, (line, fault.place, f"{fault.reason}.", _sentence(fault.remedy))))


def _sentence(remedy: str) -> str:
    """Return what to do about a fault as a sentence of its own."""
    end = "" if not remedy or remedy[-1] in ".?!" else "."
    return f"{remedy[:1].upper()}{remedy[1:]}{end}"
