"""The tables of the descriptions that come with LAN Edge."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import lan_edge
from lan_edge import Description, Matcher, compile_description, read_description
from lan_edge.declarative.bundled import INDEX, index_of

BEGIN, END = "<!-- described: generated -->", "<!-- /described -->"
PAGE = "docs/bundled-descriptions.md"
FOLDER = Path(lan_edge.__path__[0]) / "descriptions"
INDEX_FILE = FOLDER / INDEX


@cache
def descriptions() -> tuple[Description, ...]:
    """Return the bundled descriptions, by name."""
    texts = (path.read_text(encoding="utf-8") for path in FOLDER.glob("*.yaml"))
    return tuple(sorted(map(read_description, texts), key=lambda each: each.name.lower()))


def index() -> str:
    """Return the index of the bundled descriptions, by the names of their files."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))]
    return index_of((text, read_description(text)) for text in texts)


def matchers() -> Iterator[Matcher]:
    """Yield all by which their devices are found."""
    for each in descriptions():
        yield from compile_description(each).discovery


def rows() -> Iterator[str]:
    """Yield the rows of the table of supported devices."""
    for each in descriptions():
        details = f"[described]({PAGE}), tried on an emulator only"
        yield f"| {each.name} | {_found(each)} | {details} |"


def table() -> str:
    """Return the table of the page."""
    head = ["| Device | Discovered | What to do first | It asks for |", "| --- | --- | --- | --- |"]
    return "\n".join([BEGIN, *head, *map(_row, descriptions()), END])


def _row(each: Description) -> str:
    asked = (p.label or name for name, p in each.parameters.items() if p.asked)
    needed = ", ".join(asked) or "nothing"
    return f"| [{each.name}]({each.source}) | {_found(each)} | {each.requirements} | {needed} |"


def _found(each: Description) -> str:
    return "yes" if each.found_by else "no, by address"
