"""What is wrong with the values and buttons that no standard capability has."""

from collections import Counter
from collections.abc import Iterator

from ..capabilities.definition import Capability
from ..capabilities.spelling import camel
from ..driver.confirm import Confirm
from .compiling.own_capabilities import choices_name, setter_name
from .description import Description, OwnAttribute, ValueKind
from .faults import fault
from .places import Fault, Path

ASSUMED = (Confirm.ECHO, Confirm.ANSWER)
"""With these, a command counts as done without being seen in the state."""
_OF_EVERY_CAPABILITY = frozenset({*dir(Capability), *Capability.__annotations__})
"""What each capability has besides its attributes and commands."""


def faults_of_own(description: Description) -> Iterator[Fault]:
    """Yield what does not go together in them, and the names that clash."""
    yield from _faults_of_components(description)
    for component_id, component in description.components.items():
        path: Path = ("components", component_id, "own")
        used = Counter(n for each in component.own.items() for n in _names_of(*each))
        for name, own in component.own.items():
            clashing = [n for n in _names_of(name, own) if n in _OF_EVERY_CAPABILITY or used[n] > 1]
            if clashing:
                other = clashing[0]
                reason = t"would make {other}, which there is already"
                yield fault((*path, name), reason, t"give it another name")
            yield from _faults_of_value(description, (*path, name), own)


def _names_of(name: str, own: OwnAttribute) -> Iterator[str]:
    """Yield the names that a value adds to its capability."""
    yield name
    if own.kind is ValueKind.CHOICE:
        yield choices_name(name)
    if own.set and own.kind is not ValueKind.BUTTON:
        yield setter_name(name)


def _faults_of_components(description: Description) -> Iterator[Fault]:
    """Yield the components whose capabilities would have one id, as those of a_1 and a1."""
    names: dict[str, str] = {}
    for component_id in (name for name, each in description.components.items() if each.own):
        if (other := names.setdefault(camel(component_id), component_id)) != component_id:
            path: Path = ("components", component_id)
            yield fault(path, t"is too much like {other}", t"give one of them another name")


def _faults_of_value(description: Description, path: Path, own: OwnAttribute) -> Iterator[Fault]:
    is_read = own.reading is not None or own.kind is ValueKind.BUTTON
    if own.assumed and own.reading is not None:
        yield fault((*path, "assumed"), t"is read", t"remove assumed, or where it is read")
    if not is_read and not own.assumed and description.confirm not in ASSUMED:
        remedy = t"say where it is read, or write `assumed: true`"
        yield fault(path, t"is set, but not read", remedy)
