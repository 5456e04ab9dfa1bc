"""The form for the text of a description, and the values in it."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_NAME

from lan_edge import (
    DescriptionError,
    description_values,
    read_description,
    rewritten_description,
)

from ..description_files.checking import faults_list
from ..reporting.issues import DESCRIBING
from ..vol import Required, Schema
from .request_form import MULTILINE
from .session import DescribeSession

CONF_TEXT = "text"
_TEXT_SCHEMA = Schema({Required(CONF_TEXT): MULTILINE})


def show_text(
    session: DescribeSession, text: str, error: DescriptionError | None = None, id_in_use: str = ""
) -> ConfigFlowResult:
    """Show a text, and what is wrong in it."""
    errors = {CONF_TEXT: "text_faults"} if error is not None else {}
    errors |= {CONF_TEXT: "id_in_use"} if id_in_use else {}
    faults = faults_list(error.faults, session.patterns, text) if error is not None else ""
    suggested = {CONF_TEXT: text}
    return session.show(
        "describe_text",
        _TEXT_SCHEMA,
        suggested,
        (errors, id_in_use),
        faults=faults,
        docs=DESCRIBING,
    )


def values_of(text: str) -> dict[str, Any]:
    """Return the values in a text that can be used; raise DescriptionError.

    The name may be empty: it is asked for in the end.
    """
    values: dict[str, Any] = description_values(text)
    if isinstance(values, dict) and values.get(CONF_NAME) == "":
        text = rewritten_description(text, {**values, CONF_NAME: "Draft"})
    read_description(text)
    return values
