"""Texts of options and logins with the values of parameters."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..sending.http_requests import PATH_OPTIONS
from ..sending.placeholders import Filling, pieces_of_text, placeholders_of
from ..sending.texts import TextPlace, parse_placeholders

type Values = Mapping[str, Any]


def filled(value: Any, values: Values, name: str = "") -> Any:
    """Return the value of an option with the parameters put into all texts in it.

    Raises ArgumentError for a value that cannot be there.
    """
    if isinstance(value, str):
        place = TextPlace.PATH if name in PATH_OPTIONS else TextPlace.HEADER
        return parse_placeholders(value, place, (name,)).fill(Filling(values))
    if isinstance(value, Mapping):
        return {key: filled(each, values) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [filled(each, values) for each in value]
    return value


def names_used(value: Any) -> Iterator[str]:
    """Yield the names of the parameters in all texts of a value."""
    if isinstance(value, str):
        yield from (each.name for each in placeholders_of(pieces_of_text(value, ())))
    elif isinstance(value, Mapping | list | tuple):
        parts: Iterable[Any] = value.values() if isinstance(value, Mapping) else value
        for each in parts:
            yield from names_used(each)
