"""The library is a package of its own: built, installed without Home Assistant, and tested there.

What is tested is the wheel. The tests are copied away from the repository, so that nothing else can
be imported as `lan_edge`.
"""

from email.message import Message
from email.parser import Parser
from importlib.metadata import version
import os
from pathlib import Path
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
import pytest

from scripts import release

from .imports import packages, with_what_they_import

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / release.INTEGRATION / "edge"
TESTED = ("tests/edge", "tests/drivers", "tests/emulators")
READ = ("docs", "tests/real/texts", "tests/network/chaos/texts", "pyproject.toml", "README.md")
"""What some of these tests read, beside the library."""
PLUGINS = ("pytest-asyncio", "pytest-cov", "pytest-socket", "pytest-timeout", "pytest-xdist", "uv")
CHECKERS = ("mypy", "pyright[nodejs]", "ruff")
"""Some tests show what these find in an author's file."""
KINDS = ("http", "lines", "jsonrpc", "frames", "udp", "websocket")
HOME_ASSISTANT = {"custom_components", "homeassistant", "probatio", "voluptuous"}

DRIVER = '''\
"""A relay."""

from lan_edge import Driver, Http, Profile, Switch, handles


class Relay(Driver[Http]):
    id = "relay"
    profile = Profile(Switch)

    async def refresh(self) -> None:
        self.emit(Switch.switch, await self.io.get_text("/switch") == "on")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.post("/switch", "on")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.post("/switch", "off")
'''
PROGRESS = r"^\S+ +\[ *\d+%\]\n"
"""What pytest says while all goes well."""
PLANTED = (' == "on")', ")  # a text is no boolean")


