"""Described devices: a text that says what a driver would, compiled into a driver."""

from .compiling import compile_description
from .description import Description
from .files import check_description, description_folder, load_descriptions
from .importing.draft import Draft, Imported, ImportNote, NoteKind
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
    "Description",
    "DescriptionError",
    "Draft",
    "Fault",
    "ImportNote",
    "Imported",
    "NoteKind",
    "Places",
    "check_description",
    "compile_description",
    "description_folder",
    "description_of",
    "description_text",
    "description_values",
    "import_curl",
    "import_home_assistant",
    "load_descriptions",
    "read_description",
]
