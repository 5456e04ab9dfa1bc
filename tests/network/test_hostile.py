"""Attacks on the listener of a real Home Assistant: what it believes, how late its loop gets."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from tests.real.isolated import ip

from .allowance import allowed
from .attacked import (
    LATE,
    RATE,
    ROOM,
    SECONDS,
    UNDER_ATTACK,
    Attacked,
    attacked_home,
    released,
)
from .home import figures
from .lab import BRIDGE, HERE
from .witness import account, watched

HELD = 10_000
BOMBS, OWN_BOMBS = 1000, 100
"""POSTs a second: those of strangers, and of a device, which is listened to."""
PACKING = 2
"""Seconds until the attacker has packed them."""
HERE6, ATTACKER6 = "fd77::1", "fd77::66"
SOURCES = {
    HERE: [f"10.77.0.{200 + n}" for n in range(20)],
    HERE6: [f"fd77:0:0:66::{n:x}" for n in range(1, 1001)],
}
"""Where the attacker holds its connections from; by IPv6 it has a whole network to itself."""
BROKEN_OFF = {"404", "closed", "ConnectionResetError", "BrokenPipeError", "left"}
BOTH = pytest.mark.parametrize("here", SOURCES)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def attacked(
    own_network: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Attacked]:
    async with attacked_home(tmp_path_factory.mktemp("attacked")) as made:
        give_addresses(made)
        yield made


def give_addresses(attacked: Attacked) -> None:
    """Have Home Assistant and the attacker speak IPv6, and the attacker be many."""
    ip(f"address add {HERE6}/64 dev {BRIDGE} nodad")
    ip(f"-6 route add fd77:0:0:66::/64 via {ATTACKER6} dev {BRIDGE}")
    host = attacked.attacker
    host._ip(f"address add {ATTACKER6}/64 dev eth0 nodad")
    host._ip("-6 route add local fd77:0:0:66::/64 dev lo")
    for source in SOURCES[HERE]:
        host._ip(f"address add {source}/24 dev eth0")


def forged(path: str, sid: str) -> str:
    """Return an event that a stranger made up."""
    body = "<e:propertyset xmlns:e='urn:e'><e:property><BinaryState>1</BinaryState></e:property>"
    body += "</e:propertyset>"
    head = f"NOTIFY {path} HTTP/1.1\r\nHost: hub\r\nNT: upnp:event\r\nSID: {sid}\r\nSEQ: 7\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}"


async def test_calm_before(attacked: Attacked) -> None:
    async with watched(attacked.home.client, "calm") as told:
        times = await attacked.pushed(2)
    figures("calm: pushed after", times)
    assert told.p99 < allowed(LATE)


@BOTH
async def test_wrong_tokens(attacked: Attacked, here: str) -> None:
    client = attacked.home.client
    before = await account(client)
    (subscriber,) = attacked.wemo.device.publisher.subscribers.values()
    requests = [
        forged("/AAAAAAAAAAAAAAAAAAAAAA", "uuid:none"),
        forged("/", subscriber.sid),  # though it is the right one
        forged(subscriber.callback.path[:-1], subscriber.sid),
        "POST /relay HTTP/1.1\r\nHost: hub\r\nContent-Length: 2\r\n\r\non",
    ]
    async with watched(client, f"wrong tokens to {here}") as told:
        attack = asyncio.create_task(attacked.attack("posts", RATE, SECONDS, *requests, host=here))
        await asyncio.sleep(0.5)
        times = await attacked.pushed(SECONDS - 1)
        met = await attack
    p50, _ = figures("wrong tokens: a device's push seen after", times)
    rate = met["made"] / met["seconds"]
    print(f"wrong tokens: {rate:.0f} connections a second")  # noqa: T201
    assert set(met["ends"]) <= {"404", "closed", "ConnectionResetError", "left"}
    assert met["ends"]["404"] + told.turned_away["too often"] > met["made"] * 0.5
    assert told.p99 < allowed(LATE)
    assert p50 < allowed(UNDER_ATTACK)
    await released(attacked, before.files, before.tasks)


@BOTH
async def test_slow_bodies_on_ten_thousand_connections(attacked: Attacked, here: str) -> None:
    client = attacked.home.client
    before = await account(client)
    how = (HELD, SECONDS + 3, *SOURCES[here])
    async with watched(client, f"slow bodies to {here}") as told:
        attack = asyncio.create_task(attacked.attack("hold", *how, host=here))
        await asyncio.sleep(1)
        times = await attacked.pushed(SECONDS)
        met = await attack
    p50, _ = figures("slow bodies: a device's push seen after", times)
    assert met["made"] == HELD
    assert set(met["ends"]) <= {"closed", "ConnectionResetError", "left", "404"}
    assert told.p99 < allowed(LATE)
    assert p50 < allowed(UNDER_ATTACK)
    await released(attacked, before.files, before.tasks)


@BOTH
async def test_bombs_of_strangers(attacked: Attacked, here: str) -> None:
    """Bodies that unpack to 200 MB, in every encoding; none of them is read."""
    client = attacked.home.client
    before = await account(client)
    async with watched(client, f"bombs to {here}") as told:
        attack = asyncio.create_task(attacked.attack("bombs", BOMBS, SECONDS, "/", host=here))
        await asyncio.sleep(PACKING)
        times = await attacked.pushed(SECONDS - 1)
        met = await attack
    p50, _ = figures("bombs: a device's push seen after", times)
    assert set(met["ends"]) <= BROKEN_OFF
    assert told.p99 < allowed(LATE)
    assert told.grown < ROOM
    assert p50 < allowed(UNDER_ATTACK)
    await released(attacked, before.files, before.tasks)


async def test_bombs_of_a_device(attacked: Attacked) -> None:
    """From its own address, and to the path that it was given."""
    client = attacked.home.client
    before = await account(client)
    (subscriber,) = attacked.wemo.device.publisher.subscribers.values()
    how = (OWN_BOMBS, SECONDS, subscriber.callback.path)
    async with watched(client, "bombs of a device") as told:
        attack = asyncio.create_task(attacked.attack("bombs", *how, by=attacked.wemo.resident.host))
        await asyncio.sleep(PACKING)
        times = await attacked.pushed(SECONDS - 1, attacked.light)
        met = await attack
    p50, _ = figures("bombs of a device: another's push seen after", times)
    assert set(met["ends"]) <= BROKEN_OFF | {"413", "415"}
    assert told.p99 < allowed(LATE)
    assert told.grown < ROOM
    assert p50 < allowed(UNDER_ATTACK)
    await released(attacked, before.files, before.tasks)
