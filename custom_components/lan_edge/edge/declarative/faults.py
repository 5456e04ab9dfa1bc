"""Faults of single fields, and how those of several fields are reported together."""

from collections.abc import Callable

from ..sentences import Sayable, said
from .places import DescriptionError, Fault, Path


def fault(path: Path, reason: Sayable, remedy: Sayable = "", line: int = 0) -> Fault:
    """Return what is wrong with the field at a path, in words that can be translated."""
    return Fault(path, said(reason), said(remedy), line)


def field_fault(field: str | Path, reason: Sayable, remedy: Sayable = "") -> DescriptionError:
    """Return the error for a field; its path is relative to what contains the field."""
    return DescriptionError(fault((field,) if isinstance(field, str) else field, reason, remedy))


class Faults:
    """Collects the faults of several parts."""

    def __init__(self) -> None:
        """Start without a fault."""
        self._found: list[Fault] = []

    def of[T](self, make: Callable[[], T], *within: str | int) -> T | None:
        """Return what `make` returns; if it raises faults, None. They are `within` a field."""
        try:
            return make()
        except DescriptionError as err:
            self._found += (
                Fault((*within, *fault.path), fault.reason, fault.remedy) for fault in err.faults
            )
            return None

    def raise_any(self) -> None:
        """Raise DescriptionError if there is one."""
        if self._found:
            raise DescriptionError(*self._found)
