"""Snapserver with real players, by the example of the documentation."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
import warnings

import pytest

from lan_edge import Address, AudioMute, AudioVolume, Device, OfflineError, Status
from tests.docs.pages import driver_of
from tests.drivers import house
from tests.drivers.house import until
from tests.ports import free_port
from tests.real.snapcast import SnapServer, missing

HOST = "127.0.0.1"
KITCHEN, BATH = "02:00:00:00:00:01", "02:00:00:00:00:02"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[SnapServer]:
    if lacks := missing("snapserver", "snapclient"):
        warnings.warn(f"Snapserver skipped: not installed: {lacks}", stacklevel=1)
        pytest.skip(f"not installed: {lacks}")
    control, audio = free_port(HOST), free_port(HOST)
    async with SnapServer(tmp_path / "server", HOST, control=control, audio=audio) as made:
        yield made


@asynccontextmanager
async def driven(server: SnapServer) -> AsyncGenerator[Device]:
    """Drive it by the example, which is never polled here: the server tells of changes."""
    driver = driver_of("snapserver.py")
    driver.poll = None
    async with house.driven(driver, Address(server.host, server.control)) as device:
        yield device
    assert device.counts["driver_errors"] == {}
    assert device.counts["ignored_messages"] == {}
    assert device.state.rejected == {}


def shown(device: Device, player: str) -> tuple[int | None, bool | None]:
    return (
        device.state.get(AudioVolume.volume, player),
        device.state.get(AudioMute.muted, player),
    )


async def test_players_come_are_commanded_and_go(server: SnapServer) -> None:
    async with driven(server) as device:
        assert device.identity.unique_id
        assert not device.profile.components
        async with server.client(BATH), server.client(KITCHEN):
            for player in (KITCHEN, BATH):
                await until(partial(device.component_available, player))
                assert device.profile.components[player].child
                assert shown(device, player) == (100, False)
            await device.commands.execute(AudioVolume.set_volume, {"volume": 37}, KITCHEN)
            await device.commands.execute(AudioMute.set_mute, {"state": True}, KITCHEN)
            assert await server.volume(KITCHEN) == {"percent": 37, "muted": True}
            assert shown(device, KITCHEN) == (37, True)
            assert shown(device, BATH) == (100, False)
            await device.driver.io.call("Client.SetVolume", id=BATH, volume={"percent": 5})
            assert shown(device, BATH) == (5, False)  # by the reply alone, nothing was read
        await until(lambda: not device.component_available(KITCHEN))
        with pytest.raises(OfflineError):
            await device.commands.execute(AudioVolume.set_volume, {"volume": 5}, KITCHEN)
        assert device.available


async def test_what_others_do_is_followed(server: SnapServer) -> None:
    async with driven(server) as device, server.client(KITCHEN):
        await until(lambda: device.component_available(KITCHEN))
        await server.ask("Client.SetVolume", id=KITCHEN, volume={"percent": 12, "muted": True})
        await until(lambda: shown(device, KITCHEN) == (12, True))
        await server.ask("Client.SetName", id=KITCHEN, name="Kitchen")
        await until(lambda: device.profile.components[KITCHEN].name == "Kitchen")


async def test_it_is_restarted(server: SnapServer) -> None:
    async with driven(server) as device:
        await server.stop()
        await until(lambda: device.connection.status is not Status.ONLINE)
        await server.start()
        await until(lambda: device.connection.status is Status.ONLINE)
        async with server.client(KITCHEN):
            await until(lambda: device.component_available(KITCHEN))
