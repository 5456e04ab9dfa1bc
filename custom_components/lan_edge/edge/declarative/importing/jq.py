"""The simplest expressions of jq: the paths of some values."""

from collections.abc import Sequence
import re

_JQ_STEP = r'(?:\.[A-Za-z_]\w*|\."[^"\\\[\]]+"|\.?\[\d{1,4}\]|\.?\["[^"\\]+"\])'
_JQ_PATH = rf"(?:{_JQ_STEP}{{1,20}}|\.)"
_JQ_PIPED = rf"{_JQ_PATH}(?: *\| *{_JQ_PATH}){{0,8}}"
_JQ_PATHS = re.compile(rf"{_JQ_PIPED}(?: *, *{_JQ_PIPED}){{0,16}}")
_JQ_NEXT = re.compile(rf"({_JQ_PATH}) *([|,]?) *")
_JQ_OPTIONS = {"-r", "--raw-output", "-c", "-j", "-rc", "-M", "-C", "-S", "-a", "-e"}


def jq_paths(words: Sequence[str]) -> list[str] | None:
    """Return the paths that a command of jq selects; None if it is none, or does more.

    There is none if it only shows the whole answer.
    """
    if not words or words[0] != "jq":
        return None
    expressions = [each.strip() for each in words[1:] if each not in _JQ_OPTIONS] or ["."]
    if len(expressions) != 1 or not _JQ_PATHS.fullmatch(expressions[0]):
        return None
    paths = [""]
    for path, separator in _JQ_NEXT.findall(expressions[0]):
        paths[-1] += "" if path == "." else path
        if separator == ",":
            paths.append("")
    return [_written(each) for each in paths if each]


def _written(path: str) -> str:
    """Return a path of jq as a description has it."""
    plain = re.sub(r'\.("[^"]+")', r"[\1]", path).removeprefix(".")
    return plain.replace(".[", "[")
