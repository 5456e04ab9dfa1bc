"""Driver files that take long to load, or never end: what users see of them."""

from collections.abc import Iterator
import threading

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import get_system_health_info
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.driver_files.overview import lists
from tests.emulators.rest_switch import RestSwitchEmulator

from ..driver_folder import RELAY, DriverFiles
from ..entries import add_service, comes_online, new_entry

WAITING = f"{RELAY}\nimport threading\nthreading.own_gate.wait()\n"
LINE = len(WAITING.splitlines())


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have files loaded for less long."""
    monkeypatch.setattr("lan_edge.driver.files.folder.LOADING_LIMIT", 2)
    monkeypatch.setattr("lan_edge.driver.files.folder.LOOK_PATIENCE", 0.01)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Return what `WAITING` waits for, in a call that cannot be interrupted."""
    gate = threading.Event()
    monkeypatch.setattr(threading, "own_gate", gate, raising=False)
    yield gate
    gate.set()
    for thread in threading.enumerate():
        if thread.name == "lan_edge driver file":
            thread.join(10)


def issue(hass: HomeAssistant) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue(DOMAIN, "driver_file_failed_relay.py")


async def test_a_file_that_takes_long_is_used_when_it_has_loaded(
    hass: HomeAssistant,
    driver_files: DriverFiles,
    switch: RestSwitchEmulator,
    gate: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    driver_files.write("relay.py", WAITING)
    entry = new_entry(hass, "own_relay", "relay-1", switch)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "driver_file_slow"
    found = issue(hass)
    assert found is not None
    assert found.translation_key == "driver_file_slow"
    assert found.severity is ir.IssueSeverity.WARNING
    texts = found.translation_placeholders
    assert texts is not None
    assert texts["file"] == "relay.py"
    assert texts["problem"].startswith(f"- relay.py:{LINE}: `it has been loading for more than")
    assert "it is used once it has loaded" in lists(hass, {})["failed"]
    gate.set()
    monkeypatch.setattr("lan_edge.driver.files.folder.LOOK_PATIENCE", 60)
    await driver_files.looked_at()
    await comes_online(entry)
    assert issue(hass) is None


async def test_what_cannot_be_stopped_is_shown(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    driver_files: DriverFiles,
    gate: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lan_edge.driver.files.jobs.STUCK_AFTER", 0)
    file = driver_files.write("relay.py", WAITING)
    service = await add_service(hass)
    file.unlink()
    await driver_files.looked_at()
    assert issue(hass) is None
    assert lists(hass, {})["failed"].startswith(
        f"- relay.py:{LINE}: `an earlier version of it is still loading, and cannot be stopped`"
    )
    assert await async_setup_component(hass, "diagnostics", {})
    assert await async_setup_component(hass, "system_health", {})
    told = await get_system_health_info(hass, DOMAIN)
    assert told["driver_files"] == "0 in use, 1 cannot be stopped"
    found = await get_diagnostics_for_config_entry(hass, hass_client, service)
    assert isinstance(found, dict)
    assert isinstance(found["driver_files"], dict)
    assert found["driver_files"]["stuck"] == [{"file": "relay.py", "line": LINE}]
