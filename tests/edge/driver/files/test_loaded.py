"""Each driver file is loaded by itself; whatever is in it harms nobody else."""

import asyncio
from math import inf
import os
from pathlib import Path
import sys
import threading

import pytest

from lan_edge import Identity, capability
from lan_edge.capabilities.definition import APART
from lan_edge.driver.dispatcher import Dispatcher
from lan_edge.driver.files import folder as folder_module
from lan_edge.driver.files.source import MAX_DRIVER_FILES, MAX_SOURCE
import lan_edge.drivers

from .conftest import LAMP, Drivers

WEMO = Path(lan_edge.drivers.__path__[0], "wemo.py").read_text()


async def test_a_file_adds_its_driver(drivers: Drivers) -> None:
    path = drivers.write("lamp.py")
    assert await drivers.folder.reload() == {"own_lamp"}
    driver = drivers.registry.driver("own_lamp")
    assert driver.name == "Test lamps"
    origin = drivers.registry.origin("own_lamp")
    assert origin.file is not None
    assert (origin.file.path, origin.overridden) == (str(path), None)
    assert drivers.folder.failures == []


async def test_nothing_is_written_beside_it_and_nothing_can_be_imported_from_there(
    drivers: Drivers,
) -> None:
    before = list(sys.path)
    drivers.write("lamp.py")
    await drivers.folder.reload()
    assert sys.path == before
    assert [each.name for each in drivers.path.iterdir()] == ["lamp.py"]


async def test_files_may_be_called_as_bundled_ones_and_as_the_standard_library(
    drivers: Drivers,
) -> None:
    for n, name in enumerate(("wemo.py", "json.py", "lan_edge.py", "asyncio.py")):
        drivers.write(name, LAMP.replace("own_lamp", f"lamp_{n}"))
    assert await drivers.folder.reload() == {"lamp_0", "lamp_1", "lamp_2", "lamp_3"}
    assert sys.modules["asyncio"] is asyncio
    assert drivers.registry.driver("wemo").__module__ == "lan_edge.drivers.wemo"


async def test_a_package_has_modules_that_import_each_other(drivers: Drivers) -> None:
    drivers.write("lamps/__init__.py", "from .lamp import Lamp\n")
    drivers.write(
        "lamps/lamp.py",
        LAMP.replace("poll = 10", "poll = seconds()").replace(
            "\n@register", "from .protocol.pace import seconds\n\n@register", 1
        ),
    )
    drivers.write("lamps/protocol/__init__.py", "")
    drivers.write("lamps/protocol/pace.py", "def seconds():\n    return 7\n")
    assert await drivers.folder.reload() == {"own_lamp"}
    assert drivers.registry.driver("own_lamp").poll == 7
    assert not [*drivers.path.rglob("__pycache__")]


async def test_a_package_changes_with_any_of_its_files(drivers: Drivers) -> None:
    await test_a_package_has_modules_that_import_each_other(drivers)
    drivers.write("lamps/protocol/pace.py", "def seconds():\n    return 8\n")
    assert await drivers.settle() == {"own_lamp"}
    assert drivers.registry.driver("own_lamp").poll == 8


async def test_a_bundled_driver_is_overridden_until_the_file_goes(drivers: Drivers) -> None:
    bundled = drivers.registry.driver("wemo")
    file = drivers.write("mine.py", WEMO)
    assert await drivers.folder.reload() == {"wemo"}
    own = drivers.registry.driver("wemo")
    assert own is not bundled
    assert drivers.registry.origin("wemo").overridden is bundled
    assert [d for d in drivers.registry.drivers.values() if d.id == "wemo"] == [own]
    file.unlink()
    assert await drivers.settle() == {"wemo"}
    assert drivers.registry.driver("wemo") is bundled
    assert drivers.registry.origin("wemo").overridden is None


async def test_a_sub_driver_belongs_to_the_bundled_driver_until_the_file_goes(
    drivers: Drivers,
) -> None:
    source = (
        "from lan_edge import register\nfrom lan_edge.drivers.wemo import Wemo\n\n\n@register\n"
        "class Mine(Wemo):\n    @classmethod\n    def can_handle(cls, identity):\n"
        "        return identity.model == 'mine'\n"
    )
    file = drivers.write("mine.py", source)
    assert await drivers.folder.reload() == {"wemo"}
    wemo = drivers.registry.driver("wemo")
    assert Dispatcher(wemo).choose(Identity(model="mine")).__name__ == "Mine"
    assert [Path(f.path).name for f in drivers.registry.origin("wemo").extended_by] == ["mine.py"]
    drivers.write("mine.py", source + "\n1 / 0\n")
    await drivers.settle()
    assert [sub.__name__ for sub in wemo.sub_drivers].count("Mine") == 1
    file.unlink()
    assert await drivers.settle() == {"wemo"}
    assert Dispatcher(wemo).choose(Identity(model="mine")) is wemo


