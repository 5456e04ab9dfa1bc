"""`lan-edge new`: what it writes works as it is, whatever the kind."""

import os
from pathlib import Path
import subprocess
import sys

import pytest

from lan_edge.cli.new import KINDS, generated

from .console import cli, module_at

ROOT = Path(__file__).parents[3]


def run(*command: object, cwd: Path) -> str:
    """Run a program; return what it writes, once it has succeeded."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        cwd=cwd,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def texts(folder: Path) -> dict[str, str]:
    """Return the texts of the files in a folder, by their names."""
    return {file.name: file.read_text() for file in folder.iterdir()}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a driver of each kind, each in a folder of its own."""
    folder = tmp_path_factory.mktemp("written")
    for kind in KINDS:
        (folder / kind).mkdir()
        for file, text in generated("garage_door", kind).items():
            (folder / kind / file).write_text(text)
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_the_test_passes_as_it_is(written: Path, kind: str) -> None:
    said = run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=written / kind)
    assert "3 passed" in said


def test_the_tests_of_several_drivers_run_together(tmp_path: Path) -> None:
    for name in ("garage_door", "lamp"):
        (tmp_path / name).mkdir()
        for file, text in generated(name, "lines").items():
            (tmp_path / name / file).write_text(text)
    said = run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=tmp_path)
    assert "6 passed" in said


def test_all_are_typed(tmp_path: Path) -> None:
    for kind in KINDS:
        for file, text in generated(f"door_{kind}", kind).items():
            (tmp_path / file).write_text(text)
    said = run(sys.executable, "-m", "mypy", "--strict", "--config-file=", ".", cwd=tmp_path)
    assert f"no issues found in {3 * len(KINDS)} source files" in said


def test_it_is_formatted(written: Path) -> None:
    ruff = (sys.executable, "-m", "ruff")
    rules = "--select=E,F,I,UP,B,SIM,RET,PTH,RUF,ASYNC,PERF,C4,PIE"
    run(*ruff, "format", "--isolated", "--check", "--line-length=100", ".", cwd=written)
    for kind in KINDS:
        run(*ruff, "check", "--isolated", rules, "--line-length=100", ".", cwd=written / kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_driver_is_short(kind: str) -> None:
    assert len(generated("garage_door", kind)["garage_door.py"].splitlines()) <= 75


async def test_it_says_what_comes_next(tmp_path: Path) -> None:
    folder = tmp_path / "door"
    ran = await cli("new", "garage-door", "--kind", "udp", "--folder", folder)
    assert ran.code == 0
    assert f"pytest {folder}" in ran.out
    assert f"lan-edge run {folder}/garage_door.py 127.0.0.1:38100 --watch" in ran.out
    assert "lan_edge/drivers" in ran.out
    steps = [line for line in ran.out.splitlines() if line.startswith(" ")]
    assert [len(line) - len(line.lstrip()) for line in steps] == [2, 6, 2, 6, 2, 6, 2, 6]
    assert texts(folder).keys() == {
        "garage_door.py",
        "garage_door_emulator.py",
        "test_garage_door.py",
    }


async def test_its_files_as_json(tmp_path: Path) -> None:
    ran = await cli("new", "lamp", "--folder", tmp_path, "--json")
    [document] = ran.documents
    assert document["kind"] == "http"
    assert [Path(file).name for file in document["files"]] == [
        "lamp.py",
        "lamp_emulator.py",
        "test_lamp.py",
    ]


async def test_nothing_is_overwritten(tmp_path: Path) -> None:
    mine = tmp_path / "test_lamp.py"
    mine.write_text("mine")
    ran = await cli("new", "lamp", "--folder", tmp_path)
    assert ran.code == 2
    assert "is there already; nothing was written" in ran.err
    assert texts(tmp_path) == {"test_lamp.py": "mine"}


@pytest.mark.parametrize("name", ["", "1lamp", "lamp/../..", "class", "emulator", "lämp", "a__b"])
async def test_a_name_that_cannot_be_one(name: str, tmp_path: Path) -> None:
    ran = await cli("new", name, "--folder", tmp_path)
    assert ran.code == 2
    assert ran.err.startswith("error: ")
    assert "Traceback" not in ran.err
    assert not texts(tmp_path)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("json", "is a module of Python itself, which the file json.py would hide"),
        ("calendar", "is a module of Python itself"),
        ("aiohttp", "is a package that is installed"),
        ("pytest", "is a package that is installed"),
        ("kasa", "is the id of a bundled driver, which the new one would replace"),
        ("upnp_light", "is the id of a bundled driver"),
    ],
)
async def test_a_name_that_is_taken(name: str, said: str, tmp_path: Path) -> None:
    ran = await cli("new", name, "--folder", tmp_path)
    assert ran.code == 2
    assert ran.err.startswith(f"error: {name!r} {said}")
    assert f"such as my_{name}" in ran.err
    assert not texts(tmp_path)


def test_a_long_name_has_a_service_name_that_mdns_allows(tmp_path: Path) -> None:
    file = tmp_path / "a_very_long_name_of_a_device.py"
    file.write_text(generated(file.stem, "lines")[file.name])
    driver = module_at(file).AVeryLongNameOfADevice
    assert driver.discovery[0].type == "_a-very-long-nam._tcp.local."
