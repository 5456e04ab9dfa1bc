"""Templates: texts with fields of a sighting in them, such as `{txt[id].lower}`.

A field is `{name}`, `{host}`, `{usn}` or one of a group, `{txt[id]}`; what a sighting does not have
is empty. Functions follow it, one after another: `lower`, `upper`, `mac` (the MAC address in it, as
`mac_address` returns it), `find(...)` (the first group of a regular expression, or all that it
matches), a slice (`[-6:]`), and for a USN `uuid` and `name`. `{{` and `}}` are braces.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
import re
from typing import Any
from urllib.parse import unquote

from ..network.address import mac_address
from ..network.patterns import safe_pattern
from ..network.text import MAX_FIELD

GROUPS = ("txt", "headers", "upnp", "dhcp", "reply", "beacon")
"""The groups of fields that a sighting may have."""
_TEXTS = ("name", "host", "usn")

type _Function = Callable[[str], str]
type _Part = Callable[[Mapping[str, Any]], str]

_LITERAL = re.compile(r"(?:[^{}]|\{\{|\}\})+")
_FIELD_NAME = re.compile(r"\{(\w+)")
_FIELD_KEY = re.compile(r"\[([^\[\]{}]+)\]")
_SLICE_OF_TEXT = re.compile(r"\[(-?\d{0,4}):(-?\d{0,4})\]")
_FUNCTION_NAME = re.compile(r"\.(\w+)")


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Return a template's text with the fields of a sighting; raise ValueError for a bad one."""
    return "".join(part(values) for part in _parts(template))


@lru_cache(maxsize=1024)
def _parts(template: str) -> tuple[_Part, ...]:
    parts: list[_Part] = []
    at = 0
    while at < len(template):
        if literal := _LITERAL.match(template, at):
            parts.append(_literal(literal[0]))
            at = literal.end()
        else:
            part, at = _field(template, at)
            parts.append(part)
    return tuple(parts)


def _literal(text: str) -> _Part:
    text = text.replace("{{", "{").replace("}}", "}")
    return lambda _: text


def _field(template: str, at: int) -> tuple[_Part, int]:
    """Return what reads the field that begins at a place, and where it ends."""
    if (begin := _FIELD_NAME.match(template, at)) is None:
        raise ValueError(f"{template[at:]!r} is no field, such as {{txt[id]}}; a brace is {{{{")
    read, at = _reader(begin[1], template, begin.end())
    functions: list[_Function] = []
    while not template.startswith("}", at):
        function, at = _function(template, at)
        functions.append(function)
    return _applied(read, functions), at + 1


def _reader(name: str, template: str, at: int) -> tuple[_Part, int]:
    if name in _TEXTS:
        return (lambda values: str(values[name])), at
    if name not in GROUPS:
        raise ValueError(f"there is no field {name!r}, only {', '.join((*_TEXTS, *GROUPS))}")
    if (key := _FIELD_KEY.match(template, at)) is None:
        raise ValueError(f"{name} is a group: name one of its fields, as in {{{name}[id]}}")
    return (lambda values: str(values[name][key[1]])), key.end()


def _applied(read: _Part, functions: list[_Function]) -> _Part:
    def part(values: Mapping[str, Any]) -> str:
        text = read(values)
        for function in functions:
            text = function(text)
        return text

    return part


def _function(template: str, at: int) -> tuple[_Function, int]:
    if part := _SLICE_OF_TEXT.match(template, at):
        first, last = (int(number) if number.strip("-") else None for number in part.groups())
        return (lambda text: text[first:last]), part.end()
    if (name := _FUNCTION_NAME.match(template, at)) is None:
        raise ValueError(f"a }} is expected at {template[at:]!r}")
    if name[1] == "find":
        return _finder(template, name.end())
    if name[1] not in _TEXT_FUNCTIONS:
        words = ", ".join((*_TEXT_FUNCTIONS, "find(...)", "[first:last]"))
        raise ValueError(f"{name[1]!r} is none of the functions {words}")
    return _TEXT_FUNCTIONS[name[1]], name.end()


def _finder(template: str, at: int) -> tuple[_Function, int]:
    if not template.startswith("(", at) or not (end := _closing(template, at)):
        raise ValueError("find takes a regular expression: find(...)")
    pattern = safe_pattern(template[at + 1 : end])

    def find(text: str) -> str:
        match = pattern.search(text[:MAX_FIELD])
        return (match[1 if pattern.groups else 0] or "") if match else ""

    return find, end + 1


def _closing(template: str, at: int) -> int:
    """Return where the bracket that opens at a place closes; 0: nowhere."""
    depth, is_set, end = 0, False, at
    while end < len(template):
        match template[end]:
            case "\\":
                end += 1
            case "[" | "]" as bracket:
                is_set = bracket == "["
            case "(" if not is_set:
                depth += 1
            case ")" if not is_set:
                depth -= 1
                if not depth:
                    return end
        end += 1
    return 0


def _mac(text: str) -> str:
    """Return the MAC address that a text is, or that is in it with separators; else empty."""
    pair, rest = r"[0-9a-f]{2}", r"(?:([:.-])[0-9a-f]{2})(?:\2[0-9a-f]{2}){4}"
    within = re.search(rf"\b({pair}{rest})(?![:.-]?[0-9a-f]{{2}}\b)", text, re.IGNORECASE)
    return mac_address(text) or (mac_address(within[1]) if within else "")


def _uuid(usn: str) -> str:
    return usn.partition("::")[0].removeprefix("uuid:").strip()


def _usn_name(usn: str) -> str:
    """Return the name in a USN such as `x:ecp:<mac>:name:<URL-encoded>:type:y`; else empty."""
    name = re.search(r":name:([^:]*)", usn)
    return unquote(name[1]).strip() if name else ""


_TEXT_FUNCTIONS: dict[str, _Function] = {
    "lower": str.lower,
    "upper": str.upper,
    "mac": _mac,
    "uuid": _uuid,
    "name": _usn_name,
}
