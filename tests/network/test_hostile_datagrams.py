"""Floods of datagrams at a real Home Assistant: what it believes, and how late its loop gets."""

import asyncio
from collections.abc import AsyncGenerator
import json

import pytest
import pytest_asyncio

from tests.emulators.ssdp import GROUP, PORT, Advertisement

from .attacked import (
    BULB,
    BULB_ID,
    CARDS,
    LATE,
    LISTENER,
    RATE,
    SECONDS,
    UNDER_ATTACK,
    Attacked,
    attacked_home,
    released,
)
from .home import figures
from .lab import HERE
from .witness import account, watched

PUSHES, YEELIGHTS = 38900, 1982
MANY = 100
"""Hosts that answer each search."""
DIMMED = 42
"""What no light is dimmed to here, but strangers tell."""
YEELIGHT = "NOTIFY * HTTP/1.1\r\nHost: {}:{}\r\nNTS: ssdp:alive\r\nid: 0x{{n}}\r\nmodel: color\r\n"
YEELIGHT += "Location: yeelight://{}:55443\r\nname: \r\nsupport: set_power\r\nfw_ver: 1\r\n\r\n"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def attacked(
    own_network: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Attacked]:
    async with attacked_home(tmp_path_factory.mktemp("attacked")) as made:
        for number in range(MANY):
            made.attacker._ip(f"address add 10.77.0.{150 + number}/24 dev eth0")
        yield made


async def flooded(attacked: Attacked, what: str, *how: object) -> list[float]:
    """Flood, and change a light meanwhile; return when that was seen."""
    async with watched(attacked.home.client, what) as told:
        flood = asyncio.create_task(attacked.run("flooder", "ports", RATE, SECONDS, *how))
        await asyncio.sleep(0.5)
        times = await attacked.pushed(SECONDS - 1, attacked.light)
        met = await flood
    assert met["sent"] >= RATE * (SECONDS - 0.5)
    assert told.p99 < LATE
    p50, _ = figures(f"{what}: a light's push seen after", times)
    assert p50 < UNDER_ATTACK
    return times


async def test_pushes_of_strangers(attacked: Attacked) -> None:
    """They say what the light would, but for who they are."""
    before = await account(attacked.home.client)
    params = {"mac": attacked.light.device.id, "state": True, "dimming": DIMMED, "temp": 2700}
    lie = json.dumps({"method": "syncPilot", "id": 1, "env": "pro", "params": params})
    attacked.home.changes.clear()
    await flooded(attacked, "pushes of strangers", f"{HERE}:{PUSHES}", lie)
    mine = [c for c in attacked.home.changes if c.entity_id == attacked.light.entity_id]
    assert mine
    assert not [c for c in mine if c.shown[1] == DIMMED]
    await released(attacked, before.files, before.tasks)


async def test_datagrams_to_the_listener(attacked: Attacked) -> None:
    await flooded(attacked, "datagrams to the listener", f"{HERE}:{LISTENER}", "relay {n}")


async def test_answers_to_searches(attacked: Attacked) -> None:
    before = await account(attacked.home.client)
    sources = [f"10.77.0.{150 + number}" for number in range(MANY)]
    async with watched(attacked.home.client, "answers to searches") as told:
        flood = asyncio.create_task(attacked.run("flooder", "answers", RATE, SECONDS + 3, *sources))
        await asyncio.sleep(0.5)
        await attacked.home.search()
        met = await flood
    assert met["searched"] >= 4
    assert told.p99 < LATE
    assert len(await attacked.home.client.discovered()) <= CARDS
    await released(attacked, before.files, before.tasks)
    await attacked.home.works(attacked.bulb)


@pytest.mark.parametrize("port", [YEELIGHTS, PORT])
async def test_announcements(attacked: Attacked, port: int) -> None:
    host = attacked.attacker.address
    bulb = Advertisement(host, BULB_ID[:-12] + "{n}", BULB, f"http://{host}/setup.xml")
    lie = {YEELIGHTS: YEELIGHT.format(GROUP, port, host), PORT: bulb.notify("ssdp:alive").decode()}
    await flooded(attacked, f"announcements at port {port}", f"{GROUP}:{port}", lie[port])
    cards = await attacked.home.client.discovered()
    print(f"\nannounced at port {port}: {len(cards)} cards")  # noqa: T201
    assert 0 < len(cards) <= CARDS
