"""Collects notes on what an import leaves out."""

from collections.abc import Iterable
from string.templatelib import Template

from ...network.text import printable
from ...sentences import Said, Sayable, said
from .draft import ImportNote, NoteKind

MAX_NOTES = 100
"""The most notes; what is more is counted in the last one."""
_MAX_PLACE = 200


class Notes:
    """The notes of an import, without repetitions and bounded."""

    def __init__(self) -> None:
        """Start without one."""
        self._notes: dict[ImportNote, None] = {}
        self._more = 0

    def left_out(self, place: str, reason: Sayable) -> None:
        """Note something that has no meaning for a described device."""
        self._add(NoteKind.LEFT_OUT, place, reason)

    def not_understood(self, place: str, reason: Sayable) -> None:
        """Note something that the owner has to look at."""
        self._add(NoteKind.NOT_UNDERSTOOD, place, reason)

    def changed(self, place: str, reason: Sayable) -> None:
        """Note something that is written in another way."""
        self._add(NoteKind.CHANGED, place, reason)

    def has(self, place: str) -> bool:
        """Return whether there is a note on something."""
        return any(note.place == _short(place) for note in self._notes)

    def _add(self, kind: NoteKind, place: str, reason: Sayable) -> None:
        note = ImportNote(kind, _short(place), _said(reason))
        if note in self._notes:
            return
        if len(self._notes) < MAX_NOTES:
            self._notes[note] = None
        else:
            self._more += 1

    def all(self) -> tuple[ImportNote, ...]:
        """Return the notes in their order."""
        if not (more := self._more):
            return tuple(self._notes)
        last = ImportNote(NoteKind.NOT_UNDERSTOOD, "", said(t"{more} more that are not listed"))
        return (*self._notes, last)


def because(reason: Template, notes: Iterable[ImportNote]) -> Said:
    """Return why nothing came of an import, with the first of some notes."""
    what, first = said(reason), next(iter(notes), None)
    if first is None:
        return what
    place, why = first.place, said(first.reason)
    return said(t"{what} ({place}: {why})")


def _said(reason: Sayable) -> Said:
    return said(reason if isinstance(reason, Said | Template) else _short(reason))


def _short(text: str) -> str:
    text = printable(text[: _MAX_PLACE + 1])
    return text if len(text) <= _MAX_PLACE else f"{text[:_MAX_PLACE]}…"
