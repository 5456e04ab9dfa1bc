"""The results of an import: drafts of descriptions, and notes on what is not in them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = ["Draft", "ImportNote", "Imported", "NoteKind"]


class NoteKind(StrEnum):
    """What a note is about."""

    LEFT_OUT = "left_out"
    """Something understood that has no meaning for a described device."""
    NOT_UNDERSTOOD = "not_understood"
    """Something that the owner has to look at."""
    CHANGED = "changed"
    """Something that was written in another way than it stood there."""


@dataclass(frozen=True, slots=True)
class ImportNote:
    """Something that a draft does not have, or has in another way."""

    kind: NoteKind
    """What the note is about."""
    place: str
    """Where it stands: an option of curl, or the field of a YAML text."""
    reason: str
    """Why, in words for the owner."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft of one device."""

    values: dict[str, Any]
    """The fields of a description as plain values, without `description`, `id` and `name`."""
    host: str = ""
    """The address of the device; empty: the text does not have it."""
    whole_answers: tuple[str, ...] = ()
    """The values that are all of an answer, as nothing else is known of it, such as
    `main.own.status`: how `DescriptionDraft.things` calls them."""

    def described(self, id_: str, name: str) -> dict[str, Any]:
        """Return the values of a whole description, which `description_text` writes."""
        return {"description": 1, "id": id_, "name": name, **self.values}


@dataclass(frozen=True, slots=True)
class Imported:
    """All that a text gave: a draft for each device, and what was left out of them."""

    drafts: tuple[Draft, ...] = ()
    """One for each address; there is at least one."""
    notes: tuple[ImportNote, ...] = ()
    """What is not in the drafts, or is in another way."""
