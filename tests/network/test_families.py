"""One family for each kind of discovery, on a real network with a real Home Assistant.

The devices run in this process, each in a thread on a host of its own; Snapcast is Debian's.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path
import time
import warnings

import aiohttp
import pytest
import pytest_asyncio

from tests.drivers.upnp_lights import UDN
from tests.emulators.gena import propertyset
from tests.emulators.wemo import BASIC, WemoEmulator
from tests.real.avahi import Avahi
from tests.real.client import until
from tests.real.snapcast import SnapServer, missing as snapcast_lacks

from .allowance import allowed
from .family import (
    LEASE,
    PATIENCE,
    Families,
    Family,
    all_families,
    late_yeelight,
)
from .home import SEARCHED, Home, figures
from .lab import HERE, Host, lan as make_lan

LISTENER = 39500
MOVED = "10.77.0.2"
SOON = 15.0
"""Seconds after the first sighting in which what has to be asked for is found."""
PUSHED = 1.0
"""Seconds from a change to its being seen, at most half the time: the machine may be busy."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def families(
    own_network: None, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncGenerator[Families]:
    wanted = all_families(request.config)
    with make_lan() as lan:
        async with AsyncExitStack() as stack:
            for family in wanted:
                await family.join(lan, stack)
            home = Home(lan, tmp_path_factory.mktemp("home"))
            at = time.monotonic()
            made = Families(await stack.enter_async_context(home))
            await asyncio.gather(*(made.find(family) for family in wanted))
            figures("Home Assistant started, all cards after", [time.monotonic() - at], "s")
            await asyncio.gather(*(made.add(family) for family in wanted))
            yield made


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def no_complaints(families: Families) -> AsyncGenerator[None]:
    yield
    assert not families.home.complaints()


async def test_each_is_found_in_its_way(families: Families) -> None:
    first = min(families.found_at.values())
    for title, family in families.all.items():
        assert family.card["context"]["source"] in family.sources
        assert families.found_at[title] - first < allowed(SOON)
    assert families.all["Hall light"].card["context"]["unique_id"] == UDN


async def test_each_does_as_told(families: Families) -> None:
    for title, family in families.all.items():
        times = [await families.obeys(family, on=on) for on in (True, False, True, False)]
        figures(f"{title}: told and done", times)


async def test_each_is_followed(families: Families) -> None:
    for title, family in families.all.items():
        rounds = 5 if family.pushes else 1
        times = [await families.follows(family, on=on) for on in (True, False) * rounds]
        how = "pushed" if family.pushes else "polled"
        median, _ = figures(f"{title}: changed at the device, {how} after", times)
        assert median < allowed(PUSHED) or not family.pushes


async def test_a_light_is_found_by_what_it_announces_at_its_own_port(families: Families) -> None:
    async with AsyncExitStack() as stack:
        late = Family("Late", {SEARCHED}, late_yeelight)
        at = time.monotonic()
        await late.join(families.home.lan, stack)
        await families.find(late)
        after = families.found_at["Late"] - at
        figures("Late: started, card by NOTIFY on port 1982 after", [after])
        assert late.card["context"]["source"] == SEARCHED
        assert after < allowed(2)


async def test_a_lost_event_is_made_up_for(families: Families) -> None:
    wemo = families.all["Stairs"]

    async def lose_level(device: WemoEmulator) -> None:
        device.publisher.lose = 1
        await device.change(level=40)

    await wemo.resident.do(lose_level)
    at = await wemo.turned(on=True)
    seen = await families.home.seen_of(
        wemo.entity_id, lambda change: change.shown == ("on", 40), at, PATIENCE
    )
    figures("Dimmer: an event lost, made up for after the next", [seen - at])
    await families.follows(wemo, on=False)


async def test_leases_are_renewed(families: Families) -> None:
    for title in ("Stairs", "Forgetful"):
        family = families.all[title]

        async def renewed(device: WemoEmulator = family.device) -> bool:
            return device.publisher.log.count("RENEW") > 1

        await until(renewed, f"{title} has renewed twice", 2 * LEASE)
        log = family.device.publisher.log
        assert log.count("SUBSCRIBE") == 1
        assert {entry for entry in log if entry.startswith("NOTIFY")} == {"NOTIFY 200"}
        assert await families.follows(family, on=True)
        assert await families.follows(family, on=False)


