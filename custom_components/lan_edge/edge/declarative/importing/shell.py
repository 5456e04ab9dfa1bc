"""Command lines as people copy them, from bash, PowerShell and the prompt of Windows, as words."""

from collections.abc import Iterator
import re

from .variables import marked

MAX_COMMANDS = 64
"""The most commands that are read from a text."""
_CARET = re.compile(r"\^(?:\r?\n[ \t]*|(.))", re.DOTALL)
_WINDOWS = re.compile(r'\^[ \t]*\r?\n|\^"|\^\{')
_POWERSHELL = re.compile(r"`[ \t]*\r?\n|\$env:|\bcurl\.exe\b", re.IGNORECASE)
_PERCENT_VARIABLE = re.compile(r"%(?![0-9A-Fa-f]{2}%)([A-Za-z_][A-Za-z0-9_]{1,40})%")
_BASH_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)[^{}]{0,40}\}|([A-Za-z_]\w*))")
_POWERSHELL_VARIABLE = re.compile(r"\$(?:\{?env:)?(\w+)\}?", re.IGNORECASE)
_PROMPT = re.compile(r"(?:[$>]|[A-Za-z]:\\[^>]*>|PS [^>]*>)\s+")
_ENDS = re.compile(r"&&|\|\||\||;|\n|&(?=\s|$)")
_REDIRECTION = re.compile(r"[0-9&]?>>?(?:&[0-9]|\s*\S+)?|<\s*\S+")
_SHELL_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "e": "\x1b"}
_CHARACTER_CODE = re.compile(r"x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})")
_HEREDOC = re.compile(r"<<-?[ \t]*(['\"]?)(\w{1,40})\1")
_HERE_STRING = re.compile(r"<<<[ \t]*")
_MAX_HEREDOCS = 16
PIPE = "\ue000|"
"""Stands for a pipe between commands, unlike `|` in quotes: a text has no such mark."""
INPUT = "\ue000<"
"""With what a word begins that is not of a command, but what it reads."""


def commands_of(text: str) -> list[list[str]]:
    """Return the commands in a text, as their words; one that begins with PIPE reads the other."""
    commands: list[list[str]] = [[]]
    for word in _Lexer(text).words():
        if word is None or word == PIPE:
            commands.append([PIPE] if word == PIPE else [])
            if len(commands) > MAX_COMMANDS:
                break
        else:
            commands[-1].append(word)
    return [each for each in commands if each and each != [PIPE]]


