"""The values in an example answer that is XML, by their paths."""

from collections import defaultdict
from collections.abc import Iterator
import re
from xml.etree.ElementTree import Element

from ..reading.path_steps import MAX_PATH
from ..reading.value_reading import ValueReading
from ..reading.xml_path import local_name
from .answer_field import AnswerField, FieldKind

_IDENTIFYING_ATTRIBUTES = ("id", "name", "index", "number")
_XML_NAME_IN_PATH = re.compile(r"[^\s/@\[\]=\"'<>:]+")
_VALUE_IN_PATH = re.compile(r"[\w.:-]+")


def xml_fields(root: Element) -> Iterator[AnswerField]:
    """Yield the texts and attributes in XML; names without their namespaces."""
    return _fields(root, "")


def _fields(element: Element, path: str) -> Iterator[AnswerField]:
    if len(path) > MAX_PATH:
        return
    text = (element.text or "").strip()
    if text and path:
        yield AnswerField(FieldKind.PATH, path, text, ValueReading(xml=path))
    for name, value in element.attrib.items():
        local = local_name(name)
        if value.strip() and _XML_NAME_IN_PATH.fullmatch(local):
            at = f"{path}/@{local}" if path else f"@{local}"
            yield AnswerField(FieldKind.PATH, at, value.strip(), ValueReading(xml=at))
    for name, children in _by_name(element).items():
        for number, child in enumerate(children):
            step = f"{name}{_which(children, number)}"
            yield from _fields(child, f"{path}/{step}" if path else step)


def _by_name(element: Element) -> dict[str, list[Element]]:
    named = defaultdict[str, list[Element]](list)
    for child in element:
        if _XML_NAME_IN_PATH.fullmatch(name := local_name(child.tag)):
            named[name].append(child)
    return named


def _which(elements: list[Element], at: int) -> str:
    """Return what tells an element from others of its name: an attribute, or its index."""
    if len(elements) == 1:
        return ""
    for name in _IDENTIFYING_ATTRIBUTES:
        values = [(element.get(name) or "").strip() for element in elements]
        if len(set(values)) == len(values) and all(map(_VALUE_IN_PATH.fullmatch, values)):
            return f"[@{name}={values[at]}]"
    return f"[{at}]" if at else ""
