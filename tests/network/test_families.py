"""One family for each kind of discovery, on a real network with a real Home Assistant.

The devices run in this process, each in a thread on a host of its own; Snapcast is Debian's.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
import time
from typing import Any
from urllib.parse import urlsplit
import warnings

import aiohttp
import pytest
import pytest_asyncio

from tests.drivers.upnp_lights import UDN, DimmableLight, Light, SwitchPower
from tests.emulators.gena import propertyset
from tests.emulators.kasa import PACKAGE, KasaSimulator, Simulators, missing as kasa_lacks
from tests.emulators.wemo import BASIC, WemoEmulator
from tests.emulators.wiz import WizEmulator
from tests.emulators.yeelight import YeelightEmulator
from tests.real.avahi import Avahi
from tests.real.client import until
from tests.real.snapcast import SnapServer, missing as snapcast_lacks

from .home import SEARCHED, Home, figures
from .lab import HERE, Host, Lan, lan as make_lan
from .resident import Resident

LISTENER = 39500
MOVED = "10.77.0.2"
SOON = 15.0
"""Seconds after the first sighting in which what has to be asked for is found."""
PUSHED = 1.0
"""Seconds from a change to its being seen, at most half the time: the machine may be busy."""
PATIENCE = 5.0
POLLED = 20.0
LEASE = 6
"""Seconds, of a WeMo's subscriptions."""
HOUR = 3600.0
WIZ_PORT = 38899
KASA_PORT = 9999
LIGHT_PORT = 8200

type Work = Callable[[Any], Awaitable[Any]]


@dataclass
class Family:
    """A device, what it is to Home Assistant, and how it is read and changed by itself."""

    title: str
    """On its card."""
    sources: set[str]
    """How its card may come."""
    make: Callable[[str], Any]
    """Makes its async context manager, at an address."""
    read: Callable[[Any], bool] = lambda device: bool(device.state["on"])
    turn: Callable[[Any, bool], Awaitable[Any]] = lambda device, on: device.change(on=on)
    pushes: bool = True
    callbacks: Callable[[Any], list[str | None]] | None = None
    """The hosts where it sends its events, of one that is subscribed to."""
    card: dict[str, Any] = field(default_factory=dict)
    entry_id: str = ""
    entity_id: str = ""

    async def join(self, lan: Lan, stack: AsyncExitStack) -> None:
        """Start it on a host of its own."""
        host = lan.join()
        self.resident = Resident[Any](host, lambda: self.make(host.address))
        await stack.enter_async_context(self.resident)

    @property
    def host(self) -> Host:
        """Its host."""
        return self.resident.host

    @property
    def device(self) -> Any:
        """What runs there; to be changed by `do` alone."""
        return self.resident.device

    async def is_on(self) -> bool:
        """Tell whether it really is on."""

        async def read(device: Any) -> bool:
            return self.read(device)

        return await self.resident.do(read)

    async def turned(self, *, on: bool) -> float:
        """Turn it on or off at the device; return when."""
        at = time.monotonic()
        await self.resident.do(lambda device: self.turn(device, on))
        return at

    def told_hosts(self) -> list[str | None]:
        """Return where it sends its events."""
        assert self.callbacks
        return self.callbacks(self.device)


@asynccontextmanager
async def light(host: str) -> AsyncGenerator[Light]:
    made = Light(DimmableLight, host, LIGHT_PORT)
    await made.start()
    await made.announce()
    try:
        yield made
    finally:
        await made.stop()


async def turn_light(device: Light, on: bool) -> None:
    device.set(SwitchPower, "Status", on)


def light_callbacks(device: Light) -> list[str | None]:
    return [urlsplit(url).hostname for url in device.callbacks(SwitchPower)]


def dimmer(host: str) -> WemoEmulator:
    """Return a WeMo with short leases, whose first event is there before it is subscribed to."""
    made = WemoEmulator(host, 49153, kind="dimmer", id="D1", name="Dimmer", announce=True)
    made.publisher.lease, made.publisher.early = LEASE, True
    return made


def forgetful(host: str) -> WemoEmulator:
    """Return a WeMo that posts to the hub's port, and knows no path there."""
    made = WemoEmulator(host, 49153, id="S1", name="Forgetful", announce=True)
    made.publisher.lease, made.publisher.plain = LEASE, True
    return made


def wemo_callbacks(device: WemoEmulator) -> list[str | None]:
    return [s.callback.hostname for s in device.publisher.subscribers.values()]


def yeelight(host: str) -> YeelightEmulator:
    """Return one that announces itself when it starts, and never again."""
    made = YeelightEmulator(host, 55443, id="0x0000000000000001", name="Lamp", announce=True)
    made.notify_every = HOUR
    return made


