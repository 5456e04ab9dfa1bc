"""The library within Home Assistant: one set of modules, whatever else is named lan_edge."""

import asyncio
from importlib.util import module_from_spec, spec_from_file_location
import logging
from pathlib import Path
import subprocess
import sys
from types import ModuleType

from homeassistant.components.logger.helpers import get_integration_loggers
from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.library import FOLDER
from custom_components.lan_edge.runtime import async_load_domain_data
import lan_edge
from lan_edge import Registry
from lan_edge.driver.registration import drivers_in
from tests.bundled import registered
from tests.emulators.rest_switch import RestSwitchEmulator

from .entries import device_of, set_up
from .states import becomes, call

ROOT = Path(__file__).parents[2]
BUNDLED = sorted(path.stem for path in FOLDER.glob("drivers/[!_]*.py"))


async def run(*lines: str) -> None:
    """Run a program in which nothing of ours has been imported yet."""
    program = "\n".join(("from pathlib import Path", "import sys", *lines))
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-c", program],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output = (await process.communicate())[0].decode()
    assert process.returncode == 0, output


# the name


@pytest.fixture(params=["package", "module", "folder"])
def stray(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a folder with something else that is called lan_edge."""
    package = tmp_path / "lan_edge"
    if request.param == "module":
        package.with_suffix(".py").write_text("")
    else:
        package.mkdir()
        (package / "stray.py").write_text("")
    if request.param == "package":
        (package / "__init__.py").write_text("from . import stray")
    return str(tmp_path)


IS_OURS = (
    "import lan_edge",
    f"assert Path(lan_edge.__file__).samefile({str(FOLDER / '__init__.py')!r}), lan_edge",
    "from lan_edge import Driver",
    "from lan_edge.drivers.wemo import Wemo",
    "assert issubclass(Wemo, Driver)",
    "assert 'lan_edge.stray' not in sys.modules",
)


async def test_another_package_of_that_name_does_not_win(stray: str) -> None:
    await run(f"sys.path.insert(0, {stray!r})", "import custom_components.lan_edge", *IS_OURS)


async def test_a_package_that_was_imported_before_does_not_win(stray: str) -> None:
    await run(
        f"path, sys.path = sys.path, [{stray!r}]",  # a mere folder comes after all packages
        "import lan_edge",
        "assert not hasattr(lan_edge, 'Driver'), lan_edge",
        "sys.path = path",
        "if hasattr(lan_edge, '__path__'): import lan_edge.stray",
        "import custom_components.lan_edge",
        *IS_OURS,
    )


# the long name


async def test_both_names_lead_to_the_same_modules() -> None:
    await run(
        "from custom_components.lan_edge import edge",
        "import lan_edge",
        "assert edge is lan_edge",
        "from custom_components.lan_edge.edge import Driver, errors",
        "assert errors is lan_edge.errors",
        "assert Driver is lan_edge.Driver",
        "assert Driver.__module__ == 'lan_edge.driver.driver'",
        "from custom_components.lan_edge.edge.transports.http.http import Http",
        "assert Http is lan_edge.Http",
    )


async def test_a_module_that_is_imported_first_by_its_long_name() -> None:
    await run(
        "import custom_components.lan_edge",
        "assert 'lan_edge.cli.exits' not in sys.modules",
        "from custom_components.lan_edge.edge.cli.exits import Exit",
        "import custom_components.lan_edge.edge.cli.exits as by_long_name",
        "import lan_edge.cli.exits",
        "assert by_long_name is lan_edge.cli.exits",
        "assert Exit is lan_edge.cli.exits.Exit",
    )


async def test_a_driver_that_is_imported_by_its_long_name() -> None:
    await run(
        "import custom_components.lan_edge",
        "import lan_edge.drivers.wiz",
        "from custom_components.lan_edge.edge.drivers.wiz import Wiz",
        "assert Wiz is lan_edge.drivers.wiz.Wiz",
        "assert issubclass(Wiz, lan_edge.Driver)",
        "registry = lan_edge.Registry()",
        "lan_edge.load_drivers(registry)",
        "assert registry.driver('wiz') is Wiz",
    )


async def test_a_module_that_is_not_there() -> None:
    await run(
        "import custom_components.lan_edge",
        "try: import custom_components.lan_edge.edge.nothing",
        "except ModuleNotFoundError as err: assert err.name == 'lan_edge.nothing', err",
        "else: raise AssertionError",
        "assert 'custom_components.lan_edge.edge.nothing' not in sys.modules",
    )


# drivers elsewhere


def copied(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Load a copy of the file of a bundled driver, or of an example, by its path."""
    file = folder / f"{name}_of_mine.py"
    original = FOLDER / "drivers" if name in BUNDLED else ROOT / "docs/examples"
    file.write_text((original / f"{name}.py").read_text())
    spec = spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, file.stem, module)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", BUNDLED)
def test_a_copy_of_a_drivers_file_is_the_same_driver(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [driver] = drivers_in(copied(name, tmp_path, monkeypatch))
    original = registered()[driver.id]
    assert driver is not original
    assert issubclass(driver, lan_edge.Driver)
    assert driver.name == original.name
    assert driver.profile == original.profile
    assert list(driver.handlers) == list(original.handlers)
    assert len(driver.discovery) == len(original.discovery)
    assert [s.__name__ for s in driver.sub_drivers] == [s.__name__ for s in original.sub_drivers]
    registry = Registry()
    registry.add(driver)
    assert registry.driver(driver.id) is driver


async def test_a_copy_of_a_drivers_file_drives(
    hass: HomeAssistant,
    switch: RestSwitchEmulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = copied("rest_switch", tmp_path, monkeypatch)
    (await async_load_domain_data(hass)).registry.add(module.RestSwitch)
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    assert type(device_of(entry).driver) is module.RestSwitch
    await call(hass, "switch.turn_on", "switch.fountain")
    await becomes(hass, "switch.fountain", "on")
    assert switch.state == {"on": True}


# its log


async def test_the_librarys_log_level_follows_the_integrations(hass: HomeAssistant) -> None:
    loggers = await get_integration_loggers(hass, DOMAIN)
    for name in ("lan_edge.device.session", "custom_components.lan_edge.entity"):
        assert name in logging.root.manager.loggerDict
        assert any(name.startswith(f"{logger}.") for logger in loggers), name
