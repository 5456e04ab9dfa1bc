"""What is wrong with what devices need not have: it must be seen whether one has it."""

from collections.abc import Iterator

from ..capabilities.profile import MAIN
from .description import ComponentText, Description
from .faults import fault
from .places import Fault, Path


def faults_of_the_optional(description: Description) -> Iterator[Fault]:
    """Yield what is optional though it is not read, or is the device itself."""
    for component_id, component in description.components.items():
        path: Path = ("components", component_id)
        if component.optional:
            yield from _faults_of_component((*path, "optional"), component_id, component)
        for name, own in component.own.items():
            if own.optional and own.reading is None:
                remedy = t"say where it is read, or remove `optional`"
                yield fault((*path, "own", name, "optional"), t"is not read", remedy)


def _faults_of_component(path: Path, name: str, component: ComponentText) -> Iterator[Fault]:
    if name == MAIN:
        remedy = t"write it at what the device may lack"
        yield fault(path, t"is for parts, not for the device itself", remedy)
    elif not component.is_read:
        remedy = t"say where something of it is read, or remove `optional`"
        yield fault(path, t"is at something of which nothing is read", remedy)