def late_yeelight(host: str) -> YeelightEmulator:
    return YeelightEmulator(host, 55443, id="0x0000000000000002", name="Late", announce=True)


@asynccontextmanager
async def kasa(folder: Path, host: str) -> AsyncGenerator[KasaSimulator]:
    simulators = Simulators(folder)
    try:
        with simulators.broadcasts():
            async with KasaSimulator(simulators, host=host, port=KASA_PORT) as made:
                yield made
    finally:
        simulators.close()


class Families:
    """The home, and the families by title."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.all: dict[str, Family] = {}
        self.found_at: dict[str, float] = {}

    async def find(self, family: Family) -> None:
        """Wait for a family's card."""
        family.card = await self.home.card(family.title)
        self.found_at[family.title] = time.monotonic()

    async def add(self, family: Family) -> None:
        """Confirm its card, and wait until it is there."""
        family.entry_id = await self.home.confirm(family.card)

        async def entity() -> str | None:
            entities = await self.home.client.entities(family.entry_id)
            found = [e["entity_id"] for e in entities]
            return next((e for e in found if e.startswith(("light.", "switch."))), None)

        family.entity_id = await until(entity, f"{family.title} has an entity")

        async def available() -> bool:
            return (await self.home.client.state(family.entity_id))["state"] in ("on", "off")

        await until(available, f"{family.title} is available", 30)
        self.all[family.title] = family

    async def follows(self, family: Family, *, on: bool) -> float:
        """Change it at the device; return the seconds until Home Assistant's client sees it."""
        at = await family.turned(on=on)
        patience = PATIENCE if family.pushes else POLLED
        word = "on" if on else "off"
        seen = await self.home.seen_of(
            family.entity_id, lambda change: change.state == word, at, patience
        )
        return seen - at

    async def obeys(self, family: Family, *, on: bool) -> float:
        """Turn it on or off by Home Assistant; return the seconds until that is done."""
        at = time.monotonic()
        kind = family.entity_id.partition(".")[0]
        word = "on" if on else "off"
        await self.home.client.call(f"{kind}.turn_{word}", family.entity_id)
        done = time.monotonic() - at
        assert await family.is_on() is on
        await self.home.client.wait_for_state(family.entity_id, word)
        return done


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def families(
    own_network: None, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncGenerator[Families]:
    wanted = [
        Family(
            "Hall light",
            {"ssdp"},
            light,
            lambda device: bool(device.get(SwitchPower, "Status")),
            turn_light,
            callbacks=light_callbacks,
        ),
        # what Home Assistant's own search finds, or ours: both look for it
        Family("Dimmer", {"ssdp", SEARCHED}, dimmer, callbacks=wemo_callbacks),
        Family("Forgetful", {"ssdp", SEARCHED}, forgetful, callbacks=wemo_callbacks),
        Family("Lamp", {SEARCHED}, yeelight),
        Family("WiZ", {SEARCHED}, lambda _: WizEmulator(host="0.0.0.0", port=WIZ_PORT)),
    ]
    folder = request.config.cache.mkdir("kasa-simulator")
    if kasa_lacks() or not (folder / "node_modules" / PACKAGE.partition("@")[0]).exists():
        message = f"Kasa is NOT tested on the network: no node, or {PACKAGE} not installed yet"
        warnings.warn(message, stacklevel=1)
    else:
        wanted.append(Family("Demo", {SEARCHED}, lambda host: kasa(folder, host), pushes=False))
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
        assert families.found_at[title] - first < SOON
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
        assert median < PUSHED or not family.pushes


async def test_a_light_is_found_by_what_it_announces_at_its_own_port(families: Families) -> None:
    async with AsyncExitStack() as stack:
        late = Family("Late", {SEARCHED}, late_yeelight)
        at = time.monotonic()
        await late.join(families.home.lan, stack)
        await families.find(late)
        after = families.found_at["Late"] - at
        figures("Late: started, card by NOTIFY on port 1982 after", [after])
        assert late.card["context"]["source"] == SEARCHED
        assert after < 2


async def test_a_lost_event_is_made_up_for(families: Families) -> None:
    wemo = families.all["Dimmer"]

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
    for title in ("Dimmer", "Forgetful"):
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
        assert median < PUSHED
    for family in families.all.values():
        await families.obeys(family, on=True)
        await families.follows(family, on=False)
    assert {state for _, state in home.entry_states} <= {"loaded"}


async def test_removed_is_unsubscribed(families: Families) -> None:
    wemo = families.all.pop("Dimmer")
    path = f"/api/config/config_entries/entry/{wemo.entry_id}"
    await families.home.client.request("DELETE", path)
    assert wemo.device.publisher.log[-1] == "UNSUBSCRIBE"
    assert not wemo.told_hosts()
    assert BASIC not in {s.service for s in wemo.device.publisher.subscribers.values()}