async def test_of_two_files_with_one_id_the_first_stays(drivers: Drivers) -> None:
    first = drivers.write("b_first.py")
    await drivers.folder.reload()
    lamp = drivers.registry.driver("own_lamp")
    drivers.write("a_second.py", LAMP.replace("Test lamps", "Others"))
    said = await drivers.failure("a_second.py")
    assert said == (
        "a_second.py:6: b_first.py has a driver with the id 'own_lamp' already:"
        " give one of them another id, or delete one of the files"
    )
    assert drivers.registry.driver("own_lamp") is lamp
    first.unlink()
    assert await drivers.settle() == {"own_lamp"}
    assert drivers.registry.driver("own_lamp").name == "Others"
    assert drivers.folder.failures == []


@pytest.mark.parametrize("number", [2, 3])
async def test_files_may_exchange_their_ids(
    number: int, drivers: Drivers, caplog: pytest.LogCaptureFixture
) -> None:
    names = [f"lamp_{index}" for index in range(number)]
    for name in names:
        drivers.write(f"{name}.py", LAMP.replace("own_lamp", name))
    await drivers.folder.reload()
    for name, id_ in zip(names, [*names[1:], names[0]], strict=True):
        drivers.write(f"{name}.py", LAMP.replace("own_lamp", id_).replace("Test lamps", name))
    assert await drivers.settle() == set(names)
    assert drivers.folder.failures == []
    assert caplog.records == []
    assert [drivers.registry.driver(id_).name for id_ in names] == [names[-1], *names[:-1]]


async def test_what_exchanges_its_ids_with_a_broken_file_waits(drivers: Drivers) -> None:
    one, two = LAMP.replace("own_lamp", "one"), LAMP.replace("own_lamp", "two")
    drivers.write("a.py", one)
    drivers.write("b.py", two)
    await drivers.folder.reload()
    drivers.write("a.py", two)
    drivers.write("b.py", f"{one}broken")
    said = "a.py:6: b.py has a driver with the id 'two' already: "
    assert (await drivers.failure("a.py")).startswith(said)
    drivers.write("b.py", one)
    assert await drivers.settle() == {"one", "two"}
    assert drivers.folder.failures == []


@pytest.mark.parametrize("body", ["class Again(Driver[Http])", "class Glow2(Capability)"])
async def test_one_id_twice_in_a_file(body: str, drivers: Drivers) -> None:
    text = CAPABILITY.format(body="pass")
    if "Again" in body:
        text += '\n\n@register\nclass Again(Driver[Http]):\n    id = "own_lamp"\n'
        text += "    profile = Profile()\n"
        said = "Lamp and Again have the same id 'own_lamp'"
    else:
        text += '\n\nclass Glow2(Capability, id="own.glow"):\n    pass\n'
        said = "Glow and Glow2 have the same id 'own.glow'"
    drivers.write("lamp.py", text)
    assert said in await drivers.failure("lamp.py")


CAPABILITY = LAMP.replace("Http, Profile", "Attribute, Capability, Http, Profile").replace(
    "\n@register", '\nclass Glow(Capability, id="own.glow"):\n    {body}\n\n\n@register', 1
)


async def test_a_capability_counts_while_its_file_is_used(drivers: Drivers) -> None:
    file = drivers.write("lamp.py", CAPABILITY.format(body="glow = Attribute(int)"))
    await drivers.folder.reload()
    glow = capability("own.glow")
    assert glow is not None
    drivers.write("lamp.py", CAPABILITY.format(body="glow = Attribute(bool)") + "1 / 0\n")
    await drivers.settle()
    assert capability("own.glow") is glow
    drivers.write("lamp.py", CAPABILITY.format(body="glow = Attribute(bool)"))
    await drivers.settle()
    assert capability("own.glow") not in {glow, None}
    file.unlink()
    await drivers.settle()
    assert capability("own.glow") is None


