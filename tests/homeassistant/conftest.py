"""Home Assistant with real devices on loopback; only what would reach the network is patched."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from unittest.mock import AsyncMock, Mock, PropertyMock, patch

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
import pytest_socket
from syrupy.assertion import SnapshotAssertion
from zeroconf import DNSCache  # type: ignore[attr-defined]  # it does not list it

from custom_components.lan_edge.discovery import asking
from custom_components.lan_edge.runtime import DEVICES_BESIDE_HUB, async_load_domain_data
from lan_edge import Driver
from tests.bundled import load_all
from tests.debugging import check_calls
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.ports import free_port

from .driver_folder import DriverFiles
from .entries import BULB_ID
from .mdns_responder import Responder, relay, responding
from .own_drivers import own_drivers
from .stage import Actor

CONFIRM_WITHIN = 5.0
"""Seconds in which results must show, so long that a busy machine is in time, too."""
LOOPBACK = [f"127.0.0.{n}" for n in range(1, 10)]


@pytest.fixture(autouse=True)
def _ours(enable_custom_integrations: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Home Assistant find the integration, the devices on its own machine, and the demo's."""
    monkeypatch.setenv(DEVICES_BESIDE_HUB, "1")
    monkeypatch.setattr("custom_components.lan_edge.runtime.load_drivers", load_all)
    monkeypatch.setattr(Driver, "confirm_within", CONFIRM_WITHIN)
    monkeypatch.setattr("custom_components.lan_edge.describing.tried_value.READ_AGAIN_FOR", 0.0)


@pytest.fixture(autouse=True)
async def enable_event_loop_debug() -> None:
    """Check what the loop's debug mode does; the plugin's fixture of this name takes long."""
    check_calls(asyncio.get_running_loop())


@pytest.fixture(autouse=True)
def start_discovery(hass: HomeAssistant) -> Generator[AsyncMock]:
    """Have no multicast leave this machine; what discovery brings, tests hand in."""
    pytest_socket.enable_socket()
    pytest_socket.socket_allow_hosts(LOOPBACK)
    hass.config.components.update({"network", "ssdp", "zeroconf"})
    start = AsyncMock()
    shared = Mock(zeroconf=Mock(cache=DNSCache()))
    with (
        patch("homeassistant.components.zeroconf.async_get_async_instance", return_value=shared),
        patch("custom_components.lan_edge.async_start_discovery", start),
        patch("custom_components.lan_edge.flows.add.async_start_discovery", start),
    ):
        yield start


@pytest.fixture
def mdns_port(monkeypatch: pytest.MonkeyPatch) -> int:
    """Return the port at which devices are asked by mDNS in a test; nobody else answers there."""
    port = free_port("127.0.0.1")
    monkeypatch.setattr(asking, "MDNS_PORT", port)
    return port


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return the assertion with Home Assistant's serializer; the plugin's own one loses."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
def all_enabled() -> Generator[None]:
    """Enable the entities too that start disabled."""
    default = "homeassistant.helpers.entity.Entity.entity_registry_enabled_default"
    with patch(default, PropertyMock(return_value=True)):
        yield


@pytest.fixture
def drivers() -> Generator[None]:
    """Let a test add drivers of its own, and forget them."""
    with own_drivers():
        yield


@pytest.fixture
async def driver_files(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[DriverFiles]:
    """Return the folder of driver files, which does not exist yet; a test has it looked at."""
    monkeypatch.setattr(hass.config, "config_dir", str(tmp_path))
    files = DriverFiles(hass, tmp_path / "lan_edge" / "drivers")
    yield files
    registry = (await async_load_domain_data(hass)).registry
    for path in tuple(registry.files):  # else its sub-drivers remain with the bundled drivers
        registry.drop_file(path)


@pytest.fixture
async def switch(
    hass: HomeAssistant, start_discovery: AsyncMock
) -> AsyncGenerator[RestSwitchEmulator]:
    """Return a REST switch."""
    async with RestSwitchEmulator(id="relay-1", name="Fountain") as device:
        yield device


@pytest.fixture
async def confirming(switch: RestSwitchEmulator, mdns_port: int) -> AsyncGenerator[Responder]:
    """Have the switch confirm by mDNS who it is."""
    async with responding(
        switch.host, mdns_port, relay("relay-1", switch.host, switch.port)
    ) as responder:
        yield responder


@pytest.fixture
async def bulb(hass: HomeAssistant, start_discovery: AsyncMock) -> AsyncGenerator[JsonBulbEmulator]:
    """Return a JSON bulb."""
    async with JsonBulbEmulator(id=BULB_ID, name="Desk lamp") as device:
        yield device


@pytest.fixture
async def device(
    hass: HomeAssistant, drivers: None, start_discovery: AsyncMock
) -> AsyncGenerator[Actor]:
    """Return a device that plays the part a test gives it: see stage."""
    async with Actor(id=BULB_ID, name="Device") as actor:
        yield actor
