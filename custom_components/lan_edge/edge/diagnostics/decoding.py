"""What a text stands for if it is escaped for a URL, JSON, XML or a log, once or several times."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
import re
import sys

MAX_VERSIONS = 16
"""How many things that a text may stand for are looked at."""
_ESCAPES = {
    "%": re.compile(r"(?:%[0-9a-f]{2})+", re.IGNORECASE),
    "\\": re.compile(
        r"""(?:\\x[0-9a-f]{2})+|(?:\\u[0-9a-f]{4})+|\\U[0-9a-f]{8}|\\[nrt"'\\/]""", re.IGNORECASE
    ),
    "&": re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE),
}
"""The escapes of URLs, of JSON and logs, and of XML, by what they begin with."""
HIDES_WORDS = re.compile(
    r"%(?:25)*(?:3\d|[46][1-9a-f]|[57][0-9a]|2[bf])|x[3-7]|u00(?:[3-7]|2[bf])|\\/|&[\w;]*#",
    re.IGNORECASE,
)
"""What a text has in which letters, digits or the signs of Base64 are escaped."""
_SHORT = {"n": "\n", "r": "\r", "t": "\t"}

type Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Version:
    """A text, or what it stands for, and where each of its characters comes from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def origin(self, span: Span) -> Span:
        """Return where a part of it, which is not empty, is in the original text."""
        return self.starts[span[0]], self.ends[span[1] - 1]


def versions(text: str) -> Iterator[Version]:
    """Yield a text, and what it stands for if it was escaped in these ways, in any order."""
    known, waiting = {text}, [Version(text, range(len(text)), range(1, len(text) + 1))]
    for version in waiting:  # which grows meanwhile
        yield version
        for decoded in _decodings(version):
            if decoded.text not in known and len(known) < MAX_VERSIONS:
                known.add(decoded.text)
                waiting.append(decoded)


def _decodings(version: Version) -> Iterator[Version]:
    for beginning, escapes in _ESCAPES.items():
        if beginning in version.text:
            yield _decoded(version, escapes)
    if "+" in version.text:  # a blank, in forms
        yield Version(version.text.replace("+", " "), version.starts, version.ends)


def _decoded(version: Version, escapes: re.Pattern[str]) -> Version:
    characters, starts, ends, last = list[str](), list[int](), list[int](), 0
    for escape in escapes.finditer(version.text):
        at = escape.start()
        characters += version.text[last:at]
        starts += version.starts[last:at]
        ends += version.ends[last:at]
        for character, size in _characters(escape[0]):
            characters.append(character)
            starts.append(version.starts[at])
            at += size
            ends.append(version.ends[at - 1])
        last = escape.end()
    characters += version.text[last:]
    return Version(
        "".join(characters), [*starts, *version.starts[last:]], [*ends, *version.ends[last:]]
    )


def _characters(escape: str) -> Iterator[tuple[str, int]]:
    """Yield the characters that an escape stands for, each with the length of its own escape."""
    kind = escape[:2]
    if escape[0] == "&":
        yield _entity(escape[1:-1]), len(escape)
    elif escape[0] == "%":
        yield from _of_bytes(bytes.fromhex(escape.replace("%", "")), 3)
    elif kind == "\\U" and len(escape) == len("\\U00000000"):
        yield _character(int.from_bytes(bytes.fromhex(escape[2:]))), len(escape)
    elif kind in {"\\x", "\\X"}:
        yield from _of_bytes(bytes.fromhex(escape.lower().replace("\\x", "")), 4)
    elif kind in {"\\u", "\\U"}:
        units = bytes.fromhex(escape.lower().replace("\\u", "")).decode(
            "utf-16-be", "surrogatepass"
        )
        yield from ((c, 3 * len(c.encode("utf-16-be", "surrogatepass"))) for c in units)
    else:
        yield _SHORT.get(escape[1], escape[1]), 2


def _entity(name: str) -> str:
    if name[0] != "#":
        return unescape(f"&{name};")[:1]
    is_hexadecimal = name[1] in "xX"
    return _character(int(name[1 + is_hexadecimal :], 16 if is_hexadecimal else 10))


def _character(code: int) -> str:
    return chr(code) if code <= sys.maxunicode else " "


def _of_bytes(data: bytes, size: int) -> Iterator[tuple[str, int]]:
    """Yield the characters of bytes in UTF-8; what is none is taken for Latin-1."""
    for character in data.decode(errors="surrogateescape"):
        code = ord(character)
        if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004
            yield chr(code - 0xDC00), size
        else:
            yield character, size * len(character.encode(errors="surrogatepass"))
