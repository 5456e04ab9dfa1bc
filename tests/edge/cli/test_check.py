"""`lan-edge check`: all mistakes of a file, with their lines and what to do."""

import asyncio
from collections.abc import Callable
import os
from pathlib import Path

import pytest

from lan_edge.cli import type_checkers

from .console import cli

pytestmark = pytest.mark.real_time  # what checks the types is a process of its own
WRONG = '''\
"""Wrong in three places."""

from lan_edge import Driver, Http, Profile, Switch, handles, register


@register
class Wrong(Driver[Http]):
    id = "wrong"
    profile = Profile(Switch)
    poll = "10"

    async def refesh(self) -> None:
        pass

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.post("/switch", "on")
'''
TYPED = (
    WRONG.replace('    poll = "10"\n', "")
    .replace("refesh", "refresh")
    .replace("        pass\n", '        self.emit(Switch.switch, "on")\n')
    + """
    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.post("/switch", "off")
"""
)


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = tmp_path_factory.getbasetemp() / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        file = tmp_path / "own.py"
        file.write_text(text)
        return file

    return write


async def test_a_good_file(driver: Path) -> None:
    ran = await cli("check", driver)
    assert ran.code == 0, ran.out
    assert ran.out == "no mistakes; types checked by mypy\n"


async def test_every_mistake_has_its_line(write: Callable[[str], Path]) -> None:
    file = write(WRONG)
    ran = await cli("check", file, "--types", "none")
    assert ran.code == 4
    lines = ran.out.splitlines()
    assert any(line.startswith(f"{file}:10: ") and "poll" in line for line in lines), lines
    assert any(line.startswith(f"{file}:12: ") and "refresh" in line for line in lines), lines
    assert any("off" in line for line in lines), lines
    assert lines[-1] == "3 mistakes; types checked by nothing (--types none)"


async def test_as_json(write: Callable[[str], Path]) -> None:
    file = write(WRONG)
    ran = await cli("check", file, "--types", "none", "--json")
    assert ran.code == 4
    *mistakes, summary = ran.documents
    assert summary == {"mistakes": 3, "remarks": 0, "types": None}
    for mistake in mistakes:
        assert mistake.keys() == {"kind", "file", "line", "what", "remedy"}
        assert mistake["kind"] == "load"
        assert mistake["file"] == str(file)
        assert mistake["what"]
    assert any(mistake["remedy"] for mistake in mistakes)


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
async def test_types(write: Callable[[str], Path], checker: str) -> None:
    file = write(TYPED)
    ran = await cli("check", file, "--types", checker, "--json")
    assert ran.code == 4
    [mistake] = [d for d in ran.documents if d.get("kind") == "types"]
    assert mistake["line"] == 12
    assert "emit" in mistake["what"]
    assert Path(mistake["file"]).name == "own.py"


