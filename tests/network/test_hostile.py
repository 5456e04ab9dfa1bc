"""Attacks on a real Home Assistant: what it believes, what it asks, and how late its loop gets."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from functools import partial
from itertools import batched
import json
import re
import socket
import sys
import time
from typing import Any

import pytest
import pytest_asyncio
from zeroconf import (  # type: ignore[attr-defined]  # as in the integration's discovery.py
    DNSOutgoing,
    ServiceInfo,
)

from tests.emulators.ssdp import Advertisement
from tests.emulators.wemo import BASIC, WemoEmulator
from tests.real.client import until
from tests.real.process import Process

from .home import Change, Home, Thing, announce, figures
from .lab import HERE, Host, lan as make_lan
from .liar import Asked, Pages, pages, stranger
from .resident import Resident
from .witness import Witnessed, account, watched

LISTENER = 39500
PAGES, OURS = 8001, 18999
LATE = 0.05
"""Seconds that the event loop may be late, but for one time in a hundred."""
RATE, SECONDS = 5000, 4
HELD = 10_000
SOURCES = 20
NAMES = 1000
CARDS = 100
ENOUGH = 8 * 1024 * 1024
"""Bytes of 100 MB that may be under way, in both kernels' buffers, until a body is cut."""
UNDER_ATTACK = 3.0
"""Seconds in which a device's push is seen whatever happens: what is lost comes again."""
BULB_ID = "2f402f80-da50-11e1-9b23-001788102201"
BULB = "urn:lan-edge-org:device:JsonBulb:1"
SOCKET = (socket.AF_INET, socket.SOCK_DGRAM, 0)


def shows(state: str, change: Change) -> bool:
    return change.state == state


class Attacked:
    """A home with a relay, a bulb, a WeMo that posts its events, and an attacker."""

    def __init__(self, home: Home, relay: Thing, bulb: Thing, wemo: Resident[WemoEmulator]) -> None:
        self.home = home
        self.relay = relay
        self.bulb = bulb
        self.wemo = wemo
        self.attacker = home.lan.join()
        self.victim = home.lan.join()
        self.entity_id = ""

    async def added(self) -> None:
        """Add the WeMo, and wait until its events come."""
        home = self.home
        entry = await home.confirm(await home.card("Lamp"))

        async def entity() -> str | None:
            found = [e["entity_id"] for e in await home.client.entities(entry)]
            return next(iter(found), None)

        self.entity_id = await until(entity, "the WeMo has an entity")

        async def subscribed() -> bool:
            return bool(self.wemo.device.publisher.subscribers)

        await until(subscribed, "the WeMo is subscribed to", patience=30)
        await home.client.wait_for_state(self.entity_id, "off")

    async def pushed(self, seconds: float) -> list[float]:
        """Change the WeMo at itself for a while; return how long each change took to be seen."""
        times: list[float] = []
        end, on = time.monotonic() + seconds, bool(self.wemo.device.state["on"])
        while time.monotonic() < end:
            on = not on
            at = time.monotonic()
            await self.wemo.do(partial(WemoEmulator.change, on=on))
            shown = partial(shows, "on" if on else "off")
            seen = await self.home.seen_of(self.entity_id, shown, at, UNDER_ATTACK)
            times.append(seen - at)
            await asyncio.sleep(0.1)
        return times

    async def attack(self, way: str, *how: object) -> dict[str, Any]:
        """Have the attacker attack the listener; return what it says of it."""
        words = (way, HERE, str(LISTENER), *map(str, how))
        program = (sys.executable, "-m", "tests.network.attacker", *words)
        log = self.home.folder / f"{way}.log"
        process = Process(*self.attacker.via, *program, log=log)
        await process.printed('"ends"', patience=60)
        told: dict[str, Any] = json.loads(process.tail(1))
        print(f"\nattacker, {way}: {told}")  # noqa: T201
        return told


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def attacked(
    own_network: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Attacked]:
    with make_lan() as lan:
        home = Home(lan, tmp_path_factory.mktemp("attacked"))
        home.home_assistant = Witnessed(home.folder / "config")
        async with home:
            host = lan.join()
            wemo = Resident(
                host,
                lambda: WemoEmulator(host.address, 49153, id="S1", name="Lamp", announce=True),
            )
            async with wemo:  # it is searched for once there is an entry
                relay = await home.emulator("rest_switch", "relay-1", "Relay")
                bulb = await home.emulator("json_bulb", BULB_ID, "Bulb")
                for thing in (relay, bulb):
                    await home.add(thing)
                made = Attacked(home, relay, bulb, wemo)
                await made.added()
                yield made
                assert not home.complaints()


