"""Long lines of Python are broken within their brackets, one part a line."""

from collections.abc import Iterator

WIDTH = 100
"""The longest line, in characters."""
_OPENING_BRACKETS, _CLOSING_BRACKETS = "([{", ")]}"


def laid_out(line: str) -> str:
    """Return a line of code, broken if it is too long and has brackets to break it in."""
    if len(line) <= WIDTH or (pair := _brackets_to_break(line)) is None:
        return line
    start, end = pair
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    inside = line[start + 1 : end]
    head, tail = line[: start + 1], laid_out(indent[4:] + line[end:])
    is_call = line[start] == "("
    if is_call and len(indent + inside) <= WIDTH and not inside.endswith(","):
        return f"{head}\n{indent}{inside}\n{tail}"
    parts = list(_parts(inside))
    comma = "," if len(parts) > 1 or not _is_clause(parts[0]) else ""
    inner = "\n".join(laid_out(f"{indent}{part}{comma}") for part in parts)
    return f"{head}\n{inner}\n{tail}"


def _is_clause(part: str) -> bool:
    """Return whether what stands in brackets may not end with a comma."""
    return " for " in part or part.startswith("await ")


def _brackets_to_break(line: str) -> tuple[int, int] | None:
    """Return the last pair of outer brackets that contain anything."""
    pairs, opened = list[tuple[int, int]](), list[int]()
    for at, character in _code(line):
        if character in _OPENING_BRACKETS:
            opened.append(at)
        elif character in _CLOSING_BRACKETS and opened:
            start = opened.pop()
            if not opened and at > start + 1:
                pairs.append((start, at))
    return max(pairs, key=lambda pair: pair[1] - pair[0], default=None)


def _parts(text: str) -> Iterator[str]:
    """Yield the parts of a text between its outer commas."""
    depth = begin = 0
    for at, character in _code(text):
        depth += (character in _OPENING_BRACKETS) - (character in _CLOSING_BRACKETS)
        if character == "," and depth == 0:
            yield text[begin:at].strip()
            begin = at + 1
    if last := text[begin:].strip():
        yield last


def _code(text: str) -> Iterator[tuple[int, str]]:
    """Yield the characters that are not in texts, with their places."""
    quote, is_escaped = "", False
    for at, character in enumerate(text):
        if is_escaped:
            is_escaped = False
        elif quote:
            is_escaped = character == "\\"
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        else:
            yield at, character