UNTYPED = (
    TYPED.replace(" -> None:", ":")
    .replace('self.emit(Switch.switch, "on")', "self.emit(Switch.switch, self.seen(1))")
    .replace(
        "    async def refresh",
        """    def __init__(self, context):
        super().__init__(context)
        self.cache = {}

    def seen(self, number) -> bool:
        values: list = [number]
        return values.pop()

    async def refresh""",
    )
)
"""A driver whose functions have no types; otherwise it is right."""


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
async def test_missing_types_are_no_mistakes(
    write: Callable[[str], Path],
    checker: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    monkeypatch.chdir(tmp_path)
    ran = await cli("check", write(UNTYPED), "--types", checker, "--json")
    assert ran.code == 0, ran.out
    *remarks, summary = ran.documents
    assert summary == {"mistakes": 0, "remarks": len(remarks), "types": checker}
    assert {each["kind"] for each in remarks} == {"remark"}
    assert {11, 15, 16, 17} <= {each["line"] for each in remarks}

    ran = await cli("check", tmp_path / "own.py", "--types", checker, "--json", "--strict")
    assert ran.code == 4
    *mistakes, summary = ran.documents
    assert summary == {"mistakes": len(remarks), "remarks": 0, "types": checker}
    assert {each["kind"] for each in mistakes} == {"types"}


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
async def test_a_wrong_type_without_types_is_a_mistake(
    write: Callable[[str], Path], checker: str
) -> None:
    file = write(UNTYPED.replace("self.seen(1)", '"on"'))
    ran = await cli("check", file, "--types", checker)
    assert ran.code == 4
    lines = ran.out.splitlines()
    mistakes = [line for line in lines[:-1] if "remark: " not in line]
    assert [line.split(": ")[0] for line in mistakes] == [f"{file}:20"]
    assert lines[0] == mistakes[0]
    count = len(lines) - 2
    remarks = f", {count} remark{'' if count == 1 else 's'} on types" if count else ""
    assert lines[-1] == f"1 mistake{remarks}; types checked by {checker}"


async def test_a_library_without_types_is_no_mistake(
    write: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site" / "untyped_things").mkdir(parents=True)
    (tmp_path / "site" / "untyped_things" / "__init__.py").write_text("def f(x): return x\n")
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    text = TYPED.replace('"""', '"""Its docs."""\nimport untyped_things\n"""', 1)
    file = write(text.replace('self.emit(Switch.switch, "on")', "untyped_things.f(5)"))
    ran = await cli("check", file, "--types", "mypy")
    assert ran.code == 0, ran.out
    assert "import-untyped" in ran.out


async def test_without_a_checker(
    write: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type_checkers, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", "")
    ran = await cli("check", write(TYPED))
    assert ran.code == 0
    assert "types checked by nothing: neither mypy nor pyright is installed" in ran.out
    ran = await cli("check", write(TYPED), "--types", "mypy")
    assert ran.code == 2
    assert ran.err == "error: mypy is not installed\n"


async def test_a_file_that_is_no_driver(write: Callable[[str], Path], tmp_path: Path) -> None:
    for text, said in (("x = (", "own.py:1"), ("", "it has no driver"), ("1 / 0", "own.py:1")):
        ran = await cli("check", write(text), "--types", "none")
        assert ran.code == 4
        assert said in ran.out
        assert "Traceback" not in ran.out + ran.err
    ran = await cli("check", tmp_path / "nowhere.py")
    assert ran.code == 2
    assert "there is no file" in ran.err
    os.mkfifo(tmp_path / "pipe.py")  # reading it would never end
    ran = await cli("check", tmp_path / "pipe.py")
    assert ran.code == 2
    assert "is not a file" in ran.err


async def test_run_says_why_a_file_cannot_be_used(write: Callable[[str], Path]) -> None:
    for arguments in (("run",), ("send", "127.0.0.1", "switch.on", "--driver")):
        host = ("127.0.0.1",) if arguments == ("run",) else ()
        ran = await cli(*arguments, write(WRONG), *host)
        assert ran.code == 4
        assert "own.py:10: " in ran.err


async def test_a_folder_as_new_writes_it(tmp_path: Path) -> None:
    folder = tmp_path / "my_lines"
    await cli("new", "my_lines", "--kind", "lines", "--folder", folder)
    ran = await cli("check", folder)
    assert ran.code == 0, ran.out
    assert ran.out == "no mistakes; types checked by mypy\n"


async def test_the_driver_files_in_a_folder(write: Callable[[str], Path], tmp_path: Path) -> None:
    file = write(WRONG)
    (tmp_path / "broken.py").write_text("class Broken(Driver[Http]:\n    pass\n")
    package = tmp_path / "pair"
    package.mkdir()
    (package / "__init__.py").write_text("1 / 0\n")
    (tmp_path / "emulator.py").write_text("import nowhere\n")
    ran = await cli("check", tmp_path, "--types", "none")
    assert ran.code == 4
    for start in (
        f"{file}:10: ",
        f"{tmp_path / 'broken.py'}:1: ",
        f"{package / '__init__.py'}:1: ",
    ):
        assert any(line.startswith(start) for line in ran.out.splitlines()), ran.out
    assert ran.out.splitlines()[-1].startswith("6 mistakes")


async def test_a_folder_without_a_driver(tmp_path: Path) -> None:
    (tmp_path / "emulator.py").write_text("import asyncio\n")
    ran = await cli("check", tmp_path)
    assert ran.code == 2
    assert ran.err == f"error: there is no driver file in the folder {tmp_path}\n"


async def test_a_folder_is_not_run(driver: Path) -> None:
    ran = await cli("run", driver.parent, "127.0.0.1")
    assert ran.code == 4
    assert "it is a folder without __init__.py: move the driver's file itself" in ran.err
    assert "ModuleNotFoundError" not in ran.err


async def test_a_name_that_no_module_has(driver: Path) -> None:
    file = driver.with_name("garage-door.py")
    file.symlink_to(driver)
    ran = await cli("check", file, "--types", "none")
    assert ran.code == 4
    assert "rename it, for example to garage_door" in ran.out


async def test_a_name_that_no_driver_file_has(driver: Path) -> None:
    for name in ("garage_door.txt", "_garage_door.py", ".garage_door.py"):
        file = driver.with_name(name)
        file.symlink_to(driver)
        for arguments in (("run", file, "127.0.0.1"), ("identify", "127.0.0.1", "--drivers", file)):
            ran = await cli(*arguments)
            assert ran.code == 2
            assert ran.err.startswith(f"error: {file} is no driver file: its name has to end")


async def test_interrupted_while_it_checks(
    write: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))  # mypy reads the library again: seconds
    for text, types in (("while True:\n    pass\n", "none"), (TYPED, "mypy")):
        checking = asyncio.create_task(cli("check", write(text), "--types", types))
        await asyncio.sleep(0.5)
        checking.cancel()
        done, _ = await asyncio.wait([checking], timeout=30)
        assert done
        assert checking.cancelled()
