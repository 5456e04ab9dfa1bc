"""Command lines as they stand on pages: without what surrounds them, and with plain quotes."""

import re

_LINES_AROUND = re.compile(r"(?m)^[ \t]*(?:```.*|~~~.*|//.*)$")
"""The fences of a block in Markdown, and comments of other languages."""
_IN_BACKTICKS = re.compile(r"(?m)^[ \t]*(?:[>*+-][ \t]+|\d{1,3}[.)][ \t]+)?`([^`\n]+)`[ \t]*$")
_TYPED_QUOTES = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"'}
)
_QUOTED_WORDS = r"""(?<!\w)'[^']*+(?:'|\Z)|"(?:\\.|[^"\\])*+\\?(?:"|\Z)"""
_TYPED_SIGN = re.compile(
    rf"{_QUOTED_WORDS}|[\u2018-\u201e]|(?<=\s)[\u2013\u2014](?=([A-Za-z]{{3}})|[A-Za-z])", re.DOTALL
)
"""Quotes and dashes that a program for texts made, or what is in plain quotes."""
_ANY_COMMAND = re.compile(r"(?m)^[ \t]*(?:[$>%][ \t]+)?(?:sudo[ \t]+)?(?:[\w./-]{0,80}/)?curl\b")
_ROOT_PROMPT = re.compile(r"(?m)^[ \t]*#[ \t]+(?=(?:[\w./-]{0,80}/)?curl[ \t])")
_RESULT_OF_CURL = re.compile(
    r"(?m)^[ \t]*(?:export[ \t]+|local[ \t]+)?[A-Za-z_]\w{0,60}=\"?(?:\$\(|`)[ \t]*(?=curl\b)"
)
_BRACKET_OR_QUOTED = re.compile(rf"[()]|{_QUOTED_WORDS}|\\.", re.DOTALL)


def plain_commands(text: str) -> str:
    """Return a text with its commands only, as a shell takes them."""
    text = _IN_BACKTICKS.sub(r"\1", _LINES_AROUND.sub("", _TYPED_SIGN.sub(_as_typed, text)))
    if not _ANY_COMMAND.search(text):  # a # is the prompt of root, or each is a comment
        text = _ROOT_PROMPT.sub("", text)
    return _without_assignment(text)


def _as_typed(found: re.Match[str]) -> str:
    """Return plain quotes and dashes for typed ones; what is in plain quotes stays."""
    if found[0][0] in "'\"":
        return found[0]
    if found[0] in "\u2013\u2014":
        return "--" if found[1] else "-"
    return found[0].translate(_TYPED_QUOTES)


def _without_assignment(text: str) -> str:
    """Return a text in which `result=$(curl ...)` is the command alone."""
    parts: list[str] = []
    at = 0
    while found := _RESULT_OF_CURL.search(text, at):
        parts.append(text[at : found.start()])
        at = found.end()
        end = text.find("`", at) if "`" in found[0] else _end_of_brackets(text, at)
        if end < 0:
            break
        parts.append(text[at:end])
        at = end + 1
        if '"' in found[0] and text.startswith('"', at):
            at += 1
    return "".join([*parts, text[at:]])


def _end_of_brackets(text: str, at: int) -> int:
    """Return where the bracket is that closes the one before; -1 if there is none."""
    depth = 1
    for found in _BRACKET_OR_QUOTED.finditer(text, at):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if not depth:
            return found.start()
    return -1
