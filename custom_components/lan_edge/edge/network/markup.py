"""XML that is not well-formed, read as far as it makes sense. No I/O.

Devices write XML by printf: names with a bare `&`, prefixes that nothing declares, tags that are
never closed, an end that is missing. There are no entities but XML's own five and references to
characters, and no document type.
"""

from collections.abc import Mapping
import re
import sys
from xml.etree.ElementTree import Element, TreeBuilder

from .text import REPLACEMENT

MAX_MARKUP = 12_000
"""The most signs `<`: each takes some time."""
MAX_SPACES = 64
"""The most prefixes that are declared at a time."""
# nothing is matched in two ways, and nothing from the middle of a name: that would take long
_XML_NAME = r"(?:[^\W\d]|:)[^\s<>/=\"'&{}]*+"
_START_OR_END = re.compile(
    rf"<(?P<end>/?)(?P<name>{_XML_NAME})"
    r"(?P<rest>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+|[^<>]*)>"  # a quote may be missing
)
_ATTRIBUTE = re.compile(
    rf"(?<![^\s\"'/])({_XML_NAME})\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'/>]+))"
)
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_HIDDEN = {"<!--": "-->", "<?": "?>"}
"""What begins something without content, and what ends it."""
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

type _Spaces = Mapping[str, str]
"""Namespaces by prefix."""


def without_controls(text: str) -> str:
    """Return `text` with a replacement character for each that XML cannot contain."""
    return _NOT_XML.sub(REPLACEMENT, text)


def read_markup(text: str, builder: TreeBuilder) -> Element:
    """Return the root element of `text`, built by `builder`; raise ValueError.

    An end tag that is missing is added, and one for nothing is ignored. If the text ends within an
    element that has no others in it, that element is left out: half a number is another number.
    """
    if text.count("<") > MAX_MARKUP:
        raise ValueError("too much markup")
    return _Reader(text, builder).read()


class _Reader:
    def __init__(self, text: str, builder: TreeBuilder) -> None:
        self._text = text
        self._builder = builder
        self._last_end = text.rfind(">")
        """Where the last tag ends: one that begins after it is cut."""
        self._root: Element | None = None
        self._open: list[tuple[str, Element, _Spaces]] = []
        """The elements around, the outermost first, with their names as they are written."""

    def read(self) -> Element:
        at = 0
        while (start := self._text.find("<", at)) >= 0 and not self._is_over:
            self._data(_resolved(self._text[at:start]))
            at = self._markup(start)
        self._close_all()
        if self._root is None:
            raise ValueError("no element")
        return self._root

    @property
    def _is_over(self) -> bool:
        return self._root is not None and not self._open

    def _markup(self, start: int) -> int:
        """Read what starts there; return where it ends."""
        text = self._text
        for begin, end in _HIDDEN.items():
            if text.startswith(begin, start):
                return _after(text, end, start)
        if text.startswith(_CDATA, start):
            after = _after(text, _CDATA_END, start)
            self._data(text[start + len(_CDATA) : after].removesuffix(_CDATA_END))
            return after
        if text.startswith("<!", start):
            raise ValueError("a document type")
        return self._tag(start)

    def _tag(self, start: int) -> int:
        if start > self._last_end:
            return len(self._text)
        if (tag := _START_OR_END.match(self._text, start)) is None:
            self._data("<")  # just a sign
            return start + 1
        if tag["end"]:
            self._end(tag["name"])
        else:
            self._start(tag["name"], tag["rest"])
            if tag["rest"].endswith("/"):
                self._end(tag["name"])
        return tag.end()

    def _start(self, name: str, rest: str) -> None:
        if not self._open and name.lower() == "html":
            raise ValueError("a page for people")
        attributes = {match[1]: _value(match) for match in _ATTRIBUTE.finditer(rest)}
        spaces = self._spaces(attributes)
        named = {_qualified(n, spaces) if ":" in n else n: v for n, v in attributes.items()}
        element = self._builder.start(_qualified(name, spaces), named)
        self._root = element if self._root is None else self._root
        self._open.append((name, element, spaces))

    def _spaces(self, attributes: dict[str, str]) -> _Spaces:
        """Return the namespaces in an element; take their declarations out of its attributes."""
        around = self._open[-1][2] if self._open else {}
        declaring = [n for n in attributes if n == "xmlns" or n.startswith("xmlns:")]
        if len(around) + len(declaring) > MAX_SPACES:
            raise ValueError("too many namespaces")
        declared = {n.partition(":")[2]: attributes.pop(n) for n in declaring}
        return {**around, **declared} if declared else around

    def _end(self, name: str) -> None:
        """Close an element, and those in it that were not closed."""
        if any(opened == name for opened, _, _ in self._open):
            while self._close() != name:
                pass

    def _close(self) -> str:
        name, element, _ = self._open.pop()
        self._builder.end(element.tag)
        return name

    def _close_all(self) -> None:
        """Close what the end of the text leaves open, and leave out where it ends."""
        *around, cut = (element for _, element, _ in self._open) if self._open else (None,)
        while self._open:
            self._close()
        if cut is not None and not len(cut):
            if not around or around[-1] is None:
                raise ValueError("only the beginning of an element")
            around[-1].remove(cut)

    def _data(self, text: str) -> None:
        if self._open and text:
            self._builder.data(text)


def _after(text: str, end: str, start: int) -> int:
    """Return the position after the next `end`; if there is none, the end of the text."""
    at = text.find(end, start)
    return len(text) if at < 0 else at + len(end)


def _qualified(name: str, spaces: _Spaces) -> str:
    """Return a name as ElementTree has it; a prefix that nothing declares is dropped."""
    prefix, _, local = name.rpartition(":")
    space = spaces.get(prefix)
    return f"{{{space}}}{local or name}" if space else local or name


def _value(attribute: re.Match[str]) -> str:
    return _resolved(attribute[2] or attribute[3] or attribute[4] or "")


def _resolved(text: str) -> str:
    """Return `text` with its references resolved; an unknown one remains as it is written."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name = reference.groups()
    if name:
        return _ENTITIES[name]
    code = int(decimal or hexadecimal, 10 if decimal else 16)
    return without_controls(chr(code)) if code <= sys.maxunicode else REPLACEMENT
