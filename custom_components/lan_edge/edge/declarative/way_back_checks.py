"""What is sent but has no way back: a value that the map or template of its reading cannot return.

A command's argument is converted back as its attribute is read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..capabilities.definition import Attribute
from .description import CapabilityText, Description, OwnAttribute, ValueKind
from .faults import fault
from .places import DescriptionError, Fault, Path
from .reading import Conversion
from .reading.inverse import inverse
from .reading.received import as_text
from .sending import Sending
from .sending.building import builder_of
from .walk import VALUE, attributes_of, commands_of, own_conversion


def faults_of_the_way_back(description: Description) -> Iterator[Fault]:
    """Yield the conversions that have no way back, though a value is sent."""
    for component_id, component in description.components.items():
        path: Path = ("components", component_id)
        for each in component.capabilities:
            yield from _of_capability((*path, each.id), each)
        for name, own in component.own.items():
            yield from _of_own((*path, "own", name), own)


def _of_capability(path: Path, text: CapabilityText) -> Iterator[Fault]:
    known = set(attributes_of(text))
    for command in commands_of(text):
        sendings = text.commands.get(command.name, ())
        if command.sets is None or command.sets_to is not None or not sendings:
            continue
        names = {argument.name: argument.name for argument in command.arguments}
        for attribute, argument in command.effects(names):
            reading = text.attributes.get(attribute.name) if attribute in known else None
            if reading is not None and _is_converted(argument, sendings):
                place = (*path, attribute.name)
                yield from _of_conversion(place, reading.conversion)
                yield from _missing(place, reading.conversion, _possible(attribute, text))


def _of_own(path: Path, own: OwnAttribute) -> Iterator[Fault]:
    if own.kind is ValueKind.BUTTON or not _is_converted(VALUE, own.set):
        return
    conversion = own_conversion(own)
    is_by_choice = own.kind is ValueKind.CHOICE and conversion.map is own.choices
    for each in _of_conversion(path, conversion):
        place = (*path, "choice") if is_by_choice and each.path[-1] == "map" else each.path
        yield replace(each, path=place)
    if own.kind is ValueKind.SWITCH:
        yield from _missing(path, conversion, (True, False))


def _is_converted(name: str, sendings: Iterable[Sending]) -> bool:
    """Return whether anything that is sent has an argument that is converted back."""
    return any(name in _converted(sending) for sending in sendings)


def _converted(sending: Sending) -> set[str]:
    try:
        return {each.name for _, each in builder_of(sending).uses if not each.is_raw}
    except DescriptionError:  # it is reported where it stands
        return set()


def _of_conversion(path: Path, conversion: Conversion) -> Iterator[Fault]:
    try:
        inverse(conversion)
    except DescriptionError as err:
        yield from (replace(each, path=(*path, *each.path)) for each in err.faults)


def _possible(attribute: Attribute[object], text: CapabilityText) -> tuple[object, ...]:
    """Return the values that a command can set, where that is known."""
    if attribute.schema.type is bool and not attribute.words:
        return (True, False)
    options = attribute.options
    values = text.fixed.get(options.name, ()) if options is not None else ()
    return tuple(values) if isinstance(values, list | tuple) else ()


def _missing(path: Path, conversion: Conversion, values: Iterable[object]) -> Iterator[Fault]:
    """Yield the values that a map lacks, which could not be sent."""
    if conversion.map and not conversion.template:
        known = {as_text(value) for value in conversion.map.values()}
        for word in map(as_text, values):
            if word not in known:
                raw = "{name.raw}"
                remedy = t"add what the device has for {word}, or send {raw}"
                yield fault((*path, "map"), t"has nothing that means {word}", remedy)
