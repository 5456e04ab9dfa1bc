"""Described devices: a text that says what a driver would, compiled into a driver."""

from .bundled import bundled_descriptions, load_descriptions
from .changes import described_by, members_lost, with_another_id
from .compiling import compile_description
from .description import Description, ValueKind
from .drafting.byte_places import shown_byte_place, typed_byte_place
from .drafting.draft import DescriptionDraft
from .drafting.logging_in import DraftLogin
from .drafting.messages import shown_message, talk_of, typed_message
from .drafting.names import identifier
from .drafting.points import (
    PointKind,
    PointMeaning,
    meaning_of_point,
    new_points,
    point_kind_of,
    with_point,
)
from .drafting.read_now import ReadNow, read_now
from .drafting.refusing import is_refusal
from .drafting.thing import DraftThing, ThingKind
from .drafting.trial import Trial, TrialAnswer
from .drafting.typed import TypedError, shown_request, typed_request
from .files import check_description, description_folder
from .importing.api_document import ApiChoice, ApiDocument
from .importing.draft import Draft, Imported, ImportNote, NoteKind
from .picking.answer_field import AnswerField, FieldKind
from .picking.bits import typed_bit
from .picking.suggestion import Quantity, Suggestion, class_of_unit, suggest, suggested_state
from .places import DescriptionError, Fault, Places
from .texts import (
    description_of,
    description_text,
    description_values,
    import_curl,
    import_home_assistant,
    import_openapi,
    read_description,
    read_openapi,
    rewritten_description,
)
from .traffic import Traffic, traffic_of

__all__ = [
    "AnswerField",
    "ApiChoice",
    "ApiDocument",
    "Description",
    "DescriptionDraft",
    "DescriptionError",
    "Draft",
    "DraftLogin",
    "DraftThing",
    "Fault",
    "FieldKind",
    "ImportNote",
    "Imported",
    "NoteKind",
    "Places",
    "PointKind",
    "PointMeaning",
    "Quantity",
    "ReadNow",
    "Suggestion",
    "ThingKind",
    "Traffic",
    "Trial",
    "TrialAnswer",
    "TypedError",
    "ValueKind",
    "bundled_descriptions",
    "check_description",
    "class_of_unit",
    "compile_description",
    "described_by",
    "description_folder",
    "description_of",
    "description_text",
    "description_values",
    "identifier",
    "import_curl",
    "import_home_assistant",
    "import_openapi",
    "is_refusal",
    "load_descriptions",
    "meaning_of_point",
    "members_lost",
    "new_points",
    "point_kind_of",
    "read_description",
    "read_now",
    "read_openapi",
    "rewritten_description",
    "shown_byte_place",
    "shown_message",
    "shown_request",
    "suggest",
    "suggested_state",
    "talk_of",
    "traffic_of",
    "typed_bit",
    "typed_byte_place",
    "typed_message",
    "typed_request",
    "with_another_id",
    "with_point",
]
