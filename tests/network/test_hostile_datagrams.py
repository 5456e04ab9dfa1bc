"""Floods of datagrams at a real Home Assistant: what it believes, and how late its loop gets."""

import asyncio
from collections.abc import AsyncGenerator
import json
import time

import pytest
import pytest_asyncio

from lan_edge.connection.hints import HINT_INTERVAL
from tests.emulators.ssdp import GROUP, PORT, Advertisement
from tests.emulators.wemo import BASIC
from tests.emulators.yeelight import TARGET, YeelightAdvertisement, YeelightEmulator

from .allowance import allowed
from .attacked import (
    BULB,
    BULB_ID,
    CARDS,
    LATE,
    LISTENER,
    RATE,
    ROOM,
    SECONDS,
    UNDER_ATTACK,
    Attacked,
    Pushing,
    attacked_home,
    released,
)
from .forged import MDNS, packets
from .home import figures
from .lab import HERE
from .resident import Resident
from .witness import account, watched

PUSHES, YEELIGHTS = 38900, 1982
MANY = 100
"""Hosts that answer each search."""
BOTHERED = 6
"""Requests that all of it may cause at a device in 10 s, with those that there are anyway."""
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


async def test_goodbyes_and_notices(attacked: Attacked) -> None:
    """Of devices that are there, and go on answering: none is bothered, none is given up."""
    home, host = attacked.home, attacked.home.lan.join()
    made = Resident(
        host,
        lambda: YeelightEmulator(
            host.address, 55443, id="0x0000000000000001", name="Reading lamp", announce=True
        ),
    )
    async with made:
        await attacked.add("Reading lamp", yeelight := Pushing(made, "light"))
        lies = forgeries(attacked, yeelight.device)
        before, began = await asked(attacked, yeelight), time.monotonic()
        async with watched(home.client, "goodbyes and notices") as told:
            flood = asyncio.create_task(attacked.run("flooder", "these", RATE, SECONDS, *lies))
            await asyncio.sleep(0.5)
            times = await attacked.pushed(SECONDS - 1)
            met = await flood
        more = {name: n - before[name] for name, n in (await asked(attacked, yeelight)).items()}
        took = time.monotonic() - began
        figures("goodbyes and notices: a device's push seen after", times)
        print(f"goodbyes and notices: {met['sent']}, requests in {took:.0f} s: {more}")  # noqa: T201
        assert met["sent"] >= RATE * (SECONDS - 0.5)
        assert max(more.values()) <= BOTHERED * (1 + took // HINT_INTERVAL)
        assert not [c for c in home.changes if c.state == "unavailable" and c.at > began]
        assert told.p99 < allowed(LATE)
        assert told.grown < ROOM
        for thing in (attacked.relay, attacked.bulb):
            await home.works(thing)
            await home.wait_stored(thing, thing.host.address)
        assert attacked.attacker.address not in home.stored_text()


async def flooded(attacked: Attacked, what: str, *how: object) -> list[float]:
    """Flood, and change a light meanwhile; return when that was seen."""
    async with watched(attacked.home.client, what) as told:
        flood = asyncio.create_task(attacked.run("flooder", "ports", RATE, SECONDS, *how))
        await asyncio.sleep(0.5)
        times = await attacked.pushed(SECONDS - 1, attacked.light)
        met = await flood
    assert met["sent"] >= RATE * (SECONDS - 0.5)
    assert told.p99 < allowed(LATE)
    p50, _ = figures(f"{what}: a light's push seen after", times)
    assert p50 < allowed(UNDER_ATTACK)
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
    assert told.p99 < allowed(LATE)
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


async def asked(attacked: Attacked, yeelight: Pushing[YeelightEmulator]) -> dict[str, int]:
    """Return how many requests each device got."""
    things = {"relay": attacked.relay, "bulb": attacked.bulb}
    logs = {name: (await thing.emulator.show())["log"] for name, thing in things.items()}
    logs |= {"WeMo": attacked.wemo.device.log, "Yeelight": yeelight.device.log}
    return {name: len(log) for name, log in logs.items()}


def forgeries(attacked: Attacked, yeelight: YeelightEmulator) -> list[str]:
    """Return what devices that are added might say: that they go, or are at the attacker's."""
    host = attacked.attacker.address
    location = f"http://{host}:8001/setup.xml"
    bulb = Advertisement(host, attacked.bulb.emulator.identity.id, BULB, location)
    wemo = Advertisement(host, attacked.wemo.device.udn, BASIC, location)
    where = f"yeelight://{host}:55443"
    light = YeelightAdvertisement(host, yeelight.id, TARGET, where, headers=yeelight.headers)
    made: list[tuple[str, int, bytes]] = []
    for kind in ("ssdp:byebye", "ssdp:alive"):
        made += [(GROUP, PORT, told.notify(kind)) for told in (bulb, wemo)]
        made.append((GROUP, YEELIGHTS, light.notify(kind)))
    for ttl in (0, None):
        made += [(*MDNS, packet) for packet in packets({"Relay": "relay-1"}, host, ttl)]
    return [f"{to}:{port}:{data.hex()}" for to, port, data in made]
