"""What is wrong in the value of a field: the error, and the words of its remedy."""

from collections.abc import Callable, Hashable, Iterable
from difflib import get_close_matches
from typing import Any, cast

import voluptuous as vol

from ...capabilities.schema import short
from ...sentences import Said, Sayable, said

_LONGEST_MISSPELT = 64
"""The longest name for which a similar one is looked for, in characters."""


Invalid = vol.Invalid
"""What the schema raises: for others that import voluptuous later there may be another one.

Home Assistant puts a library of its own in the place of voluptuous.
"""


class Wrong(vol.Invalid):
    """A value that a field does not take."""

    def __init__(
        self,
        reason: Sayable,
        remedy: Sayable = "",
        path: Iterable[Hashable] = (),
        *,
        meant: str = "",
    ) -> None:
        """Take what is wrong, what to write instead, and which field within the value it is."""
        self.reason = said(reason)
        super().__init__(self.reason, list(path))
        self.remedy = said(remedy)
        self.meant = meant
        """The field that is probably meant by one that is unknown."""


def raise_all(errors: list[Any]) -> None:
    """Raise all that is wrong in a value, if anything is."""
    if errors:
        raise vol.MultipleInvalid(errors)


def collect(errors: list[Any], key: str | int, check: Callable[[Any], Any], value: Any) -> Any:
    """Return a checked part of a value; None, and what is wrong in `errors`, if it is wrong."""
    try:
        return check(value)
    except vol.Invalid as err:
        err.prepend([key])
        errors += err.errors if isinstance(err, vol.MultipleInvalid) else [err]
    return None


def unknown(reason: Sayable, name: str, known: Iterable[str], otherwise: Sayable) -> Wrong:
    """Return what is wrong with a field that is unknown, with what is probably meant."""
    meant = nearest(name, known)
    return Wrong(reason, t"did you mean {meant}?" if meant else otherwise, [name], meant=meant)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return which of the known names is probably meant; empty if none is close."""
    if len(name) > _LONGEST_MISSPELT:
        return ""
    lower = {each.lower(): each for each in known}
    close = get_close_matches(name.lower(), lower, n=1, cutoff=0.6)
    return lower[close[0]] if close else ""


def choices(names: Iterable[str], most: int = 12) -> Said:
    """Return names as a remedy: which there are."""
    words = list(names)
    listed, rest = ", ".join(words[:most]), len(words) - most
    if rest > 0:
        return said(t"use one of {listed}, and {rest} more")
    return said(t"use one of {listed}")


def mapping(value: Any) -> dict[str, Any]:
    """Return a value that is a mapping; raise Wrong."""
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)
    raise Wrong(t"is {shown(value)}, not a mapping", t"write fields below it, as `name: value`")


def shown(value: Any) -> str:
    """Return a value as it is written in the text."""
    if value is None:
        return "empty"
    return str(value).lower() if isinstance(value, bool) else short(value)
