"""What the pages of the reference say, read as text."""

from collections.abc import Iterator, Mapping
import re
from typing import NamedTuple

from .pages import ROOT

FOLDER = ROOT / "docs/reference"
_LINES = re.MULTILINE | re.DOTALL
_NOTE = re.compile(r"^(<!--.*-->|## .*|Used in signatures; .*)$", re.MULTILINE)
_ENTRY = re.compile(r"^### \w+ `(\S+)`\n(.*?)(?=^### |\Z)", _LINES)
_METHOD = re.compile(r"^#### `\S+\.(\w+)`\n(.*?)(?=^#### |\Z)", _LINES)
_CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
_ROW = re.compile(r"^\| `(\w+)` \| (.*) \|$", re.MULTILINE)
_INHERITED = re.compile(r"^From .+?: (.+)\.$", re.MULTILINE)


class Entry(NamedTuple):
    """What the reference says of one public name."""

    signatures: str
    prose: str
    """What stands below the signature, tables and methods aside."""
    members: Mapping[str, str]
    """What it says of each member that it describes; empty: nothing."""
    inherited: frozenset[str]
    """The members that a base describes."""


def pages() -> dict[str, str]:
    """Return the pages' texts by their names."""
    return {path.name: path.read_text() for path in FOLDER.glob("*.md")}


def entries(texts: Mapping[str, str]) -> dict[str, Entry]:
    """Return what the pages say, by the public names."""
    found = (_ENTRY.findall(_NOTE.sub("", text)) for text in texts.values())
    return {name: _entry(text) for page in found for name, text in page}


def _entry(text: str) -> Entry:
    head = text.partition("\n#### ")[0]
    prose = _INHERITED.sub("", re.sub(r"^\|.*$", "", _CODE.sub("", head), flags=re.MULTILINE))
    listed = [re.findall(r"`(\w+)`", names) for names in _INHERITED.findall(head)]
    return Entry(
        "\n".join(_CODE.findall(text)),
        prose.strip(),
        {**dict(_rows(head)), **dict(_methods(text))},
        frozenset(name for names in listed for name in names),
    )


def _rows(head: str) -> Iterator[tuple[str, str]]:
    """Yield what the table of attributes means by each; without a column for that, nothing."""
    has_meanings = "| Meaning |" in head
    for name, cells in _ROW.findall(head):
        yield name, cells.rpartition("| ")[2].strip() if has_meanings else ""


def _methods(text: str) -> Iterator[tuple[str, str]]:
    for name, said in _METHOD.findall(text):
        yield name, _CODE.sub("", said).strip()
