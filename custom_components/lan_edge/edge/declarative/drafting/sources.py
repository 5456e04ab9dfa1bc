"""What a description reads without saying from what, as it may while there is one source."""

from collections.abc import Iterator
from typing import Any

from ...capabilities.definition import capability
from .changing import CONVERSION_FIELDS, PLACE_FIELDS

_OF_A_READING = {*PLACE_FIELDS, *CONVERSION_FIELDS}


def say_sources(values: dict[str, Any], added: str) -> None:
    """Say what all is read from, if another request or kind of messages is about to be added."""
    known = {*values.get("requests", {}), *values.get("messages", {})}
    if len(known) == 1 and added not in known:
        [source] = known
        for reading in _readings_in(values):
            reading.setdefault("from", source)


def say_first_source(values: dict[str, Any]) -> None:
    """Say what is read from the first request of several, where nothing is said.

    So it was meant while there was only one: no form tells which one it is.
    """
    known = [*{**values.get("requests", {}), **values.get("messages", {})}]
    if len(known) > 1:
        for reading in _readings_in(values):
            reading.setdefault("from", known[0])


def _readings_in(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "identity" in values:
        yield values["identity"]
    yield from values.get("device", {}).values()
    for component in values.get("components", {}).values():
        for own in component.get("own", {}).values():
            if _OF_A_READING & own.keys():
                yield own
        for id_, text in component.items():
            yield from _attributes_in(id_, text)


def _attributes_in(id_: str, text: Any) -> Iterator[dict[str, Any]]:
    found = capability(id_) if isinstance(text, dict) else None
    for attribute in found.attributes if found is not None else ():
        reading = text.get(attribute.name)
        if isinstance(reading, dict) and "fixed" not in reading:
            yield reading