async def test_a_stranger_reaches_nobody(families: Families) -> None:
    home, wemo = families.home, families.all["Forgetful"]
    (sid,) = wemo.device.publisher.subscribers
    event = {"NT": "upnp:event", "NTS": "upnp:propchange", "SID": sid, "SEQ": "9"}
    body, at = propertyset({"BinaryState": "1"}), time.monotonic()
    stranger = home.lan.join()
    for method, path, headers in (
        ("GET", "/", {}),
        ("POST", "/", {}),
        ("POST", "/state?switch=on", {}),
        ("NOTIFY", "/", event),
        ("NOTIFY", "/not-a-token", event),
    ):
        assert await status(stranger, method, path, headers, body) == 404
    # no event, and nothing that its driver asked for, from the right address
    assert await status(wemo.host, "POST", "/", {}, body) == 404
    assert await status(wemo.host, "NOTIFY", "/", {**event, "SID": "uuid:other"}, body) == 404
    assert not [c for c in home.changes if c.entity_id == wemo.entity_id and c.at > at]
    assert await families.follows(wemo, on=True)
    assert await families.follows(wemo, on=False)


async def status(host: Host, method: str, path: str, headers: dict[str, str], body: bytes) -> int:
    """Return what Home Assistant's listener answers to a host."""
    connector = aiohttp.TCPConnector(socket_factory=host.socket)
    url = f"http://{HERE}:{LISTENER}{path}"
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.request(method, url, headers=headers, data=body) as answer,
    ):
        return answer.status


async def test_snapcast_announced_by_avahi(families: Families, tmp_path: Path) -> None:
    if lacks := snapcast_lacks("snapserver", "snapclient", "avahi-daemon", "dbus-daemon"):
        warnings.warn(f"Snapcast by mDNS skipped: not installed: {lacks}", stacklevel=1)
        pytest.skip(f"not installed: {lacks}")
    home = families.home
    host = home.lan.join()
    async with (
        Avahi(tmp_path / "avahi", "music", host.via) as avahi,
        SnapServer(tmp_path / "server", "0.0.0.0", via=host.via, bus=avahi.bus) as server,
    ):
        server.host, at = host.address, time.monotonic()
        card = await home.card("Snapcast")
        figures("Snapcast: card by mDNS after", [time.monotonic() - at], "s")
        assert card["context"]["source"] == "zeroconf"
        entry_id = await home.confirm(card)
        server.host = "127.0.0.1"  # for its player, which is on its host
        async with server.client("player-1"):
            server.host = host.address

            async def player() -> str | None:
                entities = await home.client.entities(entry_id)
                found = [e["entity_id"] for e in entities if "player-1" in e["unique_id"]]
                return next((e for e in found if e.startswith("media_player.")), None)

            entity_id = await until(player, "the player has an entity")
            await home.client.call("media_player.volume_set", entity_id, volume_level=0.12)
            assert (await server.volume("player-1"))["percent"] == 12
            at = time.monotonic()
            volume = {"percent": 34, "muted": False}
            await server.ask("Client.SetVolume", id="player-1", volume=volume)
            seen = await home.seen_of(
                entity_id, lambda c: c.attributes.get("volume_level") == 0.34, at, PATIENCE
            )
            figures("Snapcast: volume set elsewhere, pushed after", [seen - at])
        path = f"/api/config/config_entries/entry/{entry_id}"
        await home.client.request("DELETE", path)


async def test_home_assistant_has_another_address(families: Families) -> None:
    home = families.home
    subscribed = [f for f in families.all.values() if f.callbacks]
    for family in subscribed:
        assert set(family.told_hosts()) == {HERE}
    home.entry_states.clear()
    home.lan.move_here(MOVED)
    at = time.monotonic()
    for family in subscribed:
        await family.turned(on=True)  # an event that nobody gets

    async def told(family: Family) -> None:
        async def elsewhere() -> bool:
            return MOVED in family.told_hosts()

        await until(elsewhere, f"{family.title} knows the new address", 70)
        figures(f"{family.title}: new address known after", [time.monotonic() - at], "s")

    await asyncio.gather(*(told(family) for family in subscribed))
    for family in subscribed:
        await home.client.wait_for_state(family.entity_id, "on")
        times = [await families.follows(family, on=on) for on in (False, True) * 5]
        median, _ = figures(f"{family.title}: at the new address, pushed after", times)
        assert median < allowed(PUSHED)
    for family in families.all.values():
        await families.obeys(family, on=True)
        await families.follows(family, on=False)
    assert {state for _, state in home.entry_states} <= {"loaded"}


async def test_removed_is_unsubscribed(families: Families) -> None:
    wemo = families.all.pop("Stairs")
    path = f"/api/config/config_entries/entry/{wemo.entry_id}"
    await families.home.client.request("DELETE", path)
    assert wemo.device.publisher.log[-1] == "UNSUBSCRIBE"
    assert not wemo.told_hosts()
    assert BASIC not in {s.service for s in wemo.device.publisher.subscribers.values()}
