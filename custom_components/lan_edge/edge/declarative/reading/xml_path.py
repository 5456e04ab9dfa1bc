"""Paths in XML: `status/zone[1]/power`, `zone[@id=3]/@name`, `//CurrentVolume`."""

from collections.abc import Callable, Iterable, Iterator
import re
from typing import NamedTuple
from xml.etree.ElementTree import Element

from ..faults import field_fault
from .path_steps import MAX_PATH, Condition, Index, Step, bracket_step
from .received import MISSING, Raw

_XML_STEP = re.compile(r"(//|/|^)(@?)([^\s/@\[\]=\"'<>]+)")


class XmlStep(NamedTuple):
    """A step of a path in XML."""

    name: str
    is_anywhere: bool
    is_attribute: bool
    which: Step


_FIRST = Index(0)


def xml_path(text: str) -> Callable[[Element], Raw]:
    """Return a function that returns the text at a path; raise DescriptionError for a bad path.

    The function returns MISSING if there is no such element or attribute, and None if it is empty.
    """
    steps = xml_steps(text)

    def select(root: Element) -> Raw:
        found = _followed(steps, root)
        if found is MISSING and len(steps) > 1 and local_name(root.tag) == steps[0].name:
            found = _followed(steps[1:], root)
        return found

    return select


def xml_steps(text: str) -> tuple[XmlStep, ...]:
    """Return the steps of a path in XML; raise DescriptionError."""
    if len(text) > MAX_PATH:
        raise field_fault("xml", t"has more than {MAX_PATH} characters")
    steps: list[XmlStep] = []
    at = 0
    while at < len(text):
        if (begin := _XML_STEP.match(text, at)) is None or (steps and steps[-1].is_attribute):
            rest = text[at:]
            raise field_fault(
                "xml",
                t"is {text!r}, which is wrong at {rest!r}",
                t"write names of elements with /, [0] or [id=3] after one, and @name at the end",
            )
        which, at = bracket_step(text, begin.end()) or (_FIRST, begin.end())
        local = begin[3].rpartition(":")[2]
        steps.append(XmlStep(local, begin[1] == "//", bool(begin[2]), which))
    return tuple(steps)


def _followed(steps: Iterable[XmlStep], element: Element) -> Raw:
    for step in steps:
        if step.is_attribute:
            holders = element.iter() if step.is_anywhere else [element]
            return next(_attributes(step.name, holders), MISSING)
        among = element.iter() if step.is_anywhere else element
        named = [each for each in among if local_name(each.tag) == step.name]
        if (chosen := _chosen(named, step.which)) is None:
            return MISSING
        element = chosen
    return (element.text or "").strip() or None


def _chosen(elements: list[Element], which: Step) -> Element | None:
    if isinstance(which, Index):
        is_there = -len(elements) <= which.at < len(elements)
        return elements[which.at] if is_there else None
    return next((e for e in elements if isinstance(which, Condition) and _fits(e, which)), None)


def _fits(element: Element, condition: Condition) -> bool:
    if condition.field.startswith("@"):
        return condition.value in _attributes(condition.field[1:], [element])
    inner = (e for e in element if local_name(e.tag) == condition.field)
    return any((e.text or "").strip() == condition.value for e in inner)


def _attributes(name: str, elements: Iterable[Element]) -> Iterator[str | None]:
    for element in elements:
        for key, value in element.attrib.items():
            if local_name(key) == name:
                yield value.strip() or None


def local_name(name: str) -> str:
    """Return the name of an element or attribute without its namespace."""
    return name.rpartition("}")[2]
