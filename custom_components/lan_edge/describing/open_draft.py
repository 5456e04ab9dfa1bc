"""A description that is being made in a dialog, with what is needed to try it."""

from dataclasses import dataclass, field
from typing import Any, Self
from uuid import uuid4

from lan_edge import DescriptionDraft


@dataclass(slots=True)
class OpenDraft:
    """A draft, where its device is, and what was entered for its parameters."""

    draft: DescriptionDraft = field(default_factory=DescriptionDraft)
    where: dict[str, Any] = field(default_factory=dict[str, Any])
    """The address and port as they were entered."""
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    """The values of the parameters, passwords too."""
    id: str = field(default_factory=lambda: uuid4().hex)

    @property
    def title(self) -> str:
        """What it is called in lists."""
        return str(self.draft.values.get("name") or self.where.get("host", ""))

    def stored(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"values": self.draft.values, "where": self.where, "settings": self.settings}

    @classmethod
    def from_stored(cls, id_: str, stored: dict[str, Any]) -> Self:
        """Return what was stored."""
        return cls(
            DescriptionDraft(stored["values"]), dict(stored["where"]), dict(stored["settings"]), id_
        )
