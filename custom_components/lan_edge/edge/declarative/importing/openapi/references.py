"""References within a document: `$ref`, followed as far as they lead to something in it."""

from typing import Any
from urllib.parse import unquote

from ..notes import Notes
from .values import object_in

MAX_HOPS = 16
"""The most references that lead to one another."""


class References:
    """Follows references in a document; what leads out of it is noted."""

    def __init__(self, document: dict[str, Any], notes: Notes) -> None:
        """Take the whole document, and where to note what cannot be followed."""
        self._document = document
        self._notes = notes

    def resolved(self, value: Any) -> dict[str, Any]:
        """Return an object, or the one that it refers to; an empty one if there is none."""
        return self.followed(value)[0]

    def followed(self, value: Any) -> tuple[dict[str, Any], frozenset[str]]:
        """Return an object, or the one that it refers to, with the references that led to it.

        What stands beside a reference counts more than what it leads to.
        """
        found = object_in({"": value}, "")
        passed: frozenset[str] = frozenset()
        while isinstance(reference := found.get("$ref"), str):
            beside = {key: each for key, each in found.items() if key != "$ref"}
            if reference in passed or len(passed) >= MAX_HOPS:
                self._notes.not_understood(reference, t"is a reference that leads to itself")
                return beside, passed
            passed |= {reference}
            found = {**self._at(reference), **beside}
        return found, passed

    def _at(self, reference: str) -> dict[str, Any]:
        """Return the object at a reference; note why if there is none."""
        if not reference.startswith("#"):
            reason = t"is in another document, which is not read"
            self._notes.not_understood(reference, reason)
            return {}
        found: Any = self._document
        for step in reference.removeprefix("#").split("/")[1:]:
            key = unquote(step).replace("~1", "/").replace("~0", "~")
            if isinstance(found, list) and key.isdecimal() and len(key) < 6:  # noqa: PLR2004
                found = found[int(key)] if int(key) < len(found) else None
            else:
                found = found.get(key) if isinstance(found, dict) else None
        if not isinstance(found, dict):
            self._notes.not_understood(reference, t"is not in the document")
            return {}
        return found
