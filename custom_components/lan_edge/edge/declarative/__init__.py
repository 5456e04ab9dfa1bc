"""Described devices: a text that says what a driver would, compiled into a driver."""

from .compiling import compile_description
from .description import Description, ValueKind
from .drafting.draft import DescriptionDraft, identifier
from .drafting.thing import DraftThing, ThingKind
from .drafting.trial import Trial, TrialAnswer
from .drafting.typed import TypedError, shown_request, typed_request
from .files import check_description, description_folder, load_descriptions
from .importing.draft import Draft, Imported, ImportNote, NoteKind
from .picking.answer_field import AnswerField, FieldKind
from .picking.suggestion import Quantity, Suggestion, suggest
from .places import DescriptionError, Fault, Places
from .texts import (
    description_of,
    description_text,
    description_values,
    import_curl,
    import_home_assistant,
    read_description,
)

__all__ = [
    "AnswerField",
    "Description",
    "DescriptionDraft",
    "DescriptionError",
    "Draft",
    "DraftThing",
    "Fault",
    "FieldKind",
    "ImportNote",
    "Imported",
    "NoteKind",
    "Places",
    "Quantity",
    "Suggestion",
    "ThingKind",
    "Trial",
    "TrialAnswer",
    "TypedError",
    "ValueKind",
    "check_description",
    "compile_description",
    "description_folder",
    "description_of",
    "description_text",
    "description_values",
    "identifier",
    "import_curl",
    "import_home_assistant",
    "load_descriptions",
    "read_description",
    "shown_request",
    "suggest",
    "typed_request",
]