class _Lexer:
    """Reads words from left to right."""

    def __init__(self, text: str) -> None:
        self._at = 0
        self._escape = "\\"
        self._variable = _BASH_VARIABLE
        self._is_windows = _WINDOWS.search(text) is not None
        if self._is_windows:
            text = _CARET.sub(lambda found: found[1] or " ", text)
            text = _PERCENT_VARIABLE.sub(lambda found: marked(found[1]), text)
        elif _POWERSHELL.search(text):
            self._escape, self._variable = "`", _POWERSHELL_VARIABLE
        self._text = text.replace("\r\n", "\n")
        self._heredocs = 0

    def words(self) -> Iterator[str | None]:
        """Yield words; None at the end of a command, PIPE where the next one reads it."""
        is_first = True
        while self._at < len(self._text):
            if self._skipped_blanks():
                continue
            if is_first and (found := _PROMPT.match(self._text, self._at)):
                self._at = found.end()
                continue
            if self._text[self._at] == "#":
                self._at = self._line_end()
            elif found := _ENDS.match(self._text, self._at):
                self._at, is_first = found.end(), True
                yield PIPE if found[0] == "|" else None
            elif self._text[self._at] == "<" and (given := self._input()) is not None:
                yield f"{INPUT}{given}"
            elif found := _REDIRECTION.match(self._text, self._at):
                self._at = found.end()
            else:
                is_first = False
                yield self._word()

    def _skipped_blanks(self) -> bool:
        start = self._at
        while self._at < len(self._text):
            if self._text[self._at] in " \t\r":
                self._at += 1
            elif self._text.startswith(f"{self._escape}\n", self._at):
                self._at += 2
            else:
                break
        return self._at > start

    def _line_end(self) -> int:
        end = self._text.find("\n", self._at)
        return len(self._text) if end < 0 else end

    def _input(self) -> str | None:
        """Return what a command reads that stands beside it; None if that does not."""
        if found := _HERE_STRING.match(self._text, self._at):
            self._at = found.end()
            return self._word()
        found = _HEREDOC.match(self._text, self._at)
        if found is None or self._heredocs == _MAX_HEREDOCS:
            return None
        self._heredocs += 1
        begin = self._text.find("\n", found.end()) + 1
        end = re.compile(rf"(?m)^[ \t]*{found[2]}[ \t]*$").search(self._text, begin or found.end())
        if not begin or end is None:
            return None
        self._at = found.end()
        given = self._text[begin : end.start()]
        self._text = self._text[: begin - 1] + self._text[end.end() :]
        return given.removesuffix("\n")

    def _word(self) -> str:
        parts: list[str] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            if char in " \t\r\n;|" or (char == "&" and _ENDS.match(self._text, self._at)):
                break
            parts.append(self._part(char))
        return "".join(parts)

    def _part(self, char: str) -> str:
        if char == "'" and not self._is_windows:
            return self._quoted()
        if char == '"':
            return self._double_quoted()
        if self._text.startswith("$'", self._at) and self._escape == "\\":
            return self._with_escapes()
        self._at += 1
        if char == self._escape and not self._is_windows:
            self._at += 1
            escaped = self._text[self._at - 1 : self._at]
            return "" if escaped == "\n" else escaped
        return self._expanded(char)

    def _quoted(self) -> str:
        """Return what is in single quotes; in PowerShell, two of them stand for one."""
        end = self._text.find("'", self._at + 1)
        end = len(self._text) if end < 0 else end
        quoted = self._text[self._at + 1 : end]
        self._at = end + 1
        if self._escape == "`" and self._text.startswith("'", self._at):
            quoted += "'"
        return quoted

    def _double_quoted(self) -> str:
        parts: list[str] = []
        self._at += 1
        while self._at < len(self._text):
            char, after = self._text[self._at], self._text[self._at + 1 : self._at + 2]
            self._at += 1
            if char == '"' and not (after == '"' and (self._is_windows or self._escape == "`")):
                break
            if char == '"' or self._is_escape(char, after):
                self._at += 1
                parts.append("" if after == "\n" else after)
            else:
                parts.append(char if self._is_windows else self._expanded(char))
        return "".join(parts)

    def _is_escape(self, char: str, after: str) -> bool:
        if char == "\\":  # PowerShell passes it on, and curl takes it for a quote
            return after in ('"', "\\") or (self._escape == "\\" and after in ("$", "`", "\n"))
        return char == self._escape and after != "" and not self._is_windows

    def _with_escapes(self) -> str:
        """Return what is in $'...'."""
        parts: list[str] = []
        self._at += 2
        while self._at < len(self._text) and (char := self._text[self._at]) != "'":
            self._at += 1
            if char != "\\":
                parts.append(char)
            elif found := _CHARACTER_CODE.match(self._text, self._at):
                self._at = found.end()
                parts.append(chr(int(found[1] or found[2], 16)))
            else:
                after = self._text[self._at : self._at + 1]
                self._at += 1
                parts.append(_SHELL_ESCAPES.get(after, after))
        self._at += 1
        return "".join(parts)

    def _expanded(self, char: str) -> str:
        """Return a character, or the variable that begins with it."""
        if char == "$" and (found := self._variable.match(self._text, self._at - 1)):
            self._at = found.end()
            return marked(next(filter(None, found.groups()), ""))
        return char