async def released(attacked: Attacked, files: int, tasks: int) -> None:
    """See that Home Assistant has no more open than before."""

    async def same() -> bool:
        now = await account(attacked.home.client)
        return now.files <= files + 2 and now.tasks <= tasks + 5

    await until(same, "all is released", patience=30, pause=0.5)


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
    assert told.p99 < LATE


async def test_wrong_tokens(attacked: Attacked) -> None:
    client = attacked.home.client
    before = await account(client)
    (subscriber,) = attacked.wemo.device.publisher.subscribers.values()
    requests = [
        forged("/AAAAAAAAAAAAAAAAAAAAAA", "uuid:none"),
        forged("/", subscriber.sid),  # though it is the right one
        forged(subscriber.callback.path[:-1], subscriber.sid),
        "POST /relay HTTP/1.1\r\nHost: hub\r\nContent-Length: 2\r\n\r\non",
    ]
    async with watched(client, "wrong tokens") as told:
        attack = asyncio.create_task(attacked.attack("posts", RATE, SECONDS, *requests))
        await asyncio.sleep(0.5)
        times = await attacked.pushed(SECONDS - 1)
        met = await attack
    p50, _ = figures("wrong tokens: a device's push seen after", times)
    rate = met["made"] / met["seconds"]
    print(f"wrong tokens: {rate:.0f} connections a second")  # noqa: T201
    assert set(met["ends"]) <= {"404", "closed", "ConnectionResetError", "left"}
    assert met["ends"]["404"] + told.turned_away["too often"] > met["made"] * 0.5
    assert told.p99 < LATE
    assert p50 < UNDER_ATTACK
    await released(attacked, before.files, before.tasks)


async def test_slow_bodies_on_ten_thousand_connections(attacked: Attacked) -> None:
    client = attacked.home.client
    before = await account(client)
    sources = [f"10.77.0.{200 + n}" for n in range(SOURCES)]
    for source in sources:
        attacked.attacker._ip(f"address add {source}/24 dev eth0")
    async with watched(client, "slow bodies") as told:
        attack = asyncio.create_task(attacked.attack("hold", HELD, SECONDS + 3, *sources))
        await asyncio.sleep(1)
        times = await attacked.pushed(SECONDS)
        met = await attack
    p50, _ = figures("slow bodies: a device's push seen after", times)
    assert met["made"] == HELD
    assert set(met["ends"]) <= {"closed", "ConnectionResetError", "left", "404"}
    assert told.p99 < LATE
    assert p50 < UNDER_ATTACK
    await released(attacked, before.files, before.tasks)


async def test_locations_that_lead_elsewhere(attacked: Attacked) -> None:
    """Home Assistant's own SSDP hears none of this: it is the answers to our own search."""
    home, host = attacked.home, attacked.attacker.address
    elsewhere = [
        f"http://127.0.0.1:{OURS}/loopback",
        f"http://{HERE}:{OURS}/home-assistant",
        f"http://{attacked.victim.address}:{PAGES}/relay/0?turn=on",
        f"http://{attacked.relay.host.address}:8080/evil",
    ]
    own = [f"http://{host}:{PAGES}/{path}.xml" for path in ("huge", "endless", "never")]
    liar = Resident(attacked.attacker, lambda: stranger(host, PAGES, [*elsewhere, *own]))
    victim = Resident(attacked.victim, lambda: pages(attacked.victim.address, PAGES))
    async with liar, victim, pages("0.0.0.0", OURS) as ours:
        async with watched(home.client, "locations") as told:
            await home.search()
            await asyncio.sleep(6)  # a description that never comes is given up
        assert liar.device.liar.searched
        assert not ours.asked
        assert not victim.device.asked
        assert "evil" not in str((await attacked.relay.emulator.show())["log"])
        check_cut(liar.device.pages)
    assert told.p99 < LATE


def check_cut(served: Pages) -> None:
    """See that each body was asked for once, and cut in time."""
    by_path: dict[str, list[Asked]] = {}
    for asked in served.asked:
        by_path.setdefault(asked.first_line.split(" ")[1].split(".")[0], []).append(asked)
    print({path: [(a.sent, round(a.lasted, 1)) for a in each] for path, each in by_path.items()})  # noqa: T201
    assert by_path.keys() == {"/huge", "/endless", "/never"}
    for each in by_path.values():
        assert all(a.sent <= ENOUGH for a in each)
        assert all(0 < a.lasted < 8 for a in each)


