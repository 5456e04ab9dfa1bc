"""`lan-edge completion`: what the tab key offers, in the shells themselves."""

from pathlib import Path
import re
import shlex
import shutil
import subprocess

import pytest

from lan_edge import load_descriptions
from lan_edge.cli.completion import SCRIPTS, commands_of
from lan_edge.cli.main import COMMANDS, build_parser
from lan_edge.cli.new import KINDS
from lan_edge.driver.loader import load_drivers
from lan_edge.driver.registry import Registry

from .console import cli

BASH = """\
source script
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
$(complete -p lan-edge | sed -E 's/.* -F ([^ ]+) .*/\\1/')
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
"""What bash does when the tab key is pressed."""
NAMES = {command.__name__.rpartition(".")[2] for command in COMMANDS}
OWN = {"garage door.py", "drivers"}
"""The files where the shell is."""


@pytest.fixture
def drivers() -> set[str]:
    registry = Registry()
    load_drivers(registry)
    load_descriptions(registry)
    return set(registry.drivers)


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    for shell in SCRIPTS:
        (tmp_path / shell).mkdir()
        where = tmp_path / shell / "script"
        where.write_text((await cli("completion", shell)).out)
    (tmp_path / "here" / "drivers").mkdir(parents=True)
    (tmp_path / "here" / "garage door.py").touch()
    return tmp_path


def offered_by_bash(folder: Path, *words: str) -> set[str]:
    text = BASH.format(words=" ".join(map(shlex.quote, ("lan-edge", *words))))
    text = text.replace("script", shlex.quote(str(folder / "bash/script")))
    command = ["bash", "--norc", "--noprofile", "-c", text]
    done = subprocess.run(command, cwd=folder / "here", capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return {line for line in done.stdout.splitlines() if line}


def test_the_commands(folder: Path) -> None:
    assert offered_by_bash(folder, "") == NAMES
    assert offered_by_bash(folder, "dis") == {"discover"}
    assert offered_by_bash(folder, "-") == {"-h", "--help", "--version"}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_option_of_every_command(folder: Path, name: str) -> None:
    usage = commands_of(build_parser())[name].format_usage()
    assert offered_by_bash(folder, name, "--") == {"--help", *re.findall(r"--[a-z-]+", usage)}


def test_options_after_arguments(folder: Path) -> None:
    assert offered_by_bash(folder, "run", "wiz", "192.168.1.40", ":", "80", "--w") == {"--watch"}


def test_drivers_and_files(folder: Path, drivers: set[str]) -> None:
    assert offered_by_bash(folder, "run", "") == {*drivers, *OWN}
    assert offered_by_bash(folder, "run", "--state", "x", "wi") == {"wiz"}
    assert offered_by_bash(folder, "send", "host", "--driver", "ga") == {"garage door.py"}
    assert offered_by_bash(folder, "send", "host", "--driver", "=", "we") == {"wemo"}
    assert offered_by_bash(folder, "check", "") == OWN
    assert offered_by_bash(folder, "run", "wiz", "") == set()


def test_words(folder: Path) -> None:
    assert offered_by_bash(folder, "new", "door", "--kind", "") == {*KINDS}
    assert offered_by_bash(folder, "check", "--types", "my") == {"mypy"}
    assert offered_by_bash(folder, "completion", "") == {*SCRIPTS}
    assert offered_by_bash(folder, "discover", "--seconds", "") == set()


def test_zsh_and_bash_find_the_same(folder: Path) -> None:
    texts = [(folder / shell / "script").read_text() for shell in ("zsh", "bash")]
    begin, end = "_lan_edge_candidates() {", "\n}\n"
    zsh, bash = (text[text.index(begin) : text.index(end)] for text in texts)
    assert zsh == bash
    assert texts[0].startswith("#compdef lan-edge\n")


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_understands_it(folder: Path) -> None:
    subprocess.run(["zsh", "-n", folder / "zsh/script"], check=True)


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish(folder: Path, drivers: set[str]) -> None:
    def offered(line: str) -> set[str]:
        script = shlex.quote(str(folder / "fish/script"))
        command = ["fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"]
        done = subprocess.run(
            command, cwd=folder / "here", capture_output=True, text=True, check=True
        )
        return {text.partition("\t")[0] for text in done.stdout.splitlines()}

    assert offered("lan-edge ") == NAMES
    assert drivers <= offered("lan-edge run ")
    assert offered("lan-edge run wiz ") == set()
    assert offered("lan-edge new door --kind ") == {*KINDS}
    assert offered("lan-edge run wiz host --w") == {"--watch"}


def test_every_command_and_driver_is_in_the_script_of_fish(folder: Path, drivers: set[str]) -> None:
    text = (folder / "fish/script").read_text()
    for name in NAMES:
        assert f" -n __fish_use_subcommand -a {name} -d " in text
    offered = re.search(r"seen_subcommand_from run; and .* -a '(.*)'", text)
    assert offered is not None
    assert set(offered[1].split()) == drivers


async def test_as_json() -> None:
    [document] = (await cli("completion", "fish", "--json")).documents
    assert document["shell"] == "fish"
    assert document["script"].startswith("complete -c lan-edge")
