"""Reads OpenAPI documents: what they offer, and the draft with what is picked of it."""

from collections.abc import Collection
from dataclasses import replace

from ....sentences import said
from ...places import DescriptionError, Fault
from ..api_document import ApiChoice, ApiDocument
from ..draft import Imported
from ..notes import Notes, because
from .drafting import DocumentDraft
from .offered import Offered, offered
from .operations import Operations
from .references import References
from .security import Security
from .servers import ApiServer, server_of
from .source import document_of
from .values import object_in, one_line, text_in


class _ReadDocument:
    """A document that was read."""

    def __init__(self, text: str) -> None:
        self.notes = Notes()
        document = document_of(text, self.notes)
        references = References(document, self.notes)
        self.title = one_line(text_in(object_in(document, "info"), "title"), 100)
        self.server: ApiServer = server_of(document, self.notes)
        self.security = Security(document, references, self.notes)
        operations = Operations(document, references, self.notes).all()
        self.operations = [each.id for each in operations]
        self.offered = offered(operations, self.server, self.notes)
        if not self.offered:
            raise DescriptionError(self._nothing())

    def _nothing(self) -> Fault:
        reason = because(t"it has nothing that can be read or sent", self.notes.all())
        return Fault((), reason, said(t"look for another document of the device"), 1)


def read_openapi(text: str) -> ApiDocument:
    """Return what a document offers; raise DescriptionError if that is nothing."""
    read = _ReadDocument(text)
    choices = tuple(_choice(each) for each in read.offered.values())
    for each in read.offered.values():
        read.security.login(each.operation.security)
    return ApiDocument(read.title, read.server.host, choices, read.notes.all())


def import_openapi(text: str, picked: Collection[str]) -> Imported:
    """Return the draft with what is picked of a document, by ids; raise DescriptionError.

    What is noted of operations that are not picked is left out.
    """
    read = _ReadDocument(text)
    unknown = [each for each in picked if not _picked(read, each)]
    if unknown:
        remedy = said(t"use the ids that `read_openapi` returns")
        name = unknown[0]
        raise DescriptionError(Fault((), said(t"it does not offer {name:.100}"), remedy, 1))
    draft = DocumentDraft(read.server, read.security, read.notes)
    chosen = {each.id: each for id_ in picked for each in _picked(read, id_)}
    # a value that is set is read with its command, not once more
    for each in sorted(chosen.values(), key=lambda each: each.input is None):
        draft.add(each)
    imported = draft.imported()
    others = {*read.operations} - {each.operation.id for each in chosen.values()}
    return replace(imported, notes=tuple(n for n in imported.notes if n.place not in others))


def _picked(read: _ReadDocument, id_: str) -> list[Offered]:
    """Return what an id picks: one thing, or all of an operation."""
    if id_ in read.offered:
        return [read.offered[id_]]
    return [each for each in read.offered.values() if each.operation.id == id_]


def _choice(each: Offered) -> ApiChoice:
    unit = each.value.unit.name if each.value is not None else ""
    read_at = each.read_by.id if each.read_by is not None else ""
    return ApiChoice(each.id, each.kind, each.name, each.details, unit, read_at)
