"""Loading drivers into a registry, and loading their files again."""

from collections.abc import Generator
import importlib
from pathlib import Path
import sys

import pytest

from lan_edge import Identity, Registry, load_drivers
from lan_edge.driver.dispatcher import Dispatcher

PACKAGE = "test_loaded_drivers"
LAMP = '''"""Test lamps: a family of lamps."""

from lan_edge import Driver, Http, Profile, register


@register
class Lamp(Driver[Http]):
    id = "test_loaded_lamp"
    profile = Profile()


@register
class Mini(Lamp):
    @classmethod
    def can_handle(cls, identity):
        return identity.model == "mini"


class Draft(Driver[Http]):
    id = "test_draft"
    profile = Profile()
'''
SUB_DRIVER = '''"""Test lamps of the model pro."""

from lan_edge import register

from .lamp import Draft, Lamp


@register
class Pro(Lamp):
    @classmethod
    def can_handle(cls, identity):
        return identity.model == "pro"
'''


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Create a package of drivers, without loading it."""
    folder = tmp_path / PACKAGE
    folder.mkdir()
    for name, source in (("__init__", ""), ("lamp", LAMP), ("pro", SUB_DRIVER)):
        (folder / f"{name}.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def loaded() -> Registry:
    """Return a registry with the package's drivers."""
    registry = Registry()
    load_drivers(registry, PACKAGE)
    return registry


def test_only_registered_drivers_are_loaded() -> None:
    registry = loaded()
    assert {key: driver.name for key, driver in registry.drivers.items()} == {
        "test_loaded_lamp": "Test lamps"
    }
    subs = registry.driver("test_loaded_lamp").sub_drivers
    assert [sub.__name__ for sub in subs] == ["Mini", "Pro"]


def test_a_package_may_have_its_driver_in_any_of_its_modules(tmp_path: Path) -> None:
    (tmp_path / PACKAGE / "rail").mkdir()
    rail = LAMP.replace("test_loaded_lamp", "test_loaded_rail")
    importing = "from ..lamp import Lamp as Other\nfrom .driver import Lamp, Mini\n"
    for name, source in (("driver", rail), ("__init__", importing)):
        (tmp_path / PACKAGE / "rail" / f"{name}.py").write_text(source)
    assert loaded().drivers.keys() == {"test_loaded_lamp", "test_loaded_rail"}


def test_each_registry_can_load_the_package() -> None:
    assert loaded().drivers == loaded().drivers


def test_the_bundled_drivers_are_loaded_by_default() -> None:
    registry = Registry()
    load_drivers(registry)
    assert {"kasa", "wemo", "yeelight"} < registry.drivers.keys()


def test_a_file_loaded_twice_replaces_its_sub_driver() -> None:
    lamp = loaded().driver("test_loaded_lamp")
    mini, older = lamp.sub_drivers
    importlib.reload(sys.modules[f"{PACKAGE}.pro"])
    assert lamp.sub_drivers[:-1] == [mini]
    newer = lamp.sub_drivers[-1]
    assert newer is not older
    assert Dispatcher(lamp).choose(Identity(model="pro")) is newer


def test_a_driver_loaded_twice_replaces_itself() -> None:
    registry = loaded()
    older = registry.driver("test_loaded_lamp")
    for name in ("lamp", "pro"):
        importlib.reload(sys.modules[f"{PACKAGE}.{name}"])
    load_drivers(registry, PACKAGE)
    newer = registry.driver("test_loaded_lamp")
    assert newer is not older
    assert [sub.__mro__[1] for sub in newer.sub_drivers] == [newer, newer]


BROKEN = {
    "syntax": ("def broken(:\n", 1, "invalid syntax"),
    "name": ("\nfrom lan_edge import Drivver\n", 2, "Did you mean: 'Driver'?"),
    "raises": ("x = 1\nx / 0\n", 2, "ZeroDivisionError: division by zero"),
    "exits": ("import sys\nsys.exit()\n", 2, "SystemExit"),
    "mistake": (
        LAMP.replace("profile = Profile()", 'profile = Profile()\n    poll = "10"', 1),
        10,
        "poll is '10'",
    ),
    "unregistered": (
        LAMP.replace("@register\n", ""),
        11,
        "driver Mini is not used",
    ),
    "matcher": (
        LAMP.replace("profile = Profile()", 'poll = 5\n    x = Profile("switch")', 1),
        10,
        "Profile takes capabilities such as Switch, not 'switch'",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_leaves_out_only_itself(
    name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source, line, reason = BROKEN[name]
    file = tmp_path / PACKAGE / "broken.py"
    file.write_text(source)
    registry = Registry()
    (failure,) = load_drivers(registry, PACKAGE)
    assert (failure.file, failure.line) == (str(file), line)
    assert reason in failure.reason
    assert str(failure).startswith(f"broken.py:{line}: " if line else "broken.py: ")
    assert f"The drivers of {PACKAGE}.broken are not loaded: {failure}" in caplog.text
    assert "test_loaded_lamp" in registry.drivers


def test_a_broken_file_leaves_no_sub_driver(tmp_path: Path) -> None:
    source = SUB_DRIVER.replace("class Pro", "class Broken")
    (tmp_path / PACKAGE / "broken.py").write_text(f"{source}\n1 / 0\n")
    registry = Registry()
    assert len(load_drivers(registry, PACKAGE)) == 1
    subs = registry.driver("test_loaded_lamp").sub_drivers
    assert [sub.__name__ for sub in subs] == ["Mini", "Pro"]