async def test_what_home_assistant_itself_asks_is_not_ours(attacked: Attacked) -> None:
    """Its SSDP reads the description at any LOCATION that is announced: that much is its own."""
    host = attacked.attacker
    victim = Resident(attacked.victim, lambda: pages(attacked.victim.address, PAGES))
    async with victim, pages("0.0.0.0", OURS) as ours:
        for number, place in enumerate((f"{attacked.victim.address}:{PAGES}", f"127.0.0.1:{OURS}")):
            lie = Advertisement(host.address, f"lie-{number}", BASIC, f"http://{place}/d.xml")
            announce(host, lie.notify("ssdp:alive"))
        await asyncio.sleep(3)
        asked = [*victim.device.asked, *ours.asked]
    agents = re.findall(r"(?im)^user-agent: (.*?)\r?$", "\n".join(a.headers for a in asked))
    print(f"\nannounced elsewhere: asked by {agents}")  # noqa: T201
    assert all(agent.startswith("HomeAssistant/") for agent in agents)
    assert len(agents) == len(asked)


def packets(relays: Mapping[str, str], address: str) -> list[bytes]:
    """Return mDNS packets that announce relays, given the ids by their names."""
    made: list[bytes] = []
    for some in batched(relays.items(), 5, strict=False):
        packet = DNSOutgoing(0x8400)
        for record in (r for name, its_id in some for r in records(name, its_id, address)):
            packet.add_answer_at_time(record, 0)
        made += packet.packets()
    return made


def records(name: str, its_id: str, address: str) -> list[Any]:
    """Return the mDNS records of a relay."""
    type_ = "_relay._tcp.local."
    info = ServiceInfo(
        type_,
        f"{name}.{type_}",
        8080,
        properties={"id": its_id},
        server=f"{its_id}.local.",
        addresses=[socket.inet_aton(address)],
    )
    return [info.dns_pointer(), info.dns_service(), info.dns_text(), *info.dns_addresses()]


def multicast(host: Host, datagrams: list[bytes]) -> None:
    """Send mDNS packets from a host."""
    with host.socket(SOCKET) as sender:
        interface = socket.inet_aton(host.address)
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface)
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sender.bind((host.address, 5353))
        for datagram in datagrams:
            sender.sendto(datagram, ("224.0.0.251", 5353))
            time.sleep(0.01)


async def test_a_thousand_names(attacked: Attacked) -> None:
    home = attacked.home
    async with watched(home.client, f"{NAMES} names") as told:
        many = {f"Name {number}": f"many-{number}" for number in range(NAMES)}
        made = packets(many, attacked.attacker.address)
        await asyncio.to_thread(multicast, attacked.attacker, made)
        await asyncio.sleep(3)
    cards = await home.client.discovered()
    print(f"\n{NAMES} names: {len(cards)} cards")  # noqa: T201
    assert 0 < len(cards) <= CARDS
    assert told.p99 < LATE
    await home.works(attacked.relay)


async def test_a_device_of_a_known_name_is_not_believed(attacked: Attacked) -> None:
    home, relay, bulb, wemo = attacked.home, attacked.relay, attacked.bulb, attacked.wemo
    elsewhere = attacked.attacker.address
    stored = home.stored_text()
    multicast(attacked.attacker, packets({"Relay": "relay-1"}, elsewhere))
    for udn, target in ((bulb.emulator.identity.id, BULB), (wemo.device.udn, BASIC)):
        lie = Advertisement(elsewhere, udn, target, f"http://{elsewhere}:{PAGES}/setup.xml")
        announce(attacked.attacker, lie.notify("ssdp:alive"))
        announce(attacked.attacker, lie.notify("ssdp:byebye"))
    await asyncio.sleep(3)
    assert elsewhere not in home.stored_text()
    assert home.stored_text() == stored
    # the bulb and the WeMo prove who they are
    await home.works(bulb)
    figures("after the lies: pushed after", await attacked.pushed(1))
    # a relay cannot: it is where it says last that it is
    multicast(relay.host, packets({"Relay": "relay-1"}, relay.host.address))
    await home.wait_available(relay)
    await home.works(relay)
    assert elsewhere not in home.stored_text()