async def test_a_standard_capability_is_not_replaced(drivers: Drivers) -> None:
    standard = capability("switch")
    drivers.write("lamp.py", CAPABILITY.replace("own.glow", "switch").format(body="pass"))
    assert "Glow has the id 'switch' of a standard capability" in await drivers.failure("lamp.py")
    assert capability("switch") is standard


BROKEN: dict[str, tuple[str | bytes, str]] = {
    "syntax": ("def broken(:\n", "bad.py:1: invalid syntax"),
    "name": ("\nfrom lan_edge import Drivver\n", "bad.py:2: ImportError: cannot import name"),
    "raises": ("x = 1\nx / 0\n", "bad.py:2: ZeroDivisionError: division by zero"),
    "exits": ("import sys\nsys.exit()\n", "bad.py:2: SystemExit"),
    "ctrl-c": ("\nraise KeyboardInterrupt\n", "bad.py:2: KeyboardInterrupt"),
    "cancelled": (
        "import asyncio\nraise asyncio.CancelledError\n",
        "bad.py:2: asyncio.exceptions.CancelledError",
    ),
    "generator": ("\nraise GeneratorExit\n", "bad.py:2: GeneratorExit"),
    "recursion": ("def f():\n    f()\n\nf()\n", "RecursionError: maximum recursion depth"),
    "nesting": ("x = " + "(" * 5000 + ")" * 5000, "bad.py:1: too many nested parentheses"),
    "null": (b"x = 1\0\n", "bad.py: source code string cannot contain null bytes"),
    "latin": ('x = "\u00e4"\n'.encode("latin-1"), "bad.py:1: Non-UTF-8 code starting with"),
    "coding": (b"# coding: klingon\n", "bad.py: unknown encoding: klingon"),
    "matcher": (
        LAMP.replace("poll = 10", 'x = Profile("switch")'),
        "bad.py:10: Profile takes capabilities such as Switch, not 'switch'",
    ),
    "unregistered": (
        LAMP.replace("@register\n", ""),
        "driver Lamp is not used: put @register before",
    ),
    "empty": ("", "bad.py: it has no driver: put @register before the class of each driver"),
    "beside": ("from good import Lamp\n", "each driver file is loaded alone; files that belong"),
    "relative": ("\nfrom .good import Lamp\n", "as in `from .protocol import Frame`"),
    "large": (b"#" * (MAX_SOURCE + 1), "bad.py: it has 1.0 MB, and at most 1 MB are read"),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_a_bad_file_is_a_failure_and_nothing_else(name: str, drivers: Drivers) -> None:
    text, said = BROKEN[name]
    drivers.write("good.py")
    drivers.write("bad.py", text)
    assert said in await drivers.failure("bad.py")
    assert [*drivers.registry.files] == [str(drivers.path / "good.py")]
    assert len(drivers.folder.failures) == 1
    assert not [n for n in sys.modules if n.startswith(APART) and n.endswith("_bad")]


async def test_a_file_of_100_mb_is_not_read(drivers: Drivers) -> None:
    with drivers.write("bad.py", "").open("r+b") as file:
        file.truncate(100_000_000)
    assert "it has 100.0 MB" in await drivers.failure("bad.py")


async def test_a_failure_in_a_package_names_its_module(drivers: Drivers) -> None:
    drivers.write("lamps/__init__.py", "from . import lamp\n")
    drivers.write("lamps/lamp.py", "\n\n1 / 0\n")
    said = await drivers.failure("lamps")
    assert said == "lamp.py:3: ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("my-lamp.py", "rename it, for example to my_lamp"),
        ("2lamps.py", "its name is not one that a module can have"),
        ("class.py", "its name is not one that a module can have"),
        ("lamp copy.py", "rename it, for example to lamp_copy"),
    ],
)
async def test_a_name_that_no_module_can_have(name: str, said: str, drivers: Drivers) -> None:
    drivers.write(name)
    assert said in await drivers.failure(name)


@pytest.mark.parametrize("name", [b"\xff\xfe.py", b"a\nb.py", b"a\x1b[2Jb.py"])
async def test_a_name_that_is_no_text(name: bytes, drivers: Drivers) -> None:
    drivers.write("good.py")
    drivers.write(os.fsdecode(name))
    await drivers.folder.reload()
    assert [*drivers.registry.files] == [str(drivers.path / "good.py")]
    [failed] = [path for path, each in drivers.folder.files.items() if each.failure]
    assert "its name is not one that a module can have" in str(drivers.folder.files[failed].failure)
    assert failed.isprintable()
    assert str(drivers.folder.failures[0]).isprintable()


