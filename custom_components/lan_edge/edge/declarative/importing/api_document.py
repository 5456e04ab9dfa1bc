"""What an OpenAPI document offers, to be picked for the draft of a description."""

from dataclasses import dataclass

from ..drafting.thing import ThingKind
from .draft import ImportNote

__all__ = ["ApiChoice", "ApiDocument"]


@dataclass(frozen=True, slots=True)
class ApiChoice:
    """Something that a device has, according to its document."""

    id: str
    """Where it stands: `GET /status relay.on` for a value, `PUT /relay on` for a command."""
    kind: ThingKind
    """What it is for users."""
    name: str
    """What users see."""
    details: str = ""
    """What the document says about it, in one line."""
    unit: str = ""
    """The unit of a number, if the document names it."""
    read_at: str = ""
    """The id of the value by which something that is set is read; empty: it is not read."""

    @property
    def operation(self) -> str:
        """The method and the path, such as `GET /status`."""
        return " ".join(self.id.split(" ", 2)[:2])


@dataclass(frozen=True, slots=True)
class ApiDocument:
    """An OpenAPI document."""

    title: str
    """The name of the API; empty: it has none."""
    host: str
    """The address of the device; empty: the document does not have it."""
    choices: tuple[ApiChoice, ...]
    """What can be picked, in the order of the document: first what is read, then commands."""
    notes: tuple[ImportNote, ...]
    """What in the document cannot be picked, and why."""
