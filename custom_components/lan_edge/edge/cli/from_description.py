"""Writes the driver that does what a description says, as far as that can be written as code.

What it writes is for HTTP with JSON or words, and for JSON-RPC: standard capabilities, fields of
JSON by their names, words by a map. Anything else it refuses, and says what.
"""

from collections.abc import Iterator
from pathlib import Path
import re
from typing import Any

from ..capabilities.definition import capability
from ..declarative import Description, DescriptionError, read_description
from ..declarative.description import CapabilityText, ComponentText
from ..declarative.reading import Conversion, ValueReading
from ..declarative.sending import Sending
from .driver_writer import WRITABLE_TRANSPORTS, DriverWriter
from .exits import CallError
from .python_text import ONE_PLACEHOLDER

_PLAIN_PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


def written_driver(path: Path) -> str:
    """Return the text of a driver file; raise CallError for what cannot be written."""
    try:
        description = read_description(path.read_text(encoding="utf-8"))
    except DescriptionError as err:
        raise CallError(f"{path} is no valid description: lan-edge check says why") from err
    except OSError as err:
        raise CallError(f"{path} cannot be read: {err.strerror}") from None
    if left := list(_unwritable(description)):
        raise CallError(f"this cannot be written as a driver yet: {'; '.join(left)}")
    return DriverWriter(description).text()


def _unwritable(description: Description) -> Iterator[str]:
    """Yield what of a description cannot be written, by its field."""
    if description.talks not in WRITABLE_TRANSPORTS:
        yield f"talks {description.talks}"
    for name in ("parameters", "login", "login_exchange", "connected", "refused", "confirm"):
        if getattr(description, name):
            yield name.removesuffix("_exchange")
    known = {"port", "base", "timeout", "version", "answers_within", "limit"}
    yield from (f"options.{name}" for name in description.options if name not in known)
    if description.talks == "http" and description.messages:
        yield "messages"
    for name, kind in description.messages.items():
        if not kind.event or kind.when or kind.pattern:
            yield f"messages.{name}"
    for name, request in description.requests.items():
        if request.optional and description.talks != "http":
            yield f"requests.{name}.optional"
        yield from (f"requests.{name}.{each}" for each in _odd_sending(request.sending, ()))
    yield from _odd_readings(description)
    for component_id, component in description.components.items():
        yield from _odd_component(description, component_id, component)


def _odd_readings(description: Description) -> Iterator[str]:
    places = {"identity": description.identity, **description.details}
    for name, reading in places.items():
        if reading is None:
            continue
        if not _PLAIN_PATH.fullmatch(reading.path) or reading.conversion != Conversion():
            yield f"{name}: only a field of JSON by its name"


def _odd_component(
    description: Description, component_id: str, component: ComponentText
) -> Iterator[str]:
    place = f"components.{component_id}"
    if component.own:
        yield f"{place}.own"
    for each in component.capabilities:
        for name, reading in each.attributes.items():
            if _is_odd(description, reading):
                yield f"{place}.{each.id}.{name}"
        if each.fixed:
            yield f"{place}.{each.id}: values that never change"
        yield from (f"{place}.{each.id}.{odd}" for odd in _odd_commands(each))


def _odd_commands(text: CapabilityText) -> Iterator[str]:
    kind = capability(text.id)
    commands = {each.name: each for each in kind.commands} if kind is not None else {}
    is_mapped = any(reading.conversion.map for reading in text.attributes.values())
    for name, sendings in text.commands.items():
        required = {each.name: each.required for each in commands[name].arguments}
        if required and is_mapped:
            yield f"{name}: a value that is mapped back"
        for sending in sendings:
            yield from (f"{name}.{odd}" for odd in _odd_sending(sending, required))
            nested = (dict(sending.query), sending.body.json, *(sending.params or {}).values())
            for value in _leaves([each for each in nested if not isinstance(each, str)]):
                found = ONE_PLACEHOLDER.fullmatch(value)
                if found and not required.get(found[1], True):
                    yield f"{name}: {value}, which may be missing"


def _is_odd(description: Description, reading: ValueReading) -> bool:
    conversion = reading.conversion
    is_plain = Conversion(map=conversion.map) == conversion
    words = bool(conversion.map) and description.talks == "http"
    others = reading.xml or reading.pattern or reading.group or reading.word is not None
    if others or reading.bytes_at is not None or not is_plain:
        return True
    return not (_PLAIN_PATH.fullmatch(reading.path) if reading.path else words)


def _odd_sending(sending: Sending, arguments: Any) -> Iterator[str]:
    """Yield the fields of a sending that cannot be written."""
    if sending.wait:
        yield "wait"
    if sending.body.form:
        yield "form"
    if sending.headers:
        yield "headers"
    if sending.body.content_type:
        yield "content_type"
    for field, text in (("path", sending.path), ("text", sending.body.text)):
        if "{" in text or "}" in text:
            yield f"{field}: a placeholder"
    for value in _leaves((dict(sending.query), sending.body.json, sending.params)):
        found = ONE_PLACEHOLDER.fullmatch(value)
        if ("{" in value or "}" in value) and not (found and found[1] in arguments):
            yield f"{value!r}"
    if isinstance(sending.params, list | tuple) or isinstance(sending.body.json, list | tuple):
        yield "a list"


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)
