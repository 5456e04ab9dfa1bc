"""The page of described devices shows what an import really writes."""

from pathlib import Path
import re
import shlex

from tests.edge.cli.console import cli

from .pages import ROOT

PAGE = (ROOT / "docs/described-devices.md").read_text()
[SECTION] = re.findall(r"^## From what you have already\n(.*?)^## ", PAGE, re.MULTILINE | re.DOTALL)
BLOCKS = dict(re.findall(r"^```(\w*)\n(.*?)^```", SECTION, re.MULTILINE | re.DOTALL))
COMMANDS = [shlex.split(line)[1:] for line in BLOCKS[""].splitlines()]
REST = "sensor: [{platform: rest, resource: http://192.168.1.40/api/power}]"


async def test_each_command_writes_a_description(tmp_path: Path) -> None:
    files = {"configuration.yaml": REST, "openapi.json": BLOCKS["json"]}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    for number, words in enumerate(COMMANDS):
        folder = tmp_path / str(number)
        given = [tmp_path / word if word in files else word for word in words]
        ran = await cli(*given, "--folder", folder)
        assert ran.code == 0, ran.err
        assert [each.name for each in folder.iterdir()] == ["pool_heater.yaml"]
    assert (tmp_path / "2/pool_heater.yaml").read_text() == BLOCKS["yaml"]
