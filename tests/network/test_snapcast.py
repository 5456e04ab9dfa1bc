"""Snapcast announced by avahi, as on a real host: found, driven, and followed when it moves."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
import warnings

import pytest
from zeroconf import ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from lan_edge import Address, AudioVolume, Candidate, Device, Record, Sighting
from tests.bundled import match
from tests.drivers.house import until
from tests.real.avahi import Avahi
from tests.real.snapcast import SnapServer, missing

from .lab import HERE, Lan

KIND = "_snapcast-jsonrpc._tcp.local."
PLAYER = "client_player-1"


@asynccontextmanager
async def browsing(seen: list[Candidate]) -> AsyncGenerator[None]:
    """Note whose the announcements are, for the length of a block."""
    tasks = set[asyncio.Task[None]]()

    async def look(zeroconf: Zeroconf, name: str) -> None:
        info = AsyncServiceInfo(KIND, name)
        if await info.async_request(zeroconf, 3000):
            addresses = [Address(a, info.port or 0) for a in info.parsed_addresses()]
            seen.extend(match(Sighting("mdns", KIND, addresses[0], name.partition(".")[0])))

    def changed(zeroconf: Zeroconf, name: str, state_change: ServiceStateChange, **_: str) -> None:
        if state_change is not ServiceStateChange.Removed:
            tasks.add(asyncio.create_task(look(zeroconf, name)))

    async with AsyncZeroconf(interfaces=[HERE]) as zeroconf:
        browser = AsyncServiceBrowser(zeroconf.zeroconf, [KIND], handlers=[changed])
        yield
        await browser.async_cancel()
        await asyncio.gather(*tasks)


async def test_announced_by_avahi(lan: Lan, tmp_path: Path) -> None:
    if lacks := missing("snapserver", "snapclient", "avahi-daemon", "dbus-daemon"):
        warnings.warn(f"Snapcast by mDNS skipped: not installed: {lacks}", stacklevel=1)
        pytest.skip(f"not installed: {lacks}")
    host, seen = lan.join(), list[Candidate]()
    async with (
        Avahi(tmp_path / "avahi", "music", host.via) as avahi,
        browsing(seen),
        SnapServer(tmp_path / "server", "0.0.0.0", via=host.via, bus=avahi.bus) as server,
    ):
        await until(lambda: seen)
        found = seen[0]
        assert found.driver.id == "snapcast"
        assert found.match.name == "Snapcast"
        assert found.match.address == Address(host.address, 1705)
        device = Device(found.driver, Record())
        await device.check(found.match.address)
        assert device.identity.unique_id
        device.start()
        device.connection.sighted(found.match.address)
        server.host = host.address
        async with server.client("player-1"):
            await until(lambda: device.component_available(PLAYER))
            await device.commands.execute(AudioVolume.set_volume, {"volume": 12}, PLAYER)
            assert (await server.volume("player-1"))["percent"] == 12
        seen.clear()
        host.move("10.77.0.77")
        await until(lambda: any(c.match.address.host == host.address for c in seen))
        device.connection.sighted(seen[-1].match.address)
        await until(
            lambda: device.available and device.record.addresses[0] == Address(host.address, 1705)
        )
        await device.stop()
