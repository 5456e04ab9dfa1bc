"""What is wrong in a description that only shows when it is compiled."""

from collections.abc import Callable

from ...errors import EdgeError
from ..description import Description
from ..places import DescriptionError, Fault, Path


class CompilerFaults:
    """Collects what is wrong, so that it is all reported at once."""

    def __init__(self, description: Description) -> None:
        """Take the description in which it is wrong."""
        self._places = description.places
        self._faults: list[Fault] = []

    def add(self, path: Path, reason: str, remedy: str = "") -> None:
        """Note what is wrong with a field."""
        self._faults.append(Fault(path, reason, remedy, self._places.line(path)))

    def take(self, path: Path, error: Exception) -> None:
        """Note an error that a field has caused: the faults of a DescriptionError, or its words."""
        if not isinstance(error, DescriptionError):
            self.add(path, str(error))
            return
        for fault in error.faults:
            self.add((*path, *fault.path), fault.reason, fault.remedy)

    def made[T](self, path: Path, make: Callable[[], T]) -> T | None:
        """Return what `make` returns; note its error and return None if it fails."""
        try:
            return make()
        except (EdgeError, ValueError) as err:
            self.take(path, err)
            return None

    def raise_if_any(self) -> None:
        """Raise DescriptionError if anything is wrong."""
        if self._faults:
            raise DescriptionError(*sorted(self._faults, key=lambda each: each.line))
