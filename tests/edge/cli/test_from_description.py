"""`lan-edge new --from`: the driver that does what a description says."""

from collections.abc import Callable
import json
from pathlib import Path
from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import Address, Driver, RefusedError, Switch, SwitchLevel
from lan_edge.cli.writing.python_text import text_in
from tests.docs import pages
from tests.docs.test_examples import CASES, address, shown
from tests.drivers.described import EXAMPLES, described, text_of
from tests.drivers.house import driven, shows, until
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator

from .console import cli


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Any]:
    """Return what writes the driver of an example and loads it."""

    async def write(name: str) -> type[Driver[Any]]:
        ran = await cli(
            "new", "my_device", "--from", EXAMPLES / f"{name}.yaml", "--folder", tmp_path
        )
        assert ran.code == 0, ran.err
        file = tmp_path / "my_device.py"
        checked = await cli("check", file, "--strict")
        assert checked.code == 0, checked.out
        title = "".join(word.title() for word in name.split("_"))
        driver: type[Driver[Any]] = getattr(pages.run(str(file), file.read_text()), title)
        return driver

    return write


@pytest.mark.real_time  # what checks the types is a process of its own
async def test_a_switch_by_http(written: Any) -> None:
    driver = await written("rest_switch")
    text = described("rest_switch")
    assert (driver.id, driver.name, driver.discovery) == (text.id, text.name, text.discovery)
    assert driver.profile == text.profile
    async with RestSwitchEmulator(id="relay-1") as emulator:
        at = Address(emulator.host, emulator.port)
        async with driven(driver, at, "relay-1") as device:
            await device.commands.execute(Switch.on, {})
            assert emulator.state["on"] is True
            await shows(device, Switch.switch, True)
            emulator.faults.refuse = ["POST"]
            with pytest.raises(RefusedError, match="500"):
                await device.commands.execute(Switch.off, {})


@pytest.mark.real_time  # what checks the types is a process of its own
async def test_a_bulb_by_json_rpc(written: Any) -> None:
    driver = await written("json_bulb")
    async with JsonBulbEmulator(id="bulb-1") as emulator:
        at = Address(emulator.host, emulator.port)
        async with driven(driver, at) as device:
            assert device.identity.unique_id == "bulb-1"
            await device.commands.execute(SwitchLevel.set_level, {"level": 40, "rate": 0.5})
            assert emulator.log[-1].params == {"level": 40, "fade": 0.5}
            await device.commands.execute(SwitchLevel.set_level, {"level": 50})
            assert emulator.log[-1].params == {"level": 50}
            await emulator.change(level=60)
            await shows(device, SwitchLevel.level, 60)


@pytest.mark.real_time  # likewise
@pytest.mark.parametrize(("name", "case"), [("metering_plug", "http"), ("kettle", "json_rpc")])
async def test_it_does_what_the_text_does(written: Any, name: str, case: str) -> None:
    driver, what = await written(name), CASES[case]
    driver.poll = 0.1
    async with what.device() as there, driven(driver, address(there), there.id) as device:
        await device.commands.execute(what.command, what.arguments)
        assert what.done.items() <= there.state.items()
        await until(lambda: shown(device, *what.shows))
        await there.change(**what.hand)
        await until(lambda: shown(device, *what.follows))
        assert device.state.rejected == {}


async def test_what_cannot_be_written_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "plug.yaml"
    power = "power: {from: meter, path: power"
    text = text_of("metering_plug").replace(power, f"{power}, template: value | float")
    file.write_text(text)
    ran = await cli("new", "my_plug", "--from", file, "--folder", tmp_path / "new")
    assert ran.code == 2
    line = 1 + next(at for at, each in enumerate(text.split("\n")) if "template" in each)
    place = f"plug.yaml:{line}: components.main.powerMeter.power.template"
    assert f"{place} cannot be written as a driver yet: a template with filters" in " ".join(
        ran.err.split()
    )
    assert not (tmp_path / "new").exists()


async def test_a_text_with_faults_is_checked_first(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(text_of("json_bulb").replace("talks: json_rpc", "talks: morse"))
    ran = await cli("new", "my_bulb", "--from", file, "--folder", tmp_path / "new")
    assert ran.code == 2
    assert "is no valid description: lan-edge check says why" in " ".join(ran.err.split())


@given(st.text())
def test_a_text_in_a_driver_is_that_text(text: str) -> None:
    written = text_in(text)
    assert written.startswith('"')
    assert json.loads(written) == text
    assert "\n" not in written
