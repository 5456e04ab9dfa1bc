"""The large families have three rooms: the driver, the maker's protocol, the kinds of devices."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from lan_edge import drivers
from lan_edge.capabilities import standard

FOLDER = Path(drivers.__path__[0])
FAMILIES = ("govee", "meross", "miot", "sonoff", "tuya")
MOST_IN_FOLDER, MOST_IN_FILE = 350, 250
"""Lines of the files of a family's own folder together, and of a file in any of its rooms."""
FOREIGN = {"Attribute", "Capability", "Command", "Component", "Part", "Profile", "Property"}
"""What a protocol does not name, besides capabilities: what a device is, its kind says."""
OUTSIDE = 2
"""The dots of what is imported from above a room."""


def files(family: str) -> list[Path]:
    """Return the files of a family: those of its folder and of the rooms in it, or its only one."""
    return sorted((FOLDER / family).rglob("*.py")) or [FOLDER / f"{family}.py"]


def size(file: Path) -> int:
    return len(file.read_text().splitlines())


@pytest.mark.parametrize("family", FAMILIES)
def test_a_driver_and_each_file_are_short(family: str) -> None:
    own = [file for file in files(family) if file.parent in {FOLDER, FOLDER / family}]
    assert sum(map(size, own)) <= MOST_IN_FOLDER
    assert [file for file in files(family) if size(file) > MOST_IN_FILE] == []


def imported(source: str) -> Iterator[str]:
    """Yield the names that a file imports; of what is imported from above its room, `..`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            yield from (each.name if node.level < OUTSIDE else ".." for each in node.names)


def not_of_a_protocol(source: str) -> set[str]:
    """Return what a file of a protocol should not import."""
    return {*imported(source)} & {"..", *FOREIGN, *standard.__all__}


@pytest.mark.parametrize("family", [name for name in FAMILIES if (FOLDER / name).is_dir()])
def test_a_protocol_knows_no_capability(family: str) -> None:
    own = sorted((FOLDER / family / "protocol").glob("*.py"))
    assert own
    assert [file for file in own if not_of_a_protocol(file.read_text())] == []


def test_what_a_protocol_should_not_import_is_found() -> None:
    source = "from lan_edge import Json, PowerMeter, Property\nfrom ..kinds import TABLE"
    assert not_of_a_protocol(source) == {"PowerMeter", "Property", ".."}
