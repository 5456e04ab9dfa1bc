"""Lies about where devices are, told to a real Home Assistant: what it believes and asks."""

import asyncio
from collections.abc import AsyncGenerator
import re

import pytest
import pytest_asyncio

from tests.emulators.ssdp import Advertisement
from tests.emulators.wemo import BASIC

from .allowance import allowed
from .attacked import BULB, CARDS, LATE, Attacked, attacked_home
from .forged import multicast, packets
from .home import announce, figures
from .lab import HERE
from .liar import Asked, Pages, pages, stranger
from .resident import Resident
from .witness import watched

PAGES, OURS = 8001, 18999
NAMES = 1000
ENOUGH = 8 * 1024 * 1024
"""Bytes of 100 MB that may be under way, in both kernels' buffers, until a body is cut."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def attacked(
    own_network: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Attacked]:
    async with attacked_home(tmp_path_factory.mktemp("attacked")) as made:
        yield made


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
    assert told.p99 < allowed(LATE)


def check_cut(served: Pages) -> None:
    """See that each body was asked for, and cut in time."""
    by_path: dict[str, list[Asked]] = {}
    for asked in served.asked:
        by_path.setdefault(asked.first_line.split(" ")[1].split(".")[0], []).append(asked)
    print({path: [(a.sent, round(a.lasted, 1)) for a in each] for path, each in by_path.items()})  # noqa: T201
    by_path.pop("/", None)  # a search of our own that finds it asks it who it is
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
    assert told.p99 < allowed(LATE)
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
