"""Looks at imports: each draft is a description that compiles."""

from typing import Any

from lan_edge import (
    Description,
    DescriptionError,
    Imported,
    NoteKind,
    description_text,
    read_description,
)
from lan_edge.declarative.compiling import compile_description


def values_of(imported: Imported) -> dict[str, Any]:
    """Return the values of the only draft."""
    [draft] = imported.drafts
    described(imported)
    return draft.values


def described(imported: Imported) -> list[Description]:
    """Return the drafts as descriptions, which become drivers."""
    texts = [description_text(each.described("odd_one", "Odd one")) for each in imported.drafts]
    descriptions = [read_description(text) for text in texts]
    for each in descriptions:
        compile_description(each)
    return descriptions


def assert_described(imported: Imported) -> None:
    """See that a fault in a draft is no fault of the text that was imported."""
    try:
        described(imported)
    except DescriptionError as err:
        raise AssertionError(f"a draft cannot be used: {err}") from err


def notes_of(imported: Imported, kind: NoteKind = NoteKind.NOT_UNDERSTOOD) -> dict[str, str]:
    """Return the notes of a kind: their reasons, by their places."""
    return {note.place: note.reason for note in imported.notes if note.kind is kind}