async def test_an_error_that_is_no_text(drivers: Drivers) -> None:
    drivers.write("bad.py", r'raise ValueError("\udcff\n\x1b")')
    assert await drivers.failure("bad.py") == r"bad.py:1: ValueError: \udcff\n\x1b"


async def test_what_is_no_readable_file_is_a_failure(drivers: Drivers) -> None:
    drivers.write("good.py")
    (drivers.path / "gone.py").symlink_to(drivers.path / "nothing")
    (drivers.path / "circle.py").symlink_to(drivers.path / "circle.py")
    os.mkfifo(drivers.path / "pipe.py")
    drivers.write("folder.py/x.py")
    drivers.write("parts/lamp.py")
    drivers.write("lamp/lamp.py")
    assert await drivers.failure("gone.py") == "gone.py: it is a link to a file that does not exist"
    assert "a link that leads back to itself" in await drivers.failure("circle.py")
    assert "it is not a file" in await drivers.failure("pipe.py")
    assert "it is not a file" in await drivers.failure("folder.py")
    said = "it is a folder without __init__.py: move the driver's file itself"
    assert f"parts: {said} out of it, or add an __init__.py" in await drivers.failure("parts")
    assert f"lamp: {said}, lamp.py, out of it" in await drivers.failure("lamp")
    assert [*drivers.registry.files] == [str(drivers.path / "good.py")]


async def test_what_is_no_driver_file_is_left_alone(drivers: Drivers) -> None:
    for name in (".#lamp.py", "_draft.py", "lamp.py~", "README.md", "pictures/a.png"):
        drivers.write(name, "1 / 0\n")
    drivers.write("__pycache__/lamp.py", "1 / 0\n")
    assert await drivers.folder.reload() == frozenset()
    assert drivers.folder.files == {}


async def test_a_linked_file_is_a_file(drivers: Drivers, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.py").write_text(LAMP)
    (drivers.path / "lamp.py").symlink_to(tmp_path / "elsewhere.py")
    assert await drivers.folder.reload() == {"own_lamp"}
    (tmp_path / "elsewhere.py").write_text(LAMP.replace("10", "20"))
    assert await drivers.settle() == {"own_lamp"}


async def test_a_folder_that_cannot_be_read_keeps_what_is_known(
    drivers: Drivers, monkeypatch: pytest.MonkeyPatch
) -> None:
    drivers.write("lamp.py")
    await drivers.folder.reload()

    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        assert await drivers.settle() == frozenset()
        assert await drivers.folder.reload() == frozenset()
        assert [str(f) for f in drivers.folder.failures] == [
            "drivers: it cannot be read: Permission denied"
        ]
    assert "own_lamp" in drivers.registry.drivers
    assert await drivers.settle() == frozenset()
    assert drivers.folder.failures == []


async def test_only_so_many_files_are_loaded(drivers: Drivers) -> None:
    for n in range(MAX_DRIVER_FILES + 1):
        drivers.write(f"x{n:03}.py", "")
    said = await drivers.failure("")
    assert f"more than {MAX_DRIVER_FILES} driver files" in said
    assert len(drivers.folder.files) == MAX_DRIVER_FILES + 1


async def test_a_file_that_takes_long_is_in_nobodys_way(
    drivers: Drivers, monkeypatch: pytest.MonkeyPatch
) -> None:
    drivers.write("quick.py")
    assert await drivers.folder.reload() == {"own_lamp"}
    monkeypatch.setattr(folder_module, "LOADING_LIMIT", 0.05)
    monkeypatch.setattr(folder_module, "LOOK_PATIENCE", 0.01)
    monkeypatch.setattr(folder_module, "STOP_LIMIT", inf)
    gate = threading.Event()
    monkeypatch.setattr(threading, "own_gate", gate, raising=False)
    drivers.write(
        "long.py",
        LAMP.replace("own_lamp", "slow") + "import threading\nthreading.own_gate.wait()\n",
    )
    while not drivers.folder.failures:
        await drivers.folder.look()
    assert "it has been loading for more than" in str(drivers.folder.failures)
    drivers.write("quick.py", LAMP.replace("10", "20"))
    while not (concerned := await drivers.folder.look()):
        pass  # a busy machine takes longer for it, too
    assert concerned == {"own_lamp"}
    gate.set()
    while not drivers.registry.files.keys() >= {str(drivers.path / "long.py")}:
        await drivers.folder.look()
    assert "slow" in drivers.registry.drivers
    assert drivers.folder.failures == []
