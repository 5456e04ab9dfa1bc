"""What the pages say to type on the command line can be typed."""

from pathlib import Path
import re
import shlex

import pytest

from lan_edge.cli.exits import Exit
from lan_edge.cli.main import COMMANDS, build_parser

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TYPED = re.compile(r"`(?:[^`]*\| )?lan-edge ([a-z]+ [^`]*)`")
PAGE = (ROOT / "docs/command-line.md").read_text()


def test_what_is_to_be_typed_is_understood() -> None:
    typed = [line for page in PAGES for line in TYPED.findall(page.read_text())]
    assert len(typed) > 8
    for line in typed:
        if "COMMAND" not in line:
            build_parser().parse_args(shlex.split(line))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_explained(command: object) -> None:
    name = str(getattr(command, "__name__", "")).rpartition(".")[2]
    assert f"| `lan-edge {name}" in PAGE


def test_every_exit_code_is_explained() -> None:
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)} == {*Exit}
