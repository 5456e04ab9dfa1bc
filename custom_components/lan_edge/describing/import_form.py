"""The form fields for what an owner has already, and for what it needs to know of the device."""

from collections.abc import Iterable, Mapping
from typing import Any

from homeassistant.const import CONF_HOST, CONF_PORT, CONF_URL
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from lan_edge import ApiChoice, Draft, ImportNote, NoteKind, Setting, Trial, said_in

from ..flows.address_form import ADDRESS_FIELDS
from ..flows.settings_form import settings_schema
from ..reporting.language import Patterns
from ..reporting.markdown import as_code, as_plain_markdown, as_plain_text
from ..vol import Optional, Required, Schema
from .open_draft import OpenDraft
from .pick_list import several_of
from .request_form import MULTILINE

CONF_IMPORTED = "text"
CONF_PICKED = "picked"
CONF_DEVICE = "device"
CONF_TRUST = "trust"
PIN, VERIFY = "pin", "verify"
"""Which certificate is accepted: the one that the device shows first, or one that is verified."""
SECTION_PARAMETERS = "parameters"
KNOWN_PARAMETERS = ("username", "password", "token", "api_key")
"""Parameters whose labels are translated."""
MAX_NOTES_SHOWN = 30
IMPORT_SCHEMA = Schema({Required(CONF_IMPORTED): MULTILINE})
DOCUMENT_SCHEMA = Schema(
    {
        Optional(CONF_URL): TextSelector(),
        Optional(CONF_IMPORTED): MULTILINE,
    }
)
_ANY_REQUEST = {"status": {"get": "/"}}
"""Stands for requests where there are none."""


def pick_schema(choices: Iterable[ApiChoice], kinds: Mapping[str, str]) -> Schema:
    """Return the form to pick what a device has; `kinds` are the words for the kinds."""
    options = [
        SelectOptionDict(value=each.id, label=_label(each, kinds.get(each.kind, each.kind)))
        for each in choices
    ]
    # what is required is preset with the first
    return Schema({Optional(CONF_PICKED): several_of(options)})


def _label(choice: ApiChoice, kind: str) -> str:
    unit = f" ({choice.unit})" if choice.unit else ""
    return as_plain_text(f"{kind}: {choice.name}{unit}, {choice.id}")


def device_schema(drafts: Iterable[Draft]) -> Schema:
    """Return the form to pick one of several devices, by its number."""
    options = [
        SelectOptionDict(value=str(at), label=as_plain_text(each.host) or str(at + 1))
        for at, each in enumerate(drafts)
    ]
    config = SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST)
    return Schema({Required(CONF_DEVICE): SelectSelector(config)})


def parameters_of(values: Mapping[str, Any]) -> Any:
    """Return the parameters of a description, as the settings of a driver; raise DescriptionError.

    It takes milliseconds: not in the event loop.
    """
    return Trial(values, _ANY_REQUEST).driver.Settings


def access_schema(settings: tuple[Setting, ...], open_draft: OpenDraft) -> Schema:
    """Return the form for the address of a device, its certificate, and its parameters."""
    fields = dict[Any, Any](ADDRESS_FIELDS)
    if tls := open_draft.draft.values.get("tls"):
        is_trusted = tls.get("trust") == PIN
        fields[Required(CONF_TRUST, default=is_trusted)] = BooleanSelector()
    if settings:
        inner = settings_schema(settings, open_draft.settings, KNOWN_PARAMETERS)
        fields[Required(SECTION_PARAMETERS)] = section(inner, {"collapsed": False})
    return Schema(fields)


def suggested_access(open_draft: OpenDraft) -> dict[str, Any]:
    """Return the address that is known, as the form has it."""
    return {key: open_draft.where[key] for key in (CONF_HOST, CONF_PORT) if key in open_draft.where}


def notes_list(notes: Iterable[ImportNote], patterns: Patterns) -> str:
    """Return what was not understood, and then what was left out or changed, in Markdown."""
    ordered = sorted(notes, key=lambda note: note.kind is not NoteKind.NOT_UNDERSTOOD)
    reasons = [as_plain_markdown(said_in(note.reason, patterns)) for note in ordered]
    lines = [
        f"{as_code(note.place)}: {reason}" if note.place else reason
        for note, reason in zip(ordered, reasons, strict=True)
    ]
    more = [f"… (+{len(lines) - MAX_NOTES_SHOWN})"] if len(lines) > MAX_NOTES_SHOWN else []
    return "\n".join(f"- {line}" for line in [*lines[:MAX_NOTES_SHOWN], *more])
