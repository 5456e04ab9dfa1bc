r"""JSON as devices write it by printf, made into JSON. No I/O.

Names contain quotes and backslashes that are not escaped, or escapes of other languages (`\'`);
readings are `nan`, `007`, `+5` or `.5`, or nothing at all; a list ends with a comma.
"""

import re

MAX_LOOSE = 64 * 1024
"""The longest text that is mended, in characters: it takes up to 20 ms."""
# each alternative takes all that it can, and none begins in the middle of a number: it is linear
_LOOSE = re.compile(
    r"\"(?P<text>(?:[^\"\\]|\\.|\"(?!\s*+(?:[,:}\]]|\Z)))*+)(?P<end>\"?)"
    r"|(?P<none>[-+]?+\b(?:nan(?:\([a-z]*+\))?+|inf(?:inity)?+)(?![\w(]))"
    r"|(?P<number>(?<![\w.+-])(?:\+[0-9.]|-?+0[0-9]|-?+\.[0-9]|-?+[0-9]++\.(?![0-9]))[0-9.eE+-]*+)"
    r"|(?P<comma>,)(?=\s*+[\]}])"
    r"|(?P<colon>:)(?=\s*+[,}])",
    re.IGNORECASE | re.DOTALL,
)
_IN_TEXT = re.compile(r"\\(?:u[0-9a-fA-F]{4}|[\"\\/bfnrt])|(?P<odd>\\'|[\\\"])")
_ODD_IN_TEXT = {"\\'": "'", "\\": "\\\\", '"': '\\"'}


def mended_json(text: str) -> str:
    """Return `text` as JSON where it is clear what is meant; raise ValueError for a bad number.

    A quote ends a text only before what may follow one. What is not a number becomes null.
    """
    return _LOOSE.sub(_mended, text)


def _mended(piece: re.Match[str]) -> str:
    match piece.lastgroup:
        case "end":
            return f'"{_IN_TEXT.sub(_escaped, piece["text"])}{piece["end"]}'
        case "number":
            return _number(piece[0])
        case "comma":
            return ""
        case "colon":
            return ":null"
        case _:
            return "null"


def _escaped(match: re.Match[str]) -> str:
    return _ODD_IN_TEXT[match["odd"]] if match["odd"] else match[0]


def _number(written: str) -> str:
    digits = written.lstrip("+-")
    return repr(int(written) if digits.isdecimal() else float(written))
