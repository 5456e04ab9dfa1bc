"""A text, or the values in one, as a description: checked, with all faults at once."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any, cast

import voluptuous as vol

from .checks import faults_in
from .description import Description
from .places import DescriptionError, Fault, Path, Places
from .schema.root import DESCRIPTION
from .schema.wrong import Wrong
from .text import MAX_FAULTS, parsed

__all__ = ["description_of", "read_description"]

_MAX_ROUNDS = 4
"""How often what is wrong is left out, to see what else is."""


def read_description(text: str) -> Description:
    """Return the description that a YAML text is; raise DescriptionError with all its faults.

    It takes some milliseconds, for a long text more: not in the event loop.
    """
    values, places, faults = parsed(text)
    if values is None and faults:
        raise DescriptionError(*faults)
    return _described(values, places, faults)


def description_of(values: Any, places: Places | None = None) -> Description:
    """Return the description that values are, which stand at `places`; raise DescriptionError."""
    return _described(values, places or Places(), ())


def _described(values: Any, places: Places, others: Iterable[Fault]) -> Description:
    """Return the description that values are; raise DescriptionError, with any `others`."""
    made: Description | None = None
    try:
        made = DESCRIPTION(values)
    except vol.Invalid as err:
        faults = _all_faults(values, err)
    else:
        made = replace(made, places=places)
        faults = list(faults_in(made))
    faults = [*others, *_ordered(faults, places)]
    if made is None or faults:
        raise DescriptionError(*sorted(faults, key=lambda each: each.line))
    return made


def _ordered(faults: Iterable[Fault], places: Places) -> list[Fault]:
    """Return faults with their lines, in the order of the text."""
    placed = [Fault(f.path, f.reason, f.remedy, places.line(f.path)) for f in dict.fromkeys(faults)]
    return sorted(placed, key=lambda each: each.line)[:MAX_FAULTS]


def _all_faults(values: Any, error: vol.Invalid) -> list[Fault]:
    """Return what is wrong with values, and with the rest once that is left out or renamed."""
    faults = [_fault_of(each) for each in _errors_in(error)]
    rest = _Rest(deepcopy(values))
    for _ in range(_MAX_ROUNDS):
        for each in _errors_in(error):
            rest.without(each)
        try:
            made: Description = DESCRIPTION(rest.values)
        except vol.Invalid as err:
            error = err
            faults += (
                rest.as_written(f) for f in map(_fault_of, _errors_in(err)) if rest.is_new(f)
            )
        else:
            others = faults_in(made, _names_in(values))
            return [*faults, *(rest.as_written(f) for f in others if not rest.is_consequence(f))]
    return faults


def _errors_in(error: vol.Invalid) -> list[vol.Invalid]:
    """Return what is wrong; a field that stands there under a wrong name is not missing as well."""
    errors = error.errors if isinstance(error, vol.MultipleInvalid) else [error]
    wrong = (each for each in errors if isinstance(each, Wrong) and each.meant)
    meant = {(*each.path[:-1], each.meant) for each in wrong}
    return [each for each in errors if tuple(each.path) not in meant]


def _fault_of(error: vol.Invalid) -> Fault:
    path = cast("Path", tuple(error.path))
    if isinstance(error, Wrong):
        return Fault(path, error.reason, error.remedy)
    return Fault(path, error.error_message)


class _Rest:
    """What is right in values: without what is wrong, and with the names that are meant."""

    def __init__(self, values: Any) -> None:
        self.values = values
        self._left_out: list[Path] = []
        self._renamed: dict[Path, Path] = {}
        """By the new path, the one in the text."""

    def without(self, error: vol.Invalid) -> None:
        """Leave out the field of an error, or rename it."""
        path = cast("Path", tuple(error.path))
        meant: str = getattr(error, "meant", "")
        around = self._at(path[:-1])
        if meant and isinstance(around, dict) and meant not in around:
            around[meant] = around.pop(path[-1])
            self._renamed[*path[:-1], meant] = path
        else:
            self._left_out.append(self._leave_out(path))

    def is_new(self, fault: Fault) -> bool:
        """Return whether something could only be seen once a field had been renamed."""
        return any(fault.path[: len(each)] == each for each in self._renamed)

    def is_consequence(self, fault: Fault) -> bool:
        """Return whether a fault may come from what was left out in the same field."""
        path = fault.path
        return any(e[: len(path)] == path or path[: len(e)] == e for e in self._left_out)

    def as_written(self, fault: Fault) -> Fault:
        """Return a fault with the path that its field has in the text."""
        path = fault.path
        for new, old in reversed(self._renamed.items()):
            if path[: len(new)] == new:
                path = (*old, *path[len(new) :])
        return replace(fault, path=path)

    def _leave_out(self, path: Path) -> Path:
        """Take a field, or the list around it, out; return its path.

        A field without which there is no description becomes a valid one. What is missing cannot
        be left out: what lacks it can.
        """
        first = next((n for n, key in enumerate(path) if isinstance(key, int)), len(path))
        path = path[:first]
        if len(path) == 1 and path[0] in _INSTEAD and isinstance(self.values, dict):
            self.values[path[0]] = _INSTEAD[str(path[0])]
            return path
        around = self._at(path[:-1])
        if path and isinstance(around, dict) and path[-1] in around:
            del around[path[-1]]
            return path
        return self._leave_out(path[:-1]) if len(path) > 1 else path

    def _at(self, path: Path) -> Any:
        value = self.values
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value


_INSTEAD: Mapping[str, Any] = {"description": 1, "id": "left_out", "name": "Left out"}


def _names_in(values: Any) -> frozenset[str]:
    """Return the requests and messages that a text names, right or wrong."""
    fields = values if isinstance(values, dict) else {}
    sources = [fields.get(field) for field in ("requests", "messages")]
    return frozenset(name for each in sources if isinstance(each, dict) for name in each)
