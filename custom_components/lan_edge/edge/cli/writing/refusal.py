"""What of a description cannot be written as code."""

from ...declarative.places import Path


class UnwritableError(Exception):
    """A field that cannot be written as code, and why."""

    def __init__(self, path: Path, reason: str) -> None:
        """Take the field, and what it is that cannot be written."""
        super().__init__(reason)
        self.path = path
        self.reason = reason
