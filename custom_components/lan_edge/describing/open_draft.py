"""A description that is being made or changed in a dialog, with what is needed to try it."""

from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import uuid4

from lan_edge import DescriptionDraft, Identity, Record, one_id, rewritten_description

from ..const import CONF_CALL_ID
from ..description_files.texts import SavedText


@dataclass(slots=True)
class Change:
    """A description that exists, and is changed."""

    saved: SavedText
    """Its file as it was when the change was begun; without a digest: there is none yet."""
    original: str
    """The text that is changed: that of the file, or of a bundled one of which a copy is made."""
    values: dict[str, Any]
    """What it says."""
    text: str
    """The text as it was edited last; what stays the same keeps its comments."""


@dataclass(slots=True)
class OpenDraft:
    """A draft, where its device is, and what was entered for its parameters."""

    draft: DescriptionDraft = field(default_factory=DescriptionDraft)
    where: dict[str, Any] = field(default_factory=dict[str, Any])
    """The address and port as they were entered."""
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    """The values of the parameters, passwords too."""
    id: str = field(default_factory=lambda: uuid4().hex)
    change: Change | None = None
    """What is changed; None: it is a new one."""
    record: Record = field(default_factory=Record)
    """What is known of the device, such as its certificate."""
    is_imported: bool = False
    """Whether its login and parameters are others than the form for an address has."""

    @property
    def title(self) -> str:
        """What it is called in lists."""
        return str(self.draft.values.get("name") or self.where.get("host", ""))

    @property
    def is_changed(self) -> bool:
        """Whether there is anything that is not saved."""
        if (change := self.change) is None:
            return True
        return self.draft.values != change.values or change.text != change.original

    def without_secrets(self, sending: dict[str, Any]) -> dict[str, Any]:
        """Return what is sent, with parameters instead of the secrets that were entered."""
        return self.draft.without_secrets(sending, self.settings)

    def record_to_try(self) -> Record:
        """Return what is known of the device, for a connection to it."""
        record = replace(self.record)
        if call_id := self.where.get(CONF_CALL_ID):
            record.identity = Identity(one_id(call_id))
        return record

    def learn(self, record: Record) -> None:
        """Take what a connection has shown: from then on, no other certificate is accepted."""
        self.record.pin, self.record.challenge = record.pin, record.challenge
        self.record.call_token = record.call_token

    def text(self) -> str:
        """Return the text; that of a change with the comments that it had."""
        if self.change is None:
            return self.draft.text()
        return rewritten_description(self.change.text, self.draft.values)

    def stored(self) -> dict[str, Any]:
        """Return it as JSON. The address and passwords of a change are with its device."""
        made: dict[str, Any] = {"values": self.draft.values}
        if self.change is None:
            known = {"where": self.where, "settings": self.settings}
            token = {"call_token": self.record.call_token}
            return {**made, **known, **token, "is_imported": self.is_imported}
        return {**made, "text": self.change.text, "digest": self.change.saved.digest}

    @classmethod
    def from_stored(cls, id_: str, stored: dict[str, Any]) -> Self:
        """Return a new one that was stored."""
        draft = DescriptionDraft(stored["values"])
        draft.say_sources()
        return cls(
            draft,
            dict(stored["where"]),
            dict(stored["settings"]),
            id_,
            record=Record(call_token=stored.get("call_token", "")),
            is_imported=bool(stored.get("is_imported")),
        )
