"""The text of a description: YAML that is data and nothing else, as plain values with their lines.

It is read by the rules of YAML 1.2, so `on`, `off`, `yes` and `no` are words. A key is always the
text that stands there: `1`, `007` and `on` are what a device sends. Anchors, aliases, tags and
further documents are refused, as a small text with them can become a large one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
import re
from typing import Any, override

import yaml

from ..errors import DriverError
from ..network.text import is_encodable
from ..sentences import Sayable
from .faults import fault
from .parser_words import yaml_said
from .places import DescriptionError, Fault, Path, Places

__all__ = ["text_of", "values_of"]

MAX_YAML = 256 * 1024
"""The longest text, in bytes."""
MAX_YAML_DEPTH = 32
"""How deep lists and mappings may be nested."""
MAX_NODES = 20_000
"""The most values, lists and mappings in all."""
MAX_FAULTS = 50
"""The most faults that are reported at once."""


@dataclass(frozen=True, slots=True)
class YamlRules:
    """How much may be in a text, and the tags that it may have."""

    most_bytes: int = MAX_YAML
    most_nodes: int = MAX_NODES
    most_depth: int = MAX_YAML_DEPTH
    tags: Mapping[str, Callable[[str], Any]] = field(
        default_factory=dict[str, Callable[[str], Any]]
    )
    """What a text with a tag stands for, by the tag: none in a description."""


_DESCRIPTION_RULES = YamlRules()
_NO_ANCHOR = t"write the value itself at each place"
_CONSTANTS: Mapping[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_HEX_NUMBER = re.compile(r"0x[0-9a-fA-F]{1,15}")
_NUMBER = re.compile(
    r"[-+]?(?=\.?[0-9])(?:0|[1-9][0-9]{0,17})?(?:\.[0-9]{0,20})?(?:[eE][-+]?[0-9]{1,3})?"
)
LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


def values_of(text: str) -> tuple[Any, Places]:
    """Return the values in a text, and where they stand; raise DescriptionError."""
    values, places, faults = parsed(text)
    if faults:
        raise DescriptionError(*faults)
    return values, places


def parsed(text: str, rules: YamlRules = _DESCRIPTION_RULES) -> tuple[Any, Places, list[Fault]]:
    """Return the values in a text, where they stand, and its faults.

    With a fault, the values are those that could be read all the same; None if there is no telling.
    """
    if not is_encodable(text):
        return None, Places(), [fault((), t"it has characters that are not valid text", "", 1)]
    if len(text.encode()) > rules.most_bytes:
        most = rules.most_bytes // 1024
        remedy = t"at most {most} KiB are possible"
        return None, Places(), [fault((), t"it is too long", remedy, 1)]
    builder = _Builder(rules)
    try:
        values = builder.document(yaml.parse(text, Loader=LOADER))
    except yaml.YAMLError as err:
        builder.faults.append(_fault_of(err, text))
        values = None
    return values, Places(builder.lines), builder.faults


def text_of(values: Any) -> str:
    """Return values as a readable text, in their order, from which `values_of` makes them again."""
    return yaml.dump(
        values,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=100,
        default_flow_style=None,
    )


class _TooMuchError(DriverError):
    """A text has too many values, or is nested too deeply; the rest of it is not read."""


class _Builder:
    """Makes values of the events of a parser, one after another."""

    def __init__(self, rules: YamlRules) -> None:
        self._rules = rules
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []
        self._nodes = 0

    def document(self, events: Iterator[Any]) -> Any:
        """Return the value of the only document; None if there is none."""
        values: Any = None
        documents = 0
        try:
            for event in events:
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        self._fault(
                            (), event, t"there is a second document", t"remove it, and the ---"
                        )
                        break
                elif isinstance(event, yaml.NodeEvent):
                    values = self._node((), event, events)
        except _TooMuchError:
            pass
        return values

    def _node(self, path: Path, event: Any, events: Iterator[Any]) -> Any:
        self._count(path, event)
        self.lines.setdefault(path, event.start_mark.line + 1)
        if isinstance(event, yaml.AliasEvent):
            self._fault(path, event, t"refers to *{event.anchor}", _NO_ANCHOR)
            return None
        if event.anchor is not None:
            self._fault(path, event, t"has an anchor &{event.anchor}", _NO_ANCHOR)
        stands_for = self._rules.tags.get(event.tag or "")
        if stands_for is not None and isinstance(event, yaml.ScalarEvent):
            return stands_for(event.value)
        if event.tag is not None:
            self._fault(path, event, t"has a tag {event.tag:.40}", t"remove it; a text has quotes")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path, events)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path, events)
        return _scalar(event.value) if event.implicit[0] else event.value

    def _sequence(self, path: Path, events: Iterator[Any]) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._node((*path, len(items)), event, events))
        return items

    def _mapping(self, path: Path, events: Iterator[Any]) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._key(path, event, events)
            within = (*path, key)
            if key in fields:
                first = self.lines[within]
                self._fault(within, event, t"is already in line {first}", t"remove one")
                self._node((*within, ""), next(events), events)
                continue
            self.lines[within] = event.start_mark.line + 1
            fields[key] = self._node(within, next(events), events)
        return fields

    def _key(self, path: Path, event: Any, events: Iterator[Any]) -> str:
        """Return a key as the text that stands there."""
        if isinstance(event, yaml.ScalarEvent) and event.anchor is None and event.tag is None:
            self._count(path, event)
            return event.value
        self._fault(path, event, t"has a key that is no plain text", t"write the key as one word")
        self._node((*path, ""), event, events)
        return ""

    def _count(self, path: Path, event: Any) -> None:
        self._nodes += 1
        if self._nodes > self._rules.most_nodes:
            most = self._rules.most_nodes
            self._fault(path, event, t"is one of more than {most} values", t"make it shorter")
            raise _TooMuchError("it is too much")
        if len(path) > self._rules.most_depth:
            most = self._rules.most_depth
            self._fault(path, event, t"is nested more than {most} deep", t"use fewer levels")
            raise _TooMuchError("it is too much")
        if len(self.faults) >= MAX_FAULTS:
            raise _TooMuchError("it is too much")

    def _fault(self, path: Path, event: Any, reason: Sayable, remedy: Sayable) -> None:
        self.faults.append(fault(path, reason, remedy, event.start_mark.line + 1))


def _scalar(text: str) -> str | float | bool | None:
    """Return the value of a text without quotes."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _HEX_NUMBER.fullmatch(text):
        return int(text, 16)
    if _NUMBER.fullmatch(text) and isfinite(number := float(text)):
        return number
    return text


def _fault_of(error: yaml.YAMLError, text: str) -> Fault:
    """Return where a text is no YAML, and why."""
    mark = getattr(error, "problem_mark", None)
    position: int = getattr(error, "position", 0)
    line = mark.line + 1 if mark is not None else text.count("\n", 0, position) + 1
    words = getattr(error, "problem", None) or getattr(error, "reason", "") or "is no YAML"
    problem, remedy = yaml_said(words)
    return fault((), t"the text is not YAML: {problem}", remedy, line)


class _Dumper(yaml.SafeDumper):
    """Writes short lists and mappings in one line, and texts so that any program reads texts."""

    @override
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    is_ambiguous = not isinstance(_scalar(text), str) or _looks_like_a_number(text)
    is_plain = text.replace("\n", "").isprintable()
    is_long = "\n" in text.strip() and text == text.lstrip()
    style = '"' if is_ambiguous or not is_plain else "|" if is_long else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


def _looks_like_a_number(text: str) -> bool:
    return text[:1].isdigit() or (text[:1] in "+-." and text[1:2].isdigit())


_Dumper.add_representer(str, _represent_text)
