"""A home whose devices Home Assistant's own integrations control already, and a router knows all.

They are set up as their owner does it; then Home Assistant starts again. Some devices are left to
LAN Edge: they get their cards, as all others would.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
import socket
from typing import Any

import pytest
import pytest_asyncio

from tests.emulators.snapcast import SnapcastEmulator
from tests.emulators.ssdp import GROUP, PORT
from tests.emulators.venstar import VenstarEmulator
from tests.emulators.wemo import BASIC, WemoEmulator
from tests.emulators.wiz import WizEmulator
from tests.real.client import FLOW, Json, until

from . import router
from .family import WIZ_PORT, Family, all_families
from .home import ANY_SOCKET, Home
from .lab import HERE, Host, lan as make_lan

SNAPCAST_PORT = 1705
MACS = ("a8bb50010203", "50c7bf010203", "0023a73ab272", "0023a73ab299", "a8bb50010299")
VIRTUAL = "pywemo"
"""In the name of core's virtual WeMo, at Home Assistant's own address."""


def spare_wiz(_: str) -> WizEmulator:
    made = WizEmulator(host="0.0.0.0", port=WIZ_PORT)
    made.id = "a8bb50010299"
    return made


def spare_venstar(host: str) -> VenstarEmulator:
    return VenstarEmulator(host, 80, id="0023a73ab299", name="Attic", announce=True)


SPARE = {"WiZ 0299": spare_wiz, "Attic": spare_venstar}
"""Devices that only the router knows, by the names on their cards."""


@dataclass
class Neighbour:
    """An integration of Home Assistant, its device, and our driver for that."""

    domain: str
    name: str
    driver: str
    family: Family
    entered: Json
    """What its dialog is told beside the address."""

    @property
    def host(self) -> str:
        """Where its device is."""
        return self.family.host.address

    async def set_up(self, home: Home) -> None:
        """Have it control its device, as its owner does."""
        client = home.client
        entered = self.entered if self.domain == "wemo" else {"host": self.host, **self.entered}
        step = await client.request("POST", FLOW, {"handler": self.domain})
        while step["type"] != "create_entry":
            assert step["type"] == "form", (self.domain, step)
            assert not step["errors"], (self.domain, step)
            step = await client.wait_out_flow(step["flow_id"], entered)
        await self.has_its_device(home)

    async def has_its_device(self, home: Home) -> None:
        """Wait until its device has entities."""

        async def entities() -> list[Json]:
            (entry,) = await home.client.entries(self.domain)
            return await home.client.entities(entry["entry_id"])

        await until(entities, f"{self.domain} has its device", 60)


def neighbours(config: pytest.Config) -> Iterator[Neighbour]:
    """Yield those that can be had here."""
    families = {family.title: family for family in all_families(config)}
    yield Neighbour("yeelight", "Yeelight", "yeelight", families["Lamp"], {})
    yield Neighbour("wiz", "WiZ", "wiz", families["WiZ"], {})
    if kasa := families.get("Demo"):
        yield Neighbour("tplink", "TP-Link Smart Home", "kasa", kasa, {})
    plug = Family(
        "Plug", set(), lambda h: WemoEmulator(h, 49153, id="S9", name="Plug", announce=True)
    )
    yield Neighbour("wemo", "Belkin WeMo", "wemo", plug, {})
    stat = Family("Stat", set(), lambda h: VenstarEmulator(h, 80, name="Stat", announce=True))
    yield Neighbour("venstar", "Venstar", "venstar", stat, {"ssl": False})
    music = Family("Snapcast", set(), lambda h: SnapcastEmulator(h, SNAPCAST_PORT, announce=True))
    yield Neighbour("snapcast", "Snapcast", "snapcast", music, {"port": SNAPCAST_PORT})


@dataclass
class Street:
    """The home and all that is in it."""

    home: Home
    neighbours: list[Neighbour]
    stranger: Host
    """A host of the network without a device."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def street(
    own_network: None, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncGenerator[Street]:
    folder = tmp_path_factory.mktemp("home")
    router.install(folder / "config")
    with make_lan() as lan:
        async with AsyncExitStack() as stack:
            theirs = [*neighbours(request.config)]
            for family in (each.family for each in theirs):
                await family.join(lan, stack)
            home = await stack.enter_async_context(Home(lan, folder))
            await asyncio.gather(*(each.set_up(home) for each in theirs))
            await router.add(home.client, MACS)
            for title, make in SPARE.items():
                await Family(title, set(), make).join(lan, stack)
            await home.restart()
            await home.client.wait_until_running()
            await asyncio.gather(*(each.has_its_device(home) for each in theirs))
            yield Street(home, theirs, lan.join())


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def searched(street: Street) -> Json:
    """Return where a search of the user ends."""
    return await street.home.search()


async def test_what_is_left_is_found_and_nothing_else(street: Street, searched: Json) -> None:
    titles = await cards(street.home)
    assert len(titles) == len(SPARE), titles
    assert all(any(t.startswith(name) for t in titles) for name in SPARE), titles
    (field,) = searched["data_schema"]
    assert len(field["selector"]["select"]["options"]) == len(SPARE)


async def test_a_search_says_who_has_the_others(street: Street, searched: Json) -> None:
    taken = searched["description_placeholders"]["taken"].splitlines()
    assert len(taken) == len(street.neighbours), taken
    for each in street.neighbours:
        line = next(line for line in taken if each.family.title in line)
        assert line.endswith(f": {each.name}")


async def test_by_hand_each_is_added_only_after_a_warning(street: Street) -> None:
    for each in street.neighbours:
        step = await enter(street.home, each.driver, each.host)
        assert (step["type"], step.get("step_id")) == ("form", "shared"), (each.domain, step)
        assert step["description_placeholders"]["integration"] == each.name
        await street.home.client.request("DELETE", f"{FLOW}/{step['flow_id']}")


async def test_the_virtual_wemo_is_nobody(street: Street, searched: Json) -> None:
    assert HERE in {address for address, _ in answers(street.stranger, BASIC)}
    assert VIRTUAL not in str(searched) + str(await cards(street.home))


async def test_nothing_to_complain_of(street: Street) -> None:
    # its neighbours leave sockets open
    assert not [text for text in street.home.complaints() if "lan_edge" in text]


async def cards(home: Home) -> list[str]:
    """Return the titles of the cards of LAN Edge."""
    flows = await home.client.discovered()
    return [flow["context"]["title_placeholders"]["name"] for flow in flows]


async def enter(home: Home, driver: str, host: str) -> Json:
    """Enter the address of a device; return the step that follows."""
    menu = await home.client.request("POST", FLOW, {"handler": "lan_edge"})
    form = await home.client.continue_flow(menu["flow_id"], {"next_step_id": "manual"})
    return await home.client.wait_out_flow(form["flow_id"], {"driver": driver, "host": host})


def answers(host: Host, target: str) -> Iterator[tuple[str, Any]]:
    """Yield who answers a search by SSDP, and how."""
    search = f'M-SEARCH * HTTP/1.1\r\nHOST: {GROUP}:{PORT}\r\nMAN: "ssdp:discover"\r\n'
    with host.socket(ANY_SOCKET) as asker:
        asker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(host.address))
        asker.settimeout(3)
        asker.sendto(f"{search}MX: 1\r\nST: {target}\r\n\r\n".encode(), (GROUP, PORT))
        try:
            while True:
                datagram, (address, _) = asker.recvfrom(4096)
                yield address, datagram
        except TimeoutError:
            return
