"""A file of drivers that cannot be loaded: a repair says why, and nothing else is affected."""

from collections.abc import Generator
from functools import partial
from pathlib import Path
import shutil
import sys
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest

from custom_components.lan_edge.const import DOMAIN
from lan_edge import load_drivers
import lan_edge.drivers
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.real.home_assistant import DEMO_DRIVERS
from tests.real.process import REPOSITORY

from .entries import BULB_ID, comes_online, new_entry

PACKAGE = "copied_drivers"
SOURCE = Path(lan_edge.drivers.__path__[0])


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    """Have the drivers loaded from a copy of their folder."""
    folder = tmp_path / PACKAGE
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in DEMO_DRIVERS:
        shutil.copy(REPOSITORY / "docs/examples" / name, folder)
    monkeypatch.syspath_prepend(tmp_path)
    with patch(
        "custom_components.lan_edge.runtime.load_drivers", partial(load_drivers, package=PACKAGE)
    ):
        yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


async def test_a_broken_file_affects_only_its_own_devices(
    hass: HomeAssistant, copied: Path, bulb: JsonBulbEmulator, switch: RestSwitchEmulator
) -> None:
    (copied / "json_bulb.py").write_text("from lan_edge import Driver\n\nclass Bulb(Drivver):\n")
    broken = new_entry(hass, "json_bulb", BULB_ID, bulb)
    works = new_entry(hass, "rest_switch", "relay-1", switch)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    await comes_online(works)
    assert broken.state is ConfigEntryState.SETUP_RETRY
    assert broken.error_reason_translation_key == "no_driver"
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "driver_failed_json_bulb.py")
    assert issue is not None
    assert issue.severity is ir.IssueSeverity.ERROR
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["file"] == "json_bulb.py"
    reason = issue.translation_placeholders["reason"]
    assert reason.startswith("- json_bulb.py:3: `expected an indented block")


@pytest.mark.parametrize("name", ["lamp__.py", "lamp_.py", "www.py"])
async def test_the_name_of_a_broken_file_is_shown_as_it_is(
    hass: HomeAssistant, copied: Path, name: str
) -> None:
    (copied / name).write_text("from lan_edge import Driver\n\n1 / 0  # @__x__\n")
    assert await async_setup_component(hass, DOMAIN, {})
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"driver_failed_{name}")
    assert issue is not None
    texts = issue.translation_placeholders
    assert texts is not None
    assert texts["file"] == name  # of the title, which is no Markdown
    assert texts["reason"] == f"- `{name}`:3: `ZeroDivisionError: division by zero`"
