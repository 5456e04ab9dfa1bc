"""Home Assistant in its debug mode, with one of each family: nothing blocks, nothing is left over.

Debug mode is asyncio's, with Home Assistant's own checks of threads; blocking calls it reports
in any mode. Resources that nobody closed are told of too.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
import warnings

import pytest
import pytest_asyncio

from tests.bundled import registered
from tests.real.avahi import Avahi
from tests.real.client import until
from tests.real.snapcast import SnapServer, missing as snapcast_lacks

from .family import all_families, further
from .home import Home
from .lab import Host, lan as make_lan
from .witness import Witnessed, watched

AWAY = 12.0
"""Seconds without network: long enough to be noticed, where a device is not polled."""
NOT_EVERYWHERE = {"kasa": "Demo", "snapcast": "Snapcast"}
"""Drivers whose devices need further programs, and what their cards say."""
COMMANDS = {
    "light": ("light.turn_on", "light.turn_off"),
    "switch": ("switch.turn_on", "switch.turn_off"),
    "climate": ("climate.turn_off",),
    "media_player": ("media_player.volume_up",),
}


class House:
    """All devices, by the names of their cards, and their entries."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.entries: dict[str, str] = {}
        self.lacks = set[str]()
        """The drivers whose devices cannot be had here."""

    def drivers(self) -> set[str]:
        """Return the drivers of what is here."""
        return {e["data"]["driver"] for e in self.home.stored_entries().values()}

    async def add(self, title: str, *keys: str) -> None:
        card = await self.home.card(title)
        self.entries[title] = await self.home.confirm(card, *keys)

    async def entities(self, title: str) -> list[str]:
        found = await self.home.client.entities(self.entries[title])
        return [e["entity_id"] for e in found if e["entity_id"].partition(".")[0] in COMMANDS]

    async def there(self, *, available: bool) -> None:
        for title in self.entries:
            what = f"{title} is {'there' if available else 'away'}"
            await until(partial(self.is_there, title, available=available), what, 60)

    async def is_there(self, title: str, *, available: bool) -> bool:
        states = [await self.home.client.state(e) for e in await self.entities(title)]
        return bool(states) and all((s["state"] != "unavailable") is available for s in states)

    async def commanded(self) -> None:
        for title in self.entries:
            for entity_id in await self.entities(title):
                for action in COMMANDS[entity_id.partition(".")[0]]:
                    await self.home.client.call(action, entity_id)

    async def each(self, method: str, end: str = "") -> None:
        """Reload or remove all entries."""
        for entry_id in self.entries.values():
            path = f"/api/config/config_entries/entry/{entry_id}{end}"
            await self.home.client.request(method, path)


async def snapcast(host: Host, folder: Path, stack: AsyncExitStack) -> bool:
    """Start a Snapcast server with a player, if it is installed."""
    if lacks := snapcast_lacks("snapserver", "snapclient", "avahi-daemon", "dbus-daemon"):
        warnings.warn(f"no Snapcast: not installed: {lacks}", stacklevel=1)
        return False
    avahi = await stack.enter_async_context(Avahi(folder / "avahi", "music", host.via))
    server = SnapServer(folder / "server", "0.0.0.0", via=host.via, bus=avahi.bus)
    await stack.enter_async_context(server)
    server.host = "127.0.0.1"  # for its player, which is on its host
    await stack.enter_async_context(server.client("player-1"))
    return True


@pytest_asyncio.fixture(loop_scope="session")
async def house(
    own_network: None, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncGenerator[House]:
    with make_lan() as lan:
        async with AsyncExitStack() as stack:
            families = [*all_families(request.config), *further()]
            for family in families:
                await family.join(lan, stack)
            keys = {family.title: family.keys for family in families}
            if await snapcast(lan.join(), tmp_path, stack):
                keys["Snapcast"] = ()
            home = Home(lan, tmp_path)
            home.home_assistant = Witnessed(tmp_path / "config", "--debug")
            house = House(await stack.enter_async_context(home))
            house.lacks = {d for d, title in NOT_EVERYWHERE.items() if title not in keys}
            await asyncio.gather(*(house.add(title, *keys[title]) for title in keys))
            yield house


async def test_nothing_blocks_and_nothing_is_left(house: House) -> None:
    home = house.home
    await house.there(available=True)
    async with watched(home.client, "debug mode, one of each family"):
        await come_and_go(house)
    await house.each("DELETE")
    await home.stop()
    found = home.complaints()
    assert not found, "\n\n".join(found)


async def come_and_go(house: House) -> None:
    """Command them, pull the network of all and plug it in, reload them."""
    home = house.home
    await house.commanded()
    for host in home.lan.hosts:
        host.unplug()
    await asyncio.sleep(AWAY)
    assert any([await house.is_there(title, available=False) for title in house.entries])
    assert house.drivers() == set(registered()) - house.lacks
    for host in home.lan.hosts:
        host.plug_in()
    await house.there(available=True)
    await house.commanded()
    await house.each("POST", "/reload")
    await house.there(available=True)
    await house.commanded()
