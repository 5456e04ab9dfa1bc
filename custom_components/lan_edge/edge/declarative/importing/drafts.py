"""The drafts of an import: one for each device, by its address."""

from string.templatelib import Template

from ...sentences import said
from ..places import DescriptionError, Fault
from .device_draft import DeviceDraft
from .draft import Imported, NoteKind
from .notes import Notes, because
from .urls import Url, url_of

_MAX_DEVICES = 16


class DeviceDrafts:
    """Drafts by scheme, host and port."""

    def __init__(self, notes: Notes) -> None:
        """Start without one."""
        self._notes = notes
        self._drafts: dict[tuple[bool, str, int], DeviceDraft] = {}

    def device(self, text: str, place: str) -> tuple[DeviceDraft, Url] | None:
        """Return the draft for a URL, and its parts; note it and return None if it has none."""
        try:
            url = url_of(text)
        except ValueError as err:
            self._notes.not_understood(place, str(err))
            return None
        if url.port_word:
            self._notes.changed(place, t"{url.port_word} stands for a port: {url.port} is taken")
        if url.device not in self._drafts:
            if len(self._drafts) >= _MAX_DEVICES:
                self._notes.not_understood(place, t"is for one of more than {_MAX_DEVICES} devices")
                return None
            self._drafts[url.device] = DeviceDraft(url, self._notes)
        return self._drafts[url.device], url

    def imported(self, reason: Template, remedy: Template) -> Imported:
        """Return the drafts; raise DescriptionError if there is none."""
        drafts = [draft for each in self._drafts.values() if (draft := each.draft()) is not None]
        notes = self._notes.all()
        if not drafts:
            why = (note for note in notes if note.kind is NoteKind.NOT_UNDERSTOOD)
            raise DescriptionError(Fault((), because(reason, why), said(remedy), 1))
        return Imported(tuple(drafts), notes)
