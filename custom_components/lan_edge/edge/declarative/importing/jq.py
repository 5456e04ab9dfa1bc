"""The simplest expressions of jq: the path of one value."""

import re

_JQ_STEP = r'(?:\.[A-Za-z_]\w*|\."[^"\\\[\]]+"|\[\d{1,4}\]|\["[^"\\]+"\])'
_JQ_PATH = re.compile(rf"{_JQ_STEP}{{1,20}}")
_JQ_OPTIONS = {"-r", "--raw-output", "-c", "-j", "-rc", "-M"}


def jq_path(words: list[str]) -> str:
    """Return the path that a command of jq selects; empty if it is none, or does more."""
    if not words or words[0] != "jq":
        return ""
    expressions = [each for each in words[1:] if each not in _JQ_OPTIONS]
    if len(expressions) != 1 or not _JQ_PATH.fullmatch(expressions[0].strip()):
        return ""
    text = expressions[0].strip()
    return re.sub(r'\.("[^"]+")', r"[\1]", text).removeprefix(".").replace(".[", "[")
