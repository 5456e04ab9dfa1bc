"""The form field for the value by which the answer to a command says that it has worked."""

from collections.abc import Collection, Mapping
from typing import Any

from lan_edge import DescriptionDraft, TrialAnswer

from ..vol import Optional
from .refusals import REFUSED, Refusals, label_of_refused, seems_to_say
from .thing_form import dropdown

CONF_WORKED = "worked"
_SENT_TO_LOG_IN = {"send", "session"}
"""The ways to log in that have an answer of their own."""


def worked_fields(refusals: Refusals) -> dict[Any, Any]:
    """Return the field, if there is anything to pick."""
    return {Optional(CONF_WORKED): dropdown([*refusals], is_open=False)} if refusals else {}


def suggested_worked(
    draft: DescriptionDraft, refusals: Refusals, worked: Collection[TrialAnswer] = ()
) -> dict[str, str]:
    """Return what the text says, as the form has it, or what is all but certain by `worked`.

    Nothing is where a request logs in: whose answer may be another, and would be a refusal.
    """
    if (known := draft.values.get(REFUSED)) is not None:
        return {CONF_WORKED: label_of_refused(known, refusals)}
    logs_in = _SENT_TO_LOG_IN & draft.values.get("login", {}).keys()
    return {CONF_WORKED: "" if logs_in else seems_to_say(worked, refusals)}


def take_worked(draft: DescriptionDraft, user_input: Mapping[str, Any], refusals: Refusals) -> None:
    """Take what was picked; what the form cannot show stays."""
    if refusals:
        draft.values.pop(REFUSED, None)
    if label := user_input.get(CONF_WORKED):
        draft.values[REFUSED] = refusals[label]