def run(*command: str | Path, cwd: Path, timeout: float = 600, status: int = 0, **also: str) -> str:
    """Run a program without this repository's settings; return what it says, as it should end.

    `also` are variables of its environment.
    """
    unset = ("PYTHON", "PYTEST", "COV", "VIRTUAL_ENV", "MYPY")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(unset)} | also
    done = subprocess.run(
        [str(part) for part in command],
        check=False,
        cwd=cwd,
        env=environment,
        timeout=timeout,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode != status:
        said = re.sub(PROGRESS, "", done.stdout, flags=re.MULTILINE)
        pytest.fail(f"{command[0]} ended with {done.returncode}:\n{said}", pytrace=False)
    return done.stdout


def library_files() -> set[str]:
    """Return the library's files, by their paths in it."""
    files = {p.relative_to(LIBRARY) for p in LIBRARY.rglob("*") if p.is_file()}
    left = {f for f in files if any(p.startswith((".", "__pycache__")) for p in f.parts)}
    return {str(file) for file in files - left}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, by way of the sdist, as a release does."""
    folder = tmp_path_factory.mktemp("dist")
    release.build_library(ROOT, folder)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    """Read what the wheel says of itself."""
    with zipfile.ZipFile(wheel) as packed:
        [name] = [n for n in packed.namelist() if n.endswith(".dist-info/METADATA")]
        return Parser().parsestr(packed.read(name).decode())


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the tests of the library, and what they need, away from it."""
    away = tmp_path_factory.mktemp("away")
    tests = [p for folder in TESTED for p in (ROOT / folder).rglob("*") if p.is_file()]
    tests = [p for p in tests if "__pycache__" not in p.parts]
    for file in with_what_they_import([*tests, ROOT / "tests/conftest.py"], ROOT):
        copy = away / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    for name in READ:
        copy_to = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy_to(ROOT / name, away / name)
    return away


@pytest.fixture(scope="module")
def python(wheel: Path, checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel, and what its tests need, where there is no Home Assistant."""
    bare = tmp_path_factory.mktemp("bare") / "venv"
    uv = (sys.executable, "-m", "uv")
    run(*uv, "venv", "--quiet", "--python", sys.executable, bare, cwd=checkout)
    needed = {"pytest", *PLUGINS, *CHECKERS, *packages(checkout.rglob("*.py"), checkout)}
    pins = [f"{name}=={version(name.partition('[')[0])}" for name in sorted(needed)]
    interpreter = bare / "bin/python"
    install = (*uv, "pip", "install", "--quiet", "--python", interpreter)
    run(*install, f"{wheel}[ciphers,descriptions]", *pins, cwd=checkout)
    return interpreter


# what is in it


def test_it_has_exactly_the_librarys_files(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = {n for n in packed.namelist() if ".dist-info/" not in n}
    assert names == {f"lan_edge/{file}" for file in library_files()}
    assert "lan_edge/py.typed" in names


def test_it_says_what_the_repository_says(metadata: Message) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert metadata["Name"] == "lan-edge"
    assert metadata["Version"] == release.versions(ROOT)["pyproject.toml"]
    assert metadata["Requires-Python"] == project["requires-python"]
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["License-File"] == "LICENSE"


def test_it_needs_exactly_what_its_sources_import(metadata: Message) -> None:
    needed = [Requirement(text) for text in metadata.get_all("Requires-Dist", [])]
    imported = packages(LIBRARY.rglob("*.py"), LIBRARY.parent)
    assert {each.name for each in needed} == set(map(canonicalize_name, imported))
    extras = {each.name: str(each.marker) for each in needed if each.marker}
    described = dict.fromkeys(("jinja2", "pyyaml", "voluptuous"), 'extra == "descriptions"')
    others = {"cryptography": 'extra == "ciphers"', "zeroconf": 'extra == "mdns"'}
    assert extras == {**others, **described}


def test_without_the_extra_it_says_what_is_left_out(python: Path, checkout: Path) -> None:
    hide = "import sys; sys.modules['zeroconf'] = None; from lan_edge.cli.main import main; "
    search = "sys.exit(main(['discover', '--from', '127.0.0.1', '--seconds', '1']))"
    said = run(python, "-c", hide + search, cwd=checkout, status=3)
    assert "mDNS is left out: it needs `pip install lan-edge[mdns]`" in said


def test_what_it_needs_has_a_lower_bound_that_the_oldest_home_assistant_meets(
    metadata: Message,
) -> None:
    for text in metadata.get_all("Requires-Dist", []):
        needed = Requirement(text)
        [bound] = needed.specifier
        assert bound.operator == ">=", text
        assert version(needed.name) in needed.specifier, text


# what it is where it is installed


def test_it_is_imported_without_home_assistant(python: Path, checkout: Path) -> None:
    """Neither where there is none, nor where there is one."""
    say = "import sys, lan_edge; print(lan_edge.__file__, *sys.modules)"
    site = python.parents[1] / "lib"
    [installed] = site.glob("python*/site-packages")
    path = f"import sys; sys.path.insert(0, {str(installed)!r}); "
    for interpreter, script in ((python, say), (Path(sys.executable), path + say)):
        file, *modules = run(interpreter, "-c", script, cwd=checkout).split()
        assert Path(file) == installed / "lan_edge/__init__.py"
        assert not HOME_ASSISTANT & {name.partition(".")[0] for name in modules}


def test_it_has_the_command_line(python: Path, checkout: Path) -> None:
    command = python.with_name("lan-edge")
    version = release.versions(ROOT)["pyproject.toml"]
    assert run(command, "--version", cwd=checkout) == f"lan-edge {version}\n"
    assert "exit codes:" in run(command, "--help", cwd=checkout)


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_driver_passes_its_test(python: Path, tmp_path: Path, kind: str) -> None:
    run(python.with_name("lan-edge"), "new", "garage_door", "--kind", kind, cwd=tmp_path)
    said = run(python, "-m", "pytest", "-q", "-p", "no:asyncio", "garage_door", cwd=tmp_path)
    assert said.splitlines()[-1].startswith("3 passed")


def test_home_assistant_is_not_there(python: Path, checkout: Path) -> None:
    listing = run(sys.executable, "-m", "uv", "pip", "freeze", "--python", python, cwd=checkout)
    names = {re.split(r"[ =@]", line)[0].lower() for line in listing.splitlines()}
    assert "lan-edge" in names
    assert not names & {"homeassistant", "probatio", "pytest-homeassistant-custom-component"}


def test_mypy_finds_an_authors_mistake(python: Path, tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.py", tmp_path / "wrong.py"
    right.write_text(DRIVER)
    wrong.write_text(DRIVER.replace(*PLANTED))
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-color-output"]
    command = [*mypy, "--no-incremental", "--python-executable", str(python)]
    assert "Success: no issues found" in run(*command, right, cwd=tmp_path)
    said = run(*command, wrong, cwd=tmp_path, status=1)
    [planted] = [n for n, line in enumerate(wrong.read_text().splitlines(), 1) if "# a " in line]
    *errors, summary = said.splitlines()
    assert errors
    assert all(error.startswith(f"wrong.py:{planted}: error: ") for error in errors)
    assert summary.startswith("Found ")


@pytest.mark.timeout(2500)
def test_the_librarys_tests_pass(python: Path, checkout: Path) -> None:
    # The simulators that the tests install outlive the copy.
    cache = f"cache_dir={ROOT / '.pytest_cache' / 'wheel'}"
    several = ("-n", "4", "--dist", "loadfile", "--cov", "lan_edge", "--cov-report=")
    command = (python, "-m", "pytest", "-q", "-rfEs", "-o", cache, *several, *TESTED)
    measured = str(ROOT / ".coverage.wheel")
    said = run(*command, cwd=checkout, timeout=2400, COVERAGE_FILE=measured)
    assert re.search(r"^\d+ passed", said, re.MULTILINE)
